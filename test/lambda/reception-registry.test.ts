// The receive function with its device registry.
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { type Parts, receiver } from "../../partner/lambda/reception.ts";
import { courseOf } from "../../shared/lambda/failure-table.ts";
import type { Line } from "../../shared/lambda/meter.ts";
import { Gauge, invocation } from "./invocation.ts";
import { CUSTOMERS, SETTINGS } from "./known-customers.ts";
import { CUSTOMER, EVENT_ID, PARTNER, THING_ARN } from "./records.ts";
import { RegistryScene } from "./registry-scene.ts";
import { MESSAGE, RECEIVED_AT, ruleEvent } from "./rule-events.ts";

describe("receive function with its device registry", () => {
  const scene = new RegistryScene();
  beforeEach(() => scene.empty());

  function receiving(replaced: Partial<Parts> = {}) {
    const steps: string[] = [];
    const lines: Line[] = [];
    const gauge = new Gauge(lines);
    const receive = receiver({
      settings: SETTINGS,
      customers: CUSTOMERS,
      onThing: ({ message }) => void steps.push(`${message.operation} ${message.version ?? ""}`),
      registry: scene.registry(),
      publish: () => Promise.resolve(void steps.push("debug")),
      measure: gauge.measure,
      sendLetter: () => Promise.reject(new Error("nothing is rejected here")),
      now: () => new Date(RECEIVED_AT),
      ...replaced,
    });
    return { receive, steps, outcomes: () => lines.map(({ outcome }) => outcome), measured: gauge.values };
  }
  const failed = (run: Promise<void>) =>
    run.then(
      () => expect.fail("it was dealt with"),
      (error: unknown) => error as Error,
    );

  it("runs the partner's own code and tells of it once, however often the message comes", async () => {
    const { receive, steps, outcomes, measured } = receiving();

    for (let count = 0; count < 3; count++) await receive(ruleEvent(MESSAGE), invocation());

    expect(steps).to.deep.equal(["create_thing 1", "debug"]);
    expect(outcomes()).to.deep.equal(["applied", "duplicate", "duplicate"]);
    expect(measured.map(([, { Applied, Duplicate }]) => [Applied, Duplicate])).to.deep.equal([
      [1, undefined],
      [undefined, 1],
      [undefined, 1],
    ]);
  });

  it("passes over what is older than what it knows", async () => {
    const { receive, steps, outcomes, measured } = receiving();
    const updated = { ...MESSAGE, version: 2, hook: { ...MESSAGE.hook, eventId: "2", eventName: "UpdateThing" } };

    await receive(ruleEvent(updated, "update_thing"), invocation());
    await receive(ruleEvent(MESSAGE), invocation());

    expect(steps).to.deep.equal(["update_thing 2", "debug"]);
    expect(outcomes()).to.deep.equal(["applied", "stale"]);
    expect(measured[1]?.[1]).to.include({ Received: 1, Stale: 1 }).and.not.have.any.keys("Applied");
  });

  it("counts as corrected what a reconciliation brought and was news, and not what a backfill brought", async () => {
    const { receive, measured } = receiving();
    const synced = (run: string, version: number) =>
      ruleEvent(
        { ...MESSAGE, version, hook: { ...MESSAGE.hook, eventId: `${version}`, eventName: "SyncThing", run } },
        "sync_thing",
      );

    await receive(synced("backfill", 1), invocation());
    await receive(synced("reconcile", 1), invocation());
    await receive(synced("reconcile", 2), invocation());

    expect(measured.map(([, { Applied, Corrected }]) => [Applied, Corrected])).to.deep.equal([
      [1, undefined],
      [undefined, undefined],
      [1, 1],
    ]);
  });

  it("runs it again for what failed, and then not any more", async () => {
    let failures = 1;
    const { receive, outcomes } = receiving({
      onThing: () => (failures-- > 0 ? Promise.reject(new Error("away")) : undefined),
    });

    expect(await failed(receive(ruleEvent(MESSAGE), invocation()))).to.include({ reason: "own code failed" });
    await receive(ruleEvent(MESSAGE), invocation());
    await receive(ruleEvent(MESSAGE), invocation());

    expect(outcomes()).to.deep.equal(["failed", "applied", "duplicate"]);
  });

  it("knows the thing by its ARN, with what it was described as", async () => {
    await receiving().receive(ruleEvent(MESSAGE), invocation());

    const [item, ...others] = await scene.items();
    expect(others).to.deep.equal([]);
    expect(item?.["subject"]).to.deep.equal({ S: THING_ARN });
    expect(item?.["eventIds"]).to.deep.equal({ L: [{ S: EVENT_ID }] });
    expect(JSON.parse(item?.["snapshot"]?.S ?? "")).to.include({ thingName: "lamp", thingId: "id-1" });
  });

  it("writes nothing of what it rejects", async () => {
    const foreign = { ...MESSAGE, thingArn: MESSAGE.thingArn.replace(CUSTOMER, PARTNER) };
    const { receive, outcomes } = receiving({ sendLetter: () => Promise.resolve() });

    await receive(ruleEvent(foreign), invocation());

    expect(outcomes()).to.deep.equal(["rejected"]);
    expect(await scene.items()).to.deep.equal([]);
  });

  it("throws, and runs nothing, where the registry can't be written: Lambda delivers the message again", async () => {
    const throttled = Object.assign(new Error("slow down"), { name: "ProvisionedThroughputExceededException" });
    const client = { send: () => Promise.reject(throttled) } as unknown as DynamoDBClient;
    const { receive, steps, outcomes } = receiving({ registry: scene.registry({ client }) });

    const error = await failed(receive(ruleEvent(MESSAGE), invocation()));

    expect(error).to.include({
      name: "HandlingFailure",
      reason: "registry failed",
      eventId: EVENT_ID,
      cause: throttled,
    });
    expect(error.message).to.equal(
      `Event ${EVENT_ID} (registry failed): device registry, for account ${CUSTOMER}: ` +
        "ProvisionedThroughputExceededException: slow down",
    );
    expect(courseOf(error)).to.equal("transient");
    expect(steps).to.deep.equal([]);
    expect(outcomes()).to.deep.equal(["failed"]);
  });
});
