import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as receiveModule from "../../partner/lambda/receive.ts";
import { onThing } from "../../partner/on-thing.ts";
import { AwsStub, setEnvironment } from "./aws-stub.ts";
import { invocation } from "./invocation.ts";
import { FLAT, thrownBy } from "./receiving.ts";
import { CUSTOMER, PARTNER } from "./records.ts";
import { MESSAGE, SENDER_ID, ruleEvent } from "./rule-events.ts";

describe("receive function, as Lambda loads it", () => {
  const aws = new AwsStub();
  const archive = mkdtempSync(join(tmpdir(), "receive-"));
  const lines: Record<string, unknown>[] = [];
  const write = console.log.bind(console);
  let restore: () => void;
  let loads = 0;

  const load = async () => {
    const path = `../../partner/lambda/receive.ts?${++loads}`;
    return (await import(path)) as typeof receiveModule;
  };
  const customersAre = (content: string) => {
    writeFileSync(join(archive, "customers.json"), content);
  };

  before(async () => {
    const url = await aws.start();
    restore = setEnvironment({
      AWS_ENDPOINT_URL: url,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "ASIAFUNCTION",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_PROFILE: undefined,
      LAMBDA_TASK_ROOT: archive,
      DEBUG: "true",
      SENDER_CHECK: "enforce",
      POWERTOOLS_METRICS_DISABLED: "true",
      FAILURE_QUEUE_URL: `${url}/${PARTNER}/failures`,
    });
  });
  after(async () => {
    restore();
    rmSync(archive, { recursive: true });
    await aws.stop();
  });
  afterEach(() => {
    console.log = write;
  });

  it("knows its customers from the file in its archive, and publishes over HTTP", async () => {
    customersAre(JSON.stringify({ [CUSTOMER]: { operations: ["create_thing"], senderId: SENDER_ID } }));
    const handler = (await load()).receive(onThing);
    console.log = (line: Record<string, unknown>) => lines.push(line);

    await handler(ruleEvent(MESSAGE), invocation());

    expect(aws.published.map(({ topic, message }) => ({ topic, message }))).to.deep.equal([
      { topic: `debug/${CUSTOMER}/create_thing`, message: FLAT },
    ]);
    expect(aws.published[0]?.call.query.get("qos")).to.equal("1");
    expect(lines.map(({ heard, outcome }) => heard ?? outcome)).to.deep.equal(["create_thing", "received"]);
  });

  it("writes its letters to the queue that its variable names", async () => {
    customersAre("{}");
    const handler = (await load()).receive(onThing);
    console.log = () => undefined;

    await handler(ruleEvent(MESSAGE), invocation());

    const [letter, ...more] = aws.sent;
    expect(more).to.deep.equal([]);
    expect(JSON.parse(letter ?? "")).to.deep.include({ requestPayload: ruleEvent(MESSAGE) });
    const call = aws.calls.at(-1);
    expect(JSON.parse(call?.body ?? "")).to.include({ QueueUrl: process.env["FAILURE_QUEUE_URL"] });
  });

  it("doesn't start with a file that the program can't have written", async () => {
    customersAre("[]");

    expect(await thrownBy(load().then(({ receive }) => receive(onThing)))).to.include({
      name: "MisconfiguredFunction",
    });
  });
});
