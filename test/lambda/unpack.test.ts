import { expect } from "chai";
import fc from "fast-check";
import { RejectedMessage, type RejectionReason } from "../../partner/lambda/rejected-message.ts";
import { eventIdIn, hookEvent, unpack as unpackRule } from "../../partner/lambda/unpack.ts";
import { topicOf } from "../../shared/contract/names.ts";
import { OPERATION_NAMES, type Operation, SUBJECTS, eventNamesOf, rowOf } from "../../shared/contract/operations.ts";
import { ARNS, CERTIFICATE_ARN, CUSTOMER, PARTNER } from "./records.ts";
import { MESSAGE, RECEIVED_AT, base64, ruleEvent } from "./rule-events.ts";

const unpack = (event: unknown, allowed: readonly Operation[] = OPERATION_NAMES) =>
  unpackRule(hookEvent(event), allowed);
const { hook: _, ...SAMPLE } = MESSAGE;

function rejectionOf(event: unknown, allowed: readonly Operation[] = OPERATION_NAMES): RejectedMessage {
  try {
    unpack(event, allowed);
  } catch (error) {
    expect(error).to.be.instanceOf(RejectedMessage);
    return error as RejectedMessage;
  }
  throw new Error("the message was taken");
}
const reasonOf = (...given: Parameters<typeof rejectionOf>): RejectionReason => rejectionOf(...given).reason;

describe("unpacking what the rule hands over", () => {
  it("gives back all that was sent, and the account and operation of the topic", () => {
    expect(unpack(ruleEvent(MESSAGE))).to.deep.equal({
      message: { ...MESSAGE, accountId: CUSTOMER, operation: "create_thing" },
      schemaVersion: 1,
      receivedAt: RECEIVED_AT,
      principal: `AROAEXAMPLE:${CUSTOMER}-announce`,
    });
  });

  it("takes the sample's message, which has no hook and may have no attributes: schema version 0", () => {
    const { attributes: _, ...bare } = SAMPLE;

    expect(unpack(ruleEvent(SAMPLE))).to.deep.include({ schemaVersion: 0 });
    expect(unpack(ruleEvent(bare)).message).to.deep.include({ ...bare, attributes: {} });
  });

  it("says who sent it again, and nothing where nobody did", () => {
    const redrivenBy = `arn:aws:iam::${PARTNER}:user/operator`;

    expect(unpack({ ...ruleEvent(MESSAGE), redrivenBy })).to.include({ redrivenBy });
    expect(unpack(ruleEvent(MESSAGE))).to.not.have.property("redrivenBy");
  });

  it("believes the topic about account and operation, not the sender", () => {
    const lie = { ...MESSAGE, accountId: "333333333333", operation: "delete_everything" };

    const { message } = unpack(ruleEvent(lie));

    expect(message.accountId).to.equal(CUSTOMER);
    expect(message.operation).to.equal("create_thing");
  });

  it("keeps keys that a later version adds", () => {
    const later = { ...MESSAGE, colour: "red", constructor: "Bauhaus", hook: { ...MESSAGE.hook, hops: 2 } };

    expect(unpack(ruleEvent(later)).message).to.deep.include(later);
  });

  it("keeps attributes of any name", () => {
    const attributes = { constructor: "Bauhaus", toString: "no" };

    expect(unpack(ruleEvent({ ...MESSAGE, attributes })).message.attributes).to.deep.equal(attributes);
  });

  it("takes a message with characters of several bytes as it was sent", () => {
    const sent = { ...MESSAGE, attributes: { room: "Küche 🍳" } };

    expect(unpack(ruleEvent(sent)).message.attributes).to.deep.equal({ room: "Küche 🍳" });
  });

  it("takes a message of the largest size that AWS IoT carries", () => {
    const attributes = { note: "x".repeat(128 * 1024 - JSON.stringify(MESSAGE).length) };

    expect(unpack(ruleEvent({ ...MESSAGE, attributes })).message.attributes).to.deep.equal(attributes);
  });

  it("takes what is gone again as its event says", () => {
    const sent = { ...MESSAGE, hook: { ...MESSAGE.hook, snapshot: "event" } };

    expect(unpack(ruleEvent(sent)).message).to.deep.include(sent);
  });

  for (const operation of OPERATION_NAMES) {
    const { subjects, memberField } = rowOf(operation);
    const arns = {
      ...Object.fromEntries(subjects.map((subject) => [SUBJECTS[subject].arnField, ARNS[subject]])),
      ...(memberField === "principal" ? { principal: CERTIFICATE_ARN } : {}),
    };
    const sent = { attributes: {}, hook: { ...MESSAGE.hook, eventName: eventNamesOf(operation)[0] }, ...arns };

    it(`${operation}: takes a message with the ARNs that it is about`, () => {
      expect(unpack(ruleEvent(sent, operation)).message).to.deep.include(arns);
    });

    if (memberField !== undefined) {
      it(`${operation}: insists on ${memberField}`, () => {
        expect(reasonOf(ruleEvent({ ...sent, [memberField]: undefined }, operation))).to.equal("malformed message");
      });
    }

    for (const subject of subjects) {
      const { arnField } = SUBJECTS[subject];
      it(`${operation}: insists on ${arnField}, of that kind, in the customer's account`, () => {
        const { [arnField]: _, ...without } = sent as Record<string, unknown>;
        const foreign = { ...sent, [arnField]: ARNS[subject].replace(CUSTOMER, PARTNER) };
        const otherKind = { ...sent, [arnField]: `arn:aws:iot:us-east-1:${CUSTOMER}:cert/0123` };
        expect(reasonOf(ruleEvent(without, operation))).to.equal("malformed message");
        expect(reasonOf(ruleEvent(foreign, operation))).to.equal("not the customer's own");
        expect(reasonOf(ruleEvent(otherKind, operation))).to.equal("malformed message");
      });
    }
  }

  const rejections: readonly (readonly [string, unknown, RejectionReason, string?])[] = [
    [
      "an operation that nobody defined",
      ruleEvent(MESSAGE, "paint_thing"),
      "unknown operation",
      `paint_thing from ${CUSTOMER}`,
    ],
    ["an operation named like an object's own machinery", ruleEvent(MESSAGE, "constructor"), "unknown operation"],
    [
      "a topic of another account than its column",
      { ...ruleEvent(MESSAGE), topic: topicOf(PARTNER, "create_thing") },
      "not a hook topic",
      `cross_account_hooks/${PARTNER}/create_thing is not where account ${CUSTOMER} announces create_thing`,
    ],
    [
      "a topic of another operation than its column",
      { ...ruleEvent(MESSAGE), topic: topicOf(CUSTOMER, "delete_thing") },
      "not a hook topic",
    ],
    ["a topic of another kind", { ...ruleEvent(MESSAGE), topic: `debug/${CUSTOMER}/create_thing` }, "not a hook topic"],
    ["bytes that are no text", { ...ruleEvent(MESSAGE), data: "/////w==" }, "not UTF-8", "is not a text"],
    ["a text that isn't JSON", ruleEvent("thingName=lamp"), "not JSON", 'starts with "thingName=lamp"'],
    ["a long text that isn't JSON", ruleEvent(`no ${"x".repeat(100)}`), "not JSON", `"no ${"x".repeat(97)}"`],
    ["an empty message", ruleEvent(""), "not JSON"],
    ["a JSON array", ruleEvent([MESSAGE]), "malformed message", "JSON, but no object"],
    ["a JSON null", ruleEvent(null), "malformed message", "JSON, but no object"],
    ["a JSON number", ruleEvent(7), "malformed message", "JSON, but no object"],
    [
      "an event id as long as a message",
      ruleEvent({ ...MESSAGE, hook: { ...MESSAGE.hook, eventId: "x".repeat(100_000) } }),
      "malformed message",
    ],
    [
      "a newer schema version",
      ruleEvent({ ...MESSAGE, hook: { schemaVersion: 2 } }),
      "unknown schema version",
      "2; this function reads up to 1: deploy the partner's program from a newer release",
    ],
    ["a schema version that is a text", ruleEvent({ hook: { schemaVersion: "2" } }), "malformed message"],
    [
      "the sample's message with a number for an id",
      ruleEvent({ ...SAMPLE, thingId: 7 }),
      "malformed message",
      "thingId: ",
    ],
    [
      "an event id that a terminal obeys",
      ruleEvent({ ...MESSAGE, hook: { ...MESSAGE.hook, eventId: "\u001b" } }),
      "malformed message",
      "hook.eventId: has a character that can't be printed",
    ],
    ["a hook that is no object", ruleEvent({ ...MESSAGE, hook: "v1" }), "malformed message"],
    [
      "a hook without its event id",
      ruleEvent({ ...MESSAGE, hook: { ...MESSAGE.hook, eventId: "" } }),
      "malformed message",
    ],
    [
      "an event time that is none",
      ruleEvent({ ...MESSAGE, hook: { ...MESSAGE.hook, eventTime: "now" } }),
      "malformed message",
    ],
    ["attributes that are no texts", ruleEvent({ ...MESSAGE, attributes: { room: 7 } }), "malformed message"],
    [
      "an event time that isn't UTC",
      ruleEvent({ ...MESSAGE, hook: { ...MESSAGE.hook, eventTime: "2026-01-02T03:04:05+01:00" } }),
      "malformed message",
      "hook.eventTime: ",
    ],
    ["attributes that are a text", ruleEvent({ ...MESSAGE, attributes: "room" }), "malformed message"],
    ["attributes that are a list", ruleEvent({ ...MESSAGE, attributes: ["room"] }), "malformed message"],
    [
      "attributes hidden behind __proto__",
      ruleEvent(JSON.stringify(MESSAGE).replace('"room":"kitchen"', '"__proto__":{"room":7}')),
      "malformed message",
    ],
    ["a current message without attributes", ruleEvent({ ...MESSAGE, attributes: undefined }), "malformed message"],
    ["data that isn't base64", { ...ruleEvent(MESSAGE), data: "%%%" }, "malformed rule event"],
    ["an event without its topic", { ...ruleEvent(MESSAGE), topic: undefined }, "malformed rule event"],
    ["a message that came around the rule", MESSAGE, "malformed rule event", "data: "],
    ["what is no event at all", 7, "malformed rule event", "the whole: "],
  ];
  for (const [what, event, reason, words = ""] of rejections) {
    it(`rejects ${what}: ${reason}`, () => {
      const rejection = rejectionOf(event);
      expect(rejection).to.include({ name: "RejectedMessage", reason });
      expect(rejection.message).to.include(words);
    });
  }

  const described = ["thingName", "thingArn", "thingId", "thingTypeName", "thingTypeArn", "thingTypeId"];
  const others = [
    "thingGroupName",
    "thingGroupArn",
    "thingGroupId",
    "billingGroupName",
    "billingGroupArn",
    "billingGroupId",
    "defaultClientId",
    "principal",
  ];
  for (const field of [...described, ...others]) {
    it(`rejects a message whose ${field} is no text, and says so`, () => {
      expect(rejectionOf(ruleEvent({ ...MESSAGE, [field]: ["x"] })).message).to.include(`: ${field}: `);
    });
  }

  for (const version of ["1", -1, 1.5, 2 ** 53]) {
    it(`rejects a message whose version is ${JSON.stringify(version)}`, () => {
      expect(rejectionOf(ruleEvent({ ...MESSAGE, version })).message).to.include(": version: ");
    });
  }

  it("says what attributes have to be", () => {
    expect(rejectionOf(ruleEvent({ ...MESSAGE, attributes: 7 })).message).to.include("must be an object of texts");
  });

  it("rejects an operation that customers may not announce, and says which it may", () => {
    const rejection = rejectionOf(ruleEvent(MESSAGE, "delete_thing"), ["create_thing", "sync_thing"]);

    expect(rejection.reason).to.equal("operation not allowed");
    expect(rejection.message).to.include(`delete_thing from ${CUSTOMER}; configured are create_thing, sync_thing`);
  });

  it("spells out what a terminal would obey in the event id of what it rejects", () => {
    const sent = JSON.stringify(MESSAGE).replace(MESSAGE.hook.eventId, "a\u2028\u001b[2J\u202eb");

    expect(eventIdIn(ruleEvent(sent))).to.equal("a\\u2028\\u001b[2J\\u202eb");
  });

  it("finds the event id in what it rejects, however that is spaced", () => {
    const sent = JSON.stringify({ ...MESSAGE, thingName: 7 }, undefined, 2).replace('"eventId":', '"eventId" :');

    expect(eventIdIn(ruleEvent(sent))).to.equal(MESSAGE.hook.eventId);
  });

  it("keeps what the decoder or the parser said as the cause", () => {
    expect(rejectionOf({ ...ruleEvent(MESSAGE), data: "/////w==" }).cause).to.be.instanceOf(TypeError);
    expect(rejectionOf(ruleEvent("no JSON")).cause).to.be.instanceOf(SyntaxError);
  });

  it("keeps its errors short, however long what was sent is", () => {
    const sent = { ...MESSAGE, thingArn: `arn:${"x".repeat(100_000)}` };

    expect(rejectionOf(ruleEvent(sent)).message.length).to.be.below(500);
  });

  it("takes any message or throws RejectedMessage: nothing else, whatever is sent", () => {
    const almost = fc
      .record({ key: fc.constantFrom(...Object.keys(MESSAGE), "accountId", "__proto__"), value: fc.jsonValue() })
      .map(({ key, value }) => ({ ...MESSAGE, [key]: value }));
    const almostHook = fc
      .record({ key: fc.constantFrom(...Object.keys(MESSAGE.hook)), value: fc.jsonValue() })
      .map(({ key, value }) => ({ ...MESSAGE, hook: { ...MESSAGE.hook, [key]: value } }));
    const data = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("base64")),
      fc.oneof(fc.json(), fc.string()).map(base64),
      fc.oneof(fc.jsonValue(), almost, almostHook).map(base64),
      fc.string(),
    );
    const operation = fc.oneof(fc.constantFrom<string>(...OPERATION_NAMES), fc.string());
    const fromRule = fc.oneof(
      data.map((sent) => ({ ...ruleEvent(MESSAGE), data: sent })),
      fc.record({ data, operation }).map((given) => ({ ...ruleEvent("", given.operation), data: given.data })),
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: fromRule }, fc.anything()), (event) => {
        try {
          const { message } = unpack(event);
          taken += 1;
          expect(message.accountId).to.equal(CUSTOMER);
          expect(Object.values(message.attributes).every((value) => typeof value === "string")).to.equal(true);
        } catch (error) {
          if (!(error instanceof RejectedMessage)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
    expect(taken).to.be.above(0);
  });
});
