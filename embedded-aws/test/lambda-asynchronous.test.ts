import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { availableParallelism } from "node:os";
import { CUSTOMER } from "./cloud.ts";
import { failure } from "./failure.ts";
import { LambdaScene } from "./lambda-scene.ts";

describe("asynchronous invocation of a function", () => {
  let scene: LambdaScene;
  before(async () => {
    scene = await LambdaScene.start();
  });
  beforeEach(() => scene.reset());
  after(() => scene.running.endpoint.close());

  it("answers 202 at once and runs the event", async () => {
    await scene.make("exports.handler = async (e) => { console.log('ran', e.n); };");
    expect((await scene.invoke({ n: 7 }, { InvocationType: "Event" })).StatusCode).to.equal(202);
    expect((await scene.messages()).some((text) => text.includes("ran 7"))).to.equal(true);
  });

  it("starts no more environments than there are cores, up to four", async () => {
    await scene.make("exports.handler = () => new Promise((resolve) => setTimeout(resolve, 100));");
    for (let n = 0; n < 6; n++) await scene.invoke({ n }, { InvocationType: "Event" });
    await scene.running.cloud.settled();
    expect(scene.effects("FunctionRan")).to.have.length(6);
    const started = scene.effects("FunctionRan").filter(({ detail }) => detail?.["coldStartMs"] !== undefined);
    expect(started).to.have.length(Math.min(4, Math.max(2, availableParallelism())));
  });

  it("tries again after 1 and 2 minutes, and then says that the event is lost", async () => {
    await scene.make("exports.handler = async () => { throw new Error('never'); };");
    await scene.invoke({}, { InvocationType: "Event" });
    await scene.running.cloud.settled();
    const counts = [scene.effects("FunctionRan").length];
    for (const seconds of [59, 2, 118, 3, 3600]) {
      await scene.running.cloud.advance(seconds * 1000);
      counts.push(scene.effects("FunctionRan").length);
    }
    expect(counts).to.deep.equal([1, 1, 2, 2, 3, 3]);
    expect(scene.effects("EventDropped")).to.have.length(1);
    expect([scene.sum("Errors"), scene.sum("AsyncEventsDropped")]).to.deep.equal([3, 1]);
  });

  it("keeps to the retries of the qualifier that was called, and to no other's", async () => {
    await scene.make("exports.handler = async () => { throw new Error('never'); };", { Publish: true });
    await scene.lambda.createAlias({ FunctionName: "fn", Name: "live", FunctionVersion: "1" });
    await scene.lambda.putFunctionEventInvokeConfig({ FunctionName: "fn", Qualifier: "live", MaximumRetryAttempts: 0 });
    await scene.invoke({}, { InvocationType: "Event", Qualifier: "live" });
    await scene.running.cloud.advance(600_000);
    expect(scene.effects("FunctionRan")).to.have.length(1);
  });

  it("refuses a destination to which the role may not send", async () => {
    await scene.make("exports.handler = async () => {};");
    const destination = { OnFailure: { Destination: `arn:aws:sqs:us-east-1:${CUSTOMER}:dead` } };
    expect(
      await failure(scene.lambda.putFunctionEventInvokeConfig({ FunctionName: "fn", DestinationConfig: destination })),
    ).to.equal(
      "InvalidParameterValueException: The provided execution role does not have permissions to call " +
        "SendMessage on SQS",
    );
  });

  it("sends what failed for good to the on-failure queue, as the role, with AWS's record", async () => {
    await scene.make("exports.handler = async () => { throw new Error('never'); };", {}, ["sqs:SendMessage"]);
    const sqs = new SQS(scene.running.config(CUSTOMER));
    const { QueueUrl } = await sqs.createQueue({ QueueName: "dead" });
    await scene.lambda.putFunctionEventInvokeConfig({
      FunctionName: "fn",
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: `arn:aws:sqs:us-east-1:${CUSTOMER}:dead` } },
    });
    const { $metadata } = await scene.invoke({ n: 1 }, { InvocationType: "Event" });
    await scene.running.cloud.advance(61_000);
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl });
    const { timestamp, responsePayload, ...record } = JSON.parse(Messages[0]?.Body ?? "{}") as Record<string, unknown>;
    expect(record).to.deep.equal({
      version: "1.0",
      requestContext: {
        requestId: $metadata.requestId,
        functionArn: `arn:aws:lambda:us-east-1:${CUSTOMER}:function:fn:$LATEST`,
        condition: "RetriesExhausted",
        approximateInvokeCount: 2,
      },
      requestPayload: { n: 1 },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    });
    expect(timestamp).to.be.a("string");
    expect(responsePayload).to.include({ errorMessage: "never" });
  });

  it("ends an event that grew too old without running it again", async () => {
    await scene.make("exports.handler = async () => { throw new Error('never'); };");
    await scene.lambda.putFunctionEventInvokeConfig({ FunctionName: "fn", MaximumEventAgeInSeconds: 100 });
    await scene.invoke({}, { InvocationType: "Event" });
    await scene.running.cloud.advance(600_000);
    expect(scene.effects("FunctionRan")).to.have.length(2);
    expect(scene.effects("EventDropped")[0]?.error?.message).to.include("grew too old");
  });

  it("leaves nothing waiting when the cloud is reset", async () => {
    await scene.make("exports.handler = () => new Promise((resolve) => setTimeout(resolve, 20000));", { Timeout: 30 });
    for (let n = 0; n < 6; n++) await scene.invoke({ n }, { InvocationType: "Event" });
    await scene.running.cloud.reset();
    await scene.running.cloud.settled();
    expect(scene.effects("FunctionRan").filter(({ outcome }) => outcome === "ok")).to.deep.equal([]);
  });

  it("is limited to 1 MB, where a synchronous event may have six", async () => {
    await scene.make("exports.handler = async (e) => e.length;");
    const event = "x".repeat(2_000_000);
    expect(await failure(scene.invoke(event, { InvocationType: "Event" }))).to.include(
      "RequestEntityTooLargeException",
    );
    expect((await scene.invoke(event)).value).to.equal(2_000_000);
  });
});
