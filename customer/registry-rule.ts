import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { regionalArn } from "../shared/contract/names.ts";
import { type Operation, rowOf } from "../shared/contract/operations.ts";
import { DeadLetterQueue } from "../shared/dead-letter-queue.ts";
import type { VersionedFunction } from "../shared/versioned-function.ts";
import type { CustomerSettings } from "./settings.ts";

/**
 * How long EventBridge tries to hand an event over before it becomes a dead letter: as long as it can (EventBridge API
 * Reference, RetryPolicy).
 */
const RETRY_POLICY = { maximumEventAgeInSeconds: 24 * 60 * 60, maximumRetryAttempts: 185 };

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
    // Of names alone: a preview knows it.
    const ruleArn = pulumi
      .all([{ accountId, region }, this.rule.name])
      .apply(([account, rule]) => regionalArn("events", account, `rule/${rule}`));
    this.deadLetters = new DeadLetterQueue(
      `${name}-dead-letters`,
      { account: { accountId, region }, eventRuleArn: ruleArn, keepOnDestroy },
      parent,
    );
    const permission = new aws.lambda.Permission(
      name,
      {
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceArn: ruleArn,
        function: target.function.name,
        qualifier: target.alias.name,
      },
      parent,
    );
    new aws.cloudwatch.EventTarget(
      name,
      {
        rule: this.rule.name,
        arn: target.alias.arn,
        retryPolicy: RETRY_POLICY,
        deadLetterConfig: { arn: this.deadLetters.arn },
      },
      // EventBridge doesn't try again what it isn't permitted to invoke; and what it can't put into the queue, or the
      // function into its own, is lost.
      { ...parent, dependsOn: [permission, this.deadLetters, target] },
    );
    this.registerOutputs({ ruleName: this.rule.name });
  }
}

/** `source` can't be forged: PutEvents refuses `aws.*`. Failed calls are recorded too, and have an errorCode. */
export const eventPattern = (operations: readonly Operation[]) => ({
  source: ["aws.iot"],
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: {
    eventSource: ["iot.amazonaws.com"],
    eventName: operations.flatMap((operation) => rowOf(operation).eventName ?? []),
    errorCode: [{ exists: false }],
  },
});
