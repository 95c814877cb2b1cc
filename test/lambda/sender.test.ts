import { expect } from "chai";
import { RejectedMessage } from "../../partner/lambda/rejected-message.ts";
import { vouchedFor } from "../../partner/lambda/sender.ts";
import type { Customers } from "../../partner/lambda/customers.ts";
import type { Delivery } from "../../partner/lambda/unpack.ts";
import { invocation } from "./invocation.ts";
import { SETTINGS, customersOf } from "./known-customers.ts";
import { receiving } from "./receiving.ts";
import { CUSTOMER, EVENT_ID, PARTNER } from "./records.ts";
import { MESSAGE, RECEIVED_AT, SENDER_ID, ruleEvent } from "./rule-events.ts";

/** The rejection of a message, or undefined for one that is taken. */
function rejectionOf(principal: string | undefined, hook: object | null = MESSAGE.hook) {
  const message = {
    ...MESSAGE,
    hook: hook ?? undefined,
    accountId: CUSTOMER,
    operation: "create_thing",
  } as Delivery["message"];
  const delivery: Delivery = { message, schemaVersion: 1, receivedAt: RECEIVED_AT, principal };
  try {
    vouchedFor(delivery, { roleId: SENDER_ID, disabled: false }, "enforce");
  } catch (error) {
    return error as RejectedMessage;
  }
  return undefined;
}

describe("who vouches for a message, where that is enforced", () => {
  it("the customer's role, in whichever session", () => {
    expect(rejectionOf(`${SENDER_ID}:any`)).to.equal(undefined);
  });

  it("another role doesn't, and the rejection names both and the event", () => {
    const rejection = rejectionOf("AROAOTHER:session");
    expect(rejection).to.be.instanceOf(RejectedMessage);
    expect(rejection?.message).to.equal(
      "Message rejected (not the customer's role): AROAOTHER:session published for account " +
        `${CUSTOMER}, whose publish role is ${SENDER_ID}.`,
    );
    expect(rejection?.eventId).to.equal(EVENT_ID);
  });

  it("nobody doesn't", () => {
    expect(rejectionOf(undefined)?.message).to.match(/: nobody published for account /);
  });

  it("a stranger's message of schema version 0, which has no event, is rejected all the same", () => {
    const rejection = rejectionOf("AROAOTHER:session", null);
    expect(rejection).to.be.instanceOf(RejectedMessage);
    expect(rejection?.eventId).to.equal(undefined);
  });
});

describe("who may speak", () => {
  async function heard(customers: Customers) {
    const { receive, seen, box, measured } = receiving({ customers });
    const failure = await receive(ruleEvent(MESSAGE), invocation()).catch((error: unknown) => error);
    return {
      line: seen.lines[0],
      reason: box.letters[0]?.responsePayload.reason,
      steps: seen.steps,
      measured,
      failure,
    };
  }

  it("not an account that is no customer, which doesn't become a metric's dimension", async () => {
    const { line, reason, steps, measured } = await heard(customersOf({}));
    expect(steps).to.deep.equal([]);
    expect(line).to.include({ outcome: "rejected", reason: "unknown customer", eventId: EVENT_ID });
    expect(line?.["error"]).to.include(`account ${CUSTOMER} is none of the partner's customers: add it`);
    expect([reason, measured[0]?.[0]]).to.deep.equal(["unknown customer", "unknown"]);
  });

  it("not a customer that is disabled: its letter waits, and is counted as this customer's", async () => {
    const { line, reason, steps, measured } = await heard(
      customersOf({ [CUSTOMER]: { roleId: SENDER_ID, disabled: true } }),
    );
    expect(steps).to.deep.equal([]);
    expect(line).to.include({ outcome: "rejected", reason: "customer disabled", eventId: EVENT_ID });
    expect([reason, measured[0]?.[0]]).to.deep.equal(["customer disabled", CUSTOMER]);
  });

  it("is an open question while the table can't be read: Lambda tries again, and no letter says unknown", async () => {
    const cause = new Error("throttled");
    const { line, reason, steps, measured, failure } = await heard({ find: () => Promise.reject(cause) });
    expect([steps, reason]).to.deep.equal([[], undefined]);
    expect(failure).to.include({ name: "HandlingFailure", reason: "customers unreadable", eventId: EVENT_ID, cause });
    expect(line).to.include({ outcome: "failed", reason: "customers unreadable" });
    expect(measured).to.deep.equal([["unknown", { Failed: 1 }]]);
  });
});

describe("who sent a message", () => {
  const rule = (principal: string | undefined, more = {}) => ({ ...ruleEvent(MESSAGE), principal, ...more });
  async function heard(event: unknown, senderCheck: "observe" | "enforce") {
    const settings = { ...SETTINGS, senderCheck };
    const { receive, seen, box, measured } = receiving({ settings, publish: undefined });
    await receive(event, invocation());
    return { line: seen.lines[0], letters: box.letters, steps: seen.steps, measured };
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
      const { line, letters, steps } = await heard(rule(principal), "enforce");

      expect(steps).to.deep.equal([]);
      expect(line).to.include({ outcome: "rejected", reason: "not the customer's role", eventId: EVENT_ID });
      expect(letters[0]?.responsePayload).to.include({ reason: "not the customer's role", eventId: EVENT_ID });
    });

    it(`${who}: taken where it is observed, and named in the line`, async () => {
      const { line, letters, steps, measured } = await heard(rule(principal), "observe");

      expect([steps, letters]).to.deep.equal([["onThing lamp"], []]);
      expect(line).to.include({ outcome: "received", senderMismatch: principal ?? "nobody" });
      expect(measured[0]?.[1]).to.include({ Received: 1, Applied: 1, SenderMismatch: 1 });
    });
  }

  for (const senderCheck of ["observe", "enforce"] as const) {
    it(`the customer's publish role: taken (${senderCheck}), and nothing is said of it`, async () => {
      const { line, steps } = await heard(rule(`${SENDER_ID}:${CUSTOMER}-announce`), senderCheck);

      expect(steps).to.deep.equal(["onThing lamp"]);
      expect(line).to.not.have.any.keys("senderMismatch", "redrivenBy");
    });

    it(`somebody who redrives: taken (${senderCheck}), and named in the line`, async () => {
      const redrivenBy = `arn:aws:iam::${PARTNER}:user/operator`;

      const { line, steps } = await heard(rule(undefined, { redrivenBy }), senderCheck);

      expect(steps).to.deep.equal(["onThing lamp"]);
      expect(line).to.include({ outcome: "received", redrivenBy }).and.not.have.any.keys("senderMismatch");
    });
  }
});
