// What came of an event: one line of the log, with its metrics in CloudWatch's embedded metric format. Metrics cost no
// call and no permission that way, and one line's frame is paid for once.
import { Metrics } from "@aws-lambda-powertools/metrics";
import { METRICS, METRICS_NAMESPACE, type MetricName } from "../contract/metrics.ts";

export type Measured = Partial<Record<MetricName, number>>;

/** A line of the log. Undefined members are left out; none may have a metric's name. */
export interface Line {
  readonly [name: string]: unknown;
  /** Of what was rejected or failed. */
  readonly reason?: string | undefined;
}

/** Writes a line, and values of one customer within it; `Rejected` also by the line's reason. */
export type Measure = (line: Line, customer: string, values: Readonly<Measured>) => void;

export function meter(): Measure {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE });
  // The library's own is the service's name.
  metrics.clearDefaultDimensions();
  return ({ reason, ...line }, customer, values) => {
    const byReason = reason !== undefined && values.Rejected !== undefined;
    // The library warns, with a line of its own, of a name that is given twice.
    for (const [name, value] of Object.entries(byReason ? line : { ...line, reason }))
      // Its type has texts only; it writes whatever is JSON.
      metrics.addMetadata(name, value as string);
    metrics.setDefaultDimensions({ customer });
    metrics.addDimensions({});
    if (byReason) metrics.addDimensions({ reason });
    publish(metrics, values);
    metrics.clearDefaultDimensions();
    if (values.Corrected === undefined) return;
    // Of all customers together, too: an alarm takes one metric, and there may be a thousand customers.
    metrics.addDimensions({});
    publish(metrics, { Corrected: values.Corrected });
  };
}

function publish(metrics: Metrics, values: Readonly<Measured>): void {
  for (const [name, value] of Object.entries(values) as [MetricName, number][])
    metrics.addMetric(name, METRICS[name], value);
  metrics.publishStoredMetrics();
}
