import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { regionalArn, topicRuleNameOf } from "../shared/contract/names.ts";
import type { DeadLetterQueue } from "../shared/dead-letter-queue.ts";
import { errorActionOf } from "../shared/error-action.ts";
import type { VersionedFunction } from "../shared/versioned-function.ts";
import { RULE_SQL, RULE_SQL_VERSION } from "./lambda/rule-sql.ts";
import type { PartnerSettings } from "./settings.ts";

export interface TopicRuleArgs {
  readonly settings: PartnerSettings;
  readonly keepOnDestroy: boolean;
  readonly target: VersionedFunction;
}

/** One rule for all customers: hands what they publish to a function, with what only the rules engine knows. */
export class TopicRule extends pulumi.ComponentResource {
  readonly rule: aws.iot.TopicRule;
  /** What couldn't be handed to the function. */
  readonly deadLetters: DeadLetterQueue;

  constructor(name: string, args: TopicRuleArgs, opts: pulumi.ComponentResourceOptions) {
    super("iot-hooks:partner:TopicRule", name, {}, opts);
    const parent = { parent: this };
    const { settings, target, keepOnDestroy } = args;
    const { accountId, region, nameSuffix } = settings;
    const ruleName = pulumi.output(nameSuffix).apply((suffix) => topicRuleNameOf(name, suffix));

    const { deadLetters, errorAction, dependsOn } = errorActionOf(
      `${name}-rule`,
      {
        account: { accountId, region },
        ruleNames: [ruleName],
        permissionsBoundaryArn: settings.permissionsBoundaryArn,
        keepOnDestroy,
      },
      this,
    );
    this.deadLetters = deadLetters;

    this.rule = new aws.iot.TopicRule(
      name,
      {
        name: ruleName,
        description: "What customers announce of their things",
        enabled: true,
        sql: RULE_SQL,
        sqlVersion: RULE_SQL_VERSION,
        lambdas: [{ functionArn: target.alias.arn }],
        errorAction,
      },
      {
        ...parent,
        dependsOn: [...dependsOn, target],
        // Under another name the new one comes first: what is published in between may arrive twice, and is not lost.
        deleteBeforeReplace: false,
      },
    );
    new aws.lambda.Permission(
      name,
      {
        action: "lambda:InvokeFunction",
        principal: "iot.amazonaws.com",
        // Of names alone: a preview knows them.
        sourceArn: pulumi
          .all([{ accountId, region }, this.rule.name])
          .apply(([account, rule]) => regionalArn("iot", account, `rule/${rule}`)),
        sourceAccount: accountId,
        function: target.function.name,
        qualifier: target.alias.name,
      },
      parent,
    );
    this.registerOutputs({ ruleName: this.rule.name });
  }
}
