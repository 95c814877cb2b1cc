// Where topic rules put what they couldn't hand over: a queue of dead letters, and the role as which they write there.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AccountRegion, regionalArn } from "./contract/names.ts";
import { DeadLetterQueue, sendDeadLetters } from "./dead-letter-queue.ts";
import { whereSet } from "./inputs.ts";
import { type PolicyDocument, policyDocument } from "./policy-document.ts";

export interface ErrorActionArgs {
  readonly account: { readonly accountId: pulumi.Output<string>; readonly region: pulumi.Output<string> };
  readonly ruleNames: pulumi.Input<pulumi.Input<string>[]>;
  readonly permissionsBoundaryArn: pulumi.Output<string | undefined>;
  readonly keepOnDestroy: boolean;
}

export interface ErrorAction {
  readonly deadLetters: DeadLetterQueue;
  /** Of each of the rules. */
  readonly errorAction: aws.types.input.iot.TopicRuleErrorAction;
  /** What has to be there before the rules: IoT doesn't try an error action again. */
  readonly dependsOn: pulumi.Resource[];
}

export function errorActionOf(name: string, args: ErrorActionArgs, parent: pulumi.Resource): ErrorAction {
  const { account, ruleNames, permissionsBoundaryArn, keepOnDestroy } = args;
  const deadLetters = new DeadLetterQueue(`${name}-dead-letters`, { account, keepOnDestroy }, { parent });
  const role = new aws.iam.Role(
    name,
    {
      description: "Writes what the topic rule couldn't hand over into its queue of dead letters",
      assumeRolePolicy: pulumi.output({ account, ruleNames }).apply(errorActionTrust),
      permissionsBoundary: whereSet(permissionsBoundaryArn),
    },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    name,
    { role: role.name, policy: deadLetters.arn.apply((arn) => policyDocument(sendDeadLetters(arn))) },
    { parent },
  );
  return {
    deadLetters,
    errorAction: { sqs: { queueUrl: deadLetters.queue.url, roleArn: role.arn, useBase64: false } },
    dependsOn: [policy, deadLetters],
  };
}

export interface ErrorActionTrustArgs {
  readonly account: AccountRegion;
  readonly ruleNames: readonly string[];
}

/**
 * Trust of the role as which rules write their dead letters: these rules', and no other's that IoT might be made to
 * use it for (AWS IoT Developer Guide, "Granting an AWS IoT rule the access it requires"). By name: the role comes
 * before the rules.
 */
function errorActionTrust({ account, ruleNames }: ErrorActionTrustArgs): PolicyDocument {
  const arns = ruleNames.map((name) => regionalArn("iot", account, `rule/${name}`));
  return policyDocument({
    Effect: "Allow",
    Principal: { Service: "iot.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "aws:SourceAccount": account.accountId },
      ArnLike: { "aws:SourceArn": arns.length === 1 ? (arns[0] as string) : arns },
    },
  });
}
