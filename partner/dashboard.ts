// What an operator of the partner's side looks at.
import type * as pulumi from "@pulumi/pulumi";
import { type Graph, measured, sideGraphs } from "../shared/dashboard.ts";
import type { ReceiveFunction } from "./receive-function.ts";
import type { TopicRule } from "./topic-rule.ts";

export const partnerGraphs = (receive: ReceiveFunction, topicRule: TopicRule): pulumi.Output<readonly Graph[]> =>
  sideGraphs(
    [topicRule.deadLetters],
    receive,
    topicRule.rule.name.apply((RuleName): readonly Graph[] => [
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
        title: "Applied, of that corrected by a reconciliation, duplicate, stale",
        statistic: "Sum",
        lines: [measured("Applied"), measured("Corrected"), measured("Duplicate"), measured("Stale")],
      },
      {
        title: "Failed, and not published or not by the customer's role",
        statistic: "Sum",
        lines: [measured("Failed"), measured("DebugFailed"), measured("SenderMismatch")],
      },
      { title: "From the call to here, milliseconds", statistic: "p90", lines: [measured("AgeMs", "p90")] },
    ]),
  );
