import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { regionalArn } from "../shared/contract/names.ts";
import { DeadLetterQueue, sendDeadLetters } from "../shared/dead-letter-queue.ts";
import { whereSet } from "../shared/inputs.ts";
import { policyDocument } from "../shared/policy-document.ts";
import type { VersionedFunction } from "../shared/versioned-function.ts";
import { RULE_SQL, RULE_SQL_VERSION } from "./lambda/rule-sql.ts";
import { errorActionTrust } from "./policies.ts";
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
    // Set, as Pulumi's provider adds nothing random to a rule's name: letters, digits and underscores alone.
    const ruleName = pulumi
      .output(nameSuffix)
      .apply((suffix) => [name, ...(suffix === undefined ? [] : [suffix])].join("_").replaceAll(/\W/g, "_"));

    this.deadLetters = new DeadLetterQueue(
      `${name}-rule-dead-letters`,
      { account: { accountId, region }, keepOnDestroy },
      parent,
    );
    const role = new aws.iam.Role(
      `${name}-rule`,
      {
        description: "Writes what the topic rule couldn't hand over into its queue of dead letters",
        assumeRolePolicy: pulumi.output({ partner: { accountId, region }, ruleName }).apply(errorActionTrust),
        permissionsBoundary: whereSet(settings.permissionsBoundaryArn),
      },
      parent,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-rule`,
      { role: role.name, policy: this.deadLetters.arn.apply((arn) => policyDocument(sendDeadLetters(arn))) },
      parent,
    );

    this.rule = new aws.iot.TopicRule(
      name,
      {
        name: ruleName,
        description: "What customers announce of their things",
        enabled: true,
        sql: RULE_SQL,
        sqlVersion: RULE_SQL_VERSION,
        lambdas: [{ functionArn: target.alias.arn }],
        errorAction: { sqs: { queueUrl: this.deadLetters.queue.url, roleArn: role.arn, useBase64: false } },
      },
      {
        ...parent,
        // IoT doesn't try an error action again: the role has to be allowed before the first one.
        dependsOn: [policy, this.deadLetters, target],
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
