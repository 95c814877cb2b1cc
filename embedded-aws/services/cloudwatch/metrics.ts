// Putting values, and finding out which metrics there are.
import type { CloudWatch, DimensionFilter, MetricDatum } from "@aws-sdk/client-cloudwatch";
import { addValues, METRICS, type Datapoint, type Metric } from "../../core/metrics.ts";
import { pageByKey } from "../../core/paging.ts";
import { operations, type Call } from "../../core/service.ts";
import { contradictory, dimensionList, dimensionsOf, invalid } from "./checks.ts";

const METRICS_PER_CALL = 1000;
const VALUES_PER_METRIC = 150;
const LISTED = 500;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The values of one datum as one. Limits: `MetricDatum` in the API reference. @throws AwsError InvalidParameterValue,
 * InvalidParameterCombination
 */
function valuesOf(datum: MetricDatum, now: number): Datapoint {
  const { MetricName = "", Timestamp, Value, Values, Counts, StatisticValues: set } = datum;
  const at = Timestamp?.getTime() ?? now;
  if (!(at >= now - 14 * DAY_MS && at <= now + 2 * HOUR_MS))
    throw invalid(`The time of ${MetricName} must be within the last two weeks or the next two hours.`);
  if ([Value, Values, set].filter((given) => given !== undefined).length !== 1)
    throw contradictory(`${MetricName} needs one of Value, Values and StatisticValues.`);
  const counts = Counts ?? (Values ?? [Value]).map(() => 1);
  if ((Values?.length ?? 0) > VALUES_PER_METRIC || (Values && counts.length !== Values.length))
    throw invalid(`${MetricName} has up to ${VALUES_PER_METRIC} values, and as many counts as values.`);
  const values = Values ?? [Value ?? 0];
  const {
    Sum: sum,
    SampleCount: count,
    Minimum: minimum,
    Maximum: maximum,
  } = set ?? {
    Sum: values.reduce((total, value, index) => total + value * (counts[index] ?? 1), 0),
    SampleCount: counts.reduce((total, amount) => total + amount, 0),
    Minimum: Math.min(...values),
    Maximum: Math.max(...values),
  };
  const datapoint = { at, sum: sum ?? NaN, count: count ?? NaN, minimum: minimum ?? NaN, maximum: maximum ?? NaN };
  if (!Object.values(datapoint).every(Number.isFinite) || datapoint.count <= 0)
    throw invalid(`The values of ${MetricName} must be finite numbers, at least one of them.`);
  return datapoint;
}

const matches = ({ dimensions }: Metric, filters: readonly DimensionFilter[] | undefined) =>
  (filters ?? []).every(
    ({ Name = "", Value }) => Name in dimensions && (Value === undefined || dimensions[Name] === Value),
  );

const keyOf = ({ namespace, name, dimensions }: Metric) =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);

export const metrics = operations<CloudWatch>({
  PutMetricData: {
    authorize: (input) => ({
      action: "cloudwatch:PutMetricData",
      resource: "*",
      context: { "cloudwatch:namespace": input.Namespace },
    }),
    run: (input, call: Call) => {
      const { Namespace: namespace = "", MetricData = [] } = input;
      if (namespace.startsWith("AWS/")) throw invalid(`The value ${namespace} for parameter Namespace is invalid.`);
      if (MetricData.length > METRICS_PER_CALL)
        throw invalid(`A call brings at most ${METRICS_PER_CALL} metrics, not ${MetricData.length}.`);
      const checked = MetricData.map((datum) => {
        const of = {
          namespace,
          name: datum.MetricName ?? "",
          dimensions: dimensionsOf(datum.Dimensions),
          unit: datum.Unit ?? "None",
        };
        return { of, values: valuesOf(datum, call.time.getTime()) };
      });
      for (const { of, values } of checked) addValues(call.cloud, call, of, values);
      return {};
    },
    record: { data: true },
  },
  ListMetrics: {
    authorize: () => ({ action: "cloudwatch:ListMetrics", resource: "*" }),
    run: (input, call) => {
      // «Only the metrics that have had data points published in the past three hours».
      const since = input.RecentlyActive === "PT3H" ? call.time.getTime() - 3 * HOUR_MS : 0;
      const found = [...call.cloud.state(METRICS, call).values()].filter(
        (metric) =>
          (input.Namespace === undefined || metric.namespace === input.Namespace) &&
          (input.MetricName === undefined || metric.name === input.MetricName) &&
          matches(metric, input.Dimensions) &&
          (metric.datapoints.at(-1)?.at ?? 0) >= since,
      );
      // A metric that was put with several units is one metric.
      const once = new Map(found.map((metric) => [keyOf(metric), metric]));
      const { items, next } = pageByKey(once.values(), keyOf, {
        token: input.NextToken,
        limit: LISTED,
        code: "InvalidParameterValueException",
      });
      return {
        Metrics: items.map(({ namespace, name, dimensions }) => ({
          Namespace: namespace,
          MetricName: name,
          Dimensions: dimensionList(dimensions),
        })),
        NextToken: next,
      };
    },
  },
});
