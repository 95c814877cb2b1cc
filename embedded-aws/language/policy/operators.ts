import { BlockList, isIP } from "node:net";
import type { Wildcards } from "./match.ts";

/** Compares one value of the policy, prepared once, with values of requests. */
export type Test = (requested: string) => boolean;

/** How a condition operator compares: text with a pattern, or values of a kind of their own. */
export type Operator = { readonly negated: boolean } & (
  | { readonly wildcards: Wildcards; readonly ignoreCase: boolean }
  | { readonly wants: string; prepare(value: string): Test | undefined }
);

const text = (wildcards: Wildcards, ignoreCase = false) => ({ wildcards, ignoreCase });
const positive = <T>(comparison: T) => ({ negated: false, ...comparison });
const negated = <T>(comparison: T) => ({ negated: true, ...comparison });

const number = {
  wants: "a number",
  read: (value: string) => (/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value) ? Number(value) : undefined),
};

/** One of the W3C's forms of ISO 8601, or seconds since 1970: four digits are a year. */
const w3cDate =
  /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/;
const date = {
  wants: "a date in ISO 8601, or seconds since 1970",
  read(value: string): number | undefined {
    if (w3cDate.test(value)) return Date.parse(value);
    return /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : undefined;
  },
};

/**
 * All operators but Null, which asks for a key and compares nothing. "IAM JSON policy elements: Condition operators".
 */
export const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ["StringEquals", positive(text("exact"))],
  ["StringNotEquals", negated(text("exact"))],
  ["StringEqualsIgnoreCase", positive(text("exact", true))],
  ["StringNotEqualsIgnoreCase", negated(text("exact", true))],
  ["StringLike", positive(text("free"))],
  ["StringNotLike", negated(text("free"))],
  ["ArnEquals", positive(text("arn"))],
  ["ArnLike", positive(text("arn"))],
  ["ArnNotEquals", negated(text("arn"))],
  ["ArnNotLike", negated(text("arn"))],
  ["Bool", positive({ wants: "true or false", prepare: bool })],
  ["BinaryEquals", positive({ wants: "base64", prepare: binary })],
  ["IpAddress", positive({ wants: "an IP address or a CIDR range", prepare: address })],
  ["NotIpAddress", negated({ wants: "an IP address or a CIDR range", prepare: address })],
  ["NumericEquals", positive(ordered(number, (requested, value) => requested === value))],
  ["NumericNotEquals", negated(ordered(number, (requested, value) => requested === value))],
  ["NumericLessThan", positive(ordered(number, (requested, value) => requested < value))],
  ["NumericLessThanEquals", positive(ordered(number, (requested, value) => requested <= value))],
  ["NumericGreaterThan", positive(ordered(number, (requested, value) => requested > value))],
  ["NumericGreaterThanEquals", positive(ordered(number, (requested, value) => requested >= value))],
  ["DateEquals", positive(ordered(date, (requested, value) => requested === value))],
  ["DateNotEquals", negated(ordered(date, (requested, value) => requested === value))],
  ["DateLessThan", positive(ordered(date, (requested, value) => requested < value))],
  ["DateLessThanEquals", positive(ordered(date, (requested, value) => requested <= value))],
  ["DateGreaterThan", positive(ordered(date, (requested, value) => requested > value))],
  ["DateGreaterThanEquals", positive(ordered(date, (requested, value) => requested >= value))],
]);

function ordered(
  { wants, read }: { wants: string; read: (value: string) => number | undefined },
  holds: (requested: number, value: number) => boolean,
) {
  return {
    wants,
    prepare(text: string): Test | undefined {
      const value = read(text);
      if (value === undefined) return undefined;
      return (requested) => {
        const found = read(requested);
        return found !== undefined && holds(found, value);
      };
    },
  };
}

function bool(value: string): Test | undefined {
  const wanted = value.toLowerCase();
  if (wanted !== "true" && wanted !== "false") return undefined;
  return (requested) => requested.toLowerCase() === wanted;
}

/** The request's value is base64 as well here, since contexts hold strings. */
function binary(value: string): Test | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) return undefined;
  return (requested) => Buffer.from(requested, "base64").equals(Buffer.from(value, "base64"));
}

/** Without a prefix length it is one address. */
function address(value: string): Test | undefined {
  const [network = "", length, ...rest] = value.split("/");
  const version = isIP(network);
  const bits = version === 4 ? 32 : 128;
  if (version === 0 || rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) return undefined;
  const range = new BlockList();
  range.addSubnet(network, prefix, version === 4 ? "ipv4" : "ipv6");
  return (requested) => {
    const requestedVersion = isIP(requested);
    return requestedVersion === version && range.check(requested, version === 4 ? "ipv4" : "ipv6");
  };
}
