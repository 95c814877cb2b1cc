// What a message has to be true to. Each row is something that a customer with full power over its own account can
// send.
import { expect } from "chai";
import { type Known, contentProblem, withTimesUntil } from "../../shared/contract/content.ts";
import type { Message } from "../../shared/contract/message.ts";
import { OPERATION_NAMES, SUBJECTS, eventNamesOf, rowOf } from "../../shared/contract/operations.ts";
import { escaped, isPrintable } from "../../shared/contract/printable.ts";
import { ARNS, CERTIFICATE_ARN, CUSTOMER, GROUP_ARN, PARTNER, THING_ARN, TYPE_ARN } from "../lambda/records.ts";
import { MESSAGE, RECEIVED_AT } from "../lambda/rule-events.ts";

const KNOWN: Known = { operation: "create_thing", accountId: CUSTOMER, at: RECEIVED_AT };
const message = (fields: object): Message => ({ ...MESSAGE, ...fields }) as unknown as Message;
const hook = (fields: object): Message => message({ hook: { ...MESSAGE.hook, ...fields } });
const problemOf = (of: Message, known: Partial<Known> = {}) => contentProblem(of, { ...KNOWN, ...known });
const foreign = (arn: string): string => arn.replace(CUSTOMER, PARTNER);
/** Five minutes: how far the docs say that a customer's clock may be ahead. */
const LEAD_MS = 300_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const ancestors = (fields: object) => ({
  thingGroupMetadata: { rootToParentThingGroups: [{ groupName: "kitchen", groupArn: GROUP_ARN, ...fields }] },
});
const nested = (levels: number): unknown => (levels === 0 ? "end" : { in: nested(levels - 1) });

describe("the content of a message", () => {
  const wrong: readonly (readonly [string, Message, string])[] = [
    ["no ARN of its subject", message({ thingArn: undefined }), "thingArn is missing"],
    ["another kind of ARN", message({ thingArn: GROUP_ARN }), "not the ARN of a thing"],
    ["another service's ARN", message({ thingArn: `arn:aws:s3:us-east-1:${CUSTOMER}:thing/lamp` }), "not the ARN"],
    ["a partition that doesn't exist", message({ thingArn: THING_ARN.replace("aws", "aws-moon") }), "no such Region"],
    ["another partition's Region", message({ thingArn: THING_ARN.replace("aws", "aws-cn") }), "no such Region"],
    [
      "a Region that doesn't exist",
      message({ thingArn: THING_ARN.replace("us-east-1", "xx-east-1") }),
      "no such Region",
    ],
    [
      "another Region than hook's",
      message({ thingArn: THING_ARN.replace("us-east-1", "eu-west-1") }),
      "from us-east-1",
    ],
    ["another name than the ARN's", message({ thingName: "pump" }), "thingName is pump, but thingArn is"],
    ["a name that AWS IoT doesn't have", message({ thingName: "a b" }), "no name of AWS IoT"],
    ["a name too long", message({ thingName: "x".repeat(129) }), "no name of AWS IoT"],
    ["an ARN without a name", message({ thingArn: THING_ARN.replace("lamp", "") }), "not the ARN of a thing"],
    ["an ARN with more behind its name", message({ thingArn: `${THING_ARN}/x` }), "not the ARN of a thing"],
    ["an ARN with something before it", message({ thingArn: `x${THING_ARN}` }), "not the ARN of a thing"],
    ["an ARN with a line break", message({ thingArn: `${THING_ARN}\n` }), "can't be printed"],
    ["a list for an ARN", message(ancestors({ groupArn: [GROUP_ARN] })), "not the ARN of a thinggroup"],
    ...["thingName", "thingGroupName", "thingTypeName", "billingGroupName", "groupName", "parentGroupName"].map(
      (field) =>
        [`${field} that is no name`, message({ more: { [field]: "<b>" } }), `${field} is <b>, no name`] as const,
    ),
    ["a number for a name", message(ancestors({ groupName: 7 })), "groupName is 7, no name of AWS IoT"],
    ["an object for a name", message(ancestors({ groupName: {} })), "groupName is {}, no name of AWS IoT"],
    [
      "another name than the billing group's ARN",
      message({ billingGroupName: "b", billingGroupArn: `arn:aws:iot:us-east-1:${CUSTOMER}:billinggroup/a` }),
      "billingGroupName is b, but",
    ],
    ["a principal that is a role", message({ principal: `arn:aws:iam::${CUSTOMER}:role/x` }), "not the ARN of a cert"],
    ["a principal that is a thing", message({ principal: THING_ARN }), "not the ARN of a cert"],
    ["a principal with more behind its id", message({ principal: `${CERTIFICATE_ARN}/x` }), "not the ARN of a cert"],
    ["a principal of no Region", message({ principal: "xx-east-1:0123-ab" }), "in no Region"],
    ["a principal with something before it", message({ principal: "X us-east-1:0123-ab" }), "not the ARN of a cert"],
    ["a parent's ARN with another name", message(ancestors({ groupName: "cellar" })), "groupName is cellar"],
    ["a hook from a Region that doesn't exist", hook({ region: "nowhere" }), "hook.region is nowhere"],
    ["another call's name", hook({ eventName: "UpdateThing" }), "comes of CreateThing or DeleteThing"],
    ["a day that the calendar hasn't", hook({ eventTime: "2026-02-30T00:00:00Z" }), "there is no such time"],
    ["a time before AWS IoT was there", hook({ observedAt: "2015-10-07T23:59:59Z" }), "before AWS IoT"],
    ["an event of the future", hook({ eventTime: iso(RECEIVED_AT + LEAD_MS + 1) }), "in the future"],
    ["a look of the future", hook({ observedAt: iso(RECEIVED_AT + LEAD_MS + 1) }), "in the future"],
    ["an escape sequence in an attribute", message({ attributes: { a: "\u001b]0;owned\u0007" } }), "a has a character"],
    ["a reversed attribute", message({ attributes: { a: "gpj.\u202egnp" } }), "can't be printed"],
    ["a control character in a key", message({ attributes: { "a\u0000": "b" } }), "has a key"],
    ["a C1 control character in a list", message({ more: [["\u009b31m"]] }), "can't be printed"],
    ["half a character", message({ more: "\ud83d" }), "can't be printed"],
    ["21 levels", message({ more: nested(20) }), "more than 20 levels deep"],
    ["100,000 levels", message(JSON.parse(`{"more":${"[".repeat(100_000)}${"]".repeat(100_000)}}`) as object), "deep"],
  ];
  for (const [what, sent, words] of wrong) {
    it(`is malformed with ${what}`, () => {
      const problem = problemOf(sent);
      expect(problem?.reason).to.equal("malformed message");
      expect(problem?.explanation).to.include(words);
    });
  }

  const foreigners: readonly (readonly [string, Message, Partial<Known>?])[] = [
    ["thingArn", message({ thingArn: foreign(THING_ARN) })],
    ["thingGroupArn", message({ thingGroupArn: foreign(GROUP_ARN) })],
    ["thingTypeArn", message({ thingTypeArn: foreign(TYPE_ARN) })],
    ["billingGroupArn", message({ billingGroupArn: `arn:aws:iot:us-east-1:${PARTNER}:billinggroup/x` })],
    ["principal", message({ principal: foreign(CERTIFICATE_ARN) })],
    ["groupArn", message(ancestors({ groupArn: foreign(GROUP_ARN) }))],
  ];
  for (const [field, sent] of foreigners) {
    it(`isn't the customer's own with another account's ${field}`, () => {
      const problem = problemOf(sent);
      expect(problem?.reason).to.equal("not the customer's own");
      expect(problem?.explanation).to.include(field).and.include(PARTNER);
    });
  }

  const right: readonly (readonly [string, Message, Partial<Known>?])[] = [
    ["every field that AWS has", message({ thingTypeName: "bulb", billingGroupName: "b:1", defaultClientId: "lamp" })],
    ["a certificate as principal", message({ principal: CERTIFICATE_ARN })],
    ["an identity of Cognito as principal", message({ principal: "eu-west-1:0b1c2d3e-0000-4a5b-8c9d-0123456789ab" })],
    [
      "an ARN of anybody's as an attribute",
      message({ attributes: { thingArn: foreign(THING_ARN), thingName: "a b" } }),
    ],
    [
      "such an attribute within a group's description",
      message({ thingGroupProperties: { attributePayload: { attributes: { principal: "x", groupName: "a b" } } } }),
    ],
    ["parents", message(ancestors({}))],
    ["a name without an ARN beside it", message({ thingGroupMetadata: { parentGroupName: "home" } })],
    ["a text in any script, and signs of several parts", message({ attributes: { a: "Küche 厨房 مطبخ 👩‍🍳" } })],
    ["a clock that is 5 minutes ahead", hook({ observedAt: iso(RECEIVED_AT + LEAD_MS) })],
    ["the first second of AWS IoT", hook({ eventTime: "2015-10-08T00:00:00Z" })],
    ["the deletion's name, when the thing is there again", hook({ eventName: "DeleteThing" })],
    ["20 levels", message({ more: nested(19) })],
    [
      "a look's name, of a deletion that no call told of",
      hook({ eventName: "SyncThing" }),
      { operation: "delete_thing" },
    ],
  ];
  for (const [what, sent, known] of right) {
    it(`is in order with ${what}`, () => {
      expect(problemOf(sent, known)).to.equal(undefined);
    });
  }

  it("takes its Region from the ARN where there is no hook, and the others have to agree", () => {
    const { hook: _, ...sample } = MESSAGE;
    const elsewhere = { ...sample, thingArn: THING_ARN.replace("us-east-1", "eu-west-1") } as unknown as Message;
    expect(problemOf(elsewhere)).to.equal(undefined);
    expect(problemOf({ ...elsewhere, thingTypeArn: TYPE_ARN })?.explanation).to.include("from eu-west-1");
    expect(problemOf({ ...sample, thingArn: undefined } as unknown as Message)?.explanation).to.include("thingArn");
  });

  it("names the principal that a call about one lacks", () => {
    const sent = hook({ eventName: "AttachThingPrincipal" });
    expect(problemOf(sent, { operation: "attach_thing_principal" })?.explanation).to.match(/^principal is missing/);
  });

  it("has another time for what is checked in the sender's function: now", () => {
    expect(problemOf(message({}), { at: RECEIVED_AT - 3_600_000 })?.explanation).to.include("in the future");
  });

  for (const operation of OPERATION_NAMES) {
    it(`${operation}: needs its subjects' ARNs, its principal, and a call that it comes of, and nothing else`, () => {
      const { subjects, memberField } = rowOf(operation);
      const fields = {
        ...Object.fromEntries(subjects.map((subject) => [SUBJECTS[subject].arnField, ARNS[subject]])),
        ...(memberField === "principal" ? { principal: CERTIFICATE_ARN } : {}),
      };
      for (const eventName of eventNamesOf(operation)) {
        const sent = { attributes: {}, ...fields, hook: { ...MESSAGE.hook, eventName } } as unknown as Message;
        expect(problemOf(sent, { operation })).to.equal(undefined);
      }
    });
  }

  it("counts no later than it was taken, however far the sender's clock is ahead", () => {
    const capped = withTimesUntil(
      hook({ eventTime: iso(RECEIVED_AT + 1), observedAt: iso(RECEIVED_AT + LEAD_MS) }),
      RECEIVED_AT,
    );
    expect(capped.hook).to.include({ eventTime: iso(RECEIVED_AT), observedAt: iso(RECEIVED_AT) });
  });

  it("keeps times that are no later than it was taken, letter by letter", () => {
    expect(withTimesUntil(message({}), RECEIVED_AT)).to.deep.equal(MESSAGE);
    expect(withTimesUntil(message({}), Date.parse(MESSAGE.hook.eventTime)).hook).to.include({
      eventTime: MESSAGE.hook.eventTime,
    });
    const { hook: _, ...sample } = MESSAGE;
    expect(withTimesUntil(sample, RECEIVED_AT)).to.equal(sample);
  });
});

describe("a text of somebody else's", () => {
  const obeyed = ["\u0000", "\n", "\u001b", "\u007f", "\u0085", "\u009b", "\u061c", "\u200e", "\u200f", "\u2028"];
  for (const character of [...obeyed, "\u202a", "\u202e", "\u2066", "\u2069", "\ud800", "\udfff", "\ufffe", "\uffff"]) {
    const spelled = `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
    it(`isn't printable with ${spelled}, and is spelled so`, () => {
      expect(isPrintable(`a${character}b`)).to.equal(false);
      expect(escaped(`a${character}b${character}`)).to.equal(`a${spelled}b${spelled}`);
    });
  }

  it("is printable otherwise, and stays as it is", () => {
    const text = 'A a ~ é ß 厨 م 👩‍🍳 "quoted" \\ back';
    expect(isPrintable(text)).to.equal(true);
    expect(escaped(text)).to.equal(text);
  });
});
