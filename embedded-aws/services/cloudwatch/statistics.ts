// Reading what was measured.
import type { CloudWatch, GetMetricDataInput, MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { notModelled } from "../../core/errors.ts";
import { operations, type Call } from "../../core/service.ts";
import { contradictory, invalid, periodOf } from "./checks.ts";
import { metricsOf, periods, statisticOf } from "./series.ts";

const MINUTE_MS = 60_000;
/** `GetMetricStatistics` and `GetMetricData` in the API reference. */
const DATAPOINTS_PER_CALL = 1440;
const DATAPOINTS_PER_QUERY = 100_800;
const QUERIES = 500;

/**
 * Start and end in milliseconds. A start is rounded down to the minute (`GetMetricStatistics`, StartTime; for starts
 * more than 15 days ago AWS rounds more: nothing so old is kept here). Periods are counted from there: the AWS CLI's
 * example for the command has hours that begin at :18, as its start does (aws/aws-cli, examples/cloudwatch).
 * @throws AwsError InvalidParameterValue
 */
function span({ StartTime, EndTime }: { StartTime: Date | undefined; EndTime: Date | undefined }) {
  const from = StartTime?.getTime() ?? NaN;
  const to = EndTime?.getTime() ?? NaN;
  if (!(from < to)) throw invalid("The parameter StartTime must be less than the parameter EndTime.");
  return { from: Math.floor(from / MINUTE_MS) * MINUTE_MS, to };
}

function answer(query: MetricDataQuery, input: GetMetricDataInput, call: Call): MetricDataResult {
  const { Id = "", MetricStat: stat } = query;
  if (!/^[a-z]\w{0,254}$/.test(Id))
    throw invalid(`"${Id}" can't be an Id: it begins with a lowercase letter and has letters, digits and underscores.`);
  if (!stat) throw invalid(`The query ${Id} needs MetricStat.`);
  const { from, to } = span(input);
  const value = statisticOf(stat.Stat);
  const found = periods(metricsOf(call.cloud, call, stat.Metric ?? {}, stat.Unit), from, to, periodOf(stat.Period));
  if (input.ScanBy !== "TimestampAscending") found.reverse();
  return {
    Id,
    Label: query.Label ?? stat.Metric?.MetricName,
    StatusCode: "Complete",
    Timestamps: found.map(({ at }) => new Date(at)),
    Values: found.map(value),
  };
}

export const statistics = operations<CloudWatch>({
  GetMetricStatistics: {
    authorize: () => ({ action: "cloudwatch:GetMetricStatistics", resource: "*" }),
    run: (input, call) => {
      const { from, to } = span(input);
      const length = periodOf(input.Period);
      if ((to - from) / length > DATAPOINTS_PER_CALL)
        throw contradictory(
          `You have requested up to ${Math.ceil((to - from) / length)} datapoints, which exceeds the limit of ` +
            `${DATAPOINTS_PER_CALL}. You may reduce the datapoints requested by increasing Period, or decreasing ` +
            "the time range.",
        );
      const wanted = (input.Statistics ?? []).map((name) => [name, statisticOf(name)] as const);
      if (wanted.length === 0) throw contradictory("GetMetricStatistics needs Statistics, one at least.");
      const Datapoints = metricsOf(call.cloud, call, input, input.Unit).flatMap((metric) =>
        periods([metric], from, to, length).map((datapoint) => ({
          Timestamp: new Date(datapoint.at),
          Unit: metric.unit as "None",
          ...Object.fromEntries(wanted.map(([name, value]) => [name, value(datapoint)])),
        })),
      );
      return { Label: input.MetricName, Datapoints };
    },
    record: { data: true },
  },
  GetMetricData: {
    authorize: () => ({ action: "cloudwatch:GetMetricData", resource: "*" }),
    run: (input, call) => {
      const queries = input.MetricDataQueries ?? [];
      if (queries.length < 1 || queries.length > QUERIES)
        throw invalid(`A call has 1 to ${QUERIES} queries, not ${queries.length}.`);
      if (new Set(queries.map(({ Id }) => Id)).size < queries.length)
        throw invalid("Two queries of a call can't have the same Id.");
      const results = queries.map((query) => answer(query, input, call));
      const size = results.reduce((sum, { Values = [] }) => sum + Values.length, 0);
      if (size > (input.MaxDatapoints ?? DATAPOINTS_PER_QUERY)) throw notModelled("GetMetricData in pages");
      return {
        MetricDataResults: results.filter((_result, index) => queries[index]?.ReturnData !== false),
        Messages: [],
      };
    },
    record: { data: true },
  },
});
