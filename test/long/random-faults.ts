// `npm run test:long`: 10,000 things under random faults, and docs/random-faults.md. SEED=… repeats a run, THINGS=…
// makes it shorter; then nothing is written. With GATHERED=file it is done in parts: each adds what came of it to that
// file, and writes the page of all of them.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { type RandomResult, inWords, randomFaults } from "../faults/random.ts";
import { writePage } from "../faults/page.ts";

const ALL = 10_000;
/** Things of one cloud: as much as its trace, and an account's alarms, are looked through in reasonable time. */
const PER_CLOUD = 1_000;
/** Clouds at a time: one mostly waits, for time-outs and for what comes one after the other. */
const AT_A_TIME = 2;

const { SEED, THINGS, GATHERED } = process.env;
let seed = Number(SEED ?? Date.now() % 2 ** 31);
let left = Number(THINGS ?? ALL);
const gathered: RandomResult[] =
  GATHERED !== undefined && existsSync(GATHERED)
    ? readFileSync(GATHERED, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as RandomResult)
    : [];

async function work(): Promise<void> {
  while (left > 0) {
    const things = Math.min(left, PER_CLOUD);
    left -= things;
    const result = await randomFaults(things, seed++);
    console.log([`SEED=${result.seed}: ${inWords(result)}`, ...result.problems].join("\n"));
    gathered.push(result);
    if (GATHERED !== undefined) appendFileSync(GATHERED, `${JSON.stringify(result)}\n`);
  }
}

await Promise.all(Array.from({ length: AT_A_TIME }, () => work()));
const sum = (of: (result: RandomResult) => number): number => gathered.reduce((total, one) => total + of(one), 0);
const problems = sum((result) => result.problems.length);
process.exitCode = problems === 0 ? 0 : 1;
if (THINGS === undefined || GATHERED !== undefined)
  await writePage(
    "random-faults.md",
    `# Random faults

Written by \`npm run test:long\` on ${new Date().toISOString().slice(0, 10)}: ${sum(({ things }) => things)} things,
${sum(({ changes }) => changes)} changes, ${sum(({ letters }) => letters)} letters redriven, ${problems} problems.

Things of two customers are created, changed, deleted and made anew. Meanwhile six faults strike at random, anywhere
between the hops; every sixth time one hop lets hardly anything pass, for longer than Lambda tries; CloudTrail repeats,
delays and reorders; functions are killed in the middle; the clock jumps; letters are redriven in the middle of it. Then
all is mended, a day passes, and what lies in the queues is redriven. Each thing is compared then: the customer's
registry, the partner's registry, and what the partner's own code was told last. Lost events, letters that are left, and
runs of the own code that no failure explains are problems, too; and so is a run that provoked too little. A seed
repeats a run of the same code: what a release changes in faults, programs or functions changes what a seed makes.

${gathered.map((result) => `- SEED=${result.seed}: ${inWords(result)}`).join("\n")}
`,
  );
