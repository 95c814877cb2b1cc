// `hooks cost`: what it makes of its counts, and its page. That a run counts them, test/commands/cost.command.ts says.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect } from "chai";
import { CHANGE_NAMES, SAVINGS } from "../../hooks/cost/changes.ts";
import { ASSUMED, positionsOf, totalOf } from "../../hooks/cost/estimate.ts";
import { costText, ladder } from "../../hooks/cost/report.ts";
import { pageText } from "../../tools/costs/page.ts";

const PAGE = join(import.meta.dirname, "..", "..", "docs", "costs.md");

describe("hooks cost", () => {
  it("adds up, and says what an option changes", () => {
    const both = positionsOf([], ASSUMED);
    expect(totalOf(both)).to.be.closeTo(totalOf(both, "customer") + totalOf(both, "partner"), 1e-9);
    const dearer = positionsOf([], { ...ASSUMED, furtherTrail: true });
    expect(totalOf(dearer) - totalOf(both)).to.be.closeTo(20, 1e-9);
    const reads = (busy: boolean) => positionsOf([], { ...ASSUMED, busy }).filter(({ what }) => what.includes("read"));
    expect(reads(false)).to.deep.equal([
      { side: "partner", what: "DynamoDB, read request units", units: 1, perMillion: 0.125 },
    ]);
    expect(reads(true)).to.deep.equal([]);
    expect(costText([], ASSUMED, 500_000)).to.contain("registry: false: -");
  });

  it("says of each setting that saves something what it gives up, down to below three dollars", () => {
    const total = totalOf(positionsOf([], ASSUMED));
    const saving = CHANGE_NAMES.filter((change) => totalOf(positionsOf([change], ASSUMED)) < total);
    expect(SAVINGS.map(([change]) => change)).to.have.members(saving);
    const steps = ladder(ASSUMED).map(([, perMillion]) => perMillion);
    expect(steps).to.deep.equal([...steps].sort((a, b) => b - a));
    expect(steps.at(-1)).to.be.below(3);
  });

  it("has a page that says the same", async () => {
    const options = { ...(await resolveConfig(PAGE)), filepath: PAGE };
    expect(readFileSync(PAGE, "utf8")).to.equal(await format(pageText(), options));
  });
});
