// The topics on which customers announce.
import { topicOf } from "../../shared/contract/names.ts";
import { OPERATION_NAMES } from "../../shared/contract/operations.ts";
import type { PartnerOutputs } from "../../shared/contract/outputs.ts";

export const hookTopics = ({ publishRoleArns }: Pick<PartnerOutputs, "publishRoleArns">): readonly string[] =>
  Object.keys(publishRoleArns).flatMap((customer) => OPERATION_NAMES.map((operation) => topicOf(customer, operation)));

/** Basic Ingest: straight to the rule, past the broker (AWS IoT Core Developer Guide). */
export const basicIngestOf = (ruleName: string, topic: string): string => `$aws/rules/${ruleName}/${topic}`;

/** MQTT's topic filters: `+` for one level, `#` for all that follow. */
export function takes(filter: string, topic: string): boolean {
  const levels = topic.split("/");
  const steps = filter.split("/");
  for (const [index, step] of steps.entries()) {
    if (step === "#") return true;
    if (levels[index] === undefined || (step !== "+" && step !== levels[index])) return false;
  }
  return steps.length === levels.length;
}
