import { expect } from "chai";
import { invocation } from "./invocation.ts";
import { FLAT, receiving, thrownBy } from "./receiving.ts";
import { CUSTOMER, EVENT_ID, PARTNER } from "./records.ts";
import { MESSAGE, RECEIVED_AT, SENDER_ID, ruleEvent } from "./rule-events.ts";

// With the partner's own code and the publish as they are given; the module that Lambda loads is tested below.
describe("receive function", () => {
  it("runs the partner's own code, then publishes the debug message", async () => {
    const { receive, seen } = receiving();

    await receive(ruleEvent(MESSAGE), invocation());

    expect(seen.steps).to.deep.equal(["onThing lamp", "debug"]);
    expect(seen.published).to.deep.equal([{ topic: `debug/${CUSTOMER}/create_thing`, message: FLAT }]);
  });

  it("publishes no debug message when debug is off", async () => {
    const { receive, seen } = receiving({ publish: undefined });

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
        operation: "create_thing",
        principal: `${SENDER_ID}:${CUSTOMER}-announce`,
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

    expect(error).to.include({ name: "HandlingFailure", reason: "own code failed", eventId: EVENT_ID, cause });
    expect(error.message).to.include("onThing").and.include("the database is away");
    expect(seen.published).to.deep.equal([]);
    expect(seen.lines).to.have.length(1);
    expect(seen.lines[0]).to.include({ outcome: "failed", eventId: EVENT_ID, about: "thing/lamp" });
  });

  it("says no more of an event's id than a line holds, whatever comes of the message", async () => {
    const event = ruleEvent({ ...MESSAGE, hook: { ...MESSAGE.hook, eventId: "厨".repeat(1024) } });
    const { receive, seen } = receiving({ publish: () => Promise.reject(new Error("x".repeat(9_000))) });
    const failing = receiving({ onThing: () => Promise.reject(new Error("x".repeat(9_000))) });

    await receive(event, invocation());
    const { message } = await thrownBy(failing.receive(event, invocation()));

    const texts = [...seen.lines, ...failing.seen.lines].map((line) => JSON.stringify(line));
    expect(texts).to.have.length(2);
    // The metrics in it have 400 bytes more.
    for (const text of [...texts, message]) expect(Buffer.byteLength(text)).to.be.below(1800);
  });

  it("says so too of a message of the sample's, which has no id", async () => {
    const { receive } = receiving({ onThing: () => Promise.reject(new Error("away")) });

    const error = await thrownBy(receive(ruleEvent({ ...MESSAGE, hook: undefined }), invocation()));

    expect(error).to.include({ reason: "own code failed", eventId: undefined });
    expect(error.message).to.match(
      /^Event without an id \(own code failed\): onThing, for account 1{12}: Error: away$/,
    );
  });

  it("throws what nobody thought of for Lambda to try again, and says which error it was", async () => {
    const cause = new RangeError("no clock");
    const { receive, seen, box } = receiving({
      now: () => {
        throw cause;
      },
    });

    const error = await thrownBy(receive(ruleEvent(MESSAGE), invocation()));

    expect(error).to.include({ name: "HandlingFailure", reason: "unexpected error", cause });
    expect(error.message).to.include("the receive function itself: RangeError: no clock");
    expect([seen.lines.length, box.letters]).to.deep.equal([1, []]);
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
