// Whom the partner's side trusts, what customers may do there, and what its function may: typed documents made by
// pure functions.
import {
  type AccountRegion,
  basicIngestTopicOf,
  debugTopicOf,
  partitionOf,
  regionalArn,
  topicOf,
} from "../shared/contract/names.ts";
import { type Operation, publishableOperations } from "../shared/contract/operations.ts";
import { sendDeadLetters } from "../shared/dead-letter-queue.ts";
import { type PolicyDocument, type Statement, policyDocument, writeLogs } from "../shared/policy-document.ts";

export interface PublishTrustArgs {
  readonly customerAccountId: string;
  /** The customer's roles, without wildcards: the condition operator would follow them. */
  readonly roleArns: readonly string[];
  readonly partition: string;
  readonly externalId: string | undefined;
}

/**
 * Trust in a customer's roles by name. A role as principal would be resolved to its unique id when the policy is
 * saved: it would have to exist first, and a re-created one would never be trusted again (IAM User Guide, "AWS JSON
 * policy elements: Principal"). A condition isn't resolved.
 */
export const publishTrust = ({
  customerAccountId,
  roleArns,
  partition,
  externalId,
}: PublishTrustArgs): PolicyDocument =>
  policyDocument({
    Effect: "Allow",
    Principal: { AWS: `arn:${partition}:iam::${customerAccountId}:root` },
    Action: "sts:AssumeRole",
    Condition: {
      ArnEquals: { "aws:PrincipalArn": [...roleArns] },
      ...(externalId === undefined ? {} : { StringEquals: { "sts:ExternalId": externalId } }),
    },
  });

export interface PublishPolicyArgs {
  readonly partner: AccountRegion;
  readonly customerAccountId: string;
  readonly operations: readonly Operation[];
  readonly disabled: boolean;
  /** The rule that it may also publish to past the broker, if any. */
  readonly basicIngestRule: string | undefined;
}

/**
 * One customer's role: its own topics, one per operation, where it is let also straight to the rule, and nothing else.
 * Disabled, nothing at all, by a denial: it also holds for what may have been attached to the role by hand, and for
 * sessions that live already, since policies are evaluated at each request. IAM alone decides: AWS IoT's own policies
 * are for certificates and Cognito identities (AWS IoT Developer Guide, "Authorization").
 */
export const publishPolicy = (args: PublishPolicyArgs): PolicyDocument => {
  const { partner, customerAccountId, operations, disabled, basicIngestRule } = args;
  const topics = publishableOperations(operations).map((operation) => topicOf(customerAccountId, operation));
  const pastTheBroker =
    basicIngestRule === undefined ? [] : topics.map((of) => basicIngestTopicOf(basicIngestRule, of));
  return policyDocument(
    {
      Sid: "PublishOperations",
      Effect: "Allow",
      Action: "iot:Publish",
      Resource: [...topics, ...pastTheBroker].map((topic) => topicArn(partner, topic)),
    },
    ...(disabled ? [{ Sid: "CustomerDisabled", Effect: "Deny", Action: "*", Resource: "*" } satisfies Statement] : []),
  );
};

export interface ReceivePolicyArgs {
  readonly partner: AccountRegion;
  readonly operations: readonly Operation[];
  readonly debug: boolean;
  /** Topics, with IAM's wildcards, that the partner's own code publishes on. */
  readonly publishTopics: readonly string[];
  readonly logGroupArn: string;
  readonly deadLetterQueueArn: string;
  /** Of the table of customers. */
  readonly customersArn: string;
  /** Of the device registry's table, where there is one. */
  readonly registryArn: string | undefined;
  /** What the partner's own code was given beside that. */
  readonly statements: readonly Statement[];
}

/**
 * Twelve characters: one account, whichever. The function serves all customers, and a list of them would outgrow an
 * inline policy.
 */
const ANY_ACCOUNT = "?".repeat(12);

/**
 * What the partner's function may do: write its log, send dead letters (Lambda does so as this role, too), look up a
 * customer, keep the device registry, publish debug messages, and what the partner's own code was given.
 */
export function receivePolicy(args: ReceivePolicyArgs): PolicyDocument {
  const { partner, operations, debug, publishTopics, logGroupArn, deadLetterQueueArn, customersArn, registryArn } =
    args;
  const publish = (Sid: string, topics: readonly string[]): Statement[] =>
    topics.length === 0
      ? []
      : [{ Sid, Effect: "Allow", Action: "iot:Publish", Resource: topics.map((topic) => topicArn(partner, topic)) }];
  const debugTopics = publishableOperations(operations).map((operation) => debugTopicOf(ANY_ACCOUNT, operation));
  return policyDocument(
    writeLogs(logGroupArn),
    sendDeadLetters(deadLetterQueueArn),
    { Sid: "FindCustomer", Effect: "Allow", Action: "dynamodb:GetItem", Resource: customersArn },
    ...(registryArn === undefined ? [] : [keepRegistry(registryArn)]),
    ...publish("PublishDebugMessages", debug ? debugTopics : []),
    ...publish("PublishAsConfigured", publishTopics),
    ...args.statements,
  );
}

/** A claim that fails shows the item; nothing else is read. Only what never got beyond a claim is deleted. */
const keepRegistry = (Resource: string): Statement => ({
  Sid: "KeepDeviceRegistry",
  Effect: "Allow",
  Action: ["dynamodb:DeleteItem", "dynamodb:UpdateItem"],
  Resource,
});

const topicArn = (partner: AccountRegion, topic: string): string => regionalArn("iot", partner, `topic/${topic}`);

/** Of a publish role, as IAM counts it against its quota. */
export const trustPolicySize = (args: Omit<PublishTrustArgs, "partition"> & { readonly region: string }): number =>
  JSON.stringify(publishTrust({ ...args, partition: partitionOf(args.region) })).length;
