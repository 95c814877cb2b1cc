// "Functions" (AWS IoT developer guide, AWS IoT SQL reference), for SQL version 2016-03-23. A function called with a
// wrong number of arguments gives Undefined there ("Data types"), so it isn't refused here either.

import type { Message } from "./message.ts";
import { decodeUtf8, member, readJson, toBoolean, toDecimal, toInt, toText } from "./value.ts";
import type { Value } from "./value.ts";

type SqlFunction = (args: readonly Value[], message: Message) => Value;

/** By lower-case name, with the least and the greatest number of arguments. */
export const functions: ReadonlyMap<string, readonly [least: number, most: number, SqlFunction]> = new Map([
  ["accountid", [0, 0, (_, { input }) => input.accountId]],
  ["clientid", [0, 0, (_, { input }) => input.clientId ?? "n/a"]],
  ["concat", [0, Infinity, concat]],
  ["get", [2, 2, ([collection, key]) => get(collection, key)]],
  ["isnull", [1, 1, ([value]) => value === null]],
  ["isundefined", [1, 1, ([value]) => value === undefined]],
  ["length", [1, 1, ([value]) => toText(value)?.length]],
  ["lower", [1, 1, ([value]) => toText(value)?.toLowerCase()]],
  ["newuuid", [0, 0, (_, { input }) => input.newUuid()]],
  ["principal", [0, 0, (_, { input }) => input.principal]],
  ["startswith", [2, 2, onTexts((text = "", start = "") => text.startsWith(start))]],
  ["timestamp", [0, 0, (_, { input }) => input.now]],
  ["topic", [0, 1, (args, { input }) => topic(input.topic, args)]],
  ["upper", [1, 1, ([value]) => toText(value)?.toUpperCase()]],
] satisfies [string, [number, number, SqlFunction]][]);

/** All arguments as Strings; Undefined where one can't be. */
function onTexts(apply: (...texts: string[]) => Value): SqlFunction {
  return (args) => {
    const texts = args.map(toText);
    return texts.every((text) => text !== undefined) ? apply(...texts) : undefined;
  };
}

function topic(name: string, args: readonly Value[]): Value {
  if (args.length === 0) return name;
  const level = toInt(args[0]);
  return level === undefined ? undefined : name.split("/")[level - 1];
}

/** That arrays take in an argument that is Undefined as nothing at all is not documented. */
function concat(args: readonly Value[]): Value {
  if (args.length <= 1) return args[0];
  if (args.some(Array.isArray)) return args.flatMap((value) => (value === undefined ? [] : value));
  if (!args.some((value) => typeof value === "string")) return undefined;
  const texts = args.map(toText);
  return texts.includes(undefined) ? undefined : texts.join("");
}

function get(collection: Value, key: Value): Value {
  if (Array.isArray(collection) || typeof collection === "string") {
    const index = toInt(key);
    // "The character at the 0-based index": the guide's own example, get("abc", 1) = "a", contradicts its table.
    return index === undefined ? undefined : collection[index];
  }
  return typeof key === "string" ? member(collection, key) : undefined;
}

/** The types that `cast(value AS type)` knows, by lower-case name. */
export const casts: ReadonlyMap<string, (value: Value) => Value> = new Map([
  ...["string", "nvarchar", "text", "ntext", "varchar"].map((name) => [name, toText] as const),
  ...["int", "integer"].map((name) => [name, castToInt] as const),
  ...["double", "decimal"].map((name) => [name, castToDecimal] as const),
  ...["bool", "boolean"].map((name) => [name, castToBoolean] as const),
]);

function castToDecimal(value: Value): Value {
  return typeof value === "boolean" ? Number(value) : toDecimal(value);
}

/** Unlike the implicit conversion, a cast to Int rounds down. */
function castToInt(value: Value): Value {
  const decimal = castToDecimal(value);
  return typeof decimal === "number" ? Math.floor(decimal) : undefined;
}

function castToBoolean(value: Value): Value {
  return typeof value === "number" ? value !== 0 : toBoolean(value);
}

export const encodeBase64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("base64");

/**
 * The JSON value or else the string that was encoded; Null where it "cannot be decoded". Undefined stays Undefined, and
 * bytes that aren't UTF-8 count as what can't be decoded: not documented.
 */
export function decodeBase64(value: Value): Value {
  if (value === undefined) return undefined;
  if (typeof value !== "string" || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3}={0,2})?$/.test(value)) return null;
  const text = decodeUtf8(Buffer.from(value, "base64"));
  if (text === undefined) return null;
  const json = readJson(text);
  return json === undefined ? text : json;
}
