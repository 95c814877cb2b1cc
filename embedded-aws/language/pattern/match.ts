// Whether an event matches, and if not, why.

import type { Alternative, Pattern } from "./compile.ts";
import type { Condition, Scalar } from "./condition.ts";
import { fieldsOf, isObject } from "./fields.ts";
import type { Field, Membership } from "./fields.ts";

/** Whether the event (parsed JSON) matches the pattern. Anything but an object matches nothing. Never throws. */
export function matches(pattern: Pattern, event: unknown): boolean {
  if (!isEvent(event)) return false;
  const fields = fieldsOf(event, pattern);
  return pattern.alternatives.some((alternative) => matchesAlternative(alternative, fields));
}

/**
 * Why the event doesn't match: one sentence with the first field that isn't as the pattern wants it, in the alternative
 * that comes nearest.
 * @returns undefined when it matches
 */
export function explain(pattern: Pattern, event: unknown): string | undefined {
  if (!isEvent(event)) return "The event is not a JSON object.";
  const fields = fieldsOf(event, pattern);
  if (pattern.alternatives.some((alternative) => matchesAlternative(alternative, fields))) return undefined;

  const failures = pattern.alternatives.map((alternative) =>
    alternative.filter(({ path, conditions }) => !satisfied(conditions, fields.get(path) ?? [])),
  );
  const nearest = failures.reduce((best, next) => (next.length < best.length ? next : best));
  const among = failures.length > 1 ? ` (the nearest of the pattern's ${failures.length} alternatives)` : "";
  const [first] = nearest;
  if (first === undefined) {
    return `Each field has a value that the pattern wants, but not within the same array element${among}.`;
  }
  const wants = first.conditions.map((condition) => condition.wants).join(" or ");
  const present = fields.get(first.path);
  const there = present === undefined ? `The event has no field ${first.path}` : `${first.path} is ${listed(present)}`;
  return `${there}; the pattern wants ${wants}${among}.`;
}

const isEvent = (event: unknown): event is object => isObject(event) && !Array.isArray(event);

const accepted = (conditions: readonly Condition[], value: Scalar): boolean =>
  conditions.some((condition) => !condition.absent && condition.accepts(value));

const acceptsAbsence = (conditions: readonly Condition[]): boolean => conditions.some((condition) => condition.absent);

const satisfied = (conditions: readonly Condition[], present: readonly Field[]): boolean =>
  present.some(({ value }) => accepted(conditions, value)) || (present.length === 0 && acceptsAbsence(conditions));

function listed(fields: readonly Field[]): string {
  const values = fields.slice(0, 3).map(({ value }) => {
    const text = JSON.stringify(value);
    return text.length > 100 ? `${text.slice(0, 100)}…` : text;
  });
  return `${values.join(", ")}${fields.length > 3 ? ", …" : ""}`;
}

/** Array elements chosen so far: array number -> index. */
type Chosen = ReadonlyMap<number, number>;

/**
 * Tries the fields path by path and keeps every choice of array elements that is still open. A choice is forgotten once
 * no later path can contradict it, so that the choices open at a time are at most as many as the event has elements.
 */
function matchesAlternative(alternative: Alternative, fields: ReadonlyMap<string, Field[]>): boolean {
  const laterArrays = arraysAfter(alternative, fields);
  // Most events: no field that could contradict the choice made for the first.
  if (laterArrays[0]?.size === 0) {
    return alternative.every(({ path, conditions }) => satisfied(conditions, fields.get(path) ?? []));
  }
  let open: Chosen[] = [new Map()];
  for (const [step, { path, conditions }] of alternative.entries()) {
    const present = index(fields.get(path) ?? []);
    const keep = laterArrays[step] ?? new Set();
    const next = new Map<string, Chosen>();
    for (const chosen of open) {
      const consistent = present.consistentWith(chosen);
      if (consistent.length === 0 && acceptsAbsence(conditions)) add(next, chosen, keep);
      for (const { value, membership } of consistent) {
        if (accepted(conditions, value)) add(next, withMembership(chosen, membership), keep);
      }
    }
    if (next.size === 0) return false;
    open = [...next.values()];
  }
  return true;
}

function add(choices: Map<string, Chosen>, chosen: Chosen, keep: ReadonlySet<number>): void {
  const lasting = [...chosen].filter(([array]) => keep.has(array)).sort(([a], [b]) => a - b);
  choices.set(lasting.join(" "), new Map(lasting));
}

/** For each path, the arrays that the fields of later paths lie in. */
function arraysAfter(alternative: Alternative, fields: ReadonlyMap<string, Field[]>): ReadonlySet<number>[] {
  const later: ReadonlySet<number>[] = [];
  let arrays = new Set<number>();
  for (const { path } of [...alternative].reverse()) {
    later.unshift(arrays);
    arrays = new Set(arrays);
    for (const { membership } of fields.get(path) ?? []) {
      for (const { array } of elements(membership)) arrays.add(array);
    }
  }
  return later;
}

function* elements(membership: Membership | undefined): Generator<Membership> {
  for (let element = membership; element !== undefined; element = element.within) yield element;
}

function withMembership(chosen: Chosen, membership: Membership | undefined): Chosen {
  const merged = new Map(chosen);
  for (const { array, index } of elements(membership)) merged.set(array, index);
  return merged;
}

/** The fields of one path, so arranged that those consistent with a choice are found without a walk over all. */
function index(fields: readonly Field[]): { consistentWith(chosen: Chosen): readonly Field[] } {
  const byElement = new Map<string, Field[]>();
  const countIn = new Map<number, number>();
  for (const field of fields) {
    for (const { array, index } of elements(field.membership)) {
      countIn.set(array, (countIn.get(array) ?? 0) + 1);
      const key = `${array}:${index}`;
      const inElement = byElement.get(key);
      if (inElement === undefined) byElement.set(key, [field]);
      else inElement.push(field);
    }
  }
  const consistent = (chosen: Chosen, field: Field): boolean => {
    for (const { array, index } of elements(field.membership)) if ((chosen.get(array) ?? index) !== index) return false;
    return true;
  };

  return {
    consistentWith(chosen) {
      // Where all fields lie in an array of which an element is chosen, only those in that element can be consistent.
      let candidates = fields;
      for (const [array, index] of chosen) {
        if (countIn.get(array) !== fields.length) continue;
        const inside = byElement.get(`${array}:${index}`) ?? [];
        if (inside.length < candidates.length) candidates = inside;
      }
      return candidates.filter((field) => consistent(chosen, field));
    },
  };
}
