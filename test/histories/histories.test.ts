import { expect } from "chai";
import fc from "fast-check";
import { hold, histories } from "./history.ts";
import { Table } from "./table.ts";

describe("the partner's registry, after any history", () => {
  const table = new Table();

  it("says what the customer's says, and each change was applied once (npm run test:histories has more)", async () => {
    const outcomes = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const partner = await hold(table, history);
        for (const [outcome, count] of partner.outcomes) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count);
      }),
      { numRuns: 12 },
    );
    // Each of the ways that a message can go was gone.
    expect([...outcomes.keys()]).to.include.members(["applied", "duplicate", "stale", "failed"]);
  });
});
