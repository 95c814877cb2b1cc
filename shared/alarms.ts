// What rings when something is stuck or lost: one table of the metrics that AWS keeps of each part, and the alarms on
// them.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DeadLetterQueue } from "./dead-letter-queue.ts";
import type { VersionedFunction } from "./versioned-function.ts";

/** It rings when the statistic of one period is greater than the threshold. */
export interface AlarmRow {
  /** Ends the alarm's name. */
  readonly key: string;
  /** For whoever is woken: what it means, and what to look at. */
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Sum" | "Maximum";
  readonly threshold: number;
  /** Where a silent minute leaves the alarm as it is. Default: no news is good news, as zeros aren't sent. */
  readonly silence?: "ignore";
}

const PERIOD_SECONDS = 60;

/** Half of the time after which SQS throws a letter away. */
const OLD_LETTER_SECONDS = 7 * 24 * 60 * 60;

/** Lambda's own two retries wait three minutes together: an older event waits for something else. */
const OLD_EVENT_MS = 15 * 60 * 1000;

/**
 * Amazon SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS". A queue that nobody touches falls silent
 * after six hours, whatever lies in it: silence doesn't end its alarms.
 */
const ofQueue = ({ queue }: DeadLetterQueue) => ({
  namespace: "AWS/SQS",
  dimensions: { QueueName: queue.name },
  silence: "ignore" as const,
});

/** @param then what to do about letters once their cause is mended */
export const lettersAlarm = (key: string, of: DeadLetterQueue, what: string, then: string): AlarmRow => ({
  ...ofQueue(of),
  key: `${key}-letters`,
  description: `There are dead letters: ${what}. Read why in them, mend it, and ${then}.`,
  metricName: "ApproximateNumberOfMessagesVisible",
  statistic: "Maximum",
  threshold: 0,
});

/** Of a queue whose letters are sent again: each is a change that nothing else brings. */
export const queueAlarms = (key: string, of: DeadLetterQueue, what: string): readonly AlarmRow[] => [
  lettersAlarm(key, of, what, "send them again"),
  {
    ...ofQueue(of),
    key: `${key}-letters-old`,
    description: `A dead letter is a week old, and will be gone in another: ${what}. Send the letters again.`,
    metricName: "ApproximateAgeOfOldestMessage",
    statistic: "Maximum",
    threshold: OLD_LETTER_SECONDS,
  },
];

/** Lambda Developer Guide, "Types of metrics for Lambda functions". */
export const functionAlarms = (key: string, of: VersionedFunction): readonly AlarmRow[] => {
  const resource = pulumi.all([of.function.name, of.alias.name]).apply(([name, alias]) => `${name}:${alias}`);
  const at = { namespace: "AWS/Lambda", dimensions: { FunctionName: of.function.name, Resource: resource } };
  const count = (metricName: string, end: string, description: string): AlarmRow => ({
    ...at,
    key: `${key}-${end}`,
    description,
    metricName,
    statistic: "Sum",
    threshold: 0,
  });
  return [
    count("Errors", "errors", "The function failed. Lambda tries an event twice more: see its log for why."),
    count("Throttles", "throttles", "The function was not run, for want of concurrency. Lambda tries again for hours."),
    // Those that went to the queue count too.
    count("AsyncEventsDropped", "dropped", "Lambda gave an event up. It is in the queue, unless that failed as well."),
    count(
      "DestinationDeliveryFailures",
      "undelivered",
      "Lambda could not put an event that it gave up into the queue: it is lost. See the role's sqs:SendMessage.",
    ),
    {
      ...at,
      key: `${key}-backlog`,
      description: "Events wait for the function for a quarter of an hour: it is throttled, or too slow for them.",
      metricName: "AsyncEventAge",
      statistic: "Maximum",
      threshold: OLD_EVENT_MS,
    },
  ];
};

/**
 * Of a topic rule that calls a function: AWS IoT Core Developer Guide, "AWS IoT metrics and dimensions", which doesn't
 * say what values ActionType has. `Lambda` and `Kinesis` are asked for in others' programs, `Cloudwatch Metric` stands
 * in a dashboard that somebody exported: they are not the API's words. For a queue it is `SQS`, as in AWS IoT's log, or
 * `Sqs`, as in its API (not confirmed): both are watched, and one never rings.
 */
export const topicRuleAlarms = (key: string, { name: RuleName }: aws.iot.TopicRule): readonly AlarmRow[] => {
  const count = (
    metricName: string,
    end: string,
    dimensions: Readonly<Record<string, string>>,
    description: string,
  ): AlarmRow => ({
    key: `${key}-${end}`,
    description,
    namespace: "AWS/IoT",
    metricName,
    dimensions: { RuleName, ...dimensions },
    statistic: "Sum",
    threshold: 0,
  });
  return [
    count(
      "Failure",
      "failed",
      { ActionType: "Lambda" },
      "The topic rule could not hand a message to the function. It is in the queue.",
    ),
    ...(["SQS", "Sqs"] as const).map((ActionType) =>
      count(
        "ErrorActionFailure",
        ActionType === "SQS" ? "lost" : "lost-sqs",
        { ActionType },
        "The topic rule could not put a message into the queue of dead letters: it is lost. See the role of the rule.",
      ),
    ),
    count("RuleMessageThrottled", "throttled", {}, "AWS IoT throttled the topic rule: messages are lost."),
  ];
};

export interface AlarmsArgs {
  readonly rows: readonly AlarmRow[];
  /** SNS topic that is told; an output without a value: nobody is, and the console shows them. */
  readonly alarmTopicArn: pulumi.Output<string | undefined>;
}

export class Alarms extends pulumi.ComponentResource {
  constructor(name: string, { rows, alarmTopicArn }: AlarmsArgs, opts: pulumi.ComponentResourceOptions) {
    super("iot-hooks:shared:Alarms", name, {}, opts);
    const alarmActions = alarmTopicArn.apply((arn) => (arn === undefined ? [] : [arn]));
    for (const { key, description, silence = "notBreaching", ...row } of rows) {
      new aws.cloudwatch.MetricAlarm(
        `${name}-${key}`,
        {
          ...row,
          alarmDescription: description,
          comparisonOperator: "GreaterThanThreshold",
          period: PERIOD_SECONDS,
          evaluationPeriods: 1,
          treatMissingData: silence,
          alarmActions,
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
