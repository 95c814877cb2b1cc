// Topic rules as they are kept: what was asked for, and what was made of it.
import type { Action } from "@aws-sdk/client-iot";
import { stateOf } from "../../core/state.ts";
import type { RuleQuery } from "../../language/sql/index.ts";
import type { RuleAction } from "./rule-action.ts";
import { RuleIndex } from "./rule-index.ts";
import type { Numbered } from "./state.ts";

export interface TopicRule extends Numbered {
  readonly name: string;
  readonly arn: string;
  readonly sql: string;
  readonly sqlVersion: string;
  readonly description: string | undefined;
  readonly createdAt: Date;
  /** As they were given, to be given back. */
  readonly given: { readonly actions: readonly Action[]; readonly errorAction: Action | undefined };
  readonly query: RuleQuery;
  readonly actions: readonly RuleAction[];
  readonly errorAction: RuleAction | undefined;
  disabled: boolean;
  readonly tags: Map<string, string>;
}

export const RULES = stateOf("iot rules", () => {
  let serial = 0;
  return {
    nextSerial: () => ++serial,
    rules: new Map<string, TopicRule>(),
    /** Has to be cleared whenever a rule comes, goes or changes its SQL. */
    index: new RuleIndex<TopicRule>(),
  };
});
