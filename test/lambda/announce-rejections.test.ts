// Events that no retry makes announceable: a letter about each, and nothing is published.
import { expect } from "chai";
import { announcing } from "./announcing.ts";
import { THING } from "./descriptions.ts";
import { EVENT_ID, CUSTOMER, PARTNER, THING_ARN, recordOf } from "./records.ts";

describe("what the announce function rejects", () => {
  const { aws, lines, load, rejectionOf } = announcing();

  it("says how large a message is that AWS IoT would refuse", async () => {
    const attributes = { note: "x".repeat(128 * 1024) };
    aws.answers.set("GET /things/lamp", () => ({ status: 200, body: { ...THING, attributes } }));

    const failure = await rejectionOf(recordOf("create_thing"));

    expect(failure.reason).to.equal("message too large");
    expect(failure.errorMessage).to.match(
      /has 131\d{3} bytes, AWS IoT takes 131072: make what is registered smaller\.$/,
    );
    expect(aws.published).to.deep.equal([]);
  });

  it("sends nothing that the contract doesn't call a message", async () => {
    aws.answers.delete("GET /things/lamp");
    const requestParameters = { thingName: "lamp", attributePayload: { attributes: "(truncated)" } };

    const failure = await rejectionOf(recordOf("create_thing", { requestParameters }));

    expect(failure.reason).to.equal("malformed message");
    expect(failure.errorMessage).to.include("attributes");
    expect(aws.published).to.deep.equal([]);
  });

  it("refuses another account's event", async () => {
    const foreign = { ...recordOf("create_thing"), account: PARTNER };
    const { reason, errorMessage } = await rejectionOf(foreign);
    expect(reason).to.equal("another account");
    expect(errorMessage).to.include(`it is from account ${PARTNER}, the function is account ${CUSTOMER}'s.`);
    const denied = { ...recordOf("create_thing", { errorCode: "AccessDenied" }), account: PARTNER };
    expect((await rejectionOf(denied)).reason).to.equal("another account");
  });

  it("refuses another Region's event, whose things it would look for here", async () => {
    for (const operation of ["create_thing", "delete_thing", "add_thing_to_thing_group"] as const) {
      const { reason, errorMessage } = await rejectionOf(recordOf(operation, { awsRegion: "eu-west-1" }));
      expect(reason).to.equal("another Region");
      expect(errorMessage).to.include("it is from eu-west-1, the function looks into the registry of us-east-1: ");
    }
    expect(aws.published).to.deep.equal([]);
  });

  it("refuses a call that isn't configured", async () => {
    expect((await rejectionOf(recordOf("create_thing", { eventName: "CreateThingTypo" }))).reason).to.equal(
      "operation not announced",
    );
    await load({ OPERATIONS: "create_thing" });
    const failure = await rejectionOf(recordOf("delete_thing"));
    expect(failure.errorMessage).to.include("DeleteThing is none of the configured operations create_thing");
    await load({ OPERATIONS: "create_thing,update_thing" });
    expect((await rejectionOf(recordOf("delete_thing"))).errorMessage).to.include(
      "create_thing, update_thing: the rule should not have let it through.",
    );
  });

  for (const [what, detail, words] of [
    ["a Region that doesn't exist", { awsRegion: "xx-nowhere-1" }, "must be a Region"],
    ["a time that isn't UTC", { eventTime: "2026-01-02T03:04:05+01:00" }, "eventTime"],
    ["an id that a terminal obeys", { eventID: "\u001b[2J" }, "can't be printed"],
    ["a name that AWS IoT doesn't have", { requestParameters: { thingName: "../lamp" } }, "no name of AWS IoT"],
  ] as const) {
    it(`refuses ${what}, before it asks anybody`, async () => {
      const failure = await rejectionOf(recordOf("update_thing", detail));

      expect(failure.reason).to.equal("malformed event");
      // As the event has it, where that can be printed.
      expect(failure.eventId).to.equal("eventID" in detail ? undefined : EVENT_ID);
      expect(failure.errorMessage).to.include(words);
      expect(aws.afterStart.map(({ path }) => path)).to.deep.equal(["/"]); // the letter
    });
  }

  for (const [what, described, words] of [
    ["of another account", { ...THING, thingArn: THING_ARN.replace(CUSTOMER, PARTNER) }, "sent thingArn"],
    ["with characters that a terminal obeys", { ...THING, attributes: { room: "\u001b[31m" } }, "can't be printed"],
    ["with a version that is no whole number", { ...THING, version: 1.5 }, "version"],
  ] as const) {
    it(`sends no description ${what}: the partner would reject it`, async () => {
      aws.answers.set("GET /things/lamp", () => ({ status: 200, body: described }));

      const failure = await rejectionOf(recordOf("create_thing"));

      expect(failure.reason).to.equal("malformed message");
      expect(failure.errorMessage).to.include(words);
      expect(aws.published).to.deep.equal([]);
    });
  }

  it("refuses a record without the thing's name, naming what is missing", async () => {
    const failure = await rejectionOf(recordOf("delete_thing", { requestParameters: null }));

    expect(failure).to.include({ reason: "malformed event", eventId: EVENT_ID });
    expect(failure.errorMessage).to.include("DeleteThing has neither thingName nor thingArn");
  });

  for (const event of [
    null,
    "text",
    {},
    { detail: { eventID: 7 } },
    recordOf("create_thing", { eventSource: "ec2" }),
  ]) {
    it(`refuses ${JSON.stringify(event).slice(0, 40)} as an event`, async () => {
      const { reason, errorMessage } = await rejectionOf(event);
      expect(reason).to.equal("malformed event");
      if (event === null) expect(errorMessage).to.include("the event: ");
      expect(errorMessage).to.match(/The function takes CloudTrail's records of AWS IoT from EventBridge\.$/);
      expect(lines).to.have.length(1);
      const known = event !== null && typeof event === "object" && "account" in event;
      expect(lines[0]).to.include({
        ...{ outcome: "rejected", reason: "malformed event" },
        eventId: known ? EVENT_ID : null,
      });
    });
  }
});
