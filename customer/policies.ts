// What the customer's side may do, and whom its bucket lets in: typed documents made by pure functions.
import { type AccountRegion, regionalArn } from "../shared/contract/names.ts";
import { sendDeadLetters } from "../shared/dead-letter-queue.ts";
import { type Operation, SUBJECTS, type Subject } from "../shared/contract/operations.ts";
import { type Trigger, describedSubjects } from "../shared/contract/registry-events.ts";
import { type PolicyDocument, type Statement, policyDocument, writeLogs } from "../shared/policy-document.ts";

export interface AnnouncePolicyArgs {
  readonly customer: AccountRegion;
  readonly operations: readonly Operation[];
  readonly trigger: Trigger;
  /** Whether things are announced as they are, beside their events. */
  readonly describesThings: boolean;
  readonly publishRoleArn: string;
  readonly logGroupArn: string;
  readonly deadLetterQueueArn: string;
}

/**
 * What the customer's function may do: assume one role, write its log, send dead letters (Lambda does so as this role,
 * too), describe what its operations are about. What depends on the operations comes last, in an order of its own:
 * another operation changes its own statement and moves no other that was there before it.
 */
export function announcePolicy(args: AnnouncePolicyArgs): PolicyDocument {
  const { customer, operations, trigger, describesThings, publishRoleArn, logGroupArn, deadLetterQueueArn } = args;
  const described = new Set([
    // Only where creations are announced is anything announced as it is.
    ...(describesThings && operations.includes("create_thing") ? (["thing"] as const) : []),
    ...describedSubjects(operations, trigger),
  ]);
  return policyDocument(
    { Sid: "AssumePublishRole", Effect: "Allow", Action: "sts:AssumeRole", Resource: publishRoleArn },
    writeLogs(logGroupArn),
    sendDeadLetters(deadLetterQueueArn),
    ...[...described].map((subject) => describeAny(customer, subject)),
  );
}

export interface ReconcilePolicyArgs {
  readonly customer: AccountRegion;
  /** The announce function's. */
  readonly announceAliasArn: string;
  readonly logGroupArn: string;
  readonly deadLetterQueueArn: string;
}

/** What the schedule's function may do: list things, and have them announced; and call itself, to go on. */
export function reconcilePolicy(args: ReconcilePolicyArgs): PolicyDocument {
  const { customer, announceAliasArn, logGroupArn, deadLetterQueueArn } = args;
  // It is named after its log group, whose name is known before the function is made.
  const own = logGroupArn.slice(logGroupArn.lastIndexOf("/") + 1);
  return policyDocument(
    writeLogs(logGroupArn),
    sendDeadLetters(deadLetterQueueArn),
    {
      Sid: "ListThings",
      Effect: "Allow",
      Action: "iot:ListThings",
      // It takes no resource (Service Authorization Reference, "AWS IoT").
      Resource: "*",
    },
    {
      Sid: "AnnounceThings",
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: [announceAliasArn, regionalArn("lambda", customer, `function:${own}:live`)],
    },
  );
}

function describeAny(customer: AccountRegion, subject: Subject): Statement {
  const { describeAction, arnResource } = SUBJECTS[subject];
  return {
    Sid: describeAction.replace("iot:", ""),
    Effect: "Allow",
    Action: describeAction,
    // Any of them: which things there will be isn't known, and each is to be announced.
    Resource: regionalArn("iot", customer, `${arnResource}/*`),
  };
}

export interface TrailBucketPolicyArgs {
  readonly bucketArn: string;
  readonly accountId: string;
  readonly trailArn: string;
}

/**
 * CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail": this one trail may write below its account's
 * prefix. And nobody without TLS.
 */
export const trailBucketPolicy = ({ bucketArn, accountId, trailArn }: TrailBucketPolicyArgs): PolicyDocument =>
  policyDocument(
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
      Resource: `${bucketArn}/AWSLogs/${accountId}/*`,
      Condition: { StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    {
      Sid: "DenyWithoutTls",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  );
