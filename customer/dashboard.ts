// What an operator of the customer's side looks at.
import * as pulumi from "@pulumi/pulumi";
import { type Graph, type Line, measured, sideGraphs } from "../shared/dashboard.ts";
import type { AnnounceFunction } from "./announce-function.ts";
import type { RegistryEvents } from "./registry-events.ts";
import type { RegistryRule } from "./registry-rule.ts";

export function customerGraphs(
  announce: AnnounceFunction,
  registry: RegistryRule | undefined,
  events: RegistryEvents | undefined,
): pulumi.Output<readonly Graph[]> {
  const triggers = [registry, events].filter((trigger) => trigger !== undefined);
  const eventRules = registry === undefined ? [] : [registry.rule.name];
  const topicRules = Object.values(events?.rules ?? {}).map(({ name }) => name);
  const eventsIn = pulumi
    .all([pulumi.all(eventRules), pulumi.all(topicRules)])
    .apply(([ofEventBridge, ofIot]): readonly Line[] => [
      ...lines(
        "AWS/Events",
        ["TriggeredRules", "Invocations", "FailedInvocations", "InvocationsSentToDlq"],
        ofEventBridge,
      ),
      ...lines("AWS/IoT", ["TopicMatch", "RuleMessageThrottled"], ofIot),
    ]);
  return sideGraphs(
    triggers.map(({ deadLetters }) => deadLetters),
    announce,
    eventsIn.apply((given): readonly Graph[] => [
      { title: "Events in", statistic: "Sum", lines: given },
      {
        title: "Announced",
        statistic: "Sum",
        lines: [measured("Announced"), measured("Synced"), measured("Ignored"), measured("Failed")],
      },
    ]),
  );
}

const lines = (namespace: string, metrics: readonly string[], ruleNames: readonly string[]): readonly Line[] =>
  ruleNames.flatMap((RuleName) => metrics.map((metric): Line => [namespace, metric, { RuleName }]));
