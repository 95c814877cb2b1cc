// The state of an alarm by its last periods: pure, after «Configuring how CloudWatch alarms treat missing data» and
// «Avoiding premature transitions to alarm state» (CloudWatch user guide).
import type { StateValue } from "@aws-sdk/client-cloudwatch";

const COMPARISONS = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
};
export type Comparison = keyof typeof COMPARISONS;
export const isComparison = (name: string): name is Comparison => name in COMPARISONS;

export const MISSING_DATA = ["missing", "ignore", "breaching", "notBreaching"] as const;
export type MissingData = (typeof MISSING_DATA)[number];
export const isMissingData = (name: string): name is MissingData => (MISSING_DATA as readonly string[]).includes(name);

export interface Criteria {
  readonly comparison: Comparison;
  readonly threshold: number;
  /** N: periods that are looked at. */
  readonly evaluationPeriods: number;
  /** M: how many of them have to breach. */
  readonly datapointsToAlarm: number;
  readonly missingData: MissingData;
}

export const breaches = ({ comparison, threshold }: Criteria, value: number): boolean =>
  COMPARISONS[comparison](value, threshold);

/**
 * Periods that are asked for: more than the evaluation periods, so that real values can stand in for late ones. How
 * many more AWS doesn't say; its example asks for 5 where 3 are evaluated.
 */
export const rangeOf = ({ evaluationPeriods }: Pick<Criteria, "evaluationPeriods">): number => evaluationPeriods + 2;

/**
 * The state that the values give, or undefined where the alarm keeps the one it has.
 * @param values of the last {@link rangeOf} periods, the newest last, undefined where there is none
 */
export function stateBy(criteria: Criteria, values: readonly (number | undefined)[]): StateValue | undefined {
  const { evaluationPeriods, datapointsToAlarm, missingData } = criteria;
  const real = values.filter((value) => value !== undefined).slice(-evaluationPeriods);
  const breaching = real.filter((value) => breaches(criteria, value)).length;
  const lacking = evaluationPeriods - real.length;
  if (breaching >= datapointsToAlarm) return "ALARM";
  if (missingData === "breaching") return breaching + lacking >= datapointsToAlarm ? "ALARM" : "OK";
  if (missingData === "notBreaching") return "OK";
  if (real.length === 0) return missingData === "missing" ? "INSUFFICIENT_DATA" : undefined;
  const oldest = values.findIndex((value) => value !== undefined);
  // Nothing but breaches since: an alarm if they began long enough ago, although there are too few of them.
  const premature = breaching === real.length && lacking > 0 && values.length - oldest >= datapointsToAlarm;
  if (!premature) return "OK";
  return missingData === "missing" ? "ALARM" : undefined;
}
