// An event as the flat list of its leaves, each with the array elements that it lies in, so that two fields can be held
// to the same element. Source: aws/event-ruler (Event.java, ArrayMembership.java, README "Matching arrays").

import type { Pattern } from "./compile.ts";
import type { Scalar } from "./condition.ts";

/** An element of an array in the event; arrays are numbered. Scalars directly in an array belong to none of it. */
export interface Membership {
  array: number;
  index: number;
  /** The element of the next array further out. */
  within: Membership | undefined;
}

export interface Field {
  value: Scalar;
  membership: Membership | undefined;
}

/**
 * The leaves that the pattern names, by path. Paths join names with dots, so that {"a": {"b": 1}} and {"a.b": 1} are
 * alike, as in the original. Empty objects and arrays have no leaves: they aren't there.
 */
export function fieldsOf(event: object, pattern: Pattern): Map<string, Field[]> {
  const found = new Map<string, Field[]>();
  let arrays = 0;
  // A stack of our own, deepest last: events nest deeper than calls may.
  const todo: { path: string; value: unknown; membership: Membership | undefined }[] = [];
  const push = (path: string, value: unknown, membership: Membership | undefined): void => {
    if (pattern.paths.has(path) || pattern.branches.has(path)) todo.push({ path, value, membership });
  };
  const pushMembers = (value: object, prefix: string, membership: Membership | undefined): void => {
    for (const [name, member] of Object.entries(value).reverse()) push(`${prefix}${name}`, member, membership);
  };

  pushMembers(event, "", undefined);
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { path, value, membership } = next;
    if (Array.isArray(value)) {
      const array = arrays++;
      for (let index = value.length - 1; index >= 0; index--) {
        const item: unknown = value[index];
        const inside = isObject(item) ? { array, index, within: membership } : membership;
        push(path, item, inside);
      }
    } else if (isObject(value)) {
      pushMembers(value, `${path}.`, membership);
    } else if (isScalar(value) && pattern.paths.has(path)) {
      const fields = found.get(path);
      if (fields === undefined) found.set(path, [{ value, membership }]);
      else fields.push({ value, membership });
    }
  }
  return found;
}

export const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
