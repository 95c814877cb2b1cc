// From Pulumi's resource types to those of Terraform's provider, which Pulumi's is made of: the same resources, in
// snake case, with one word for another here and there (Terraform Registry, hashicorp/aws, by type).
import { COMPONENT } from "../../shared/contract/names.ts";
import type { Planned } from "../plan.ts";
import { type Renames, listOf, members, unless } from "../table.ts";
import type { Members } from "../value.ts";

export interface Row {
  readonly type: string;
  readonly properties: Renames;
  /** The argument that takes the name which Pulumi would have made. */
  readonly named?: string;
  /** Arguments that are documents as JSON texts. */
  readonly documents?: readonly string[];
  /** Arguments that are set when it is made, and never looked at again. */
  readonly ignored?: readonly string[];
  /** What its address ends in, where with another it has to be made anew. */
  readonly labelEnd?: (inputs: Members) => string;
  /** Attributes that are called otherwise than in Pulumi. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export const snake = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Inputs that are called the same but for the case. */
const same = (...inputs: readonly string[]): Renames =>
  Object.fromEntries(inputs.map((input) => [input, snake(input)]));

/** Of a function, beside the module's files: `announce.zip`. */
export const codeFileOf = ({ name }: Pick<Planned, "name">): string => `${name.slice(COMPONENT.length + 1)}.zip`;

export const ROWS: Readonly<Record<string, Row>> = {
  "aws:cloudtrail/trail:Trail": {
    type: "aws_cloudtrail",
    named: "name",
    properties: {
      ...same("name", "isMultiRegionTrail", "includeGlobalServiceEvents", "enableLogFileValidation", "s3BucketName"),
      eventSelectors: listOf("event_selector", same("readWriteType", "includeManagementEvents")),
    },
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    type: "aws_cloudwatch_dashboard",
    properties: same("dashboardName", "dashboardBody"),
  },
  "aws:cloudwatch/eventRule:EventRule": {
    type: "aws_cloudwatch_event_rule",
    named: "name",
    properties: same("description", "eventPattern", "scheduleExpression", "state"),
    documents: ["event_pattern"],
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    type: "aws_cloudwatch_event_target",
    properties: {
      ...same("rule", "arn"),
      retryPolicy: members("retry_policy", same("maximumEventAgeInSeconds", "maximumRetryAttempts")),
      deadLetterConfig: members("dead_letter_config", same("arn")),
    },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    type: "aws_cloudwatch_log_group",
    named: "name",
    properties: same("retentionInDays"),
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    type: "aws_cloudwatch_metric_alarm",
    named: "alarm_name",
    properties: same(
      "alarmDescription",
      "alarmActions",
      "comparisonOperator",
      "dimensions",
      "evaluationPeriods",
      "metricName",
      "namespace",
      "period",
      "statistic",
      "threshold",
      "treatMissingData",
    ),
  },
  "aws:iam/role:Role": {
    type: "aws_iam_role",
    named: "name",
    properties: same("name", "description", "assumeRolePolicy", "permissionsBoundary"),
    documents: ["assume_role_policy"],
  },
  "aws:iam/rolePolicy:RolePolicy": {
    type: "aws_iam_role_policy",
    named: "name",
    properties: same("role", "policy"),
    documents: ["policy"],
  },
  // One setting of the account. The provider reads all of its keys, and would plan to take away those that others
  // turned on, for ever (internal/service/iot/event_configurations.go): it is set when it is made, and never looked at
  // again.
  "aws:iot/eventConfigurations:EventConfigurations": {
    type: "aws_iot_event_configurations",
    properties: same("eventConfigurations"),
    ignored: ["event_configurations"],
    labelEnd: ({ eventConfigurations }) =>
      Object.keys(eventConfigurations as Members)
        .join("_")
        .toLowerCase(),
  },
  "aws:iot/topicRule:TopicRule": {
    type: "aws_iot_topic_rule",
    properties: {
      ...same("name", "description", "enabled", "sql", "sqlVersion"),
      lambdas: listOf("lambda", same("functionArn")),
      errorAction: members("error_action", {
        sqs: members("sqs", { ...same("queueUrl", "roleArn"), useBase64: "use_base64" }),
      }),
    },
  },
  "aws:lambda/alias:Alias": {
    type: "aws_lambda_alias",
    properties: same("name", "description", "functionName", "functionVersion"),
  },
  "aws:lambda/function:Function": {
    type: "aws_lambda_function",
    properties: {
      ...same("description", "role", "runtime", "architectures", "handler", "memorySize", "timeout", "publish", "tags"),
      name: "function_name",
      code: (_, resource) => {
        const file = codeFileOf(resource);
        return {
          filename: { kind: "template", parts: [{ kind: "terraform", expression: "path.module" }, `/${file}`] },
          source_code_hash: { kind: "terraform", expression: `filebase64sha256("\${path.module}/${file}")` },
        };
      },
      environment: members("environment", same("variables")),
      reservedConcurrentExecutions: unless(-1, "reserved_concurrent_executions"),
      loggingConfig: members("logging_config", same("logFormat", "applicationLogLevel", "systemLogLevel", "logGroup")),
    },
    attributes: { name: "function_name" },
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    type: "aws_lambda_function_event_invoke_config",
    properties: {
      ...same("functionName", "qualifier", "maximumEventAgeInSeconds", "maximumRetryAttempts"),
      destinationConfig: members("destination_config", { onFailure: members("on_failure", same("destination")) }),
    },
  },
  "aws:lambda/permission:Permission": {
    type: "aws_lambda_permission",
    properties: {
      ...same("action", "principal", "sourceArn", "sourceAccount", "qualifier"),
      function: "function_name",
    },
  },
  "aws:s3/bucket:Bucket": { type: "aws_s3_bucket", named: "bucket", properties: same("forceDestroy") },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    type: "aws_s3_bucket_lifecycle_configuration",
    properties: {
      ...same("bucket"),
      rules: listOf("rule", {
        ...same("id", "status"),
        filter: members("filter", same("prefix")),
        expiration: members("expiration", same("days")),
      }),
    },
  },
  "aws:s3/bucketPolicy:BucketPolicy": {
    type: "aws_s3_bucket_policy",
    properties: same("bucket", "policy"),
    documents: ["policy"],
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    type: "aws_s3_bucket_public_access_block",
    properties: same("bucket", "blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"),
  },
  "aws:sqs/queue:Queue": {
    type: "aws_sqs_queue",
    named: "name",
    properties: { ...same("messageRetentionSeconds"), sqsManagedSseEnabled: "sqs_managed_sse_enabled" },
  },
  "aws:sqs/queuePolicy:QueuePolicy": {
    type: "aws_sqs_queue_policy",
    properties: same("queueUrl", "policy"),
    documents: ["policy"],
  },
};
