// What rings on the partner's side. Nothing can for what goes wrong in a customer's account.
import { METRICS_NAMESPACE, type MetricName } from "../shared/contract/metrics.ts";
import { type AlarmRow, functionAlarms, queueAlarms, topicRuleAlarms } from "../shared/alarms.ts";
import type { ReceiveFunction } from "./receive-function.ts";
import type { TopicRule } from "./topic-rule.ts";

export const partnerAlarms = (receive: ReceiveFunction, topicRule: TopicRule): readonly AlarmRow[] => [
  ...queueAlarms("rule", topicRule.deadLetters, "messages that the topic rule could not hand to the function"),
  ...queueAlarms("receive", receive.deadLetters, "messages that the function could not take"),
  ...functionAlarms("receive", receive),
  ...ruleAlarms(topicRule),
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

/** AWS IoT Core Developer Guide, "AWS IoT metrics and dimensions". */
function ruleAlarms({ rule }: TopicRule): readonly AlarmRow[] {
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
    ...topicRuleAlarms("rule", rule),
    count("ParseError", "rule-parse", { RuleName }, "The topic rule could not read a message: it is lost."),
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
