// The counts of `hooks cost` are what a run counts.
import { expect } from "chai";
import { CHANGE_NAMES, type Change, type Counts } from "../../hooks/cost/changes.ts";
import { BY_DEFAULT, DIFFERENCES, OF_THE_SAMPLE } from "../../hooks/cost/counts.ts";
import { UNITS, type Unit } from "../../hooks/cost/prices.ts";
import { countOf, countOfSample } from "../../tools/costs/count.ts";

const same = (counted: Counts, expected: (side: keyof Counts) => Readonly<Record<string, number>>): void => {
  for (const side of ["customer", "partner"] as const)
    for (const [unit, count] of Object.entries(expected(side)))
      expect(counted[side][unit as keyof Counts["customer"]] ?? 0, `${side} ${unit}`).to.be.closeTo(
        count,
        unit === "logs:bytes" ? 150 : 1e-9,
      );
};

const ofEach = (count: (unit: Unit) => number): Record<string, number> =>
  Object.fromEntries(UNITS.map((unit) => [unit, count(unit)]));

const kept = (changes: readonly Change[], side: keyof Counts): Record<string, number> =>
  ofEach((unit) =>
    [BY_DEFAULT, ...changes.map((change) => DIFFERENCES[change])].reduce((sum, of) => sum + (of[side][unit] ?? 0), 0),
  );

describe("hooks cost, counted anew", () => {
  for (const [what, changes] of [
    ["by default", []],
    ...CHANGE_NAMES.map((change) => [`with ${change}`, [change]] as const),
    ["with all of these changes, as the sum of what each one changes", CHANGE_NAMES],
  ] as const)
    it(`has what a run counts ${what}; "npm run costs" writes it`, async () => {
      same(await countOf(changes, 3), (side) => kept(changes, side));
    });

  it("has what a run counts of the sample", async () => {
    same(await countOfSample(3), (side) => ofEach((unit) => OF_THE_SAMPLE[side][unit] ?? 0));
  });
});
