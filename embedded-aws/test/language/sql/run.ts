import { evaluateRule, parseRule } from "../../../language/sql/index.ts";
import type { RuleInput } from "../../../language/sql/index.ts";

/** A message on `devices/lamp/on`, sent over HTTP by a role's session, for a rule of account 222222222222. */
export const message = (payload: string | Uint8Array, changes: Partial<RuleInput> = {}): RuleInput => ({
  topic: "devices/lamp/on",
  payload: Buffer.from(payload),
  principal: "AROAEXAMPLE:session",
  accountId: "222222222222",
  now: 1700000000000,
  newUuid: () => "123a4567-b89c-12d3-e456-789012345000",
  ...changes,
});

/** The outgoing payload as text, or undefined when WHERE isn't true. */
export function run(
  sql: string,
  payload: string | Uint8Array = "{}",
  changes?: Partial<RuleInput>,
): string | undefined {
  const result = evaluateRule(parseRule(sql), message(payload, changes));
  return result.matched ? Buffer.from(result.output).toString() : undefined;
}

/** What one expression gives; undefined where it is Undefined. */
export function valueOf(expression: string, payload: object = {}, changes?: Partial<RuleInput>): unknown {
  const output = run(`SELECT ${expression} AS result FROM 'a'`, JSON.stringify(payload), changes) ?? "";
  return (JSON.parse(output) as { result?: unknown }).result;
}
