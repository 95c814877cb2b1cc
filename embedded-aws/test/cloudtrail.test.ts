import { gunzipSync } from "node:zlib";
import { type AdvancedFieldSelector, CloudTrail } from "@aws-sdk/client-cloudtrail";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { S3 } from "@aws-sdk/client-s3";
import { STS } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { codeOf, makeTrail, trailPolicy } from "./trails.ts";
import { documentOf } from "./names.ts";

interface Record {
  readonly [name: string]: unknown;
  readonly eventID: string;
  readonly eventName: string;
}

describe("CloudTrail", () => {
  let running: RunningCloud;
  let cloudtrail: CloudTrail;
  let events: EventBridge;
  let s3: S3;
  before(async () => {
    running = await startCloud();
    cloudtrail = new CloudTrail(running.config(CUSTOMER));
    events = new EventBridge(running.config(CUSTOMER));
    s3 = new S3({ ...running.config(CUSTOMER), forcePathStyle: true });
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  const effects = (name: string) => running.cloud.trace.since().filter((entry) => entry.name === name);

  /** The newest record of that event. */
  async function recordOf(name: string, client = cloudtrail): Promise<Record> {
    const LookupAttributes = [{ AttributeKey: "EventName", AttributeValue: name } as const];
    const { Events = [] } = await client.lookupEvents({ LookupAttributes });
    return JSON.parse(Events[0]?.CloudTrailEvent ?? "{}") as Record;
  }

  describe("a trail", () => {
    it("needs a bucket whose policy lets it read the ACL and write", async () => {
      const Bucket = "trail-bucket";
      const create = () => cloudtrail.createTrail({ Name: "audit", S3BucketName: Bucket });
      expect(await codeOf(create())).to.equal("S3BucketDoesNotExistException");
      await s3.createBucket({ Bucket });
      expect(await codeOf(create())).to.equal("InsufficientS3BucketPolicyException");
      await s3.putBucketPolicy({ Bucket, Policy: trailPolicy(Bucket, CUSTOMER, "another") });
      expect(await codeOf(create())).to.equal("InsufficientS3BucketPolicyException");
      await s3.putBucketPolicy({ Bucket, Policy: trailPolicy(Bucket, CUSTOMER, "audit") });
      expect((await create()).TrailARN).to.equal(`arn:aws:cloudtrail:us-east-1:${CUSTOMER}:trail/audit`);
      expect(await codeOf(create())).to.equal("TrailAlreadyExistsException");
    });

    it("is described with its selectors, status and tags", async () => {
      await makeTrail(running, CUSTOMER);
      const EventSelectors = [{ ReadWriteType: "WriteOnly", IncludeManagementEvents: true } as const];
      await cloudtrail.putEventSelectors({ TrailName: "audit", EventSelectors });
      expect((await cloudtrail.getEventSelectors({ TrailName: "audit" })).EventSelectors?.[0]).to.include(
        EventSelectors[0],
      );
      expect((await cloudtrail.getTrailStatus({ Name: "audit" })).IsLogging).to.equal(false);
      await cloudtrail.startLogging({ Name: "audit" });
      expect((await cloudtrail.getTrailStatus({ Name: "audit" })).IsLogging).to.equal(true);
      const { Trail } = await cloudtrail.getTrail({ Name: "audit" });
      expect(Trail).to.include({ HomeRegion: "us-east-1", IsMultiRegionTrail: false, HasCustomEventSelectors: true });
      const ResourceId = Trail?.TrailARN ?? "";
      await cloudtrail.addTags({ ResourceId, TagsList: [{ Key: "a", Value: "b" }] });
      const { ResourceTagList } = await cloudtrail.listTags({ ResourceIdList: [ResourceId] });
      expect(ResourceTagList?.[0]?.TagsList).to.deep.equal([{ Key: "a", Value: "b" }]);
      await cloudtrail.deleteTrail({ Name: "audit" });
      expect(await codeOf(cloudtrail.getTrail({ Name: "audit" }))).to.equal("TrailNotFoundException");
    });

    it("writes gzipped log files every five minutes while it logs", async () => {
      await makeTrail(running, CUSTOMER);
      await cloudtrail.startLogging({ Name: "audit" });
      await events.putRule({ Name: "logged", EventPattern: '{"source":["x"]}' });
      await running.cloud.advance(300_000);
      const Bucket = `audit-${CUSTOMER}`;
      const { Contents = [] } = await s3.listObjectsV2({ Bucket });
      const Key = Contents.map(({ Key = "" }) => Key).find((key) => key.endsWith(".json.gz")) ?? "";
      expect(Key).to.match(
        /^AWSLogs\/111111111111\/CloudTrail\/us-east-1\/\d{4}\/\d\d\/\d\d\/111111111111_CloudTrail_us-east-1_\d{8}T\d{4}Z_\w{16}\.json\.gz$/,
      );
      const bytes = await (await s3.getObject({ Bucket, Key })).Body?.transformToByteArray();
      const { Records } = JSON.parse(gunzipSync(bytes ?? new Uint8Array()).toString()) as { Records: Record[] };
      expect(Records.map(({ eventName }) => eventName)).to.include("PutRule");
    });

    it("says in its status when the bucket no longer takes log files", async () => {
      await makeTrail(running, CUSTOMER);
      await cloudtrail.startLogging({ Name: "audit" });
      await s3.deleteBucketPolicy({ Bucket: `audit-${CUSTOMER}` });
      await running.cloud.advance(300_000);
      expect((await cloudtrail.getTrailStatus({ Name: "audit" })).LatestDeliveryError).to.equal("AccessDenied");
    });
  });

  describe("a record", () => {
    it("has CloudTrail's fields, and the model's members in camel case", async () => {
      const { RuleArn } = await events.putRule({ Name: "r", EventPattern: '{"source":["x"]}' });
      const record = await recordOf("PutRule");
      expect(record).to.include({
        eventVersion: "1.11",
        eventSource: "events.amazonaws.com",
        eventName: "PutRule",
        awsRegion: "us-east-1",
        sourceIPAddress: "127.0.0.1",
        readOnly: false,
        eventType: "AwsApiCall",
        managementEvent: true,
        recipientAccountId: CUSTOMER,
        eventCategory: "Management",
      });
      expect(record["requestParameters"]).to.deep.equal({ name: "r", eventPattern: '{"source":["x"]}' });
      expect(record["responseElements"]).to.deep.equal({ ruleArn: RuleArn });
      expect(record["userIdentity"]).to.include({ type: "IAMUser", accountId: CUSTOMER, userName: "administrator" });
      expect(record["eventTime"]).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    });

    it("of a failed call has the error, and no response", async () => {
      await codeOf(events.putRule({ Name: "r", EventPattern: "{" }));
      const record = await recordOf("PutRule");
      expect(record).to.include({ errorCode: "InvalidEventPatternException", responseElements: null });
      expect(record["requestParameters"]).to.deep.equal({ name: "r", eventPattern: "{" });
    });

    it("of CreateThing has the model's own names, maps as they were given, and the thing's id", async () => {
      const iot = new IoT(running.config(CUSTOMER));
      const attributePayload = { attributes: { Colour: "red" } };
      const { thingId, thingArn } = await iot.createThing({ thingName: "lamp", attributePayload });
      const record = await recordOf("CreateThing");
      expect(record["requestParameters"]).to.deep.equal({ thingName: "lamp", attributePayload });
      expect(record["responseElements"]).to.deep.equal({ thingName: "lamp", thingArn, thingId });
    });

    it("of a role that is assumed from another account is in both, without the session's token", async () => {
      const iam = new IAM(running.config(PARTNER));
      const Principal = { AWS: `arn:aws:iam::${CUSTOMER}:root` };
      const trust = { Effect: "Allow", Principal, Action: "sts:AssumeRole" };
      const AssumeRolePolicyDocument = documentOf(trust);
      const { Role } = await iam.createRole({ RoleName: "publish", AssumeRolePolicyDocument });
      const sts = new STS(running.config(CUSTOMER));
      const { Credentials } = await sts.assumeRole({ RoleArn: Role?.Arn, RoleSessionName: "session" });
      const mine = await recordOf("AssumeRole");
      const theirs = await recordOf("AssumeRole", new CloudTrail(running.config(PARTNER)));
      expect([mine["recipientAccountId"], theirs["recipientAccountId"]]).to.deep.equal([CUSTOMER, PARTNER]);
      expect(theirs["sharedEventID"]).to.be.a("string").that.equals(mine["sharedEventID"]);
      expect(theirs["readOnly"]).to.equal(true);
      expect(JSON.stringify(theirs)).to.include(Credentials?.AccessKeyId);
      expect(JSON.stringify(theirs)).not.to.include(Credentials?.SessionToken);
      expect(JSON.stringify(theirs)).not.to.include(Credentials?.SecretAccessKey);
    });

    it("of a denied call has the error, and neither parameters nor response", async () => {
      const partner = new S3({ ...running.config(PARTNER), forcePathStyle: true });
      await s3.createBucket({ Bucket: "mine" });
      expect(await codeOf(partner.deleteBucketPolicy({ Bucket: "mine" }))).to.equal("AccessDenied");
      const record = await recordOf("DeleteBucketPolicy", new CloudTrail(running.config(PARTNER)));
      expect(record).to.include({ errorCode: "AccessDenied", requestParameters: null, responseElements: null });
    });

    it("is not made of a data event", async () => {
      await events.putEvents({ Entries: [{ Source: "s", DetailType: "t", Detail: "{}" }] });
      expect(await recordOf("PutEvents")).to.deep.equal({});
    });
  });

  describe("the event history", () => {
    it("shows 90 days of events without a trail, newest first, in pages", async () => {
      for (const Name of ["r1", "r2", "r3"]) await events.putRule({ Name, EventPattern: '{"source":["x"]}' });
      const LookupAttributes = [{ AttributeKey: "EventName", AttributeValue: "PutRule" } as const];
      const first = await cloudtrail.lookupEvents({ LookupAttributes, MaxResults: 2 });
      const second = await cloudtrail.lookupEvents({ LookupAttributes, MaxResults: 2, NextToken: first.NextToken });
      const names = [...(first.Events ?? []), ...(second.Events ?? [])].map(
        ({ CloudTrailEvent = "" }) =>
          (JSON.parse(CloudTrailEvent) as { requestParameters: { name: string } }).requestParameters.name,
      );
      expect(names).to.deep.equal(["r3", "r2", "r1"]);
      expect(second.NextToken).to.equal(undefined);
      await running.cloud.advance(91 * 86_400_000);
      expect((await cloudtrail.lookupEvents({ LookupAttributes })).Events).to.deep.equal([]);
    });

    it("is searched by the resource that an event names, and by its type", async () => {
      const iot = new IoT(running.config(CUSTOMER));
      await iot.createThing({ thingName: "lamp" });
      await iot.createThing({ thingName: "door" });
      await iot.createThingGroup({ thingGroupName: "lamp" });
      const found = async (AttributeKey: "ResourceName" | "ResourceType", AttributeValue: string) => {
        const { Events = [] } = await cloudtrail.lookupEvents({ LookupAttributes: [{ AttributeKey, AttributeValue }] });
        return Events.map(({ EventName, Resources }) => ({ EventName, Resources }));
      };
      const created = (ResourceName: string) => ({
        EventName: "CreateThing",
        Resources: [{ ResourceType: "AWS::IoT::Thing", ResourceName }],
      });
      const group = {
        EventName: "CreateThingGroup",
        Resources: [{ ResourceType: "AWS::IoT::ThingGroup", ResourceName: "lamp" }],
      };
      expect(await found("ResourceName", "lamp")).to.deep.equal([group, created("lamp")]);
      expect(await found("ResourceType", "AWS::IoT::Thing")).to.deep.equal([created("door"), created("lamp")]);
      expect(await codeOf(found("Resource" as "ResourceName", "lamp"))).to.equal("InvalidLookupAttributesException");
    });
  });

  describe("on EventBridge", () => {
    const EventPattern = JSON.stringify({
      source: ["aws.events"],
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: { eventName: ["PutRule", "DescribeRule"], requestParameters: { name: [{ prefix: "watched" }] } },
    });
    const watched = async () => {
      await events.putRule({ Name: "watched-1", EventPattern: '{"source":["x"]}' });
      await running.cloud.settled();
    };
    beforeEach(async () => {
      await events.putRule({ Name: "watcher", EventPattern });
    });

    it("nothing arrives without a trail, and the trace says why", async () => {
      await watched();
      expect(effects("RuleMatched")).to.have.length(0);
      expect(effects("NoTrail")).to.have.length(1);
      expect(effects("NoTrail")[0]?.error?.message).to.match(/^No trail in account 111111111111 .*it has none/);
    });

    it("nothing arrives while the trail isn't logging, logs read events only, or is of another Region", async () => {
      await makeTrail(running, CUSTOMER);
      await watched();
      expect(effects("NoTrail").at(-1)?.error?.message).to.include("audit is not logging");
      await cloudtrail.startLogging({ Name: "audit" });
      await cloudtrail.putEventSelectors({ TrailName: "audit", EventSelectors: [{ ReadWriteType: "ReadOnly" }] });
      await watched();
      expect(effects("NoTrail").at(-1)?.error?.message).to.include("audit logs no write management events");
      expect(effects("RuleMatched")).to.have.length(0);
    });

    it("nothing arrives where advanced selectors leave the call out, and it does where they have it", async () => {
      await makeTrail(running, CUSTOMER);
      await cloudtrail.startLogging({ Name: "audit" });
      const select = (...more: AdvancedFieldSelector[]) =>
        cloudtrail.putEventSelectors({
          TrailName: "audit",
          AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }, ...more] }],
        });
      await select({ Field: "readOnly", Equals: ["true"] });
      await watched();
      expect(effects("NoTrail").at(-1)?.error?.message).to.include("audit logs no write management events");
      await select(
        { Field: "readOnly", Equals: ["false"] },
        { Field: "eventSource", NotEquals: ["kms.amazonaws.com"] },
      );
      await watched();
      expect(effects("RuleMatched").length).to.be.greaterThan(0);
      expect(await cloudtrail.getEventSelectors({ TrailName: "audit" })).to.not.have.property("EventSelectors");
      expect((await cloudtrail.listTrails({})).Trails).to.have.length(1);
    });

    it("a write call arrives while a trail logs, and a read call doesn't", async () => {
      await makeTrail(running, CUSTOMER);
      await cloudtrail.startLogging({ Name: "audit" });
      await watched();
      expect(effects("RuleMatched")).to.have.length(1);
      await events.describeRule({ Name: "watched-1" });
      await running.cloud.settled();
      expect(effects("RuleMatched")).to.have.length(1);
      expect(effects("NoTrail")).to.have.length(0);
    });

    it("says nothing about calls that no rule waits for", async () => {
      await events.putRule({ Name: "other", EventPattern: '{"source":["x"]}' });
      await new STS(running.config(CUSTOMER)).getCallerIdentity({});
      expect(effects("NoTrail")).to.have.length(0);
    });

    it("a multi-Region trail sends what happens in other Regions to the bus there", async () => {
      await makeTrail(running, CUSTOMER);
      await cloudtrail.startLogging({ Name: "audit" });
      const west = new EventBridge(running.config(CUSTOMER, "eu-west-1"));
      await west.putRule({ Name: "watcher", EventPattern });
      await west.putRule({ Name: "watched-1", EventPattern: '{"source":["x"]}' });
      await running.cloud.settled();
      expect(effects("NoTrail").at(-1)?.error?.message).to.include("logs us-east-1 only, not eu-west-1");
      await cloudtrail.updateTrail({ Name: "audit", IsMultiRegionTrail: true });
      await west.putRule({ Name: "watched-2", EventPattern: '{"source":["x"]}' });
      await running.cloud.settled();
      expect(effects("RuleMatched").map(({ region }) => region)).to.deep.equal(["eu-west-1"]);
    });

    it("arrives twice, late and out of order when told to", async () => {
      await makeTrail(running, CUSTOMER);
      await cloudtrail.startLogging({ Name: "audit" });
      const put = (settings: object) => running.control("PUT", "delivery", settings);
      expect((await put({ duplicate: 1 })).status).to.equal(204);
      await watched();
      expect(effects("RuleMatched")).to.have.length(2);
      await put({ delaySeconds: 20 });
      await watched();
      expect(effects("RuleMatched")).to.have.length(2);
      await running.cloud.advance(20_000);
      expect(effects("RuleMatched")).to.have.length(3);
      await put({ reorder: true });
      await watched();
      expect(effects("RuleMatched")).to.have.length(3);
      await watched();
      expect(effects("RuleMatched")).to.have.length(5);
      const [older, newer] = [effects("PutRule").at(-2), effects("PutRule").at(-1)];
      expect(
        effects("RuleMatched")
          .slice(-2)
          .map(({ parentId }) => parentId),
      ).to.deep.equal([newer?.spanId, older?.spanId]);
      expect((await put({ duplicates: 1 })).status).to.equal(400);
    });
  });
});
