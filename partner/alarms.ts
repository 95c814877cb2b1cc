// What rings on the partner's side. Nothing can for what goes wrong in a customer's account.
import { METRICS_NAMESPACE, type MetricName } from "../shared/contract/metrics.ts";
import { type AlarmRow, functionAlarms, queueAlarms } from "../shared/alarms.ts";
import type { ReceiveFunction } from "./receive-function.ts";
import type { TopicRule } from "./topic-rule.ts";

export const partnerAlarms = (receive: ReceiveFunction, topicRule: TopicRule): readonly AlarmRow[] => [
  ...queueAlarms("rule", topicRule.deadLetters, "messages that the topic rule could not hand to the function"),
  ...queueAlarms("receive", receive.deadLetters, "messages that the function could not take"),
  ...functionAlarms("receive", receive),
  ...topicRuleAlarms(topicRule),
  CORRECTED,
];

/** Of all customers together; by customer it is in the dashboard. */
const CORRECTED: AlarmRow = {
  key: "corrected",
  description:
    "A customer's reconciliation brought things that nobody had announced: CloudTrail, or a hop, lost their events.",
  namespace: METRICS_NAMESPACE,
  metricName: "Corrected" satisfies MetricName,
  dimensions: {},
  statistic: "Sum",
  threshold: 0,
};

/**
 * AWS IoT Core Developer Guide, "AWS IoT metrics and dimensions", which doesn't say what values ActionType has. `Lambda`
 * and `Kinesis` are asked for in others' programs, `Cloudwatch Metric` stands in a dashboard that somebody exported: they
 * are not the API's words. For a queue it is `SQS`, as in AWS IoT's log, or `Sqs`, as in its API (not confirmed): both
 * are watched, and one never rings.
 */
function topicRuleAlarms({ rule }: TopicRule): readonly AlarmRow[] {
  const count = (
    metricName: string,
    key: string,
    dimensions: AlarmRow["dimensions"],
    description: string,
  ): AlarmRow => ({
    key,
    description,
    namespace: "AWS/IoT",
    metricName,
    dimensions,
    statistic: "Sum",
    threshold: 0,
  });
  const RuleName = rule.name;
  // Customers publish over HTTP. All of the account's publishers count, whoever they are.
  const Protocol = "HTTP";
  return [
    count(
      "Failure",
      "rule-failed",
      { RuleName, ActionType: "Lambda" },
      "The topic rule could not hand a message to the function. It is in the queue.",
    ),
    ...(["SQS", "Sqs"] as const).map((ActionType) =>
      count(
        "ErrorActionFailure",
        ActionType === "SQS" ? "rule-lost" : "rule-lost-sqs",
        { RuleName, ActionType },
        "The topic rule could not put a message into the queue of dead letters: it is lost. See the role of the rule.",
      ),
    ),
    count("ParseError", "rule-parse", { RuleName }, "The topic rule could not read a message: it is lost."),
    count(
      "RuleMessageThrottled",
      "rule-throttled",
      { RuleName },
      "AWS IoT throttled the topic rule: messages are lost.",
    ),
    count(
      "PublishIn.AuthError",
      "publish-denied",
      { Protocol },
      "Somebody was not allowed to publish in this account: a customer's role, or anybody else.",
    ),
    count(
      "PublishIn.Throttle",
      "publish-throttled",
      { Protocol },
      "Publishes in this account were throttled. Customers' functions try again, then put the event into their queue.",
    ),
  ];
}
