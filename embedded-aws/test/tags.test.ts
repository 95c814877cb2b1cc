// Tags are the same mechanism in every service: the permissions that they need, the conditions that they make, and
// what can't be one.
import { expect } from "chai";
import { CloudTrail } from "@aws-sdk/client-cloudtrail";
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { CUSTOMER, startCloud, type ClientConfig, type RunningCloud } from "./cloud.ts";
import { createRole, zip } from "./functions.ts";
import { assumeWith } from "./roles.ts";
import { codeOf, makeTrail, trailPolicy } from "./trails.ts";
import { arnOf } from "./names.ts";

type Tags = Readonly<Record<string, string>>;
const list = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const map = (tags: readonly { Key?: string | undefined; Value?: string | undefined }[] = []) =>
  Object.fromEntries(tags.map(({ Key = "", Value }) => [Key, Value]));

interface Tagged {
  /** What has to be there before; made by the administrator. */
  readonly prepare?: (running: RunningCloud) => Promise<unknown>;
  /** Makes `it` with tags. */
  readonly make: (config: ClientConfig, tags: Tags) => Promise<unknown>;
  /** The actions that making it with tags takes. */
  readonly actions: readonly string[];
  readonly tag: (config: ClientConfig, tags: Tags) => Promise<unknown>;
  readonly untag: (config: ClientConfig, keys: string[]) => Promise<unknown>;
  readonly read: (config: ClientConfig) => Promise<object>;
  readonly action: string;
  /** The code of tags that can't be. */
  readonly refusal: string;
  /** What 51 tags are refused with, where the model says that already. */
  readonly tooMany?: string;
}

const bucketFor = async (running: RunningCloud) => {
  await makeTrail(running, CUSTOMER);
  const { S3 } = await import("@aws-sdk/client-s3");
  const s3 = new S3({ ...running.config(CUSTOMER), forcePathStyle: true });
  await s3.createBucket({ Bucket: "for-it" });
  await s3.putBucketPolicy({ Bucket: "for-it", Policy: trailPolicy("for-it", CUSTOMER, "the-it") });
};
const queueUrl = ({ endpoint }: ClientConfig) => `${endpoint}/${CUSTOMER}/it`;
const role = `arn:aws:iam::${CUSTOMER}:role/fn`;

const TAGGED: Readonly<Record<string, Tagged>> = {
  lambda: {
    prepare: (running) => createRole(running, CUSTOMER, "fn"),
    make: (config, Tags) =>
      new Lambda(config).createFunction({
        ...{ FunctionName: "it", Role: role, Runtime: "nodejs24.x", Handler: "index.handler", Tags },
        Code: { ZipFile: zip({ "index.js": "exports.handler = () => 1;" }) },
      }),
    actions: ["lambda:CreateFunction", "iam:PassRole", "lambda:TagResource"],
    tag: (config, Tags) => new Lambda(config).tagResource({ Resource: arnOf("lambda", "function:it"), Tags }),
    untag: (config, TagKeys) => new Lambda(config).untagResource({ Resource: arnOf("lambda", "function:it"), TagKeys }),
    read: async (config) =>
      (await new Lambda(config).listTags({ Resource: arnOf("lambda", "function:it") })).Tags ?? {},
    action: "lambda:ListTags",
    refusal: "InvalidParameterValueException",
  },
  sqs: {
    make: (config, tags) => new SQS(config).createQueue({ QueueName: "it", tags }),
    actions: ["sqs:CreateQueue", "sqs:TagQueue"],
    tag: (config, Tags) => new SQS(config).tagQueue({ QueueUrl: queueUrl(config), Tags }),
    untag: (config, TagKeys) => new SQS(config).untagQueue({ QueueUrl: queueUrl(config), TagKeys }),
    read: async (config) => (await new SQS(config).listQueueTags({ QueueUrl: queueUrl(config) })).Tags ?? {},
    action: "sqs:ListQueueTags",
    refusal: "InvalidParameterValue",
  },
  logs: {
    // An empty map is refused: the model wants one tag at least.
    make: (config, tags) =>
      new CloudWatchLogs(config).createLogGroup({
        logGroupName: "it",
        ...(Object.keys(tags).length > 0 ? { tags } : {}),
      }),
    actions: ["logs:CreateLogGroup", "logs:TagResource"],
    tag: (config, tags) => new CloudWatchLogs(config).tagResource({ resourceArn: arnOf("logs", "log-group:it"), tags }),
    untag: (config, tagKeys) =>
      new CloudWatchLogs(config).untagResource({ resourceArn: arnOf("logs", "log-group:it"), tagKeys }),
    read: async (config) =>
      (await new CloudWatchLogs(config).listTagsForResource({ resourceArn: arnOf("logs", "log-group:it") })).tags ?? {},
    action: "logs:ListTagsForResource",
    refusal: "InvalidParameterException",
  },
  events: {
    make: (config, tags) =>
      new EventBridge(config).putRule({ Name: "it", EventPattern: '{"source":["x"]}', Tags: list(tags) }),
    actions: ["events:PutRule", "events:TagResource"],
    tag: (config, tags) =>
      new EventBridge(config).tagResource({ ResourceARN: arnOf("events", "rule/it"), Tags: list(tags) }),
    untag: (config, TagKeys) =>
      new EventBridge(config).untagResource({ ResourceARN: arnOf("events", "rule/it"), TagKeys }),
    read: async (config) =>
      map((await new EventBridge(config).listTagsForResource({ ResourceARN: arnOf("events", "rule/it") })).Tags),
    action: "events:ListTagsForResource",
    refusal: "LimitExceededException",
  },
  cloudtrail: {
    prepare: bucketFor,
    make: (config, tags) =>
      new CloudTrail(config).createTrail({ Name: "the-it", S3BucketName: "for-it", TagsList: list(tags) }),
    actions: ["cloudtrail:CreateTrail", "cloudtrail:AddTags"],
    tag: (config, tags) =>
      new CloudTrail(config).addTags({ ResourceId: arnOf("cloudtrail", "trail/the-it"), TagsList: list(tags) }),
    untag: (config, keys) =>
      new CloudTrail(config).removeTags({
        ResourceId: arnOf("cloudtrail", "trail/the-it"),
        TagsList: keys.map((Key) => ({ Key })),
      }),
    read: async (config) => {
      const { ResourceTagList = [] } = await new CloudTrail(config).listTags({
        ResourceIdList: [arnOf("cloudtrail", "trail/the-it")],
      });
      return map(ResourceTagList[0]?.TagsList);
    },
    action: "cloudtrail:ListTags",
    refusal: "InvalidTagParameterException",
  },
  cloudwatch: {
    make: (config, tags) =>
      new CloudWatch(config).putMetricAlarm({
        ...{ AlarmName: "it", Namespace: "N", MetricName: "m", Statistic: "Sum", Period: 60, EvaluationPeriods: 1 },
        ...{ Threshold: 0, ComparisonOperator: "GreaterThanThreshold", Tags: list(tags) },
      }),
    actions: ["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"],
    tag: (config, tags) =>
      new CloudWatch(config).tagResource({ ResourceARN: arnOf("cloudwatch", "alarm:it"), Tags: list(tags) }),
    untag: (config, TagKeys) =>
      new CloudWatch(config).untagResource({ ResourceARN: arnOf("cloudwatch", "alarm:it"), TagKeys }),
    read: async (config) =>
      map((await new CloudWatch(config).listTagsForResource({ ResourceARN: arnOf("cloudwatch", "alarm:it") })).Tags),
    action: "cloudwatch:ListTagsForResource",
    refusal: "InvalidParameterValueException",
  },
  dynamodb: {
    make: (config, tags) =>
      new DynamoDB(config).createTable({
        ...{ TableName: "the-it", BillingMode: "PAY_PER_REQUEST", Tags: list(tags) },
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      }),
    actions: ["dynamodb:CreateTable", "dynamodb:TagResource"],
    tag: (config, tags) =>
      new DynamoDB(config).tagResource({ ResourceArn: arnOf("dynamodb", "table/the-it"), Tags: list(tags) }),
    untag: (config, TagKeys) =>
      new DynamoDB(config).untagResource({ ResourceArn: arnOf("dynamodb", "table/the-it"), TagKeys }),
    read: async (config) =>
      map((await new DynamoDB(config).listTagsOfResource({ ResourceArn: arnOf("dynamodb", "table/the-it") })).Tags),
    action: "dynamodb:ListTagsOfResource",
    refusal: "ValidationException",
  },
  iam: {
    make: (config, tags) =>
      new IAM(config).createRole({
        RoleName: "it",
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { AWS: CUSTOMER }, Action: "sts:AssumeRole" }],
        }),
        Tags: list(tags),
      }),
    actions: ["iam:CreateRole", "iam:TagRole"],
    tag: (config, tags) => new IAM(config).tagRole({ RoleName: "it", Tags: list(tags) }),
    untag: (config, TagKeys) => new IAM(config).untagRole({ RoleName: "it", TagKeys }),
    read: async (config) => map((await new IAM(config).listRoleTags({ RoleName: "it" })).Tags),
    action: "iam:ListRoleTags",
    refusal: "InvalidInputException",
    tooMany: "ValidationError",
  },
};

describe("tags", () => {
  let running: RunningCloud;
  let admin: ClientConfig;
  before(async () => {
    running = await startCloud();
  });
  beforeEach(async () => {
    await running.cloud.reset();
    admin = running.config(CUSTOMER);
  });
  after(() => running.endpoint.close());
  const allow = (Action: string | readonly string[], Condition?: object) => ({
    Effect: "Allow",
    Action,
    Resource: "*",
    ...(Condition ? { Condition } : {}),
  });

  for (const [service, tagged] of Object.entries(TAGGED)) {
    describe(`of ${service}`, () => {
      beforeEach(() => tagged.prepare?.(running));

      it("come with what is made, are added, replaced and removed", async () => {
        await tagged.make(admin, { kept: "1", changed: "1", removed: "1" });
        await tagged.tag(admin, { changed: "2", added: "1" });
        await tagged.untag(admin, ["removed", "not there"]);
        expect(await tagged.read(admin)).to.deep.equal({ kept: "1", changed: "2", added: "1" });
      });

      it("need a permission of their own on the way", async () => {
        const may = async (actions: readonly string[]) =>
          running.config(await assumeWith(running, CUSTOMER, [allow(actions)]));
        const all = await may(tagged.actions);
        await tagged.make(all, { a: "1" });
        await running.cloud.reset();
        await tagged.prepare?.(running);
        expect(await codeOf(tagged.make(await may(tagged.actions.slice(0, -1)), { a: "1" }))).to.match(/^AccessDenied/);
      });

      it("are what conditions on the resource go by", async () => {
        await tagged.make(admin, { team: "lights" });
        const only = (team: string) => allow(tagged.action, { StringEquals: { "aws:ResourceTag/team": team } });
        const reader = running.config(await assumeWith(running, CUSTOMER, [only("lights")]));
        expect(await tagged.read(reader)).to.deep.equal({ team: "lights" });
        await tagged.tag(admin, { team: "doors" });
        expect(await codeOf(tagged.read(reader))).to.match(/^AccessDenied/);
      });

      it("have keys that aren't AWS's own, and are at most 50", async () => {
        await tagged.make(admin, {});
        expect(await codeOf(tagged.tag(admin, { "aws:mine": "1" }))).to.equal(tagged.refusal);
        const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key${index}`, "1"]));
        expect(await codeOf(tagged.tag(admin, many))).to.be.oneOf(
          tagged.tooMany ? [tagged.tooMany] : [tagged.refusal, "LimitExceededException"],
        );
        expect(await tagged.read(admin)).to.deep.equal({});
      });
    });
  }

  it("of IoT are checked like the others'", async () => {
    const iot = new IoT(admin);
    await iot.createThingType({ thingTypeName: "lamp", tags: [{ Key: "a", Value: "1" }] });
    const resourceArn = arnOf("iot", "thingtype/lamp");
    await iot.tagResource({ resourceArn, tags: [{ Key: "b", Value: "2" }] });
    await iot.untagResource({ resourceArn, tagKeys: ["a"] });
    expect((await iot.listTagsForResource({ resourceArn })).tags).to.deep.equal([{ Key: "b", Value: "2" }]);
    const twice = [
      { Key: "c", Value: "1" },
      { Key: "c", Value: "2" },
    ];
    expect(await codeOf(iot.tagResource({ resourceArn, tags: twice }))).to.equal("InvalidRequestException");
  });
});
