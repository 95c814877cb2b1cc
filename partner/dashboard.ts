// What an operator of the partner's side looks at.
import * as pulumi from "@pulumi/pulumi";
import { type Graph, functionGraphs, measured, measuredByReason, queueGraphs } from "../shared/dashboard.ts";
import type { ReceiveFunction } from "./receive-function.ts";
import type { TopicRule } from "./topic-rule.ts";

export const partnerGraphs = (receive: ReceiveFunction, topicRule: TopicRule): pulumi.Output<readonly Graph[]> =>
  pulumi
    .all([
      topicRule.rule.name,
      receive.function.name,
      receive.alias.name,
      pulumi.all([topicRule.deadLetters.queue.name, receive.deadLetters.queue.name]),
    ])
    .apply(([RuleName, functionName, alias, queues]): readonly Graph[] => [
      {
        title: "Messages in",
        statistic: "Sum",
        lines: [
          ["AWS/IoT", "TopicMatch", { RuleName }],
          ["AWS/IoT", "Failure", { RuleName, ActionType: "Lambda" }],
          ["AWS/IoT", "PublishIn.AuthError", { Protocol: "HTTP" }],
          ["AWS/IoT", "PublishIn.Throttle", { Protocol: "HTTP" }],
        ],
      },
      { title: "Received, by customer", statistic: "Sum", lines: [measured("Received")] },
      {
        title: "Applied, duplicate, stale",
        statistic: "Sum",
        lines: [measured("Applied"), measured("Duplicate"), measured("Stale")],
      },
      { title: "Rejected, by reason", statistic: "Sum", lines: [measuredByReason("Rejected")] },
      {
        title: "Failed, and not published or not by the customer's role",
        statistic: "Sum",
        lines: [measured("Failed"), measured("DebugFailed"), measured("SenderMismatch")],
      },
      { title: "From the call to here, milliseconds", statistic: "p90", lines: [measured("AgeMs", "p90")] },
      ...functionGraphs(functionName, alias),
      ...queueGraphs(queues),
    ]);
