// The fault matrix in small: one cell of each kind. `npm run test:faults` runs all of them.
import { expect } from "chai";
import { CELLS } from "./cells.ts";
import { HOPS } from "./hops.ts";
import { runCell } from "./run-cell.ts";
import { Scene } from "./scene.ts";

describe("the fault matrix", () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.make();
  });
  after(() => scene.end());

  it("has every hop, and 150 cells at least", () => {
    expect(CELLS.length).to.be.at.least(150);
    expect([...new Set(CELLS.map(({ hop }) => hop))]).to.include.members(HOPS.map(({ name }) => name));
  });

  for (const [hop, fault, lasts, meanwhile] of [
    ["announce: Publish", "throttled", "passing", "applied"],
    ["announce: Publish", "denied", "lasting", "announce: RetriesExhausted: AnnounceFailure"],
    ["topic rule to receive", "connection dropped", "lasting", "topicRule: LambdaAction failed"],
    ["receive: onThing", "answer lost: a duplicate", "passing", "applied"],
    ["CloudTrail to EventBridge", "all three", "lasting", "applied"],
    ["letter of announce itself", "5xx", "passing", "announce: publish failed"],
  ] as const)
    it(`${hop}, ${fault}, ${lasts}: ${meanwhile}, and applied once in effect`, async () => {
      const cell = CELLS.find((one) => one.hop === hop && one.fault === fault && one.lasts === lasts);
      if (cell === undefined) throw new Error("the matrix has no such cell");
      const result = await runCell(scene, cell);
      expect(result.problem).to.equal(undefined);
      expect(result).to.include({ meanwhile, afterwards: "applied" });
    });
});
