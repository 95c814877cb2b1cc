// The values of rule SQL and their conversions: "Data types" (AWS IoT developer guide, AWS IoT SQL reference).
// Undefined, a value of its own there, is JavaScript's undefined here. Numbers are doubles: AWS holds 34 digits.

import { isDeepStrictEqual } from "node:util";

export type Value = string | number | boolean | null | undefined | Value[] | { [key: string]: Value };

const decimalText = /^-?\d+(?:\.\d+)?(?:[eE]-?\d+)?$/;

/** To Decimal, except Null, which stays Null there and counts as "other value" wherever a Decimal is wanted. */
export function toDecimal(value: Value): number | undefined {
  if (typeof value === "number") return value;
  const number = typeof value === "string" && decimalText.test(value) ? Number(value) : NaN;
  // What a double can't hold is Undefined: not documented.
  return Number.isFinite(number) ? number : undefined;
}

/** To Int: a Decimal is rounded to the nearest, a String truncated. */
export function toInt(value: Value): number | undefined {
  if (typeof value === "number") return Math.round(value);
  const decimal = toDecimal(value);
  return decimal === undefined ? undefined : Math.trunc(decimal);
}

export function toBoolean(value: Value): boolean | undefined {
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" ? value.toLowerCase() : "";
  return word === "true" ? true : word === "false" ? false : undefined;
}

/** To String. Null and Undefined give Undefined. */
export function toText(value: Value): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string") return value;
  // "Int: a string representation of the Int in standard notation"
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value).toString() : String(value);
  return toJson(value);
}

export function toJson(value: Exclude<Value, undefined>): string {
  return JSON.stringify(value);
}

export const isObject = (value: Value): value is Record<string, Value> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A member of an object; Undefined for anything else. */
export const member = (value: Value, key: string): Value =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** Whether two values, neither of them Undefined, are equal; values of different types are not. */
export const equal = (left: Value, right: Value): boolean => left === right || isDeepStrictEqual(left, right);

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Jackson's default (StreamReadConstraints); AWS IoT's own limit is not documented. */
const deepestJson = 1000;

export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The JSON value that a text spells; Undefined for any other text, and for one that nests too deep. */
export function readJson(text: string): Value {
  if (nesting(text) > deepestJson) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/gs)) {
    if (bracket === "[" || bracket === "{") deepest = Math.max(deepest, ++depth);
    else if (bracket === "]" || bracket === "}") depth--;
  }
  return deepest;
}
