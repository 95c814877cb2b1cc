// What a side has used, by CloudWatch's own counts, times list prices. Reads only.
import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { receiveSettings } from "../../partner/lambda/settings.ts";
import { METRICS_NAMESPACE, type MetricName } from "../../shared/contract/metrics.ts";
import { listedCustomers } from "../customers.ts";
import type { Deployment } from "../deployment.ts";
import type { OutputsOf } from "../outputs.ts";
import { everyPage } from "../pages.ts";
import type { Side } from "../sides.ts";
import { PRICES, type Unit } from "./prices.ts";

export interface Used {
  readonly side: Side;
  readonly unit: Unit;
  readonly units: number;
  /** US dollars. */
  readonly cost: number;
}

interface Metric {
  readonly unit: Unit;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Units for one of what the metric counts. */
  readonly each: number;
}

const DAY_SECONDS = 86_400;
/** CloudWatch API Reference, GetMetricData. */
const QUERIES_PER_CALL = 500;

/** @param days before `now`, milliseconds since 1970. @throws what the SDK throws */
export async function used(of: Deployment<Side>, days: number, now: number): Promise<Used[]> {
  const metrics = await metricsOf(of);
  const sums = await sumsOf(new CloudWatchClient(of.client), metrics, days, now);
  const units = new Map<Unit, number>();
  for (const [index, { unit, each }] of metrics.entries())
    units.set(unit, (units.get(unit) ?? 0) + (sums[index] ?? 0) * each);
  return [...units].map(([unit, count]) => ({
    ...{ side: of.side, unit, units: count },
    cost: (count * PRICES[unit].perMillion) / 1_000_000,
  }));
}

/** In the metrics' order. A day is the longest period that CloudWatch has for any window. */
async function sumsOf(cloudwatch: CloudWatchClient, metrics: readonly Metric[], days: number, now: number) {
  const queries = metrics.map(({ namespace: Namespace, name: MetricName, dimensions }, index): MetricDataQuery => {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    return {
      Id: `m${index}`,
      MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: DAY_SECONDS, Stat: "Sum" },
    };
  });
  const window = { StartTime: new Date(now - days * DAY_SECONDS * 1000), EndTime: new Date(now) };
  const sums = metrics.map(() => 0);
  for (let from = 0; from < queries.length; from += QUERIES_PER_CALL) {
    const MetricDataQueries = queries.slice(from, from + QUERIES_PER_CALL);
    const results = await everyPage(async (NextToken) => {
      const page = await cloudwatch.send(new GetMetricDataCommand({ ...window, MetricDataQueries, NextToken }));
      return { items: page.MetricDataResults ?? [], next: page.NextToken };
    });
    for (const { Id = "", Values = [] } of results) {
      const index = Number(Id.slice(1));
      sums[index] = Values.reduce((sum, value) => sum + value, sums[index] ?? 0);
    }
  }
  return sums;
}

const metric = (unit: Unit, namespace: string, name: string, dimensions: Metric["dimensions"], each = 1): Metric => ({
  unit,
  namespace,
  name,
  dimensions,
  each,
});

const own = (unit: Unit, name: MetricName, customer: string): Metric =>
  metric(unit, METRICS_NAMESPACE, name, { customer });

const metricsOf = (of: Deployment<Side>): Promise<readonly Metric[]> =>
  isOf("customer", of) ? customerMetrics(of) : partnerMetrics(of as Deployment<"partner">);

const isOf = <S extends Side>(side: S, of: Deployment<Side>): of is Deployment<S> => of.side === side;

async function customerMetrics({ client, outputs }: Deployment<"customer">): Promise<readonly Metric[]> {
  const lambda = new LambdaClient(client);
  const { accountId, reconciliation } = outputs;
  return [
    ...(["Announced", "Synced"] as const).map((name) => own("iot:registryOperations", name, accountId)),
    ...ofFunction(outputs, await configurationOf(lambda, outputs)),
    ...(reconciliation === undefined ? [] : ofFunction(reconciliation, await configurationOf(lambda, reconciliation))),
  ];
}

async function partnerMetrics({ client, outputs }: Deployment<"partner">): Promise<readonly Metric[]> {
  const { ruleName: RuleName, registryTableName: TableName, hub } = outputs;
  const configuration = await configurationOf(new LambdaClient(client), outputs);
  const { debug } = receiveSettings(configuration.Environment?.Variables ?? {});
  const customers = debug ? await listedCustomers(new DynamoDBClient(client), hub.customersTableName) : [];
  return [
    // A publish for each; by Basic Ingest it isn't billed as a message, which no metric tells apart.
    metric("iot:messages", "AWS/IoT", "TopicMatch", { RuleName }),
    ...customers.map(({ accountId }) => own("iot:messages", "Received", accountId)),
    metric("iot:rulesTriggered", "AWS/IoT", "TopicMatch", { RuleName }),
    ...["Success", "Failure"].map((name) =>
      metric("iot:actionsExecuted", "AWS/IoT", name, { RuleName, ActionType: "Lambda" }),
    ),
    ...(TableName === undefined
      ? []
      : [metric("dynamodb:writes", "AWS/DynamoDB", "ConsumedWriteCapacityUnits", { TableName })]),
    metric("dynamodb:reads", "AWS/DynamoDB", "ConsumedReadCapacityUnits", { TableName: hub.customersTableName }),
    ...ofFunction(outputs, configuration),
  ];
}

type FunctionOf = Pick<OutputsOf[Side], "functionName" | "logGroupName">;

const configurationOf = (lambda: LambdaClient, { functionName: FunctionName }: FunctionOf) =>
  lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));

const ofFunction = (
  { functionName: FunctionName, logGroupName: LogGroupName }: FunctionOf,
  { MemorySize = 0 }: { readonly MemorySize?: number | undefined },
): readonly Metric[] => [
  metric("lambda:requests", "AWS/Lambda", "Invocations", { FunctionName }),
  // What Lambda bills is rounded up to a millisecond, and starts are in it: a little more.
  metric("lambda:gbSeconds", "AWS/Lambda", "Duration", { FunctionName }, MemorySize / 1024 / 1000),
  metric("logs:bytes", "AWS/Logs", "IncomingBytes", { LogGroupName }),
];
