// What is read out of a dead letter, by who wrote it and whose function its event is for.
import { expect } from "chai";
import { type Taker, readLetter } from "../../hooks/letters/letter.ts";
import { membershipEvent, thingEvent } from "../lambda/registry-events.ts";
import { EVENT, RULE_EVENT, type Written, ofEventBridge, ofIot, ofLambda, rejected } from "./letters.ts";

const SENT_AT = 1_767_323_047_123;
const read = (taker: Taker, { body, attributes = {} }: Written) =>
  readLetter(taker, { body, attributes, sentAt: SENT_AT });
const unreadable = (taker: Taker, written: Written): string => {
  try {
    read(taker, written);
  } catch (error) {
    expect(error).to.have.property("name", "UnreadableLetter");
    return (error as Error).message;
  }
  return expect.fail("it was read");
};
const parsed = ({ event, ...rest }: ReturnType<typeof read>) => ({ ...rest, event: JSON.parse(event) as unknown });

describe("a dead letter", () => {
  it("of EventBridge is the event itself, with EventBridge's words", () => {
    expect(parsed(read("customer", ofEventBridge()))).to.deep.equal({
      form: "eventBridge",
      reason: "NO_PERMISSIONS",
      explanation: "Lambda was not authorized to be invoked",
      event: EVENT,
    });
    expect(read("customer", { body: JSON.stringify(EVENT) })).to.include({ reason: "no ERROR_CODE" });
  });

  it("of Lambda has the event, and why it failed as far as that is said", () => {
    expect(parsed(read("partner", ofLambda(RULE_EVENT)))).to.deep.equal({
      form: "lambda",
      reason: "RetriesExhausted: AnnounceFailure",
      explanation: "no",
      event: RULE_EVENT,
    });
    for (const responsePayload of [undefined, "no object", {}])
      expect(read("partner", ofLambda(RULE_EVENT, { responsePayload }))).to.include({ reason: "RetriesExhausted" });
    expect(read("partner", rejected(RULE_EVENT, "not JSON"))).to.include({ reason: "not JSON" });
  });

  it("of AWS IoT has what the partner's rule would have made of it, without a principal", () => {
    const { principal: _, ...columns } = RULE_EVENT;
    for (const prefix of ["", "$aws/rules/iot_hooks_receive/"])
      expect(parsed(read("partner", ofIot(RULE_EVENT, prefix)))).to.deep.equal({
        form: "iot",
        reason: "LambdaAction failed",
        explanation: "Failed to invoke.",
        event: { ...columns, receivedAt: SENT_AT },
        publisher: "n/a",
      });
  });

  it("of AWS IoT's rules on the customer's side has what was published, as it is", () => {
    const data = Buffer.from(JSON.stringify(thingEvent("CREATED"))).toString("base64");
    const written = ofIot({ ...RULE_EVENT, topic: "$aws/events/thing/lamp/created", data });
    expect(parsed(read("customer", written)).event).to.deep.equal(thingEvent("CREATED"));
  });

  it("of AWS IoT may name several failures, or none", () => {
    const failing = (changed: object) => {
      const record = JSON.parse(ofIot().body) as object;
      return read("partner", { body: JSON.stringify({ ...record, ...changed }) });
    };
    expect(failing({ failures: [{ failedAction: "A" }, { errorMessage: "why" }] })).to.include({
      reason: "A, an action failed",
      explanation: "why",
    });
    for (const failures of [undefined, []]) expect(failing({ failures })).to.include({ reason: "no failure named" });
    expect(failing({ clientId: undefined }).publisher).to.equal(undefined);
    expect(failing({ clientId: "\u001b[2J" }).publisher).to.not.include("\u001b");
  });

  it("is read in no other form than one that it may have for its function", () => {
    const neither = "it is neither EventBridge's event, nor Lambda's record, nor AWS IoT's error record";
    for (const body of ["{}", "[]", "7", "null", '"text"', '{"detail-type":"x","detail":[]}', '{"detail":{}}'])
      expect(unreadable("customer", { body }), body).to.equal(neither);
    expect(unreadable("customer", { body: "no JSON" })).to.equal("it is not JSON");
  });

  for (const [taker, event] of [
    ["customer", RULE_EVENT],
    ["customer", { eventType: "THING_EVENT" }],
    ["customer", { eventId: "1" }],
    ["customer", { ...EVENT, detail: "x" }],
    ["partner", EVENT],
    ["partner", thingEvent("CREATED")],
    ["partner", { ...RULE_EVENT, data: undefined }],
    ["partner", { ...RULE_EVENT, topic: 7 }],
    ["partner", { ...RULE_EVENT, accountId: undefined }],
    ["partner", { ...RULE_EVENT, operation: undefined }],
    ["reconcile", []],
    ["reconcile", null],
    ["reconcile", "x"],
  ] as const)
    it(`isn't sent to the ${taker}'s function with ${JSON.stringify(event).slice(0, 60)} in it`, () => {
      expect(unreadable(taker, ofLambda(event))).to.equal(`the event in it is none that the ${taker}'s function takes`);
    });

  it("is taken for the function whose event it has", () => {
    for (const event of [EVENT, thingEvent("DELETED"), membershipEvent("ADDED")])
      expect(read("customer", ofLambda(event)).form).to.equal("lambda");
    expect(read("reconcile", ofLambda({ source: "aws.events" })).form).to.equal("lambda");
  });

  it("that was cut when it was written can't be sent, and says how large its event was", () => {
    const cut = ofLambda({ cut: true, bytes: 300_000, start: "{" });
    expect(unreadable("partner", cut)).to.equal("its event of 300000 bytes was too large for a letter, and was cut");
    expect(unreadable("partner", ofLambda({ cut: false, bytes: 1, start: "" }))).to.include("is none that");
  });

  it("of a topic that is none of the hooks' can't be sent, nor one of AWS IoT's about the schedule", () => {
    for (const topic of ["fleet/lamp", `x/${RULE_EVENT.topic}`, `${RULE_EVENT.topic}/x`, "cross_account_hooks/a"])
      expect(unreadable("partner", ofIot({ ...RULE_EVENT, topic })), topic).to.equal(
        `its topic "${topic}" is not cross_account_hooks/<account>/<operation>`,
      );
    expect(unreadable("reconcile", ofIot())).to.equal("AWS IoT writes none about the schedule");
  });

  it("has a reason of a hundred characters that a terminal can show, whatever stands in it", () => {
    const { reason } = read("partner", rejected(RULE_EVENT, `\u001b[31m${"x".repeat(300)}`));
    expect(reason).to.match(/^\\u\{1b\}\[31mx+…$/);
    expect(reason).to.have.length(100);
  });
});
