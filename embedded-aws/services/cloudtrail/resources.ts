// The resources that an event is about, as the event history names and finds them («Resource», CloudTrail API
// reference). AWS doesn't say which members of which event it takes them from: here it is the request's own name or
// ARN. Not confirmed.
import type { CloudTrailRecord } from "./record.ts";

/** Member of the request -> type of the resource that it names, by event source. */
const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "cloudtrail.amazonaws.com": { name: "AWS::CloudTrail::Trail", trailName: "AWS::CloudTrail::Trail" },
  "dynamodb.amazonaws.com": { tableName: "AWS::DynamoDB::Table" },
  "events.amazonaws.com": { name: "AWS::Events::Rule", rule: "AWS::Events::Rule" },
  "iam.amazonaws.com": {
    roleName: "AWS::IAM::Role",
    userName: "AWS::IAM::User",
    policyArn: "AWS::IAM::Policy",
    openIDConnectProviderArn: "AWS::IAM::OIDCProvider",
  },
  "iot.amazonaws.com": {
    thingName: "AWS::IoT::Thing",
    thingTypeName: "AWS::IoT::ThingType",
    thingGroupName: "AWS::IoT::ThingGroup",
    billingGroupName: "AWS::IoT::BillingGroup",
    ruleName: "AWS::IoT::TopicRule",
  },
  "lambda.amazonaws.com": { functionName: "AWS::Lambda::Function" },
  "logs.amazonaws.com": { logGroupName: "AWS::Logs::LogGroup" },
  "monitoring.amazonaws.com": { alarmName: "AWS::CloudWatch::Alarm" },
  "s3.amazonaws.com": { bucketName: "AWS::S3::Bucket" },
  "sqs.amazonaws.com": { queueName: "AWS::SQS::Queue", queueUrl: "AWS::SQS::Queue" },
  "sts.amazonaws.com": { roleArn: "AWS::IAM::Role" },
};

export interface EventResource {
  readonly ResourceType: string;
  readonly ResourceName: string;
}

export function resourcesOf({ eventSource, requestParameters }: CloudTrailRecord): EventResource[] {
  const parameters = (requestParameters ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(TYPES[eventSource] ?? {}).flatMap(([member, ResourceType]) => {
    const ResourceName = parameters[member];
    return typeof ResourceName === "string" ? [{ ResourceType, ResourceName }] : [];
  });
}
