import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { codeOf } from "./trails.ts";
import { arnOf, documentOf } from "./names.ts";

describe("SQS", () => {
  let running: RunningCloud;
  let sqs: SQS;
  let QueueUrl: string;
  before(async () => {
    running = await startCloud();
    // The client checks the MD5 sums of bodies itself.
    sqs = new SQS(running.config(CUSTOMER));
  });
  beforeEach(async () => {
    await running.cloud.reset();
    QueueUrl = (await sqs.createQueue({ QueueName: "q" })).QueueUrl ?? "";
  });
  after(() => running.endpoint.close());

  const bodies = async (input: object = {}): Promise<(string | undefined)[]> =>
    ((await sqs.receiveMessage({ QueueUrl, ...input })).Messages ?? []).map(({ Body }) => Body);

  it("makes a queue once, and says where it is", async () => {
    expect(QueueUrl).to.equal(`${running.endpoint.url}/${CUSTOMER}/q`);
    expect((await sqs.createQueue({ QueueName: "q" })).QueueUrl).to.equal(QueueUrl);
    const Attributes = { VisibilityTimeout: "31" };
    expect(await codeOf(sqs.createQueue({ QueueName: "q", Attributes }))).to.equal("QueueNameExists");
    expect((await sqs.getQueueUrl({ QueueName: "q" })).QueueUrl).to.equal(QueueUrl);
    expect((await sqs.listQueues({ QueueNamePrefix: "q" })).QueueUrls).to.deep.equal([QueueUrl]);
    expect(await codeOf(sqs.listQueues({ MaxResults: 1001 }))).to.equal("InvalidParameterValue");
    expect(await codeOf(sqs.createQueue({ QueueName: "a.fifo" }))).to.equal("NotModelledHere");
  });

  it("forgets a deleted queue, and keeps its name for a minute", async () => {
    await sqs.deleteQueue({ QueueUrl });
    expect(await codeOf(sqs.sendMessage({ QueueUrl, MessageBody: "a" }))).to.equal("QueueDoesNotExist");
    expect(await codeOf(sqs.createQueue({ QueueName: "q" }))).to.equal("QueueDeletedRecently");
    await running.cloud.advance(60_000);
    await sqs.createQueue({ QueueName: "q" });
  });

  it("sets and shows attributes, all or none", async () => {
    const bad = { DelaySeconds: "1", VisibilityTimeout: "43201" };
    expect(await codeOf(sqs.setQueueAttributes({ QueueUrl, Attributes: bad }))).to.equal("InvalidAttributeValue");
    const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] });
    expect(Attributes).to.include({ QueueArn: arnOf("sqs", "q"), DelaySeconds: "0", VisibilityTimeout: "30" });
    expect(await codeOf(sqs.setQueueAttributes({ QueueUrl, Attributes: { Speed: "1" } as never }))).to.equal(
      "InvalidAttributeName",
    );
  });

  it("hides a received message until its time is over, and deletes it by its last handle", async () => {
    await sqs.sendMessage({ QueueUrl, MessageBody: "a" });
    const first = (await sqs.receiveMessage({ QueueUrl, MessageSystemAttributeNames: ["All"] })).Messages?.[0];
    expect(first?.Attributes).to.include({ ApproximateReceiveCount: "1" });
    expect(await bodies()).to.deep.equal([]);
    await running.cloud.advance(30_000);
    const second = (await sqs.receiveMessage({ QueueUrl })).Messages?.[0];
    expect(second?.Body).to.equal("a");
    await sqs.deleteMessage({ QueueUrl, ReceiptHandle: first?.ReceiptHandle });
    await running.cloud.advance(30_000);
    const third = (await sqs.receiveMessage({ QueueUrl })).Messages?.[0];
    await sqs.deleteMessage({ QueueUrl, ReceiptHandle: third?.ReceiptHandle });
    await running.cloud.advance(30_000);
    expect(await bodies()).to.deep.equal([]);
    expect(await codeOf(sqs.deleteMessage({ QueueUrl, ReceiptHandle: "x" }))).to.equal("ReceiptHandleIsInvalid");
  });

  it("shows a message again at once when its visibility is set to zero", async () => {
    await sqs.sendMessage({ QueueUrl, MessageBody: "a" });
    const ReceiptHandle = (await sqs.receiveMessage({ QueueUrl })).Messages?.[0]?.ReceiptHandle;
    await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
    const again = sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
    expect(await codeOf(again)).to.equal("MessageNotInflight");
    expect(await bodies()).to.deep.equal(["a"]);
  });

  // LocalStack's test_terminate_visibility_timeout_after_receive, validated on AWS.
  it("shows a message again that was received twice, also by its older handle", async () => {
    await sqs.sendMessage({ QueueUrl, MessageBody: "a" });
    const first = (await sqs.receiveMessage({ QueueUrl, VisibilityTimeout: 0 })).Messages?.[0];
    expect((await sqs.receiveMessage({ QueueUrl, VisibilityTimeout: 3 })).Messages).to.have.length(1);
    const ReceiptHandle = first?.ReceiptHandle;
    await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
    expect(await bodies()).to.deep.equal(["a"]);
  });

  it("answers a long poll when a message comes, and without one when its time is over", async () => {
    const polled = bodies({ WaitTimeSeconds: 20 });
    await running.cloud.settled();
    await sqs.sendMessage({ QueueUrl, MessageBody: "a" });
    expect(await polled).to.deep.equal(["a"]);
    const empty = bodies({ WaitTimeSeconds: 20 });
    // Another call on the same client's connections has been answered: the poll has arrived.
    await sqs.listQueues({});
    await running.cloud.advance(20_000);
    expect(await empty).to.deep.equal([]);
  });

  it("delays messages", async () => {
    await sqs.sendMessage({ QueueUrl, MessageBody: "a", DelaySeconds: 10 });
    expect(await bodies()).to.deep.equal([]);
    const AttributeNames = ["ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessages"] as const;
    const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: [...AttributeNames] });
    expect(Attributes).to.deep.equal({ ApproximateNumberOfMessagesDelayed: "1", ApproximateNumberOfMessages: "0" });
    await running.cloud.advance(10_000);
    expect(await bodies()).to.deep.equal(["a"]);
  });

  it("carries attributes, with their MD5 as SQS calculates it", async () => {
    const MessageAttributes = {
      text: { DataType: "String", StringValue: "hello" },
      bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2]) },
    };
    const sent = await sqs.sendMessage({ QueueUrl, MessageBody: "a", MessageAttributes });
    const received = (await sqs.receiveMessage({ QueueUrl, MessageAttributeNames: ["All"] })).Messages?.[0];
    expect(received?.MessageAttributes?.["text"]?.StringValue).to.equal("hello");
    expect([...(received?.MessageAttributes?.["bytes"]?.BinaryValue ?? [])]).to.deep.equal([1, 2]);
    expect(received?.MD5OfMessageAttributes).to.equal(sent.MD5OfMessageAttributes);
    // Calculated by hand from the steps in the developer guide, with other tools.
    expect(sent.MD5OfMessageAttributes).to.equal("91cb609f2d624a88ff3d59fcdee366f5");
  });

  it("drops messages after the retention period", async () => {
    await sqs.setQueueAttributes({ QueueUrl, Attributes: { MessageRetentionPeriod: "60" } });
    await sqs.sendMessage({ QueueUrl, MessageBody: "a" });
    await running.cloud.advance(60_000);
    expect(await bodies()).to.deep.equal([]);
  });

  it("purges a queue, once a minute", async () => {
    await sqs.sendMessage({ QueueUrl, MessageBody: "a" });
    await sqs.purgeQueue({ QueueUrl });
    expect(await bodies()).to.deep.equal([]);
    expect(await codeOf(sqs.purgeQueue({ QueueUrl }))).to.equal("PurgeQueueInProgress");
  });

  it("is open to another account only where the queue's policy says so", async () => {
    const partner = new SQS(running.config(PARTNER));
    const send = () => partner.sendMessage({ QueueUrl, MessageBody: "a" });
    expect(await codeOf(send())).to.equal("AccessDenied");
    const Policy = documentOf({
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${PARTNER}:root` },
      Action: "sqs:SendMessage",
      Resource: arnOf("sqs", "q"),
    });
    await sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy } });
    await send();
    expect(await bodies()).to.deep.equal(["a"]);
  });

  it("tags queues", async () => {
    await sqs.tagQueue({ QueueUrl, Tags: { Team: "a", b: "c" } });
    await sqs.untagQueue({ QueueUrl, TagKeys: ["b"] });
    expect((await sqs.listQueueTags({ QueueUrl })).Tags).to.deep.equal({ Team: "a" });
  });
});
