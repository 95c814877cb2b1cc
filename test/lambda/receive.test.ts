import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as receiveModule from "../../partner/lambda/receive.ts";
import { onThing } from "../../partner/on-thing.ts";
import { type Parts, receiver } from "../../partner/lambda/reception.ts";
import type { Delivery } from "../../partner/lambda/unpack.ts";
import { AwsStub, setEnvironment } from "./aws-stub.ts";
import { Gauge, LetterBox, QUEUE_URL, invocation } from "./invocation.ts";
import { CUSTOMER, EVENT_ID, PARTNER } from "./records.ts";
import { MESSAGE, RECEIVED_AT, SENDER_ID, ruleEvent } from "./rule-events.ts";

const FLAT = { ...MESSAGE, accountId: CUSTOMER, operation: "create_thing" };
const thrownBy = (run: Promise<unknown>): Promise<Error> =>
  run.then(
    () => {
      throw new Error("the message was dealt with");
    },
    (error: unknown) => error as Error,
  );

interface Seen {
  readonly steps: string[];
  readonly published: { readonly topic: string; readonly message: unknown }[];
  readonly lines: Record<string, unknown>[];
}
function receiving(replaced: Partial<Parts> = {}) {
  const seen: Seen = { steps: [], published: [], lines: [] };
  const box = new LetterBox();
  const gauge = new Gauge();
  const receive = receiver({
    settings: { debug: true, senderCheck: "enforce", failureQueueUrl: QUEUE_URL },
    customers: { [CUSTOMER]: { operations: ["create_thing"], senderId: SENDER_ID } },
    onThing: ({ message }: Delivery) => {
      seen.steps.push(`onThing ${message.thingName ?? ""}`);
      return Promise.resolve();
    },
    publish: (topic, payload) => {
      seen.steps.push("debug");
      seen.published.push({ topic, message: JSON.parse(payload) as unknown });
      return Promise.resolve();
    },
    log: (line) => seen.lines.push(line),
    measure: gauge.measure,
    sendLetter: box.send,
    now: () => new Date(RECEIVED_AT),
    ...replaced,
  });
  return { receive, seen, box, measured: gauge.values };
}

// With the partner's own code and the publish as they are given; the module that Lambda loads is tested below.
describe("receive function", () => {
  it("runs the partner's own code, then publishes the debug message", async () => {
    const { receive, seen } = receiving();

    await receive(ruleEvent(MESSAGE), invocation());

    expect(seen.steps).to.deep.equal(["onThing lamp", "debug"]);
    expect(seen.published).to.deep.equal([{ topic: `debug/${CUSTOMER}/create_thing`, message: FLAT }]);
  });

  it("publishes no debug message when debug is off", async () => {
    const { receive, seen } = receiving({
      settings: { debug: false, senderCheck: "enforce", failureQueueUrl: QUEUE_URL },
    });

    await receive(ruleEvent(MESSAGE), invocation());

    expect(seen.steps).to.deep.equal(["onThing lamp"]);
  });

  it("logs one line for a message, with its event id and outcome", async () => {
    const { receive, seen } = receiving();

    await receive(ruleEvent(MESSAGE), invocation());

    expect(seen.lines).to.deep.equal([
      {
        outcome: "received",
        eventId: EVENT_ID,
        schemaVersion: 1,
        accountId: CUSTOMER,
        operation: "create_thing",
        about: "thing/lamp",
      },
    ]);
  });

  it("writes a letter about what it rejects, with the message as it came, and touches nothing", async () => {
    const { receive, seen, box } = receiving();
    const foreign = { ...MESSAGE, thingArn: MESSAGE.thingArn.replace(CUSTOMER, PARTNER) };

    await receive(ruleEvent(foreign), invocation());

    expect(seen.steps).to.deep.equal([]);
    expect(box.letters).to.deep.equal([
      {
        version: "1.0",
        timestamp: new Date(RECEIVED_AT).toISOString(),
        requestContext: {
          requestId: invocation().awsRequestId,
          functionArn: invocation().invokedFunctionArn,
          condition: "Rejected",
          approximateInvokeCount: 1,
        },
        requestPayload: ruleEvent(foreign),
        responseContext: { statusCode: 200, executedVersion: "7" },
        responsePayload: {
          errorType: "RejectedMessage",
          errorMessage: `Message rejected (not the customer's own): account ${CUSTOMER} sent thingArn ${foreign.thingArn}.`,
          reason: "not the customer's own",
          eventId: EVENT_ID,
        },
      },
    ]);
  });

  it("logs one line for what it rejects, with reason and event id", async () => {
    const { receive, seen } = receiving();

    await receive(ruleEvent({ ...MESSAGE, thingArn: undefined }), invocation());

    expect(seen.lines).to.have.length(1);
    expect(seen.lines[0]).to.include({
      outcome: "rejected",
      reason: "malformed message",
      eventId: EVENT_ID,
      topic: `cross_account_hooks/${CUSTOMER}/create_thing`,
    });
  });

  it("logs the start of what it rejects, and no more", async () => {
    const { receive, seen } = receiving();

    await receive(ruleEvent("no JSON ".repeat(10_000)), invocation());

    expect(seen.lines[0]?.["payload"]).to.match(/^no JSON no JSON .*… \(80000 characters\)$/);
    expect(JSON.stringify(seen.lines[0]).length).to.be.below(1500);
  });

  it("throws when the failure queue refuses the letter: Lambda keeps the event", async () => {
    const { receive, seen, box } = receiving();
    box.refusal = new Error("AccessDenied on the queue");

    const error = await thrownBy(receive(ruleEvent("no JSON"), invocation()));

    expect(error).to.include({ name: "HandlingFailure", reason: "failure queue refused", cause: box.refusal });
    expect(error.message).to.include("not JSON").and.include("AccessDenied on the queue");
    expect(seen.lines).to.have.length(1);
    expect(seen.lines[0]).to.include({ outcome: "failed", reason: "failure queue refused" });
  });

  it("throws when the partner's own code fails, with cause and event id, and sends no debug message", async () => {
    const cause = new Error("the database is away");
    const { receive, seen } = receiving({ onThing: () => Promise.reject(cause) });

    const error = await thrownBy(receive(ruleEvent(MESSAGE), invocation()));

    expect(error).to.include({ name: "HandlingFailure", eventId: EVENT_ID, cause });
    expect(error.message).to.include("onThing").and.include("the database is away");
    expect(seen.published).to.deep.equal([]);
    expect(seen.lines).to.have.length(1);
    expect(seen.lines[0]).to.include({ outcome: "failed", eventId: EVENT_ID, about: "thing/lamp" });
  });

  it("never does a message again because its debug message failed: it says so in the line", async () => {
    const { receive, seen, box } = receiving({ publish: () => Promise.reject(new Error("denied")) });

    await receive(ruleEvent(MESSAGE), invocation());

    expect(seen.steps).to.deep.equal(["onThing lamp"]);
    expect(box.letters).to.deep.equal([]);
    expect(seen.lines).to.have.length(1);
    expect(seen.lines[0]).to.include({ outcome: "received", eventId: EVENT_ID });
    expect(seen.lines[0]?.["debugFailure"]).to.include(`debug/${CUSTOMER}/create_thing`).and.include("denied");
  });

  it("leaves out a debug message that has grown beyond what AWS IoT takes, and says so", async () => {
    const { receive, seen } = receiving();
    const room = 128 * 1024 - Buffer.byteLength(JSON.stringify({ ...MESSAGE, note: "" }));

    await receive(ruleEvent({ ...MESSAGE, note: "x".repeat(room) }), invocation());

    expect(seen.steps).to.deep.equal(["onThing lamp"]);
    expect(seen.lines[0]?.["debugFailure"]).to.match(/has 131\d{3} bytes, AWS IoT takes 131072$/);
  });

  it("gives a debug message the time that is left", async () => {
    const waited: number[] = [];
    const publish = (_topic: string, _payload: string, signal: AbortSignal) =>
      new Promise<void>((_, abandon) => {
        const began = performance.now();
        signal.addEventListener("abort", () => {
          waited.push(performance.now() - began);
          abandon(signal.reason as Error);
        });
      });
    const { receive, seen } = receiving({ publish });

    await receive(ruleEvent(MESSAGE), invocation(200));

    expect(waited[0]).to.be.within(50, 2_000);
    expect(seen.lines[0]?.["debugFailure"]).to.include("TimeoutError");
  });
});

describe("what the receive function measures", () => {
  const age = RECEIVED_AT - Date.parse(MESSAGE.hook.eventTime);
  const failing = { onThing: () => Promise.reject(new Error("away")) };
  const silent = { publish: () => Promise.reject(new Error("denied")) };
  const rows: readonly (readonly [string, unknown, Partial<Parts>, unknown[]])[] = [
    ["a message", ruleEvent(MESSAGE), {}, [CUSTOMER, { Received: 1, Applied: 1, AgeMs: age }]],
    [
      "a message of the sample's, whose age isn't known",
      ruleEvent({ ...MESSAGE, hook: undefined }),
      {},
      [CUSTOMER, { Received: 1, Applied: 1 }],
    ],
    [
      "a debug message that failed",
      ruleEvent(MESSAGE),
      silent,
      [CUSTOMER, { Received: 1, Applied: 1, DebugFailed: 1, AgeMs: age }],
    ],
    [
      "a failure of the partner's own code",
      ruleEvent(MESSAGE),
      failing,
      [CUSTOMER, { Received: 1, Failed: 1, AgeMs: age }],
    ],
    ["what is rejected, by reason", ruleEvent("no JSON"), {}, [CUSTOMER, { Rejected: 1 }, "not JSON"]],
    [
      "accounts that are no customers, under one name",
      ruleEvent(MESSAGE, "create_thing", "333333333333"),
      {},
      ["unknown", { Rejected: 1 }, "unknown customer"],
    ],
    ["what is no rule event at all, too", "text", {}, ["unknown", { Rejected: 1 }, "malformed rule event"]],
  ];
  for (const [what, event, replaced, values] of rows) {
    it(`counts ${what}`, async () => {
      const { receive, measured } = receiving(replaced);

      await receive(event, invocation()).catch(() => undefined);

      expect(measured).to.deep.equal([values]);
    });
  }

  it("has no age below zero, where a clock is ahead", async () => {
    const { receive, measured } = receiving({ now: () => new Date(0) });

    await receive(ruleEvent(MESSAGE), invocation());

    expect(measured[0]?.[1]).to.include({ AgeMs: 0 });
  });
});

describe("who sent a message", () => {
  const rule = (principal: string | undefined, more = {}) => ({ ...ruleEvent(MESSAGE), principal, ...more });
  async function heard(event: unknown, senderCheck: "observe" | "enforce") {
    const lines: Record<string, unknown>[] = [];
    const box = new LetterBox();
    const heardOf: string[] = [];
    const gauge = new Gauge();
    const receive = receiver({
      settings: { debug: false, senderCheck, failureQueueUrl: QUEUE_URL },
      customers: { [CUSTOMER]: { operations: ["create_thing"], senderId: SENDER_ID } },
      onThing: ({ message }) => void heardOf.push(message.thingName ?? ""),
      publish: () => Promise.resolve(),
      log: (line) => lines.push(line),
      measure: gauge.measure,
      sendLetter: box.send,
      now: () => new Date(RECEIVED_AT),
    });
    await receive(event, invocation());
    return { line: lines[0], letters: box.letters, heardOf, measured: gauge.values };
  }

  const strangers: readonly (readonly [string, string | undefined])[] = [
    ["another role", "AROAOTHER:session"],
    ["a role whose id begins alike", `${SENDER_ID}2:session`],
    ["a role with the customer's id as session name", `AROAOTHER:${SENDER_ID}:x`],
    ["a user", "AIDAEXAMPLE"],
    ["the id without a session", SENDER_ID],
    ["a device's certificate", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ["nobody", undefined],
  ];
  for (const [who, principal] of strangers) {
    it(`${who}: rejected where it is enforced, with a letter`, async () => {
      const { line, letters, heardOf } = await heard(rule(principal), "enforce");

      expect(heardOf).to.deep.equal([]);
      expect(line).to.include({ outcome: "rejected", reason: "not the customer's role", eventId: EVENT_ID });
      expect(letters[0]?.responsePayload).to.include({ reason: "not the customer's role", eventId: EVENT_ID });
    });

    it(`${who}: taken where it is observed, and named in the line`, async () => {
      const { line, letters, heardOf, measured } = await heard(rule(principal), "observe");

      expect([heardOf, letters]).to.deep.equal([["lamp"], []]);
      expect(line).to.include({ outcome: "received", senderMismatch: principal ?? "nobody" });
      expect(measured[0]?.[1]).to.include({ Received: 1, Applied: 1, SenderMismatch: 1 });
    });
  }

  for (const senderCheck of ["observe", "enforce"] as const) {
    it(`the customer's publish role: taken (${senderCheck}), and nothing is said of it`, async () => {
      const { line, heardOf } = await heard(rule(`${SENDER_ID}:${CUSTOMER}-announce`), senderCheck);

      expect(heardOf).to.deep.equal(["lamp"]);
      expect(line).to.not.have.any.keys("senderMismatch", "redrivenBy");
    });

    it(`somebody who redrives: taken (${senderCheck}), and named in the line`, async () => {
      const redrivenBy = `arn:aws:iam::${PARTNER}:user/operator`;

      const { line, heardOf } = await heard(rule(undefined, { redrivenBy }), senderCheck);

      expect(heardOf).to.deep.equal(["lamp"]);
      expect(line).to.include({ outcome: "received", redrivenBy }).and.not.have.any.keys("senderMismatch");
    });
  }
});

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
