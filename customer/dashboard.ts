// What an operator of the customer's side looks at.
import * as pulumi from "@pulumi/pulumi";
import { type Graph, functionGraphs, measured, measuredByReason, queueGraphs } from "../shared/dashboard.ts";
import type { AnnounceFunction } from "./announce-function.ts";
import type { RegistryRule } from "./registry-rule.ts";

export const customerGraphs = (announce: AnnounceFunction, registry: RegistryRule): pulumi.Output<readonly Graph[]> =>
  pulumi
    .all([
      registry.rule.name,
      announce.function.name,
      announce.alias.name,
      pulumi.all([registry.deadLetters.queue.name, announce.deadLetters.queue.name]),
    ])
    .apply(([RuleName, functionName, alias, queues]): readonly Graph[] => [
      {
        title: "Events in",
        statistic: "Sum",
        lines: ["TriggeredRules", "Invocations", "FailedInvocations", "InvocationsSentToDlq"].map(
          (metric) => ["AWS/Events", metric, { RuleName }] as const,
        ),
      },
      { title: "Announced", statistic: "Sum", lines: [measured("Announced"), measured("Ignored"), measured("Failed")] },
      { title: "Rejected, by reason", statistic: "Sum", lines: [measuredByReason("Rejected")] },
      ...functionGraphs(functionName, alias),
      ...queueGraphs(queues),
    ]);
