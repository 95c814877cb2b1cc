// Metrics, by way of the log: lines in CloudWatch's embedded metric format cost no call and no permission.
import { Metrics } from "@aws-lambda-powertools/metrics";
import { METRICS, METRICS_NAMESPACE, type MetricName } from "../contract/metrics.ts";

export type Measured = Partial<Record<MetricName, number>>;

/** Writes values of one customer; with a reason, once more by it. */
export type Measure = (customer: string, values: Readonly<Measured>, reason?: string) => void;

export function meter(): Measure {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE });
  // The library's own is the service's name.
  metrics.clearDefaultDimensions();
  const write = (dimensions: Readonly<Record<string, string>>, values: Readonly<Measured>) => {
    metrics.addDimensions(dimensions);
    for (const [name, value] of Object.entries(values) as [MetricName, number][]) {
      metrics.addMetric(name, METRICS[name], value);
    }
    metrics.publishStoredMetrics();
  };
  return (customer, values, reason) => {
    write({ customer }, values);
    if (reason !== undefined) write({ customer, reason }, values);
    // Of all customers together, too: an alarm takes one metric, and there may be a thousand customers.
    if (values.Corrected !== undefined) write({}, { Corrected: values.Corrected });
  };
}
