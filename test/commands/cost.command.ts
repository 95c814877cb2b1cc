// The counts of `hooks cost` are what a run counts.
import { expect } from "chai";
import { CHANGE_NAMES, type Change, type Counts } from "../../hooks/cost/changes.ts";
import { BY_DEFAULT, DIFFERENCES } from "../../hooks/cost/counts.ts";
import { UNITS } from "../../hooks/cost/prices.ts";
import { countOf } from "../../tools/costs/count.ts";

const kept = (changes: readonly Change[], side: keyof Counts): Record<string, number> =>
  Object.fromEntries(
    UNITS.map((unit) => [
      unit,
      [BY_DEFAULT, ...changes.map((change) => DIFFERENCES[change])].reduce((sum, of) => sum + (of[side][unit] ?? 0), 0),
    ]),
  );

describe("hooks cost, counted anew", () => {
  for (const [what, changes] of [
    ["by default", []],
    ...CHANGE_NAMES.map((change) => [`with ${change}`, [change]] as const),
    ["with all of these changes, as the sum of what each one changes", CHANGE_NAMES],
  ] as const)
    it(`has what a run counts ${what}; "npm run costs" writes it`, async () => {
      const counted = await countOf(changes, 3);
      for (const side of ["customer", "partner"] as const)
        for (const [unit, expected] of Object.entries(kept(changes, side)))
          expect(counted[side][unit as keyof Counts["customer"]] ?? 0, `${side} ${unit}`).to.be.closeTo(
            expected,
            unit === "logs:bytes" ? 150 : 1e-9,
          );
    });
});
