// What an operator of the customer's side looks at.
import type * as pulumi from "@pulumi/pulumi";
import { type Graph, measured, sideGraphs } from "../shared/dashboard.ts";
import type { AnnounceFunction } from "./announce-function.ts";
import type { RegistryRule } from "./registry-rule.ts";

export const customerGraphs = (announce: AnnounceFunction, registry: RegistryRule): pulumi.Output<readonly Graph[]> =>
  sideGraphs(registry, announce, (RuleName) => [
    {
      title: "Events in",
      statistic: "Sum",
      lines: ["TriggeredRules", "Invocations", "FailedInvocations", "InvocationsSentToDlq"].map(
        (metric) => ["AWS/Events", metric, { RuleName }] as const,
      ),
    },
    {
      title: "Announced",
      statistic: "Sum",
      lines: [measured("Announced"), measured("Synced"), measured("Ignored"), measured("Failed")],
    },
  ]);
