// The proof of the device registry at length, outside `npm test`: 10,000 histories, in halves that two processes hold.
import fc from "fast-check";
import { histories, hold } from "./history.ts";
import { Table } from "./table.ts";

const HISTORIES = 10_000;
const HALVES = 2;
const PARTS = 10;

export function proveHalf(half: string): void {
  describe(`the partner's registry, after each of ${HISTORIES / HALVES} histories: ${half} half of ${HISTORIES}`, () => {
    const table = new Table();

    for (let part = 1; part <= PARTS; part++) {
      // fast-check prints seed and path of a history that fails: `{ seed, path }` beside numRuns plays it again.
      const seed = Date.now() ^ Math.floor(Math.random() * 0x7fffffff);
      it(`says what the customer's says, and each change was applied once: part ${part}, seed ${seed}`, async () => {
        await fc.assert(
          fc.asyncProperty(histories, async (history) => {
            await hold(table, history);
          }),
          { numRuns: HISTORIES / HALVES / PARTS, seed },
        );
      });
    }
  });
}
