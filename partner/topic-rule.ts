import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { RULE_SQL, RULE_SQL_VERSION } from "../shared/contract/names.ts";
import type { VersionedFunction } from "../shared/versioned-function.ts";

export interface TopicRuleArgs {
  readonly accountId: string;
  readonly target: VersionedFunction;
}

/** One rule for all customers: hands what they publish to a function, with what only the rules engine knows. */
export class TopicRule extends pulumi.ComponentResource {
  readonly rule: aws.iot.TopicRule;

  constructor(name: string, { accountId, target }: TopicRuleArgs, opts: pulumi.ComponentResourceOptions) {
    super("iot-hooks:partner:TopicRule", name, {}, opts);
    const parent = { parent: this };

    this.rule = new aws.iot.TopicRule(
      // The name on AWS is made of it, and may have letters, digits and underscores alone.
      name.replaceAll("-", "_"),
      {
        description: "What customers announce of their things",
        enabled: true,
        sql: RULE_SQL,
        sqlVersion: RULE_SQL_VERSION,
        lambdas: [{ functionArn: target.alias.arn }],
      },
      parent,
    );
    new aws.lambda.Permission(
      name,
      {
        action: "lambda:InvokeFunction",
        principal: "iot.amazonaws.com",
        sourceArn: this.rule.arn,
        sourceAccount: accountId,
        function: target.lambda.name,
        qualifier: target.alias.name,
      },
      parent,
    );
    this.registerOutputs({ ruleName: this.rule.name });
  }
}
