import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Operation, callsOf } from "../shared/contract/operations.ts";
import type { DeadLetterQueue } from "../shared/dead-letter-queue.ts";
import type { VersionedFunction } from "../shared/versioned-function.ts";
import { triggerBy } from "./rule-target.ts";
import type { CustomerSettings } from "./settings.ts";

export interface RegistryRuleArgs {
  readonly settings: CustomerSettings;
  readonly keepOnDestroy: boolean;
  readonly target: VersionedFunction;
}

/** Hands the registry's calls, as CloudTrail records them, to a function. */
export class RegistryRule extends pulumi.ComponentResource {
  readonly rule: aws.cloudwatch.EventRule;
  /** What couldn't be handed over. */
  readonly deadLetters: DeadLetterQueue;

  constructor(name: string, args: RegistryRuleArgs, opts: pulumi.ComponentResourceOptions) {
    super("iot-hooks:customer:RegistryRule", name, {}, opts);
    const parent = { parent: this };
    const { settings, target, keepOnDestroy } = args;
    const { accountId, region, operations } = settings;

    this.rule = new aws.cloudwatch.EventRule(
      name,
      {
        description: "Calls to the registry of AWS IoT that are announced to the partner",
        eventPattern: operations.apply((announced) => JSON.stringify(eventPattern(announced))),
        state: "ENABLED",
      },
      parent,
    );
    const account = { accountId, region };
    this.deadLetters = triggerBy(name, { rule: this.rule, account, target, keepOnDestroy }, this);
    this.registerOutputs({ ruleName: this.rule.name });
  }
}

/** `source` can't be forged: PutEvents refuses `aws.*`. Failed calls are recorded too, and have an errorCode. */
export const eventPattern = (operations: readonly Operation[]) => ({
  source: ["aws.iot"],
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: {
    eventSource: ["iot.amazonaws.com"],
    eventName: callsOf(operations),
    errorCode: [{ exists: false }],
  },
});
