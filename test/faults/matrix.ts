// `npm run test:faults`: every cell of the fault matrix, in a few clouds side by side, and its table in docs/faults.md.
// `-- TEXT` runs the cells only whose names hold it, and writes nothing.
import { CELLS, type Cell } from "./cells.ts";
import { writePage } from "./page.ts";
import { type CellResult, runCell } from "./run-cell.ts";
import { Scene } from "./scene.ts";

/** Cells mostly wait. */
const CLOUDS = 3;

const nameOf = ({ hop, fault, lasts }: Cell): string => `${hop.name}, ${fault.name}, ${lasts}`;

async function runAll(cells: readonly Cell[]): Promise<readonly CellResult[]> {
  const rest = [...cells.entries()];
  const results: CellResult[] = [];
  const worker = async (scene: Scene) => {
    try {
      for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
        const [index, cell] = next;
        const result = await runCell(scene, cell);
        results[index] = result;
        const { meanwhile, afterwards, runs, problem } = result;
        console.log(
          `${problem === undefined ? "ok  " : "FAIL"} ${nameOf(cell)}: ${meanwhile}; ${afterwards} (${runs})` +
            (problem === undefined ? "" : `: ${problem}`),
        );
      }
    } finally {
      await scene.end();
    }
  };
  const scenes: Scene[] = [];
  // One after the other: Pulumi's runtime deploys one program at a time in a process.
  while (scenes.length < Math.min(CLOUDS, cells.length)) scenes.push(await Scene.make());
  await Promise.all(scenes.map(worker));
  return results;
}

function page(results: readonly CellResult[]): string {
  const rows = results.map(
    ({ cell: { hop, fault, lasts }, meanwhile, afterwards, runs, problem }) =>
      `| ${[hop.name, fault.name, lasts, meanwhile, problem ?? afterwards, runs].join(" | ")} |`,
  );
  const failed = results.filter(({ problem }) => problem !== undefined).length;
  return `# What happens when something fails

Written by \`npm run test:faults\`: ${results.length} cells, ${failed} of them not as they should be. In each a thing is
created while one hop has one fault: passing (it strikes once) or lasting (longer than every retry). Then the hop is
mended, and both sides' queues are redriven. "Meanwhile" says what came of it before that: applied, or the queue and the
reason of its letter. The last column counts the runs of the partner's own code, all with one event id: more than one
where it had worked and its answer was lost, or where it was killed in between. The queues' own rows have the hop before
them denied as well; whoever writes there tries once, as far as is documented, so that what a queue refuses is lost, and the writer's
metric, for which there are alarms, is the only trace of it.

| hop | fault | | meanwhile | after a redrive | runs |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

const [wanted] = process.argv.slice(2);
const cells = CELLS.filter((cell) => wanted === undefined || nameOf(cell).includes(wanted));
const results = await runAll(cells);
const failed = results.filter(({ problem }) => problem !== undefined);
console.log(`\n${results.length} cells, ${failed.length} not as they should be`);
if (wanted === undefined) await writePage("faults.md", page(results));
process.exitCode = failed.length === 0 && results.length > 0 ? 0 : 1;
