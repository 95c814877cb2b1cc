// From a pattern's text to what each field must be.

import { ConditionError, readCondition } from "./condition.ts";
import type { Condition } from "./condition.ts";
import { PatternError } from "./error.ts";
import { JsonTextError, readJson } from "./json.ts";
import type { JsonNode } from "./json.ts";
import { isTooComplex } from "./complexity.ts";

/**
 * One way to match: every field, named by its path with dots, in the order in which event-ruler tries them (by code
 * unit), with the conditions of which one must hold.
 */
export type Alternative = readonly { path: string; conditions: readonly Condition[] }[];

/**
 * A compiled pattern: an event matches if it matches one of the alternatives, more than one only where `$or` stands.
 */
export interface Pattern {
  readonly alternatives: readonly Alternative[];
  /** Every field that an alternative names. */
  readonly paths: ReadonlySet<string>;
  /** Every path on the way to such a field, without the field itself. */
  readonly branches: ReadonlySet<string>;
}

/** "Event pattern size" on EventBridge's quotas page. */
const maximumLength = 2048;
/** "Content filtering": PutRule refuses a pattern of which `$or` makes more combinations. */
const maximumAlternatives = 1000;

/** Names that stop a `$or` from being one: aws/event-ruler, RESERVED_FIELD_NAMES_IN_OR_RELATIONSHIP. */
const reservedInOr = new Set([
  ..."exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex".split(" "),
  ..."not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before".split(" "),
  ..."in-date-range ip-address-in-range ip-address-not-in-range".split(" "),
]);

/**
 * Compiles an event pattern.
 * @param text the JSON text as PutRule and TestEventPattern get it
 * @throws PatternError with the message of EventBridge's InvalidEventPatternException
 */
export function compilePattern(text: string): Pattern {
  if (text.length > maximumLength) {
    const reason = `The pattern has ${text.length} characters, ${maximumLength} are allowed`;
    throw new PatternError(reason, text);
  }
  try {
    const document = readJson(text);
    if (document.kind !== "object") {
      const offset = document.kind === "array" ? document.opened : document.offset;
      throw new ConditionError("Filter is not an object", offset);
    }
    const alternatives = readFields(document);
    checkComplexity(alternatives);
    const paths = new Set(alternatives.flatMap((fields) => [...fields.keys()]));
    return { alternatives: alternatives.map(inOrder), paths, branches: branchesTo(paths) };
  } catch (error) {
    if (error instanceof ConditionError) throw new PatternError(error.message, text, error.offset, error.places);
    if (error instanceof JsonTextError) throw new PatternError(error.message, text, error.offset);
    throw error;
  }
}

/** @throws ConditionError where a field's wildcards are more than AWS wants to follow at once */
function checkComplexity(alternatives: readonly Fields[]): void {
  for (const fields of alternatives)
    for (const conditions of fields.values()) {
      const wildcards = conditions.flatMap((condition) => (condition.absent ? [] : (condition.wildcards ?? [])));
      if (isTooComplex(wildcards))
        throw new ConditionError(
          "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences " +
            "after a wildcard character",
        );
    }
}

type Fields = Map<string, Condition[]>;
type ObjectNode = Extract<JsonNode, { kind: "object" }>;

/**
 * What can't be read with `$or` as a relationship is read once more with `$or` as a field's name, as event-ruler does
 * for patterns older than the relationship (its README, "The backward compatibility of using $or as field name"). The
 * sentence for a pattern that is wrong both ways is that of the first reading; which one EventBridge gives is not
 * confirmed.
 */
function readFields(document: ObjectNode): Fields[] {
  try {
    return readObject(document, "", [new Map<string, Condition[]>()], { or: "relationship", inside: false });
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    try {
      return readObject(document, "", [new Map<string, Condition[]>()], { or: "name", inside: false });
    } catch {
      throw error;
    }
  }
}

/** What `$or` means in this reading, and whether we are inside of one. */
interface Reading {
  or: "relationship" | "name";
  inside: boolean;
}

/** Adds what an object says to each alternative so far; a field named twice is as said last. */
function readObject(object: ObjectNode, prefix: string, before: Fields[], reading: Reading): Fields[] {
  if (object.members.length === 0) throw new ConditionError("Empty objects are not allowed", object.offset);
  let alternatives = before;
  for (const { name, value } of object.members) {
    if (name === "$or" && reading.or === "relationship") {
      alternatives = readOr(value, prefix, alternatives);
      continue;
    }
    if (reading.inside && reservedInOr.has(name)) {
      const reason = `${name} is Ruler reserved fieldName which cannot be used inside $or.`;
      throw new ConditionError(reason, value.offset);
    }
    const path = `${prefix}${name}`;
    if (value.kind === "object") {
      alternatives = readObject(value, `${path}.`, alternatives, reading);
    } else if (value.kind === "array") {
      const conditions = value.items.map(readCondition);
      if (conditions.length === 0) throw new ConditionError("Empty arrays are not allowed", value.offset);
      for (const fields of alternatives) fields.set(path, conditions);
    } else {
      throw new ConditionError(`"${name}" must be an object or an array`, value.offset);
    }
  }
  return alternatives;
}

function readOr(list: JsonNode, prefix: string, before: Fields[]): Fields[] {
  if (list.kind !== "array") throw new ConditionError("It must be an Array followed with $or.", list.offset);
  const combinations = before.length * list.items.length;
  if (combinations > maximumAlternatives) {
    const reason = `$or makes ${combinations} rule combinations, ${maximumAlternatives} are allowed`;
    throw new ConditionError(reason, list.offset);
  }
  const alternatives = list.items.flatMap((item) => {
    if (item.kind !== "object") {
      throw new ConditionError("Only JSON object is allowed in array of $or relationship.", item.offset);
    }
    const copies = before.map((fields) => new Map(fields));
    return readObject(item, prefix, copies, { or: "relationship", inside: true });
  });
  if (list.items.length < 2) {
    throw new ConditionError("There must have at least 2 Objects in $or relationship.", list.offset);
  }
  return alternatives;
}

const inOrder = (fields: Fields): Alternative =>
  [...fields].map(([path, conditions]) => ({ path, conditions })).sort((a, b) => (a.path < b.path ? -1 : 1));

function branchesTo(paths: Iterable<string>): Set<string> {
  const branches = new Set<string>();
  for (const path of paths) {
    for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) branches.add(path.slice(0, dot));
  }
  return branches;
}
