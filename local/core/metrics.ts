// What services measure of themselves, as CloudWatch keeps it: one value per minute and metric, from which statistics are made.
import type { Place } from "./arn.ts";
import type { Cloud } from "./cloud.ts";
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
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Oldest first, at most {@link MINUTES}. */
  readonly datapoints: Datapoint[];
}

/** A day: alarms and tests look at no more, and memory stays flat. */
const MINUTES = 24 * 60;
const METRICS_PER_PLACE = 2_000;

export const METRICS = stateOf("metrics", () => new Map<string, Metric>());

/** Adds one value to a metric of an account and Region. Beyond 2,000 metrics the oldest one gives way. */
export function emitMetric(
  cloud: Cloud,
  place: Place,
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  value: number,
): void {
  const metrics = cloud.state(METRICS, place);
  const key = JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
  let metric = metrics.get(key);
  if (!metric) {
    metrics.set(key, (metric = { namespace, name, dimensions, datapoints: [] }));
    const [oldest] = metrics.keys();
    if (metrics.size > METRICS_PER_PLACE && oldest !== undefined) metrics.delete(oldest);
  }
  const at = Math.floor(cloud.clock.now() / 60_000) * 60_000;
  const last = metric.datapoints.at(-1);
  if (last?.at === at) {
    last.sum += value;
    last.count++;
    last.minimum = Math.min(last.minimum, value);
    last.maximum = Math.max(last.maximum, value);
    return;
  }
  metric.datapoints.push({ at, sum: value, count: 1, minimum: value, maximum: value });
  if (metric.datapoints.length > MINUTES) metric.datapoints.shift();
}
