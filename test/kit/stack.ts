// A stack of our template in the embedded AWS: each resource is made by the calls that CloudFormation's handlers make,
// through the real SDK clients. Whatever isn't known here is refused.
/* eslint-disable @typescript-eslint/no-unsafe-assignment -- see Properties */
import type { CreateFunctionCommandInput } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import type { Template } from "../../kit/cloudformation/template.ts";
import type { Json } from "../../kit/value.ts";
import type { Clients } from "embedded-aws/pulumi";
import { Resolver, type Stack } from "./resolve.ts";

/** Of resources of all types: each goes to where AWS says what it must be. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Properties = Readonly<Record<string, any>>;

/** What Ref and the attributes of a resource are from then on. */
type Made = Readonly<Record<string, string>>;

export async function createStack(
  aws: Clients,
  template: Template,
  stack: Stack,
): Promise<Readonly<Record<string, Json>>> {
  const made = new Map<string, Made>();
  const resolver = new Resolver(template, stack, (id, attribute = "Ref") => {
    const value = made.get(id)?.[attribute];
    if (value === undefined) throw new Error(`${attribute} of ${id} isn't known when it is needed`);
    return value;
  });
  for (const [id, { Type, Properties }] of resolver.resources()) {
    const create = HANDLERS[Type];
    if (!create) throw new Error(`${Type} (${id}) isn't known here`);
    made.set(id, await create(aws, resolver.value(Properties) as Properties, stack));
  }
  return resolver.outputs();
}

const HANDLERS: Readonly<Record<string, (aws: Clients, properties: Properties, stack: Stack) => Promise<Made>>> = {
  "AWS::IAM::Role": async (aws, { AssumeRolePolicyDocument, ...rest }) => {
    const role = { ...rest, AssumeRolePolicyDocument: JSON.stringify(AssumeRolePolicyDocument) };
    const { Role } = await (await aws.iam()).createRole(role as never);
    return { Ref: Role?.RoleName ?? "", Arn: Role?.Arn ?? "" };
  },
  "AWS::IAM::Policy": async (aws, { PolicyName, PolicyDocument, Roles }) => {
    for (const RoleName of Roles as readonly string[])
      await (await aws.iam()).putRolePolicy({ RoleName, PolicyName, PolicyDocument: JSON.stringify(PolicyDocument) });
    return { Ref: PolicyName as string };
  },
  "AWS::Logs::LogGroup": async (aws, { LogGroupName: logGroupName, RetentionInDays: retentionInDays }) => {
    const logs = await aws.logs();
    await logs.createLogGroup({ logGroupName });
    await logs.putRetentionPolicy({ logGroupName, retentionInDays });
    return { Ref: logGroupName };
  },
  "AWS::SQS::Queue": async (aws, { QueueName, ...attributes }) => {
    const sqs = await aws.sqs();
    const { QueueUrl = "" } = await sqs.createQueue({ QueueName, Attributes: texts(attributes) });
    const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["QueueArn"] });
    return { Ref: QueueUrl, QueueName, Arn: Attributes?.QueueArn ?? "" };
  },
  "AWS::SQS::QueuePolicy": async (aws, { Queues, PolicyDocument }) => {
    for (const QueueUrl of Queues as readonly string[])
      await (await aws.sqs()).setQueueAttributes({ QueueUrl, Attributes: { Policy: JSON.stringify(PolicyDocument) } });
    return {};
  },
  "AWS::Lambda::Function": async (aws, { Code, ReservedConcurrentExecutions, Tags, ...rest }) => {
    const lambda = await aws.lambda();
    const ZipFile = zipSync({ "index.js": Buffer.from((Code as { ZipFile: string }).ZipFile) });
    const { FunctionName, FunctionArn } = await lambda.createFunction({
      ...rest,
      Tags: Object.fromEntries((Tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value])),
      Code: { ZipFile },
    } as CreateFunctionCommandInput);
    if (ReservedConcurrentExecutions !== undefined)
      await lambda.putFunctionConcurrency({
        FunctionName,
        ReservedConcurrentExecutions: Number(ReservedConcurrentExecutions),
      });
    return { Ref: FunctionName ?? "", Arn: FunctionArn ?? "" };
  },
  "AWS::Lambda::Version": async (aws, properties) => {
    const { Version, FunctionArn } = await (await aws.lambda()).publishVersion(properties as never);
    return { Ref: FunctionArn ?? "", Version: Version ?? "" };
  },
  "AWS::Lambda::Alias": async (aws, properties) => {
    const { AliasArn } = await (await aws.lambda()).createAlias(properties as never);
    return { Ref: AliasArn ?? "" };
  },
  "AWS::Lambda::EventInvokeConfig": async (aws, properties) => {
    await (await aws.lambda()).putFunctionEventInvokeConfig(properties as never);
    return {};
  },
  "AWS::Lambda::Permission": async (aws, { FunctionName, ...rest }) => {
    // Its own name for the statement, and the alias behind the function's name.
    const [name, Qualifier] = String(FunctionName).split(":");
    const StatementId = `stack-${String(rest.SourceArn).split("/").at(-1) ?? ""}`;
    await (await aws.lambda()).addPermission({ ...rest, FunctionName: name, Qualifier, StatementId } as never);
    return {};
  },
  "AWS::Events::Rule": async (aws, { Targets, EventPattern, ...rest }) => {
    const events = await aws.events();
    const { RuleArn } = await events.putRule({
      ...rest,
      ...(EventPattern === undefined ? {} : { EventPattern: JSON.stringify(EventPattern) }),
    } as never);
    const { FailedEntryCount } = await events.putTargets({ Rule: rest.Name, Targets });
    if (FailedEntryCount !== 0) throw new Error(`targets of ${String(rest.Name)} were refused`);
    return { Ref: rest.Name, Arn: RuleArn ?? "" };
  },
  "AWS::IoT::TopicRule": async (aws, { RuleName: ruleName, TopicRulePayload }, { accountId, region }) => {
    const iot = await aws.iot();
    await iot.createTopicRule({ ruleName, topicRulePayload: lowerCased(TopicRulePayload as Json) as never });
    return { Ref: ruleName, Arn: `arn:aws:iot:${region}:${accountId}:rule/${String(ruleName)}` };
  },
  "AWS::CloudWatch::Alarm": async (aws, properties) => {
    await (await aws.cloudwatch()).putMetricAlarm(properties as never);
    return { Ref: properties.AlarmName };
  },
  "AWS::CloudWatch::Dashboard": async (aws, { DashboardName, DashboardBody }) => {
    await (await aws.cloudwatch()).putDashboard({ DashboardName, DashboardBody });
    return { Ref: DashboardName };
  },
  "AWS::S3::Bucket": async (aws, properties, { region }) => {
    const { BucketName: Bucket, PublicAccessBlockConfiguration, LifecycleConfiguration } = properties;
    const s3 = await aws.s3();
    const elsewhere = region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
    await s3.createBucket({ Bucket, ...elsewhere } as never);
    await s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration });
    const { Rules: rules } = LifecycleConfiguration as { Rules: readonly Properties[] };
    const Rules = rules.map(({ Id, Status, Prefix, ExpirationInDays }) => ({
      ...{ ID: Id, Status, Filter: { Prefix }, Expiration: { Days: ExpirationInDays } },
    }));
    await s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules } });
    return { Ref: Bucket };
  },
  "AWS::S3::BucketPolicy": async (aws, { Bucket, PolicyDocument }) => {
    await (await aws.s3()).putBucketPolicy({ Bucket, Policy: JSON.stringify(PolicyDocument) });
    return {};
  },
  "AWS::CloudTrail::Trail": async (aws, { TrailName: Name, IsLogging, EventSelectors, ...rest }) => {
    const { S3BucketName: S3BucketName_, EnableLogFileValidation, ...flags } = rest;
    const cloudtrail = await aws.cloudtrail();
    const { TrailARN } = await cloudtrail.createTrail({
      ...flags,
      Name,
      S3BucketName: S3BucketName_,
      EnableLogFileValidation,
    });
    await cloudtrail.putEventSelectors({ TrailName: Name, EventSelectors });
    if (IsLogging === true) await cloudtrail.startLogging({ Name });
    return { Ref: Name, Arn: TrailARN ?? "" };
  },
};

/** CloudFormation's names of members are those of the API, but for the first letter. */
const lowerCased = (value: Json): Json => {
  if (Array.isArray(value)) return (value as readonly Json[]).map(lowerCased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.charAt(0).toLowerCase() + name.slice(1), lowerCased(inner)]),
  );
};

const texts = (attributes: Properties): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));
