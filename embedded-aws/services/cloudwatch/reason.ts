// Why an alarm changed its state, in CloudWatch's own sentences. Those of values that cross a threshold, and of none,
// were recorded on AWS by another project's tests (LocalStack, test_cloudwatch.py, 2025-09 and 2026-02); those of
// alarms with DatapointsToAlarm, and of unknown values, stand in notifications that users published.
import type { StateValue } from "@aws-sdk/client-cloudwatch";
import type { Alarm } from "./alarm.ts";
import { breaches } from "./evaluation.ts";

/** @param last the values within the alarm's evaluation periods, as far as there are any; `at` in milliseconds */
export function reasonFor(
  { criteria, settings, state: from }: Pick<Alarm, "criteria" | "settings" | "state">,
  state: StateValue,
  last: readonly { readonly at: number; readonly value: number }[],
): string {
  const { evaluationPeriods: periods, datapointsToAlarm, threshold } = criteria;
  if (state === "INSUFFICIENT_DATA") return `Insufficient Data: ${some(periods, "datapoint", true)} unknown.`;
  const telling = last.filter(({ value }) => breaches(criteria, value) === (state === "ALARM"));
  if (telling.length === 0) {
    const missing = periods - last.length;
    return (
      `Threshold Crossed: no datapoints were received for ${some(missing, "period")} and ` +
      `${some(missing, "missing datapoint", true)} treated as [${state === "ALARM" ? "Breaching" : "NonBreaching"}].`
    );
  }
  const values = `[${telling.map(({ at, value }) => `${inJava(value)} (${dayAndTime(at)})`).join(", ")}]`;
  const [, than = ""] = /^(.*) threshold$/.exec(words(criteria.comparison)) ?? [];
  const crossed =
    `${telling.length === 1 ? "was" : "were"} ${state === "ALARM" ? "" : "not "}${than} the threshold ` +
    `(${inJava(threshold)})`;
  if (settings.DatapointsToAlarm === undefined)
    return `Threshold Crossed: ${some(telling.length, "datapoint")} ${values} ${crossed}.`;
  const enough = state === "ALARM" ? datapointsToAlarm : periods - datapointsToAlarm + 1;
  return (
    `Threshold Crossed: ${telling.length} out of the last ${periods} datapoints ${values} ${crossed} ` +
    `(minimum ${some(enough, "datapoint")} for ${from} -> ${state} transition).`
  );
}

const some = (number: number, what: string, past = false): string =>
  `${number} ${what}${number === 1 ? "" : "s"}${past ? (number === 1 ? " was" : " were") : ""}`;
const words = (name: string): string => name.replace(/([a-z])(?=[A-Z])/g, "$1 ").toLowerCase();
const inJava = (number: number): string => (Number.isInteger(number) ? number.toFixed(1) : String(number));
/** As in `28/11/26 18:05:00`. */
const dayAndTime = (at: number): string =>
  new Date(at).toISOString().replace(/^..(..)-(..)-(..)T(.{8}).*$/, "$3/$2/$1 $4");
