// "Functions" (AWS IoT developer guide, AWS IoT SQL reference), for SQL version 2016-03-23. A function called with a
// wrong number of arguments gives Undefined there ("Data types"), so it isn't refused here either.

import type { Message } from "./message.ts";
import { toInt, toText } from "./value.ts";
import type { Value } from "./value.ts";

type SqlFunction = (args: readonly Value[], message: Message) => Value;

/** By lower-case name, with the least and the greatest number of arguments. */
export const functions: ReadonlyMap<string, readonly [least: number, most: number, SqlFunction]> = new Map([
  ["accountid", [0, 0, (_, { input }) => input.accountId]],
  ["clientid", [0, 0, (_, { input }) => input.clientId ?? "n/a"]],
  ["concat", [0, Infinity, concat]],
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

/** That lists take in an argument that is Undefined as nothing at all is not documented. */
function concat(args: readonly Value[]): Value {
  if (args.length <= 1) return args[0];
  if (args.some(Array.isArray)) return args.flatMap((value) => (value === undefined ? [] : value));
  if (!args.some((value) => typeof value === "string")) return undefined;
  const texts = args.map(toText);
  return texts.includes(undefined) ? undefined : texts.join("");
}

export const encodeBase64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("base64");
