// Which elements of lists are there only where a part is asked for: what the component declares with it, held against
// what it declares without.
import { isDeepStrictEqual } from "node:util";
import type { PartSetting } from "./value.ts";

type Json = unknown;

const isRecord = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `all` with what isn't in `without` marked as `onlyWith`. Throws where it can't be said so. */
export function byPart(all: Json, without: Json, part: PartSetting, path: string): Json {
  if (isDeepStrictEqual(all, without)) return all;
  if (isRecord(all) && isRecord(without) && isDeepStrictEqual(Object.keys(all), Object.keys(without)))
    return Object.fromEntries(
      Object.entries(all).map(([key, value]) => [key, byPart(value, without[key], part, `${path}.${key}`)]),
    );
  if (!Array.isArray(all) || !Array.isArray(without)) throw refusal(path, part);
  const left = [...(without as readonly Json[])];
  const marked = (all as readonly Json[]).map((value) => {
    if (left.length === 0 || !isDeepStrictEqual(left[0], value)) return { kind: "onlyWith", part, value };
    left.shift();
    return value;
  });
  if (left.length > 0) throw refusal(path, part);
  return marked;
}

const refusal = (path: string, part: PartSetting): Error =>
  new Error(`${path} depends on ${part} in a way that kit/parts.ts can't say`);
