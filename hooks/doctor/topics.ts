// The topics on which customers announce.
import { topicOf } from "../../shared/contract/names.ts";
import { OPERATION_NAMES } from "../../shared/contract/operations.ts";

/** @param customers their accounts */
export const hookTopics = (customers: Iterable<string>): readonly string[] =>
  [...customers].flatMap((customer) => OPERATION_NAMES.map((operation) => topicOf(customer, operation)));

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
