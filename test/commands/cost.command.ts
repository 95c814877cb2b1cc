// The counts of `hooks cost` are what a run counts.
import { expect } from "chai";
import { COUNTS } from "../../hooks/cost/counts.ts";
import { COMBINATIONS, countOf } from "../../tools/costs/count.ts";

describe("hooks cost, counted anew", () => {
  for (const of of COMBINATIONS)
    it(`has what a run counts with debug: ${of.debug}, registry: ${of.registry}; "npm run costs" writes it`, async () => {
      const counted = await countOf(of, 3);
      const kept = COUNTS.find((row) => row.of.debug === of.debug && row.of.registry === of.registry);
      for (const side of ["customer", "partner"] as const) {
        const { "logs:bytes": bytes = 0, ...units } = counted[side];
        const { "logs:bytes": keptBytes = 0, ...keptUnits } = kept?.[side] ?? {};
        expect(units, side).to.deep.equal(keptUnits);
        expect(bytes, side).to.be.closeTo(keptBytes, 100);
      }
    });
});
