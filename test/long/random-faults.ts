// `npm run test:long`: 10,000 things under random faults, and docs/random-faults.md. SEED=… repeats a run, THINGS=…
// makes it shorter; then nothing is written.
import { inWords, randomFaults } from "../faults/random.ts";
import { writePage } from "../faults/page.ts";

const THINGS = 10_000;
/** Things of one cloud: as much as its trace, and an account's alarms, are looked through in reasonable time. */
const PER_CLOUD = 1_000;

const { SEED, THINGS: given } = process.env;
const wanted = Number(given ?? THINGS);
let seed = Number(SEED ?? Date.now() % 2 ** 31);
const lines: string[] = [];
let problems = 0;
for (let left = wanted; left > 0; left -= PER_CLOUD, seed++) {
  const result = await randomFaults(Math.min(left, PER_CLOUD), seed);
  const line = `SEED=${seed}: ${inWords(result)}`;
  console.log([line, ...result.problems].join("\n"));
  lines.push(`- ${line}`);
  problems += result.problems.length;
}
if (given === undefined)
  await writePage(
    "random-faults.md",
    `# Random faults

Written by \`npm run test:long\` on ${new Date().toISOString().slice(0, 10)}: ${wanted} things, ${problems} not accounted for.

${lines.join("\n")}
`,
  );
process.exitCode = problems === 0 ? 0 : 1;
