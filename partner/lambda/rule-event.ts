// What the partner's rule hands to its function.
import * as v from "valibot";
import { text } from "../../shared/contract/message.ts";

/** The columns of `RULE_SQL`. All but `data` is known to the rules engine, not claimed by the sender. */
export const ruleEventSchema = v.object({
  /** What was published. */
  data: v.pipe(v.string(), v.base64()),
  topic: text,
  accountId: text,
  operation: text,
  /** Milliseconds since 1970. */
  receivedAt: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(8.64e15)),
  /**
   * `<unique id of the role>:<session name>` for IAM roles (AWS IoT, "SQL functions"; of an assumed role over HTTP it
   * says `userid`: not confirmed).
   */
  principal: v.optional(v.string()),
  /**
   * No column: ARN of who sent the message again from the topic rule's dead-letter queue, whose letters don't have a
   * principal. Only somebody who may invoke the function can set it.
   */
  redrivenBy: v.optional(text),
});
export type RuleEvent = v.InferOutput<typeof ruleEventSchema>;
