import { expect } from "chai";
import type { Context } from "aws-lambda";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as receiveModule from "../../partner/lambda/receive.ts";
import { onThing } from "../../partner/on-thing.ts";
import { type Parts, receiver } from "../../partner/lambda/reception.ts";
import type { Delivery } from "../../partner/lambda/unpack.ts";
import { AwsStub, setEnvironment } from "./aws-stub.ts";
import { CUSTOMER, EVENT_ID, PARTNER } from "./records.ts";
import { MESSAGE, ruleEvent } from "./rule-events.ts";

const FLAT = { ...MESSAGE, accountId: CUSTOMER, operation: "create_thing" };
const thrownBy = (run: Promise<unknown>): Promise<Error> =>
  run.then(
    () => {
      throw new Error("the message was dealt with");
    },
    (error: unknown) => error as Error,
  );

// With the partner's own code and the publish as they are given; the module that Lambda loads is tested below.
describe("receive function", () => {
  interface Seen {
    readonly steps: string[];
    readonly published: { readonly topic: string; readonly message: unknown }[];
    readonly lines: Record<string, unknown>[];
  }
  function receiving(replaced: Partial<Parts> = {}) {
    const seen: Seen = { steps: [], published: [], lines: [] };
    const receive = receiver({
      settings: { debug: true },
      customers: { [CUSTOMER]: { operations: ["create_thing"] } },
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
      ...replaced,
    });
    return { receive, seen };
  }

  it("runs the partner's own code, then publishes the debug message", async () => {
    const { receive, seen } = receiving();

    await receive(ruleEvent(MESSAGE));

    expect(seen.steps).to.deep.equal(["onThing lamp", "debug"]);
    expect(seen.published).to.deep.equal([{ topic: `debug/${CUSTOMER}/create_thing`, message: FLAT }]);
  });

  it("publishes no debug message when debug is off", async () => {
    const { receive, seen } = receiving({ settings: { debug: false } });

    await receive(ruleEvent(MESSAGE));

    expect(seen.steps).to.deep.equal(["onThing lamp"]);
  });

  it("logs one line for a message, with its event id and outcome", async () => {
    const { receive, seen } = receiving();

    await receive(ruleEvent(MESSAGE));

    expect(seen.lines).to.deep.equal([
      { outcome: "received", eventId: EVENT_ID, schemaVersion: 1, accountId: CUSTOMER, operation: "create_thing" },
    ]);
  });

  it("throws a rejection, after one line with reason and event id, and touches nothing", async () => {
    const { receive, seen } = receiving();
    const foreign = { ...MESSAGE, thingArn: MESSAGE.thingArn.replace(CUSTOMER, PARTNER) };

    const error = await thrownBy(receive(ruleEvent(foreign)));

    expect(error).to.include({ name: "RejectedMessage", reason: "not the customer's own" });
    expect(seen.steps).to.deep.equal([]);
    expect(seen.lines).to.have.length(1);
    expect(seen.lines[0]).to.include({
      outcome: "rejected",
      reason: "not the customer's own",
      eventId: EVENT_ID,
      topic: `cross_account_hooks/${CUSTOMER}/create_thing`,
    });
  });

  it("logs the start of what it rejects, and no more", async () => {
    const { receive, seen } = receiving();

    await thrownBy(receive(ruleEvent("no JSON ".repeat(10_000))));

    expect(seen.lines[0]?.["payload"]).to.match(/^no JSON no JSON .*… \(80000 characters\)$/);
    expect(JSON.stringify(seen.lines[0]).length).to.be.below(1500);
  });

  it("throws when the partner's own code fails, with cause and event id, and sends no debug message", async () => {
    const cause = new Error("the database is away");
    const { receive, seen } = receiving({ onThing: () => Promise.reject(cause) });

    const error = await thrownBy(receive(ruleEvent(MESSAGE)));

    expect(error).to.include({ name: "HandlingFailure", eventId: EVENT_ID, cause });
    expect(error.message).to.include("onThing").and.include("the database is away");
    expect(seen.published).to.deep.equal([]);
    expect(seen.lines).to.have.length(1);
    expect(seen.lines[0]).to.include({ outcome: "failed", eventId: EVENT_ID });
  });

  it("throws when the debug message can't be published", async () => {
    const cause = new Error("denied");
    const { receive } = receiving({ publish: () => Promise.reject(cause) });

    const error = await thrownBy(receive(ruleEvent(MESSAGE)));

    expect(error).to.include({ name: "HandlingFailure", cause });
    expect(error.message).to.include(`debug/${CUSTOMER}/create_thing`);
  });
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
    restore = setEnvironment({
      AWS_ENDPOINT_URL: await aws.start(),
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "ASIAFUNCTION",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_PROFILE: undefined,
      LAMBDA_TASK_ROOT: archive,
      DEBUG: "true",
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
    customersAre(JSON.stringify({ [CUSTOMER]: { operations: ["create_thing"] } }));
    const handler = (await load()).receive(onThing);
    console.log = (line: Record<string, unknown>) => lines.push(line);

    await handler(ruleEvent(MESSAGE), {} as Context, () => undefined);

    expect(aws.published.map(({ topic, message }) => ({ topic, message }))).to.deep.equal([
      { topic: `debug/${CUSTOMER}/create_thing`, message: FLAT },
    ]);
    expect(aws.published[0]?.call.query.get("qos")).to.equal("1");
    expect(lines.map(({ heard, outcome }) => heard ?? outcome)).to.deep.equal(["create_thing", "received"]);
  });

  it("doesn't start with a file that the program can't have written", async () => {
    customersAre("[]");

    expect(await thrownBy(load().then(({ receive }) => receive(onThing)))).to.include({
      name: "MisconfiguredFunction",
    });
  });
});
