import { EventBridge, type Target } from "@aws-sdk/client-eventbridge";
import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { METRICS } from "../core/metrics.ts";
import { CUSTOMER, startCloud, type RunningCloud } from "./cloud.ts";
import { arnOf, documentOf } from "./names.ts";

const RULE = `arn:aws:events:us-east-1:${CUSTOMER}:rule/r`;

describe("delivery of events to targets", () => {
  let running: RunningCloud;
  let events: EventBridge;
  let sqs: SQS;
  before(async () => {
    running = await startCloud();
    events = new EventBridge(running.config(CUSTOMER));
    sqs = new SQS(running.config(CUSTOMER));
  });
  beforeEach(async () => {
    await running.cloud.reset();
    await events.putRule({ Name: "r", EventPattern: '{"source":["my.app"]}' });
    await makeQueue("target", RULE);
    await makeQueue("dead", RULE);
  });
  after(() => running.endpoint.close());

  const effects = (name: string) => running.cloud.trace.since().filter((entry) => entry.name === name);
  const url = (name: string) => `${running.endpoint.url}/${CUSTOMER}/${name}`;

  async function makeQueue(name: string, sourceArn: string): Promise<void> {
    const Policy = documentOf({
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arnOf("sqs", name),
      Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
    });
    await sqs.createQueue({ QueueName: name, Attributes: { Policy } });
  }

  async function deliver(target: Partial<Target> = {}): Promise<void> {
    await events.putTargets({ Rule: "r", Targets: [{ Id: "t", Arn: arnOf("sqs", "target"), ...target }] });
    await events.putEvents({ Entries: [{ Source: "my.app", DetailType: "t", Detail: '{"name":"lamp"}' }] });
    await running.cloud.settled();
  }

  async function received(name: string) {
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl: url(name), MessageAttributeNames: ["All"] });
    return Messages.map(({ Body = "", MessageAttributes = {} }) => ({
      body: JSON.parse(Body) as { detail?: unknown },
      attributes: Object.fromEntries(Object.entries(MessageAttributes).map(([key, it]) => [key, it.StringValue])),
    }));
  }

  it("has a rule for a time call its targets each time, until it is disabled, changed or deleted", async () => {
    await events.putRule({ Name: "r", ScheduleExpression: "rate(2 hours)" });
    await events.putTargets({ Rule: "r", Targets: [{ Id: "t", Arn: arnOf("sqs", "target") }] });
    expect(await events.describeRule({ Name: "r" })).to.include({ ScheduleExpression: "rate(2 hours)" });
    const came = async (hours: number) => {
      await running.cloud.advance(hours * 3_600_000);
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl: url("target"), MaxNumberOfMessages: 10 });
      for (const { ReceiptHandle } of Messages) await sqs.deleteMessage({ QueueUrl: url("target"), ReceiptHandle });
      return Messages.map(({ Body = "" }) => JSON.parse(Body) as Record<string, unknown>);
    };
    const [first, ...more] = await came(5);
    expect(more).to.have.length(1);
    expect(first).to.deep.include({
      ...{ source: "aws.events", "detail-type": "Scheduled Event", detail: {} },
      ...{ account: CUSTOMER, region: "us-east-1", resources: [RULE] },
    });
    await events.disableRule({ Name: "r" });
    expect(await came(4)).to.deep.equal([]);
    await events.putRule({ Name: "r", ScheduleExpression: "rate(1 day)" });
    expect(await came(23)).to.deep.equal([]);
    expect(await came(1)).to.have.length(1);
    await events.removeTargets({ Rule: "r", Ids: ["t"] });
    await events.deleteRule({ Name: "r" });
    expect(await came(48)).to.deep.equal([]);
  });

  it("reaches a queue whose policy lets the rule send", async () => {
    await deliver();
    expect((await received("target"))[0]?.body.detail).to.deep.equal({ name: "lamp" });
  });

  it("goes to the dead-letter queue at once when the permission is missing, with the reason", async () => {
    await makeQueue("closed", `${RULE}-another`);
    await deliver({ Arn: arnOf("sqs", "closed"), DeadLetterConfig: { Arn: arnOf("sqs", "dead") } });
    const [letter] = await received("dead");
    expect(letter?.body.detail).to.deep.equal({ name: "lamp" });
    expect(letter?.attributes).to.include({
      RULE_ARN: RULE,
      TARGET_ARN: arnOf("sqs", "closed"),
      ERROR_CODE: "NO_PERMISSIONS",
    });
    expect(letter?.attributes["ERROR_MESSAGE"]).to.match(/not authorized to perform: sqs:SendMessage/);
    expect(letter?.attributes).not.to.have.property("EXHAUSTED_RETRY_CONDITION");
    expect(effects("TargetRetry")).to.have.length(0);
  });

  it("goes to the dead-letter queue at once when the target isn't there", async () => {
    await deliver({ Arn: arnOf("sqs", "gone"), DeadLetterConfig: { Arn: arnOf("sqs", "dead") } });
    expect((await received("dead"))[0]?.attributes["ERROR_CODE"]).to.match(/NO_RESOURCE|NO_PERMISSIONS/);
  });

  const fault = (times: number) => {
    running.cloud.faults.set([{ service: "sqs", operation: "SendMessage", fault: "throttle", times }]);
  };

  it("is retried with growing pauses until the target takes it", async () => {
    fault(3);
    await deliver();
    expect(await received("target")).to.have.length(0);
    // A second more than the pauses: the clock goes on with the machine between them.
    await running.cloud.advance(8_000);
    expect(effects("TargetRetry").map(({ detail }) => detail?.["nextInSeconds"])).to.deep.equal([1, 2, 4]);
    expect(await received("target")).to.have.length(1);
  });

  it("is given up after the retries that the target allows", async () => {
    fault(3);
    await deliver({ RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: arnOf("sqs", "dead") } });
    await running.cloud.advance(60_000);
    expect((await received("dead"))[0]?.attributes).to.include({
      ERROR_CODE: "THROTTLING",
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      RETRY_ATTEMPTS: "2",
    });
  });

  it("is given up when the event is too old", async () => {
    fault(6);
    await deliver({ RetryPolicy: { MaximumEventAgeInSeconds: 60 }, DeadLetterConfig: { Arn: arnOf("sqs", "dead") } });
    await running.cloud.advance(120_000);
    expect((await received("dead"))[0]?.attributes).to.include({
      EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds",
      RETRY_ATTEMPTS: "5",
    });
  });

  /** «Monitoring Amazon EventBridge»: retried attempts are no Invocations, and zeros aren't sent. */
  const measured = () => {
    const all = [...running.cloud.state(METRICS, { account: CUSTOMER, region: "us-east-1" }).values()];
    const own = all.filter(({ namespace }) => namespace === "AWS/Events");
    return Object.fromEntries(own.map(({ name, datapoints }) => [name, datapoints.reduce((n, { sum }) => n + sum, 0)]));
  };

  it("counts one invocation for an event that is tried four times", async () => {
    fault(3);
    await deliver();
    expect(measured()).to.deep.equal({ TriggeredRules: 1, InvocationAttempts: 1 });
    // A second more than the pauses: the clock goes on with the machine between them.
    await running.cloud.advance(8_000);
    expect(measured()).to.deep.equal({
      TriggeredRules: 1,
      InvocationAttempts: 4,
      RetryInvocationAttempts: 3,
      SuccessfulInvocationAttempts: 1,
      Invocations: 1,
    });
  });

  it("counts a failed invocation and a dead letter for an event that can't be delivered", async () => {
    await deliver({ Arn: arnOf("sqs", "gone"), DeadLetterConfig: { Arn: arnOf("sqs", "dead") } });
    expect(measured()).to.deep.equal({
      TriggeredRules: 1,
      InvocationAttempts: 1,
      Invocations: 1,
      FailedInvocations: 1,
      InvocationsSentToDlq: 1,
    });
  });

  it("counts an event that not even the dead-letter queue takes", async () => {
    await makeQueue("closed", `${RULE}-another`);
    await deliver({ Arn: arnOf("sqs", "gone"), DeadLetterConfig: { Arn: arnOf("sqs", "closed") } });
    expect(measured()).to.include({ FailedInvocations: 1, InvocationsFailedToBeSentToDlq: 1 });
    expect(measured()).not.to.have.property("InvocationsSentToDlq");
  });

  it("is lost without a dead-letter queue, and the trace says so", async () => {
    await deliver({ Arn: arnOf("sqs", "gone") });
    expect(effects("EventDropped")[0]?.error?.message).to.match(/is lost: .* of rule r has no dead-letter queue/);
  });

  it("is lost when the dead-letter queue is closed to the rule, and the trace says so", async () => {
    await makeQueue("closed", `${RULE}-another`);
    await deliver({ Arn: arnOf("sqs", "gone"), DeadLetterConfig: { Arn: arnOf("sqs", "closed") } });
    expect(effects("DeadLetterFailed")[0]?.error?.message).to.match(
      /dead-letter queue .*closed of rule r doesn't take it/,
    );
  });
});
