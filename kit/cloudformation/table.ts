// From Pulumi's resource types to CloudFormation's: one row for each type that the component declares, and in it each
// input that it gives (AWS CloudFormation Template Reference Guide, by type).
import { type Renames, inline, listOf, members, nothing, only, unless } from "../table.ts";
import { turnOn } from "../choices.ts";
import type { Members, Template, Value } from "../value.ts";

/** Where another resource gets an attribute from. */
export type Source =
  | { readonly from: "Ref" }
  | { readonly from: "GetAtt"; readonly attribute: string }
  /** A function's version, which is a resource of its own: its attribute, or else its Ref. */
  | { readonly from: "version"; readonly attribute?: string }
  /** The resource's own property, a text. Who takes it from there waits for the resource, unless it is told not to. */
  | { readonly from: "property"; readonly property: string; readonly waits: boolean };

export interface ResourceRow {
  readonly type: string;
  readonly properties: Renames;
  /** The property that takes the name which Pulumi would have made. */
  readonly named?: string;
  readonly attributes?: Readonly<Record<string, Source>>;
  /** Properties that say what Pulumi's provider does of itself. */
  readonly always?: Members;
  /** Where they aren't all the resource's own. */
  readonly as?: (properties: Members) => Members;
  /** It stays when the stack goes, whatever Pulumi would do. */
  readonly kept?: true;
}

/** What CloudFormation has as properties of another resource. */
export interface PartRow {
  /** The input that names the other one. */
  readonly partOf: string;
  readonly properties: Renames;
  /** The other's property that takes them. */
  readonly as: (properties: Members) => Members;
}

/** What CloudFormation has no resource for. */
export interface ByHandRow {
  /** What somebody types in its place, once, in the stack's account and Region. */
  readonly command: (inputs: Members) => string;
}

export type Row = ResourceRow | PartRow | ByHandRow;

const REF: Source = { from: "Ref" };
const ARN: Source = { from: "GetAtt", attribute: "Arn" };

const RETRIES: Renames = {
  maximumEventAgeInSeconds: "MaximumEventAgeInSeconds",
  maximumRetryAttempts: "MaximumRetryAttempts",
};

/** CloudFormation names the one file of a text `index.js`, for a function of Node.js. */
function indexOf(files: Members, id: string): Value {
  const { "index.js": code, ...others } = files;
  if (code === undefined || Object.keys(others).length > 0)
    throw new Error(`hooks kit can hold ${id} in a template only as long as index.js is all of its code`);
  return code;
}

export const ROWS: Readonly<Record<string, Row>> = {
  "aws:cloudtrail/trail:Trail": {
    type: "AWS::CloudTrail::Trail",
    named: "TrailName",
    properties: {
      name: "TrailName",
      s3BucketName: "S3BucketName",
      eventSelectors: listOf("EventSelectors", {
        readWriteType: "ReadWriteType",
        includeManagementEvents: "IncludeManagementEvents",
      }),
      isMultiRegionTrail: "IsMultiRegionTrail",
      includeGlobalServiceEvents: "IncludeGlobalServiceEvents",
      enableLogFileValidation: "EnableLogFileValidation",
    },
    attributes: { name: REF, arn: ARN },
    always: { IsLogging: true },
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    type: "AWS::CloudWatch::Dashboard",
    properties: { dashboardName: "DashboardName", dashboardBody: "DashboardBody" },
  },
  "aws:cloudwatch/eventRule:EventRule": {
    type: "AWS::Events::Rule",
    named: "Name",
    properties: {
      description: "Description",
      eventPattern: "EventPattern",
      scheduleExpression: "ScheduleExpression",
      state: "State",
    },
    // No Ref: what names the rule has to be there before its targets, which are part of it here.
    attributes: { name: { from: "property", property: "Name", waits: false }, arn: ARN },
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    partOf: "rule",
    properties: {
      // Several of a rule would each need their own.
      rule: (_, { name }) => ({ Id: name }),
      arn: "Arn",
      retryPolicy: members("RetryPolicy", RETRIES),
      deadLetterConfig: members("DeadLetterConfig", { arn: "Arn" }),
    },
    as: (target) => ({ Targets: [target] }),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    type: "AWS::Logs::LogGroup",
    named: "LogGroupName",
    properties: { retentionInDays: "RetentionInDays" },
    attributes: { name: REF },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    type: "AWS::CloudWatch::Alarm",
    named: "AlarmName",
    properties: {
      alarmDescription: "AlarmDescription",
      alarmActions: "AlarmActions",
      comparisonOperator: "ComparisonOperator",
      dimensions: (dimensions) => ({
        Dimensions: Object.entries(dimensions as Members).map(([Name, value]): Value => ({ Name, Value: value })),
      }),
      evaluationPeriods: "EvaluationPeriods",
      metricName: "MetricName",
      namespace: "Namespace",
      period: "Period",
      statistic: "Statistic",
      threshold: "Threshold",
      treatMissingData: "TreatMissingData",
    },
  },
  "aws:iam/role:Role": {
    type: "AWS::IAM::Role",
    named: "RoleName",
    properties: {
      name: "RoleName",
      description: "Description",
      assumeRolePolicy: "AssumeRolePolicyDocument",
      permissionsBoundary: "PermissionsBoundary",
    },
    attributes: { name: REF, arn: ARN },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    type: "AWS::IAM::Policy",
    named: "PolicyName",
    properties: { role: (role) => ({ Roles: [role] }), policy: "PolicyDocument" },
  },
  // It is one setting of the account: a stack that had it as its own would take it from whoever else needs it.
  "aws:iot/eventConfigurations:EventConfigurations": {
    command: ({ eventConfigurations }) => turnOn(Object.keys(eventConfigurations as Members)),
  },
  "aws:iot/topicRule:TopicRule": {
    type: "AWS::IoT::TopicRule",
    properties: {
      name: "RuleName",
      description: "Description",
      enabled: (enabled) => ({ RuleDisabled: enabled !== true }),
      sql: "Sql",
      sqlVersion: "AwsIotSqlVersion",
      lambdas: listOf("Actions", { functionArn: (arn) => ({ Lambda: { FunctionArn: arn } }) }),
      errorAction: members("ErrorAction", {
        sqs: members("Sqs", { queueUrl: "QueueUrl", roleArn: "RoleArn", useBase64: "UseBase64" }),
      }),
    },
    as: ({ RuleName = null, ...payload }) => ({ RuleName, TopicRulePayload: payload }),
    // Its own name, which is known before it is there.
    attributes: { name: { from: "property", property: "RuleName", waits: false }, arn: ARN },
  },
  "aws:lambda/alias:Alias": {
    type: "AWS::Lambda::Alias",
    properties: {
      name: "Name",
      description: "Description",
      functionName: "FunctionName",
      functionVersion: "FunctionVersion",
    },
    attributes: { name: { from: "property", property: "Name", waits: true }, arn: REF },
  },
  "aws:lambda/function:Function": {
    type: "AWS::Lambda::Function",
    properties: {
      name: "FunctionName",
      description: "Description",
      role: "Role",
      runtime: "Runtime",
      architectures: "Architectures",
      handler: "Handler",
      code: (files, { id }) => ({ Code: { ZipFile: indexOf(files as Members, id) } }),
      environment: members("Environment", { variables: "Variables" }),
      memorySize: "MemorySize",
      timeout: "Timeout",
      reservedConcurrentExecutions: unless(-1, "ReservedConcurrentExecutions"),
      loggingConfig: members("LoggingConfig", {
        logFormat: "LogFormat",
        applicationLogLevel: "ApplicationLogLevel",
        systemLogLevel: "SystemLogLevel",
        logGroup: "LogGroup",
      }),
      tags: (tags) => ({
        Tags: Object.entries(tags as Members).map(([Key, value]): Value => ({ Key, Value: value })),
      }),
      // By a version of its own: see version.ts.
      publish: only(true),
    },
    attributes: {
      name: REF,
      arn: ARN,
      version: { from: "version", attribute: "Version" },
      qualifiedArn: { from: "version" },
    },
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    type: "AWS::Lambda::EventInvokeConfig",
    properties: {
      functionName: "FunctionName",
      qualifier: "Qualifier",
      ...RETRIES,
      destinationConfig: members("DestinationConfig", {
        onFailure: members("OnFailure", { destination: "Destination" }),
      }),
    },
  },
  "aws:lambda/permission:Permission": {
    type: "AWS::Lambda::Permission",
    properties: {
      action: "Action",
      principal: "Principal",
      sourceArn: "SourceArn",
      sourceAccount: "SourceAccount",
      // Of a function's version or alias: `name:alias`.
      function: (name, { inputs }) => ({
        FunctionName: { kind: "template", parts: [name, ":", inputs.qualifier] as Template["parts"] },
      }),
      qualifier: nothing,
    },
  },
  "aws:s3/bucket:Bucket": {
    type: "AWS::S3::Bucket",
    named: "BucketName",
    // CloudFormation can't delete what isn't empty, and has no word for emptying it: the bucket stays.
    properties: { forceDestroy: only(true) },
    kept: true,
    attributes: { bucket: REF },
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    partOf: "bucket",
    properties: {
      bucket: nothing,
      rules: listOf("Rules", {
        id: "Id",
        status: "Status",
        filter: inline({ prefix: "Prefix" }),
        expiration: inline({ days: "ExpirationInDays" }),
      }),
    },
    as: (rules) => ({ LifecycleConfiguration: rules }),
  },
  "aws:s3/bucketPolicy:BucketPolicy": {
    type: "AWS::S3::BucketPolicy",
    properties: { bucket: "Bucket", policy: "PolicyDocument" },
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    partOf: "bucket",
    properties: {
      bucket: nothing,
      blockPublicAcls: "BlockPublicAcls",
      blockPublicPolicy: "BlockPublicPolicy",
      ignorePublicAcls: "IgnorePublicAcls",
      restrictPublicBuckets: "RestrictPublicBuckets",
    },
    as: (block) => ({ PublicAccessBlockConfiguration: block }),
  },
  "aws:sqs/queue:Queue": {
    type: "AWS::SQS::Queue",
    named: "QueueName",
    properties: { messageRetentionSeconds: "MessageRetentionPeriod", sqsManagedSseEnabled: "SqsManagedSseEnabled" },
    attributes: { url: REF, name: { from: "GetAtt", attribute: "QueueName" }, arn: ARN },
  },
  "aws:sqs/queuePolicy:QueuePolicy": {
    type: "AWS::SQS::QueuePolicy",
    properties: { queueUrl: (url) => ({ Queues: [url] }), policy: "PolicyDocument" },
  },
};
