import { expect } from "chai";
import type { Parts } from "../../partner/lambda/reception.ts";
import { invocation } from "./invocation.ts";
import { receiving } from "./receiving.ts";
import { CUSTOMER } from "./records.ts";
import { MESSAGE, RECEIVED_AT, ruleEvent } from "./rule-events.ts";

describe("what the receive function measures", () => {
  const age = RECEIVED_AT - Date.parse(MESSAGE.hook.eventTime);
  const failing = { onThing: () => Promise.reject(new Error("away")) };
  const silent = { publish: () => Promise.reject(new Error("denied")) };
  const rows: readonly (readonly [string, unknown, Partial<Parts>, unknown[]])[] = [
    ["a message", ruleEvent(MESSAGE), {}, [CUSTOMER, { Received: 1, Applied: 1, AgeMs: age }]],
    [
      "a message of the sample's, whose age isn't known",
      ruleEvent({ ...MESSAGE, hook: undefined }),
      {},
      [CUSTOMER, { Received: 1, Applied: 1 }],
    ],
    [
      "a debug message that failed",
      ruleEvent(MESSAGE),
      silent,
      [CUSTOMER, { Received: 1, Applied: 1, DebugFailed: 1, AgeMs: age }],
    ],
    [
      "a failure of the partner's own code",
      ruleEvent(MESSAGE),
      failing,
      [CUSTOMER, { Received: 1, Failed: 1, AgeMs: age }],
    ],
    ["what is rejected, by reason", ruleEvent("no JSON"), {}, [CUSTOMER, { Rejected: 1 }, "not JSON"]],
    [
      "accounts that are no customers, under one name",
      ruleEvent(MESSAGE, "create_thing", "333333333333"),
      {},
      ["unknown", { Rejected: 1 }, "unknown customer"],
    ],
    ["what is no rule event at all, too", "text", {}, ["unknown", { Rejected: 1 }, "malformed rule event"]],
  ];
  for (const [what, event, replaced, values] of rows) {
    it(`counts ${what}`, async () => {
      const { receive, measured } = receiving(replaced);

      await receive(event, invocation()).catch(() => undefined);

      expect(measured).to.deep.equal([values]);
    });
  }

  it("has no age below zero, where a clock is ahead", async () => {
    const { receive, measured } = receiving({ now: () => new Date(0) });

    await receive(ruleEvent(MESSAGE), invocation());

    expect(measured[0]?.[1]).to.include({ AgeMs: 0 });
  });
});
