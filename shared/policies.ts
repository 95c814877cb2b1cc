// Every policy of both accounts, as typed documents made by pure functions: what is allowed can be read, and tested, here.
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { debugTopicOf, iotArn, partitionOf, topicArn, topicOf } from "./contract/names.ts";
import { type Operation, SUBJECTS, publishableOperations, rowOf } from "./contract/operations.ts";

export type PolicyDocument = aws.types.input.iam.PolicyDocument;
type Statement = aws.types.input.iam.PolicyStatement;

/** An account in one Region. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

const policy = (...Statement: readonly Statement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [...Statement],
});

/** Trust of an execution role. Lambda sends neither aws:SourceArn nor aws:SourceAccount when it assumes one, so no condition is possible. */
export const lambdaTrust = (): PolicyDocument =>
  policy({ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" });

/** The group itself is made by the program: a function that could create groups would bring back one without retention. */
const writeLogs = (logGroupArn: pulumi.Output<string>): Statement => ({
  Sid: "WriteLogs",
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  // Log streams are named by Lambda when they are made.
  Resource: logGroupArn.apply((arn) => `${arn}:*`),
});

export interface AnnouncePolicyArgs {
  readonly customer: Place;
  readonly operations: readonly Operation[];
  readonly publishRoleArn: string;
  readonly logGroupArn: pulumi.Output<string>;
}

/** What the customer's function may do: assume one role, describe what its operations are about, write its log. */
export function announcePolicy({
  customer,
  operations,
  publishRoleArn,
  logGroupArn,
}: AnnouncePolicyArgs): PolicyDocument {
  const described = new Set(operations.flatMap((operation) => rowOf(operation).describes ?? []));
  const { accountId, region } = customer;
  return policy(
    { Sid: "AssumePublishRole", Effect: "Allow", Action: "sts:AssumeRole", Resource: publishRoleArn },
    ...[...described].map((subject): Statement => {
      const { describeAction, arnResource } = SUBJECTS[subject];
      return {
        Sid: describeAction.replace("iot:", ""),
        Effect: "Allow",
        Action: describeAction,
        // Any of them: which things there will be isn't known, and each is to be announced.
        Resource: iotArn(partitionOf(region), region, accountId, `${arnResource}/*`),
      };
    }),
    writeLogs(logGroupArn),
  );
}

export interface PublishTrustArgs {
  readonly customerAccountId: string;
  /** The customer's roles, without wildcards: the condition operator would follow them. */
  readonly roleArns: readonly string[];
  readonly partition: string;
  readonly externalId: string | undefined;
}

/**
 * Trust in a customer's roles by name. A role as principal would be resolved to its unique id when the policy is saved: it would have to exist
 * first, and a re-created one would never be trusted again (IAM User Guide, "AWS JSON policy elements: Principal"). A condition isn't resolved.
 */
export const publishTrust = ({
  customerAccountId,
  roleArns,
  partition,
  externalId,
}: PublishTrustArgs): PolicyDocument =>
  policy({
    Effect: "Allow",
    Principal: { AWS: `arn:${partition}:iam::${customerAccountId}:root` },
    Action: "sts:AssumeRole",
    Condition: {
      ArnEquals: { "aws:PrincipalArn": [...roleArns] },
      ...(externalId === undefined ? {} : { StringEquals: { "sts:ExternalId": externalId } }),
    },
  });

export interface PublishPolicyArgs {
  readonly partner: Place;
  readonly customerAccountId: string;
  readonly operations: readonly Operation[];
}

/** One customer's role: its own topics, one per operation, and nothing else. */
export const publishPolicy = ({ partner, customerAccountId, operations }: PublishPolicyArgs): PolicyDocument =>
  policy({
    Sid: "PublishOperations",
    Effect: "Allow",
    Action: "iot:Publish",
    Resource: publishableOperations(operations).map((operation) =>
      topicArnOf(partner, topicOf(customerAccountId, operation)),
    ),
  });

export interface ReceivePolicyArgs {
  readonly partner: Place;
  readonly operations: readonly Operation[];
  readonly debug: boolean;
  /** Topics, with IAM's wildcards, that the partner's own code publishes on. */
  readonly publishTopics: readonly string[];
  readonly logGroupArn: pulumi.Output<string>;
}

/** Twelve characters: one account, whichever. The function serves all customers, and a list of them would outgrow an inline policy. */
const ANY_ACCOUNT = "?".repeat(12);

/** What the partner's function may do: write its log, publish debug messages, and what the partner's own code was given. */
export function receivePolicy(args: ReceivePolicyArgs): PolicyDocument {
  const { partner, operations, debug, publishTopics, logGroupArn } = args;
  const publish = (Sid: string, topics: readonly string[]): Statement[] =>
    topics.length === 0
      ? []
      : [{ Sid, Effect: "Allow", Action: "iot:Publish", Resource: topics.map((topic) => topicArnOf(partner, topic)) }];
  const debugTopics = publishableOperations(operations).map((operation) => debugTopicOf(ANY_ACCOUNT, operation));
  return policy(
    ...publish("PublishDebugMessages", debug ? debugTopics : []),
    ...publish("PublishAsConfigured", publishTopics),
    writeLogs(logGroupArn),
  );
}

const topicArnOf = ({ accountId, region }: Place, topic: string): string =>
  topicArn(partitionOf(region), region, accountId, topic);

export interface TrailBucketPolicyArgs {
  readonly bucketArn: pulumi.Output<string>;
  readonly accountId: string;
  readonly trailArn: string;
}

/** CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail": this one trail may write below its account's prefix. And nobody without TLS. */
export const trailBucketPolicy = ({ bucketArn, accountId, trailArn }: TrailBucketPolicyArgs): PolicyDocument =>
  policy(
    {
      Sid: "CloudTrailAclCheck",
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: "s3:GetBucketAcl",
      Resource: bucketArn,
      Condition: { StringEquals: { "aws:SourceArn": trailArn } },
    },
    {
      Sid: "CloudTrailWrite",
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: "s3:PutObject",
      // CloudTrail names the objects by Region and date.
      Resource: bucketArn.apply((arn) => `${arn}/AWSLogs/${accountId}/*`),
      Condition: { StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    {
      Sid: "DenyWithoutTls",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [bucketArn, bucketArn.apply((arn) => `${arn}/*`)],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  );
