// `npm run test:faults`: every cell of the fault matrix, in a few clouds side by side, and its table in docs/faults.md.
// `-- TEXT` runs the cells only whose names hold it, and writes nothing.
import type { Cell } from "./cell.ts";
import { CELLS, nameOf } from "./cells.ts";
import { HURRY_S } from "./faults.ts";
import { writePage } from "./page.ts";
import { type CellResult, runCell } from "./run-cell.ts";
import { Scene } from "./scene.ts";

/** Cells mostly wait. */
const CLOUDS = 3;

type Results = Map<Cell, CellResult>;

async function work(scene: Scene, rest: Cell[], results: Results): Promise<void> {
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

async function runAll(cells: readonly Cell[]): Promise<Results> {
  const results: Results = new Map();
  const [hurried, others] = [true, false].map((wanted) => cells.filter((cell) => cell.hurried === wanted));
  const scenes: Scene[] = [];
  // One after the other: Pulumi's runtime deploys one program at a time in a process.
  while (scenes.length < Math.min(CLOUDS, others?.length ?? 0)) scenes.push(await Scene.make());
  const inAHurry = hurried?.length === 0 ? undefined : await Scene.make({ timeout: HURRY_S });
  const rest = [...(others ?? [])];
  await Promise.all([
    ...scenes.map((scene) => work(scene, rest, results)),
    ...(inAHurry === undefined ? [] : [work(inAHurry, [...(hurried ?? [])], results)]),
  ]);
  return results;
}

function page(results: readonly CellResult[]): string {
  const rows = results.map(
    ({ cell: { hop, fault, lasts }, meanwhile, afterwards, runs, rang, problem }) =>
      `| ${[hop, fault, lasts, meanwhile, problem ?? afterwards, runs, rang.join(", ")].join(" | ")} |`,
  );
  const failed = results.filter(({ problem }) => problem !== undefined).length;
  const lost = results.filter(({ cell }) => cell.expected.lost === true);
  return `# What happens when something fails

Written by \`npm run test:faults\`: ${results.length} cells, ${failed} of them not as they should be. In each a thing is
created while one hop has one fault: passing (it strikes once) or lasting (longer than every retry). Then the hop is
mended, and both sides' queues are redriven. "Meanwhile" says what came of it before that: applied, or the queue and the
reason of its letter. In the end the partner's registry says what the customer's says, and its own code was told that
last. "Runs" counts those of the own code: more than one of an event where it had worked and its answer was lost, or
where it was killed in between. The last column has the alarms that rang (their names' ends), which are those that were
written down for it before, and no others; none rings any more at the end.

**${lost.length} cells lose the event**: the hop before a queue is broken, and the queue refuses what AWS itself writes
there. Whoever writes tries once, as far as is documented, so that an alarm is the only trace: \`registry-lost\`,
\`announce-undelivered\`, \`rule-lost\`, \`receive-undelivered\`. What our functions write is tried again: within the
invocation, then by Lambda's retries, and lost only where the queue refuses for longer than those.

Functions are killed by the embedded AWS after a call of theirs was done. "Out of memory" ends them in the same place
with Lambda's other error; in "takes all memory" the own code really allocates until it is ended. "Slow to the function's
end" is a call without an answer for longer than the function may run, which is ${HURRY_S} seconds there.

| hop | fault | | meanwhile | after a redrive | runs | rang |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

const [wanted] = process.argv.slice(2);
const cells = CELLS.filter((cell) => wanted === undefined || nameOf(cell).includes(wanted));
const found = await runAll(cells);
const results = cells.flatMap((cell) => found.get(cell) ?? []);
const failed = results.filter(({ problem }) => problem !== undefined);
console.log(`\n${results.length} cells, ${failed.length} not as they should be`);
if (wanted === undefined) await writePage("faults.md", page(results));
process.exitCode = failed.length === 0 && results.length > 0 ? 0 : 1;
