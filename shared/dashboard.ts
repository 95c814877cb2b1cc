// What an operator looks at: one dashboard per side, of what the functions measure and what AWS measures of the rest.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DeadLetterQueue } from "./dead-letter-queue.ts";
import type { VersionedFunction } from "./versioned-function.ts";
import { BY_CUSTOMER, BY_REASON, METRICS_NAMESPACE, type MetricName } from "./contract/metrics.ts";

/** One graph. */
export interface Graph {
  readonly title: string;
  readonly statistic: string;
  readonly lines: readonly Line[];
}

/** A metric of AWS's own, or a search for those of the functions. */
export type Line = readonly [namespace: string, metric: string, dimensions: Readonly<Record<string, string>>] | Search;

interface Search {
  readonly expression: string;
  /** Begins the names of what is found. */
  readonly label: string;
}

const PERIOD_SECONDS = 300;
/** The grid has 24 columns («Dashboard body structure and syntax», CloudWatch API Reference). */
const WIDTH = 12;
const HEIGHT = 6;
const COLUMNS = 24;

/** What the functions measured, a line per customer: it finds those that came later, too. */
export const measured = (metric: MetricName, statistic = "Sum"): Search => search(BY_CUSTOMER, metric, statistic);

const search = (dimensions: readonly string[], metric: MetricName, statistic: string): Search => ({
  expression:
    `SEARCH('{${[METRICS_NAMESPACE, ...dimensions].join(",")}} MetricName="${metric}"', ` +
    `'${statistic}', ${PERIOD_SECONDS})`,
  label: metric,
});

export function dashboardBody(region: string, graphs: readonly Graph[]): string {
  const widgets = graphs.map(({ title, statistic, lines }, index) => ({
    type: "metric",
    x: (index * WIDTH) % COLUMNS,
    y: Math.floor((index * WIDTH) / COLUMNS) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: {
      title,
      region,
      stat: statistic,
      period: PERIOD_SECONDS,
      metrics: lines.map((line) =>
        "expression" in line ? [line] : [line[0], line[1], ...Object.entries(line[2]).flat()],
      ),
    },
  }));
  return JSON.stringify({ widgets });
}

export interface HooksDashboardArgs {
  /** Dashboards' names are the account's, in all Regions: the function's own name tells deployments apart. */
  readonly functionName: pulumi.Output<string>;
  readonly region: pulumi.Output<string>;
  readonly graphs: pulumi.Output<readonly Graph[]>;
}

export class HooksDashboard extends pulumi.ComponentResource {
  constructor(name: string, args: HooksDashboardArgs, opts: pulumi.ComponentResourceOptions) {
    super("iot-hooks:shared:HooksDashboard", name, {}, opts);
    const { functionName, region, graphs } = args;
    new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: functionName,
        dashboardBody: pulumi.all([region, graphs]).apply(([here, drawn]) => dashboardBody(here, drawn)),
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}

/** A side's own graphs, then those that both sides have. */
export const sideGraphs = (
  /** Of what hands events to the function. */
  queues: readonly DeadLetterQueue[],
  handler: Pick<VersionedFunction, "function" | "alias" | "deadLetters">,
  own: pulumi.Input<readonly Graph[]>,
): pulumi.Output<readonly Graph[]> =>
  pulumi
    .all([
      own,
      handler.function.name,
      handler.alias.name,
      pulumi.all([...queues, handler.deadLetters].map(({ queue }) => queue.name)),
    ])
    .apply(([graphs, functionName, alias, queueNames]): readonly Graph[] => [
      ...(graphs as readonly Graph[]),
      { title: "Rejected, by reason", statistic: "Sum", lines: [search(BY_REASON, "Rejected", "Sum")] },
      ...functionGraphs(functionName, alias),
      ...queueGraphs(queueNames),
    ]);

/** Letters of queues, and the age of the oldest. */
const queueGraphs = (queueNames: readonly string[]): readonly Graph[] => {
  const lines = (metric: string): readonly Line[] =>
    queueNames.map((QueueName) => ["AWS/SQS", metric, { QueueName }] as const);
  return [
    { title: "Dead letters", statistic: "Maximum", lines: lines("ApproximateNumberOfMessagesVisible") },
    {
      title: "Age of the oldest dead letter, seconds",
      statistic: "Maximum",
      lines: lines("ApproximateAgeOfOldestMessage"),
    },
  ];
};

/** How a function's asynchronous events fare. */
const functionGraphs = (FunctionName: string, alias: string): readonly Graph[] => {
  const line = (metric: string): Line => ["AWS/Lambda", metric, { FunctionName, Resource: `${FunctionName}:${alias}` }];
  return [
    {
      title: "Function",
      statistic: "Sum",
      lines: ["Invocations", "Errors", "Throttles", "AsyncEventsDropped", "DestinationDeliveryFailures"].map(line),
    },
    { title: "Waiting for the function, milliseconds", statistic: "Maximum", lines: [line("AsyncEventAge")] },
  ];
};
