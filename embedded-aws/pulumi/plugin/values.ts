// Values as the engine's protocol carries them: unknown ones, archives, and when two of them say the same.
import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../resource.ts";

/** Names of properties that the check filled in; the engine doesn't show it. */
export const DEFAULTS = "__defaults";
/** Objects of the user's own keys: one more is a difference, where elsewhere it is a value that AWS filled in. */
const USERS_KEYS = new Set(["tags", "tagsAll", "variables"]);

const isObject = (value: unknown): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Parsed where it is JSON text, so that neither spaces nor the order of keys matter. */
function document(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** Archives and assets have a hash of what is in them; where it lies doesn't matter. */
const content = (value: unknown): unknown =>
  isObject(value) && typeof value.hash === "string" && value.hash !== "" ? value.hash : value;

export const same = (one: unknown, other: unknown, json: boolean): boolean =>
  json ? isDeepStrictEqual(document(one), document(other)) : isDeepStrictEqual(content(one), content(other));

/** What was known, unless AWS says otherwise: its own words and additions are no difference. */
export const kept = (key: string, known: unknown, found: unknown, json: boolean): unknown =>
  (json ? same(known, found, true) : covers(key, known, found)) ? known : found;

function covers(key: string, known: unknown, found: unknown): boolean {
  if (Array.isArray(known) && Array.isArray(found)) {
    return known.length === found.length && known.every((item, index) => covers(key, item, found[index]));
  }
  if (!isObject(known) || !isObject(found)) return isDeepStrictEqual(known, found);
  if (USERS_KEYS.has(key)) return isDeepStrictEqual(known, found);
  return Object.entries(known).every(([inner, value]) => covers(inner, value, found[inner]));
}
