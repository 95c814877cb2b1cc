// What services measure of themselves, as CloudWatch keeps it: one value per minute and metric, from which statistics
// are made.
import type { Place } from "./arn.ts";
import type { Cloud } from "./service.ts";
import { stateOf } from "./state.ts";

/** All values of one minute. */
export interface Datapoint {
  /** Start of the minute, milliseconds since 1970. */
  readonly at: number;
  sum: number;
  count: number;
  minimum: number;
  maximum: number;
}
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** CloudWatch keeps values of different units apart. */
  readonly unit: string;
}
export interface Metric extends MetricName {
  /** Oldest first, at most {@link MINUTES}. */
  readonly datapoints: Datapoint[];
}

/** A day of minutes: alarms and tests look at no more, and memory stays flat. */
const MINUTES = 24 * 60;
const METRICS_PER_PLACE = 2_000;
const MINUTE_MS = 60_000;

export const METRICS = stateOf("metrics", () => new Map<string, Metric>());
/** Called after each new value, once somebody watches: CloudWatch's alarms. */
export const METRIC_WATCH = stateOf("metric watch", (): { onValue?: () => void } => ({}));

/** Adds one value to a metric of an account and Region, at this minute. */
export function emitMetric(
  cloud: Cloud,
  place: Place,
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  value: number,
  unit = "Count",
): void {
  const values = { at: cloud.clock.now(), sum: value, count: 1, minimum: value, maximum: value };
  addValues(cloud, place, { namespace, name, dimensions, unit }, values);
}

/** Adds values of any minute. Beyond 2,000 metrics the oldest one gives way. */
export function addValues(cloud: Cloud, place: Place, of: MetricName, values: Datapoint): void {
  const metrics = cloud.state(METRICS, place);
  const key = JSON.stringify([of.namespace, of.name, Object.entries(of.dimensions).sort(), of.unit]);
  let metric = metrics.get(key);
  if (!metric) {
    metrics.set(key, (metric = { ...of, datapoints: [] }));
    const [oldest] = metrics.keys();
    if (metrics.size > METRICS_PER_PLACE && oldest !== undefined) metrics.delete(oldest);
  }
  merge(metric.datapoints, { ...values, at: Math.floor(values.at / MINUTE_MS) * MINUTE_MS });
  if (metric.datapoints.length > MINUTES) metric.datapoints.shift();
  cloud.state(METRIC_WATCH, place).onValue?.();
}

function merge(datapoints: Datapoint[], values: Datapoint): void {
  // Values come in order but for those that a client dates back: looking from the end is short.
  let index = datapoints.length;
  while (index > 0 && (datapoints[index - 1] as Datapoint).at > values.at) index--;
  const same = datapoints[index - 1];
  if (same?.at !== values.at) {
    datapoints.splice(index, 0, values);
    return;
  }
  same.sum += values.sum;
  same.count += values.count;
  same.minimum = Math.min(same.minimum, values.minimum);
  same.maximum = Math.max(same.maximum, values.maximum);
}
