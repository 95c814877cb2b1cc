// A rehearsal of what comes: messages of later releases at this one's partner function, and this one's at a later
// partner's. A version may say more; one that says something otherwise has another number, and its partners are
// upgraded first: what came too early waits in their queue.
import { expect } from "chai";
import { readLetter } from "../../hooks/letters/letter.ts";
import { receiver } from "../../partner/lambda/reception.ts";
import type { Delivery } from "../../partner/lambda/unpack.ts";
import type { Letter } from "../../shared/lambda/letter.ts";
import { announcing } from "./announcing.ts";
import { THING } from "./descriptions.ts";
import { LetterBox, invocation } from "./invocation.ts";
import { CUSTOMERS, SETTINGS } from "./known-customers.ts";
import { recordOf } from "./records.ts";
import { MESSAGE, base64, ruleEvent } from "./rule-events.ts";
import { thingEvent } from "./registry-events.ts";

type Sent = typeof MESSAGE;

/** Says more, by names that nobody knows yet. */
const MORE = {
  ...MESSAGE,
  firmware: { version: "2.1", signed: true },
  hook: { ...MESSAGE.hook, cause: "fleet provisioning" },
};
/** Says the version of a thing otherwise, and so is another one. */
const otherwise = ({ version, hook, ...rest }: Sent) => ({
  ...rest,
  revision: { number: version },
  hook: { ...hook, schemaVersion: 2 },
});

/** A partner's function, and what it took and turned away. */
function partner(read: (event: ReturnType<typeof ruleEvent>) => unknown = (event) => event) {
  const taken: Delivery["message"][] = [];
  const box = new LetterBox();
  const receive = receiver({
    settings: SETTINGS,
    customers: CUSTOMERS,
    onThing: ({ message }) => {
      taken.push(message);
    },
    measure: () => undefined,
    sendLetter: box.send,
    now: () => new Date(),
  });
  return {
    taken,
    letters: box.letters,
    receive: (event: ReturnType<typeof ruleEvent>) => receive(read(event), invocation()),
  };
}

/**
 * A later release's: it reads both versions. What it does with the second one is its own affair; here, what ours does.
 */
const laterPartner = () =>
  partner((event) => {
    const sent = JSON.parse(Buffer.from(event.data, "base64").toString()) as ReturnType<typeof otherwise> & Sent;
    if (sent.hook.schemaVersion !== 2) return event;
    const { revision, ...rest } = sent;
    return { ...event, data: base64({ ...rest, version: revision.number, hook: { ...sent.hook, schemaVersion: 1 } }) };
  });

const reasonOf = ({ responsePayload }: Letter) => responsePayload.reason;

describe("a later release's customer, and this one's partner", () => {
  it("that says more is heard, and the partner's own code sees what it says", async () => {
    const { receive, taken, letters } = partner();
    await receive(ruleEvent(MORE));
    expect(letters).to.deep.equal([]);
    expect(taken).to.have.length(1);
    expect(taken[0]).to.deep.include({ firmware: MORE.firmware, thingName: "lamp" });
    expect(taken[0]?.hook).to.include({ cause: "fleet provisioning" });
  });

  it("that says something otherwise is turned away at once, whole, and reaches nobody's code", async () => {
    const { receive, taken, letters } = partner();
    await receive(ruleEvent(otherwise(MESSAGE)));
    expect(taken).to.deep.equal([]);
    expect(letters.map(reasonOf)).to.deep.equal(["unknown schema version"]);
    expect(letters[0]?.responsePayload.errorMessage).to.contain("deploy the partner's program from a newer release");
  });

  it("is heard once the partner is upgraded and the letters are sent again", async () => {
    const before = partner();
    await before.receive(ruleEvent(otherwise(MESSAGE)));
    const upgraded = laterPartner();
    for (const letter of before.letters) {
      const received = { body: JSON.stringify(letter), attributes: {}, sentAt: 0 };
      const { event } = readLetter("partner", received);
      await upgraded.receive(JSON.parse(event) as ReturnType<typeof ruleEvent>);
    }
    expect(upgraded.letters).to.deep.equal([]);
    expect(upgraded.taken).to.have.length(1);
    expect(upgraded.taken[0]).to.include({ thingName: "lamp", version: 1 });
  });

  for (const [what, broken, field] of [
    ["a number as a text", { ...MESSAGE, version: "1" }, "version"],
    ["attributes that are none", { ...MESSAGE, attributes: [] }, "attributes"],
    [
      "a time in another zone",
      { ...MESSAGE, hook: { ...MESSAGE.hook, eventTime: "2026-01-02T03:04:05+01:00" } },
      "hook.eventTime",
    ],
    ["no version's number", { ...MESSAGE, hook: { ...MESSAGE.hook, schemaVersion: undefined } }, "hook.schemaVersion"],
  ] as const)
    it(`that breaks a field under the old number is turned away by its name: ${what}`, async () => {
      const { receive, taken, letters } = partner();
      await receive(ruleEvent(broken));
      expect(taken).to.deep.equal([]);
      expect(letters.map(reasonOf)).to.deep.equal(["malformed message"]);
      expect(letters[0]?.responsePayload.errorMessage).to.contain(field);
    });

  it("that announces an operation which this release doesn't know waits in the queue as well", async () => {
    const { receive, letters } = partner();
    await receive(ruleEvent(MESSAGE, "rename_thing"));
    expect(letters.map(reasonOf)).to.deep.equal(["unknown operation"]);
  });
});

describe("this release's customer, and a later one's partner", () => {
  const { aws, announce, onlyMessage } = announcing();

  for (const [trigger, event] of [
    ["CloudTrail", recordOf("create_thing")],
    ["AWS IoT's own events", thingEvent("CREATED")],
  ] as const)
    it(`is heard as before: ${trigger}`, async () => {
      await announce(event);
      const { content, hook } = onlyMessage();
      const { receive, taken, letters } = laterPartner();
      await receive({ ...ruleEvent({ ...content, hook }), receivedAt: Date.now() });
      expect(letters).to.deep.equal([]);
      expect(taken.map(({ thingName }) => thingName)).to.deep.equal(["lamp"]);
    });

  it("is not disturbed by what AWS will have added to its descriptions", async () => {
    aws.answers.set("GET /things/lamp", () => ({ status: 200, body: { ...THING, thingLocation: { country: "SE" } } }));
    await announce(recordOf("create_thing"));
    const { content, hook } = onlyMessage();
    const { receive, taken } = partner();
    await receive({ ...ruleEvent({ ...content, hook }), receivedAt: Date.now() });
    expect(taken).to.have.length(1);
  });
});
