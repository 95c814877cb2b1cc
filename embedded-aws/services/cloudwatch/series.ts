// From values by the minute to statistics by the period.
import type { Dimension, Statistic } from "@aws-sdk/client-cloudwatch";
import type { Place } from "../../core/arn.ts";
import type { Cloud } from "../../core/service.ts";
import { notModelled } from "../../core/errors.ts";
import { METRICS, type Datapoint, type Metric } from "../../core/metrics.ts";
import { dimensionsOf, invalid } from "./checks.ts";

const STATISTICS: Readonly<Record<Statistic, (datapoint: Datapoint) => number>> = {
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

/**
 * @throws AwsError InvalidParameterValue; NotModelledHere for percentiles and the like, which need the single values
 */
export function statisticOf(name: string | undefined): (datapoint: Datapoint) => number {
  if (name !== undefined && name in STATISTICS) return STATISTICS[name as Statistic];
  if (/^(p|tm|wm|tc|ts|pr|tmean|iqm)\b|^(p|tm|wm|tc|ts|pr|TM|WM|TC|TS|PR|IQM)[\d(]/i.test(name ?? ""))
    throw notModelled(`The statistic ${name ?? ""}`);
  throw invalid(`"${name ?? ""}" is no statistic: use ${Object.keys(STATISTICS).join(", ")}.`);
}

interface Named {
  readonly Namespace?: string | undefined;
  readonly MetricName?: string | undefined;
  readonly Dimensions?: readonly Dimension[] | undefined;
}

/** The metrics of exactly these dimensions, one per unit; of one unit where one is given. */
export function metricsOf(cloud: Cloud, place: Place, named: Named, unit?: string): Metric[] {
  const wanted = Object.entries(dimensionsOf(named.Dimensions));
  return [...cloud.state(METRICS, place).values()].filter(
    (metric) =>
      metric.namespace === named.Namespace &&
      metric.name === named.MetricName &&
      (unit === undefined || metric.unit === unit) &&
      Object.keys(metric.dimensions).length === wanted.length &&
      wanted.every(([name, value]) => metric.dimensions[name] === value),
  );
}

/** Periods from `from` on, before `to` (milliseconds), that have values, oldest first. */
export function periods(metrics: readonly Metric[], from: number, to: number, length: number): Datapoint[] {
  const found = new Map<number, Datapoint>();
  for (const { datapoints } of metrics)
    for (const { at, sum, count, minimum, maximum } of datapoints) {
      if (at < from || at >= to) continue;
      const start = from + Math.floor((at - from) / length) * length;
      const other = found.get(start);
      found.set(start, {
        at: start,
        sum: sum + (other?.sum ?? 0),
        count: count + (other?.count ?? 0),
        minimum: Math.min(minimum, other?.minimum ?? minimum),
        maximum: Math.max(maximum, other?.maximum ?? maximum),
      });
    }
  return [...found.values()].sort((one, other) => one.at - other.at);
}
