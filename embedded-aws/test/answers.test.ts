// What SQS, IAM, STS and CloudWatch Logs answered on AWS, recorded by another project's tests; what those only assert
// is marked.
import { CloudTrail } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { IAM } from "@aws-sdk/client-iam";
import { S3 } from "@aws-sdk/client-s3";
import { SQS } from "@aws-sdk/client-sqs";
import { STS } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { METRICS } from "../core/metrics.ts";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";
import { documentOf } from "./names.ts";

let running: RunningCloud;
before(async () => {
  running = await startCloud();
});
after(() => running.endpoint.close());

describe("what SQS answers", () => {
  let sqs: SQS;
  let QueueUrl: string;
  beforeEach(async () => {
    await running.cloud.reset();
    sqs = new SQS(running.config(CUSTOMER));
    QueueUrl = (await sqs.createQueue({ QueueName: "q" })).QueueUrl ?? "";
  });
  const received = async () => (await sqs.receiveMessage({ QueueUrl })).Messages?.[0]?.ReceiptHandle ?? "";
  const change = (ReceiptHandle: string, VisibilityTimeout = 30) =>
    sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout });

  it("lets a message be hidden again after its time", async () => {
    await sqs.sendMessage({ QueueUrl, MessageBody: "a" });
    const handle = await received();
    await running.cloud.advance(30_000);
    await change(handle);
    expect(await received()).to.equal("");
    await running.cloud.advance(30_000);
    expect(await received()).not.to.equal("");
  });

  it("refuses to hide a message that was deleted (asserted there)", async () => {
    await sqs.sendMessage({ QueueUrl, MessageBody: "a" });
    const handle = await received();
    await sqs.deleteMessage({ QueueUrl, ReceiptHandle: handle });
    expect(await failure(change(handle))).to.equal(
      `InvalidParameterValue: Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does ` +
        "not exist or is not available for visibility timeout change.",
    );
  });

  it("knows a queue by its name alone (asserted there), and gives all attributes for *", async () => {
    const MessageAttributes = { a: { DataType: "String", StringValue: "x" } };
    await sqs.sendMessage({ QueueUrl: "q", MessageBody: "a", MessageAttributes });
    const { Messages } = await sqs.receiveMessage({ QueueUrl: "q", MessageAttributeNames: ["*"] });
    expect(Messages?.[0]?.MessageAttributes).to.have.property("a");
  });

  it("makes a queue again with documents that differ in spaces and order only, and not with others", async () => {
    const policy = (Effect: string) => ({
      Version: "2012-10-17",
      Statement: [{ Effect, Principal: "*", Action: "sqs:*", Resource: "*" }],
    });
    const make = (Policy: string) => sqs.createQueue({ QueueName: "r", Attributes: { Policy, DelaySeconds: "05" } });
    const { Version, Statement } = policy("Allow");
    await make(JSON.stringify({ Version, Statement }));
    await make(JSON.stringify({ Statement, Version }, null, 2));
    const other = make(JSON.stringify(policy("Deny")));
    expect(await failure(other)).to.match(/^QueueNameExists: .* a different value for attribute Policy$/);
  });

  it("says how many messages may be received, and that an attribute is empty", async () => {
    expect(await failure(sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 11 }))).to.equal(
      "InvalidParameterValue: Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be " +
        "between 1 and 10, if provided.",
    );
    const send = (StringValue: string) =>
      sqs.sendMessage({ QueueUrl, MessageBody: "a", MessageAttributes: { E: { DataType: "String", StringValue } } });
    expect(await failure(send(""))).to.equal(
      "InvalidParameterValue: Message (user) attribute 'E' must contain a non-empty value of type 'String'.",
    );
    // Asserted there.
    expect(await failure(send("a\u0001"))).to.match(/^InvalidParameterValue: .*'E' contains invalid characters/);
  });

  it("measures the sizes of messages", async () => {
    await sqs.sendMessage({ QueueUrl, MessageBody: "hello" });
    const metrics = [...running.cloud.state(METRICS, { account: CUSTOMER, region: "us-east-1" }).values()];
    const sizes = metrics.find(({ name }) => name === "SentMessageSize");
    expect(sizes).to.include({ namespace: "AWS/SQS", unit: "Bytes" });
    expect(sizes?.datapoints[0]).to.include({ sum: 5, count: 1 });
  });
});

describe("what IAM and STS answer", () => {
  let iam: IAM;
  beforeEach(async () => {
    await running.cloud.reset();
    iam = new IAM(running.config(CUSTOMER));
  });
  const AssumeRolePolicyDocument = documentOf({
    Effect: "Allow",
    Principal: { AWS: PARTNER },
    Action: "sts:AssumeRole",
  });

  it("shows neither session duration nor last use of a role that was just made", async () => {
    const { Role } = await iam.createRole({ RoleName: "r", AssumeRolePolicyDocument });
    expect(Role).not.to.have.any.keys("MaxSessionDuration", "RoleLastUsed");
    expect((await iam.getRole({ RoleName: "r" })).Role).to.include({ MaxSessionDuration: 3600 });
  });

  it("sets a role back to an hour when it is updated without a duration (API reference)", async () => {
    await iam.createRole({ RoleName: "r", AssumeRolePolicyDocument, MaxSessionDuration: 7200 });
    await iam.updateRole({ RoleName: "r", Description: "d" });
    expect((await iam.getRole({ RoleName: "r" })).Role).to.include({ MaxSessionDuration: 3600, Description: "d" });
  });

  it("doesn't attach what is no ARN", async () => {
    await iam.createRole({ RoleName: "r", AssumeRolePolicyDocument });
    const attach = iam.attachRolePolicy({ RoleName: "r", PolicyArn: "longpolicynamebutnoarn" });
    expect(await failure(attach)).to.equal("ValidationError: Invalid ARN:  Could not be parsed!");
  });

  it("shows the tags of a policy that has none", async () => {
    const PolicyDocument = documentOf({ Effect: "Allow", Action: "iot:*", Resource: "*" });
    const { Policy } = await iam.createPolicy({ PolicyName: "p", PolicyDocument });
    expect((await iam.getPolicy({ PolicyArn: Policy?.Arn })).Policy?.Tags).to.deep.equal([]);
  });

  it("names the ARN that is none", async () => {
    const RoleArn = "nothing-valid-in-here";
    const assume = new STS(running.config(CUSTOMER)).assumeRole({ RoleArn, RoleSessionName: "test" });
    expect(await failure(assume)).to.equal("ValidationError: nothing-valid-in-here is invalid");
  });
});

describe("what S3 and CloudTrail answer", () => {
  beforeEach(() => running.cloud.reset());

  it("says that an object without a type is binary/octet-stream", async () => {
    const s3 = new S3({ ...running.config(CUSTOMER), forcePathStyle: true });
    await s3.createBucket({ Bucket: "bucket" });
    // This client would name a type of its own; others send none.
    s3.middlewareStack.add(
      (next) => (args) => {
        delete (args.request as { headers: Record<string, string> }).headers["content-type"];
        return next(args);
      },
      { step: "build", priority: "low" },
    );
    await s3.putObject({ Bucket: "bucket", Key: "k", Body: "a" });
    expect((await s3.headObject({ Bucket: "bucket", Key: "k" })).ContentType).to.equal("binary/octet-stream");
  });

  it("finds no trail by a name that none can have, in words of its own", async () => {
    const get = (Name: string) => new CloudTrail(running.config(CUSTOMER)).getTrail({ Name });
    expect(await failure(get("?"))).to.match(/^InvalidTrailNameException: /);
    expect(await failure(get("audit"))).to.match(/^TrailNotFoundException: /);
  });
});

describe("what CloudWatch Logs answers", () => {
  let logs: CloudWatchLogs;
  const at = { logGroupName: "g", logStreamName: "s" };
  beforeEach(async () => {
    await running.cloud.reset();
    logs = new CloudWatchLogs(running.config(CUSTOMER));
    await logs.createLogGroup({ logGroupName: "g" });
    await logs.createLogStream(at);
  });
  const hours = (count: number) => running.cloud.clock.now() - count * 3_600_000;

  it("takes a name or an identifier of a group, not both", async () => {
    const both = logs.describeLogStreams({ logGroupName: "g", logGroupIdentifier: "g" });
    expect(await failure(both)).to.equal(
      "ValidationException: LogGroup name and LogGroup ARN are mutually exclusive parameters.",
    );
  });

  it("says of a group that nothing keeps it from deletion", async () => {
    expect((await logs.describeLogGroups({})).logGroups?.[0]).to.include({ deletionProtectionEnabled: false });
  });

  it("takes no batch that spans more than a day (API reference)", async () => {
    const put = (first: number) =>
      logs.putLogEvents({ ...at, logEvents: [first, 0].map((n) => ({ timestamp: hours(n), message: `${n}` })) });
    expect(await failure(put(25))).to.match(/^InvalidParameterException: .*cannot span more than 24 hours/);
    expect((await put(23)).nextSequenceToken).to.match(/^\d{56}$/);
  });
});
