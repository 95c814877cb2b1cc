// From Pulumi's resource types and provider functions to AWS calls. What isn't in the table is refused: a type that
// was accepted and ignored would deploy here and surprise on AWS.
import { partitionOf } from "../core/arn.ts";
import type { Clients } from "./clients.ts";
import type { Properties, ResourceType } from "./resource.ts";
import { trail } from "./resources/cloudtrail.ts";
import { table, tableItem } from "./resources/dynamodb.ts";
import { dashboard, metricAlarm } from "./resources/cloudwatch.ts";
import { eventRule, eventTarget } from "./resources/events.ts";
import { openIdConnectProvider, role, rolePolicy, rolePolicyAttachment } from "./resources/iam.ts";
import { eventConfigurations, topicRule } from "./resources/iot.ts";
import { functionEventInvokeConfig } from "./resources/lambda-event-invoke-config.ts";
import { alias } from "./resources/lambda-alias.ts";
import { permission } from "./resources/lambda-permission.ts";
import { lambdaFunction } from "./resources/lambda.ts";
import { logGroup } from "./resources/logs.ts";
import { bucket, bucketLifecycle, bucketPolicy, bucketPublicAccessBlock } from "./resources/s3.ts";
import { queue, queuePolicy } from "./resources/sqs.ts";

const RESOURCES: Readonly<Record<string, ResourceType>> = {
  "aws:cloudtrail/trail:Trail": trail,
  "aws:cloudwatch/dashboard:Dashboard": dashboard,
  "aws:cloudwatch/eventRule:EventRule": eventRule,
  "aws:cloudwatch/eventTarget:EventTarget": eventTarget,
  "aws:cloudwatch/logGroup:LogGroup": logGroup,
  "aws:cloudwatch/metricAlarm:MetricAlarm": metricAlarm,
  "aws:dynamodb/table:Table": table,
  "aws:dynamodb/tableItem:TableItem": tableItem,
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": openIdConnectProvider,
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rolePolicyAttachment,
  "aws:iot/eventConfigurations:EventConfigurations": eventConfigurations,
  "aws:iot/topicRule:TopicRule": topicRule,
  "aws:lambda/alias:Alias": alias,
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": functionEventInvokeConfig,
  "aws:lambda/permission:Permission": permission,
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketLifecycle,
  "aws:s3/bucketPolicy:BucketPolicy": bucketPolicy,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketPublicAccessBlock,
  "aws:sqs/queue:Queue": queue,
  "aws:sqs/queuePolicy:QueuePolicy": queuePolicy,
};

/** Throws a sentence for a type that isn't in the table. */
export function resourceType(type: string): ResourceType {
  const found = RESOURCES[type];
  if (!found)
    throw new Error(
      `The embedded AWS can't make a ${type}: it isn't in embedded-aws/pulumi/table.ts. A row there, and a ` +
        "service behind it, would.",
    );
  return found;
}

/** Answers to provider functions. */
const FUNCTIONS: Readonly<Record<string, (aws: Clients, args: Properties) => Promise<Properties>>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": async (aws) => {
    const { Account, Arn, UserId } = await (await aws.sts()).getCallerIdentity({});
    return { accountId: Account, arn: Arn, userId: UserId, id: Account };
  },
  "aws:index/getRegion:getRegion": (aws) =>
    Promise.resolve({
      name: aws.region,
      region: aws.region,
      id: aws.region,
      endpoint: `ec2.${aws.region}.amazonaws.com`,
      description: aws.region,
    }),
  "aws:index/getPartition:getPartition": (aws) => {
    const partition = partitionOf(aws.region);
    const dnsSuffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    const reverseDnsPrefix = dnsSuffix.split(".").reverse().join(".");
    return Promise.resolve({ partition, dnsSuffix, reverseDnsPrefix, id: partition });
  },
  "aws:iot/getEndpoint:getEndpoint": async (aws, args) => {
    const { endpointAddress } = await (
      await aws.iot()
    ).describeEndpoint({ endpointType: args.endpointType as string | undefined });
    return { endpointAddress, endpointType: (args.endpointType ?? "iot:Data") as string, id: endpointAddress };
  },
};

/** Throws a sentence for a function that isn't in the table. */
export async function invoke(token: string, aws: Clients, args: Properties): Promise<Properties> {
  const found = FUNCTIONS[token];
  if (!found) throw new Error(`The embedded AWS can't answer ${token}: it isn't in embedded-aws/pulumi/table.ts.`);
  return found(aws, args);
}
