import { expect } from "chai";
import { publisher } from "../../partner/lambda/publisher.ts";
import type * as receiveModule from "../../partner/lambda/receive.ts";
import { onThing } from "../../partner/on-thing.ts";
import { AwsStub, setEnvironment } from "./aws-stub.ts";
import { invocation } from "./invocation.ts";
import { FLAT } from "./receiving.ts";
import { CUSTOMER, PARTNER } from "./records.ts";
import { MESSAGE, SENDER_ID, ruleEvent } from "./rule-events.ts";

describe("receive function, as Lambda loads it", () => {
  const aws = new AwsStub();
  const lines: Record<string, unknown>[] = [];
  const write = console.log.bind(console);
  let restore: () => void;
  let loads = 0;

  const load = async () => {
    const path = `../../partner/lambda/receive.ts?${++loads}`;
    return (await import(path)) as typeof receiveModule;
  };

  before(async () => {
    const url = await aws.start();
    restore = setEnvironment({
      AWS_ENDPOINT_URL: url,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "ASIAFUNCTION",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_PROFILE: undefined,
      OPERATIONS: "create_thing",
      CUSTOMERS_TABLE: "customers",
      DEBUG: "true",
      SENDER_CHECK: "enforce",
      POWERTOOLS_DEV: "true",
      POWERTOOLS_METRICS_DISABLED: "false",
      FAILURE_QUEUE_URL: `${url}/${PARTNER}/failures`,
    });
  });
  after(async () => {
    restore();
    await aws.stop();
  });
  afterEach(() => {
    console.log = write;
  });

  it("knows its customers from the table that its variable names, and publishes over HTTP", async () => {
    aws.item = { roleId: { S: SENDER_ID }, disabled: { BOOL: false } };
    const handler = (await load()).receive(onThing, publisher());
    console.log = (line: Record<string, unknown> | string) =>
      lines.push(typeof line === "string" ? (JSON.parse(line) as Record<string, unknown>) : line);

    await handler(ruleEvent(MESSAGE), invocation());

    expect(aws.published.map(({ topic, message }) => ({ topic, message }))).to.deep.equal([
      { topic: `debug/${CUSTOMER}/create_thing`, message: FLAT },
    ]);
    expect(aws.published[0]?.call.query.get("qos")).to.equal("1");
    expect(lines.map(({ heard, outcome }) => heard ?? outcome)).to.deep.equal(["create_thing", "received"]);
    expect(JSON.parse(aws.calls[0]?.body ?? "")).to.deep.equal({
      TableName: "customers",
      Key: { accountId: { S: CUSTOMER } },
      ConsistentRead: true,
    });
  });

  it("writes its letters to the queue that its variable names", async () => {
    aws.item = undefined;
    const handler = (await load()).receive(onThing);
    console.log = () => undefined;

    await handler(ruleEvent(MESSAGE), invocation());

    const [letter, ...more] = aws.sent;
    expect(more).to.deep.equal([]);
    expect(JSON.parse(letter ?? "")).to.deep.include({ requestPayload: ruleEvent(MESSAGE) });
    const call = aws.calls.at(-1);
    expect(JSON.parse(call?.body ?? "")).to.include({ QueueUrl: process.env["FAILURE_QUEUE_URL"] });
  });
});
