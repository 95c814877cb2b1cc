// A rule's statement once read, and what it does to a message.

import { Message } from "./message.ts";
import type { RuleInput } from "./message.ts";
import { filterMatches } from "./topic.ts";
import type { TopicFilter } from "./topic.ts";
import { isObject, toJson } from "./value.ts";
import type { Value } from "./value.ts";

export type Expression = (message: Message) => Value;

/** One item of SELECT: `*`, or an expression with the name of its result. */
export type Item = { all: true } | { all: false; as: string; expression: Expression };

export interface RuleQuery {
  readonly items: readonly Item[];
  /** None for a rule that only Basic Ingest triggers. */
  readonly filter: TopicFilter | undefined;
  readonly where: Expression | undefined;
}

/** Whether a message on the topic triggers the rule. Basic Ingest, which goes by the rule's name, is the caller's. */
export function topicMatches(query: RuleQuery, topic: string): boolean {
  return query.filter !== undefined && filterMatches(query.filter, topic);
}

export type RuleResult = { matched: false } | { matched: true; output: Uint8Array };

/**
 * Runs the WHERE and SELECT clauses; the topic has been matched before.
 * @returns the outgoing payload as JSON text in UTF-8, or the incoming bytes unchanged for `SELECT *` alone and for a
 * payload that isn't a JSON object. Undefined results are left out.
 */
export function evaluateRule(query: RuleQuery, input: RuleInput): RuleResult {
  const message = new Message(input);
  // "If the WHERE clause evaluates to true": only the Boolean; that the string "true" doesn't do is not confirmed.
  if (query.where !== undefined && query.where(message) !== true) return { matched: false };
  return { matched: true, output: select(query, message) };
}

function select({ items }: RuleQuery, message: Message): Uint8Array {
  const { payload } = message.input;
  const withAll = items.some((item) => item.all);
  if (withAll && items.length === 1) return payload;
  // "Working with binary payloads": data can be added to an empty or a JSON payload. To any other nothing is added;
  // that it passes as it is then is not confirmed.
  if (withAll && payload.length > 0 && !isObject(message.json)) return payload;

  // Without a prototype, so that a member may have any name.
  const result = Object.create(null) as Record<string, Value>;
  for (const item of items) {
    // A later item replaces an earlier one of the same name, unless it is Undefined: not documented.
    const found = item.all ? message.json : { [item.as]: item.expression(message) };
    for (const [name, value] of Object.entries(isObject(found) ? found : {}))
      if (value !== undefined) result[name] = value;
  }
  return Buffer.from(toJson(result));
}
