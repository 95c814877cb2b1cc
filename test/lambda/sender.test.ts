import { expect } from "chai";
import { RejectedMessage } from "../../partner/lambda/rejected-message.ts";
import { vouchedFor } from "../../partner/lambda/sender.ts";
import type { Customers } from "../../partner/lambda/settings.ts";
import type { Delivery } from "../../partner/lambda/unpack.ts";
import { CUSTOMER, EVENT_ID } from "./records.ts";
import { MESSAGE, RECEIVED_AT, SENDER_ID } from "./rule-events.ts";

/** The rejection of a message, or undefined for one that is taken. */
function rejectionOf(principal: string | undefined, senderId: string | undefined, hook: object | null = MESSAGE.hook) {
  const message = {
    ...MESSAGE,
    hook: hook ?? undefined,
    accountId: CUSTOMER,
    operation: "create_thing",
  } as Delivery["message"];
  const delivery: Delivery = { message, schemaVersion: 1, receivedAt: RECEIVED_AT, principal };
  const customers: Customers = senderId === undefined ? {} : { [CUSTOMER]: { operations: ["create_thing"], senderId } };
  try {
    vouchedFor(delivery, customers, "enforce");
  } catch (error) {
    return error as RejectedMessage;
  }
  return undefined;
}

describe("who vouches for a message, where that is enforced", () => {
  it("the customer's role, in whichever session", () => {
    expect(rejectionOf(`${SENDER_ID}:any`, SENDER_ID)).to.equal(undefined);
  });

  it("another role doesn't, and the rejection names both and the event", () => {
    const rejection = rejectionOf("AROAOTHER:session", SENDER_ID);
    expect(rejection).to.be.instanceOf(RejectedMessage);
    expect(rejection?.message).to.equal(
      "Message rejected (not the customer's role): AROAOTHER:session published for account " +
        `${CUSTOMER}, whose publish role is ${SENDER_ID}.`,
    );
    expect(rejection?.eventId).to.equal(EVENT_ID);
  });

  it("nobody doesn't", () => {
    expect(rejectionOf(undefined, SENDER_ID)?.message).to.match(/: nobody published for account /);
  });

  it("no principal does for an account that has no role, whatever its name spells", () => {
    for (const principal of ["undefined:session", ":session"]) {
      expect(rejectionOf(principal, undefined)?.message, principal).to.match(/whose publish role is none\.$/);
    }
  });

  it("a stranger's message of schema version 0, which has no event, is rejected all the same", () => {
    const rejection = rejectionOf("AROAOTHER:session", SENDER_ID, null);
    expect(rejection).to.be.instanceOf(RejectedMessage);
    expect(rejection?.eventId).to.equal(undefined);
  });
});
