// `npm run test:faults`: every cell of the fault matrix, in a few clouds side by side, and its table in docs/faults.md.
// Then some things under random faults. `-- TEXT` runs the cells only whose names hold it, and writes nothing.
import type { Cell } from "./cell.ts";
import { CELLS, nameOf } from "./cells.ts";
import { HURRY_S } from "./faults.ts";
import { writePage } from "./page.ts";
import { inWords, randomFaults } from "./random.ts";
import { type CellResult, runCell } from "./run-cell.ts";
import { Scene, type SceneOptions } from "./scene.ts";
import { table } from "./table.ts";

/** Cells mostly wait. */
const CLOUDS = 3;
/** These wait for whole time-outs. */
const HURRIED_CLOUDS = 2;

/** Of the random faults. `npm run test:long` has more. */
const THINGS = 200;

type Results = Map<Cell, CellResult>;

async function work(options: SceneOptions, rest: Cell[], results: Results): Promise<void> {
  const scene = await Scene.make(options);
  try {
    for (let cell = rest.shift(); cell !== undefined; cell = rest.shift()) {
      const result = await runCell(scene, cell);
      results.set(cell, result);
      const { meanwhile, afterwards, runs, rang, problem } = result;
      console.log(
        `${problem === undefined ? "ok  " : "FAIL"} ${nameOf(cell)}: ${meanwhile}; ${afterwards} (${runs}); ` +
          `${rang.join(" ") || "silent"}${problem === undefined ? "" : `: ${problem}`}`,
      );
    }
  } finally {
    await scene.end();
  }
}

/** Cells that share what their functions have of time share the clouds. */
async function runAll(cells: readonly Cell[]): Promise<Results> {
  const results: Results = new Map();
  const groups = [
    { clouds: CLOUDS, options: {}, rest: cells.filter(({ hurried }) => !hurried) },
    { clouds: HURRIED_CLOUDS, options: { timeout: HURRY_S }, rest: cells.filter(({ hurried }) => hurried) },
  ];
  await Promise.all(
    groups.flatMap(({ clouds, options, rest }) =>
      Array.from({ length: Math.min(clouds, rest.length) }, () => work(options, rest, results)),
    ),
  );
  return results;
}

const [wanted] = process.argv.slice(2);
const cells = CELLS.filter((cell) => wanted === undefined || nameOf(cell).includes(wanted));
const found = await runAll(cells);
const results = cells.flatMap((cell) => found.get(cell) ?? []);
const failed = results.filter(({ problem }) => problem !== undefined);
console.log(`\n${results.length} cells, ${failed.length} not as they should be`);
process.exitCode = failed.length === 0 && results.length > 0 ? 0 : 1;
if (wanted === undefined) {
  const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
  console.log(`Random faults, SEED=${seed}`);
  const random = await randomFaults(THINGS, seed);
  console.log([inWords(random), ...random.problems].join("\n"));
  if (random.problems.length > 0) process.exitCode = 1;
  await writePage("faults.md", table(results, random));
}
