import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { regionalArn } from "../shared/contract/names.ts";
import { DeadLetterQueue } from "../shared/dead-letter-queue.ts";
import type { VersionedFunction } from "../shared/versioned-function.ts";

/**
 * How long EventBridge tries to hand an event over before it becomes a dead letter: as long as it can (EventBridge API
 * Reference, RetryPolicy).
 */
const RETRY_POLICY = { maximumEventAgeInSeconds: 24 * 60 * 60, maximumRetryAttempts: 185 };

export interface TriggerArgs {
  readonly rule: aws.cloudwatch.EventRule;
  readonly account: { readonly accountId: pulumi.Output<string>; readonly region: pulumi.Output<string> };
  readonly target: VersionedFunction;
  readonly keepOnDestroy: boolean;
}

/** Lets a rule call a function, by its alias. Returns the queue of what can't be handed over. */
export function triggerBy(name: string, args: TriggerArgs, parent: pulumi.Resource): DeadLetterQueue {
  const { rule, account, target, keepOnDestroy } = args;
  // Of names alone: a preview knows it.
  const eventRuleArn = pulumi
    .all([account, rule.name])
    .apply(([of, ruleName]) => regionalArn("events", of, `rule/${ruleName}`));
  const deadLetters = new DeadLetterQueue(`${name}-dead-letters`, { account, eventRuleArn, keepOnDestroy }, { parent });
  const permission = new aws.lambda.Permission(
    name,
    {
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: eventRuleArn,
      function: target.function.name,
      qualifier: target.alias.name,
    },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      arn: target.alias.arn,
      retryPolicy: RETRY_POLICY,
      deadLetterConfig: { arn: deadLetters.arn },
    },
    // EventBridge doesn't try again what it isn't permitted to invoke; and what it can't put into the queue, or the
    // function into its own, is lost.
    { parent, dependsOn: [permission, deadLetters, target] },
  );
  return deadLetters;
}
