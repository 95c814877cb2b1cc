// Programs that each break one rule, as somebody might write them.
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { accountProvider } from "../../shared/provider.ts";
import { CUSTOMER, PARTNER } from "../harness/stacks.ts";

export interface BadProgram {
  /** Ends the sentence "refuses …". */
  readonly what: string;
  readonly rule: string;
  /** One per violation, in their order. */
  readonly messages: readonly RegExp[];
  readonly program: () => Promise<Record<string, never>>;
}

const ROLE = "arn:aws:iam::111111111111:role/x";
const FUNCTION_ARN = "arn:aws:lambda:us-east-1:111111111111:function:f:live";
const QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/111111111111/q";
const errorAction = { sqs: { queueUrl: QUEUE_URL, roleArn: ROLE, useBase64: false } };
const destinationConfig = { onFailure: { destination: "arn:aws:sqs:us-east-1:111111111111:q" } };
const ISSUER = "token.actions.githubusercontent.com";
const document = (statement: object): aws.iam.PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", ...statement }],
});

const bad = (
  what: string,
  rule: string,
  messages: readonly RegExp[],
  declare: (opts: pulumi.CustomResourceOptions) => unknown,
): BadProgram => ({
  what,
  rule,
  messages,
  program: () => {
    const settings = { accountId: CUSTOMER, region: "us-east-1", profile: undefined };
    declare({ provider: accountProvider("bad", settings) });
    return Promise.resolve({});
  },
});

const trusting = (statement: object) => (opts: pulumi.CustomResourceOptions) =>
  new aws.iam.Role("bad", { assumeRolePolicy: document({ Action: "sts:AssumeRole", ...statement }) }, opts);
const allowing = (statement: object) => (opts: pulumi.CustomResourceOptions) =>
  new aws.iam.RolePolicy("bad", { role: "x", policy: document({ Action: "iot:Publish", ...statement }) }, opts);
const onBucket = (statement: object) => (opts: pulumi.CustomResourceOptions) =>
  new aws.s3.BucketPolicy(
    "bad",
    {
      bucket: "b",
      policy: JSON.stringify(document({ Action: "s3:PutObject", Resource: "arn:aws:s3:::b/*", ...statement })),
    },
    opts,
  );
const permitting = (args: object) => (opts: pulumi.CustomResourceOptions) =>
  new aws.lambda.Permission("bad", { action: "lambda:InvokeFunction", function: "f", principal: "", ...args }, opts);
const running = (args: object) => (opts: pulumi.CustomResourceOptions) =>
  new aws.lambda.Function(
    "bad",
    {
      role: ROLE,
      handler: "index.handler",
      runtime: "nodejs24.x",
      loggingConfig: { logFormat: "JSON", logGroup: "g" },
      ...args,
    },
    opts,
  );
const selecting = (sqlVersion: string) => (opts: pulumi.CustomResourceOptions) =>
  new aws.iot.TopicRule("bad", { enabled: true, sql: "SELECT * FROM 'a'", sqlVersion, errorAction }, opts);

export const BAD_PROGRAMS: readonly BadProgram[] = [
  bad(
    "a bucket that everybody writes to",
    "no-wildcard-principal",
    [/#1 of policy lets everybody in/],
    onBucket({ Principal: "*" }),
  ),
  bad(
    "everybody, spelled as an account",
    "no-wildcard-principal",
    [/lets everybody in/],
    onBucket({ Principal: { AWS: ["*"] } }),
  ),
  bad("everybody but one", "no-wildcard-principal", [/NotPrincipal/], onBucket({ NotPrincipal: { AWS: ROLE } })),
  bad(
    "a function that everybody may call",
    "no-wildcard-principal",
    [/name the service or the account/],
    permitting({ principal: "*" }),
  ),

  bad("all actions", "no-wildcard-action", [/the action \*: name/], allowing({ Action: "*", Resource: ROLE })),
  bad(
    "all actions of a service",
    "no-wildcard-action",
    [/the action iot:\*: name/],
    allowing({ Action: ["sts:AssumeRole", "iot:*"], Resource: ROLE }),
  ),
  bad(
    "all actions but one",
    "no-wildcard-action",
    [/NotAction/],
    allowing({ Action: undefined, NotAction: "iot:Publish", Resource: ROLE }),
  ),
  bad(
    "a policy inside of a role",
    "no-wildcard-action",
    [/the action s3:\*/],
    (opts) =>
      new aws.iam.Role(
        "bad",
        {
          assumeRolePolicy: document({ Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }),
          inlinePolicies: [{ name: "p", policy: JSON.stringify(document({ Action: "s3:*", Resource: ROLE })) }],
        },
        opts,
      ),
  ),

  bad(
    "a policy of AWS's own",
    "no-aws-managed-policy",
    [/managedPolicyArns has .*AdministratorAccess, which AWS writes for everybody/],
    (opts) =>
      new aws.iam.Role(
        "bad",
        {
          assumeRolePolicy: document({ Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }),
          managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
        },
        opts,
      ),
  ),

  bad("every resource", "no-wildcard-resource", [/iot:Publish on every resource/], allowing({ Resource: "*" })),
  bad(
    "every resource, among others",
    "no-wildcard-resource",
    [/iot:Publish on/],
    allowing({ Resource: [ROLE, "*"], Action: ["iot:Publish", "iot:DescribeEndpoint"] }),
  ),
  bad("every resource but one", "no-wildcard-resource", [/NotResource/], allowing({ NotResource: ROLE })),

  bad(
    "a function that any rule of EventBridge may call",
    "service-needs-source",
    [/The permission lets in events\.amazonaws\.com/],
    permitting({ principal: "events.amazonaws.com" }),
  ),
  bad(
    "a function that a rule of AWS IoT may call from any account",
    "service-needs-source",
    [/SourceAccount, both/],
    permitting({ principal: "iot.amazonaws.com", sourceArn: "arn:aws:iot:us-east-1:111111111111:rule/x" }),
  ),
  bad(
    "a bucket that CloudTrail may write to for anybody",
    "service-needs-source",
    [/demand aws:SourceArn or/],
    onBucket({ Principal: { Service: "cloudtrail.amazonaws.com" } }),
  ),
  bad(
    "a source that is only compared where there is one",
    "service-needs-source",
    [/lets in cloudtrail/],
    onBucket({
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Condition: { StringEqualsIfExists: { "aws:SourceArn": ROLE } },
    }),
  ),
  bad(
    "a source that may be any",
    "service-needs-source",
    [/lets in cloudtrail/],
    onBucket({ Principal: { Service: "cloudtrail.amazonaws.com" }, Condition: { ArnLike: { "aws:SourceArn": "*" } } }),
  ),
  bad(
    "a rule's role without its account",
    "service-needs-source",
    [/iot\.amazonaws\.com .* both/],
    trusting({
      Principal: { Service: "iot.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": "arn:aws:iot:us-east-1:111111111111:rule/*" } },
    }),
  ),

  bad(
    "another account, whoever in it",
    "trust-needs-condition",
    [/222222222222:root without a condition/],
    trusting({ Principal: { AWS: `arn:aws:iam::${PARTNER}:root` } }),
  ),
  bad(
    "another account under a condition that is none",
    "trust-needs-condition",
    [/without a condition/],
    trusting({
      Principal: { AWS: `arn:aws:iam::${PARTNER}:root` },
      Condition: { Bool: { "aws:SecureTransport": "true" } },
    }),
  ),
  bad(
    "every repository of GitHub",
    "trust-needs-condition",
    [/every token .* audience \(aud\) and its subject/],
    trusting({
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: { Federated: `arn:aws:iam::${CUSTOMER}:oidc-provider/${ISSUER}` },
      Condition: { StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" } },
    }),
  ),

  bad("SQL of 2015", "topic-rule-sql-version", [/"2015-10-08": set 2016-03-23/], selecting("2015-10-08")),
  bad("a runtime that is out of support", "supported-runtime", [/"nodejs18\.x"/], running({ runtime: "nodejs18.x" })),
  bad(
    "a function whose log group Lambda makes",
    "function-names-log-group",
    [/loggingConfig\.logGroup is not set/],
    running({ loggingConfig: undefined }),
  ),
  bad(
    "logs without an end",
    "log-group-retention",
    [/not set, so that logs are kept for ever/],
    (opts) => new aws.cloudwatch.LogGroup("bad", {}, opts),
  ),
  bad(
    "logs without an end, said with a zero",
    "log-group-retention",
    [/is 0,/],
    (opts) => new aws.cloudwatch.LogGroup("bad", { retentionInDays: 0 }, opts),
  ),

  bad(
    "a topic rule without an error action",
    "topic-rule-error-action",
    [/errorAction is not set: name a queue/],
    (opts) => new aws.iot.TopicRule("bad", { enabled: true, sql: "", sqlVersion: "2016-03-23" }, opts),
  ),
  bad(
    "a target without a dead-letter queue",
    "event-target-dead-letters",
    [/deadLetterConfig\.arn is not set: name a queue/],
    (opts) => new aws.cloudwatch.EventTarget("bad", { rule: "r", arn: FUNCTION_ARN, deadLetterConfig: {} }, opts),
  ),
  bad(
    "an alias whose own events have no destination, whatever the function's have",
    "alias-on-failure",
    [/functionName "f" and qualifier "live" has a destinationConfig\.onFailure: add one/],
    (opts) => [
      new aws.lambda.Alias("bad", { name: "live", functionName: "f", functionVersion: "1" }, opts),
      new aws.lambda.FunctionEventInvokeConfig("of-the-function", { functionName: "f", destinationConfig }, opts),
      new aws.lambda.FunctionEventInvokeConfig("no-destination", { functionName: "f", qualifier: "live" }, opts),
    ],
  ),

  bad(
    "a topic rule with a hyphen",
    "name-limits",
    [/"bad-rule": AWS takes letters, digits and _\./],
    (opts) =>
      new aws.iot.TopicRule("bad-rule", { enabled: true, sql: "", sqlVersion: "2016-03-23", errorAction }, opts),
  ),
  bad(
    "a name that is too long",
    "name-limits",
    [/of 65 characters: use 1 to 64/],
    (opts) => new aws.cloudwatch.EventRule("bad", { name: "r".repeat(65), eventPattern: "{}" }, opts),
  ),
  bad(
    "a name that is too long with its random digits",
    "name-limits",
    [/the logical name.* of 57 characters: use 1 to 56/],
    (opts) => new aws.cloudwatch.EventRule("r".repeat(57), { eventPattern: "{}" }, opts),
  ),
];
