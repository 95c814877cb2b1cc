// docs/faults.md: what came of each cell, and of chance.
import { HURRY_S } from "./faults.ts";
import { type RandomResult, inWords } from "./random.ts";
import type { CellResult } from "./run-cell.ts";

export function table(results: readonly CellResult[], random: RandomResult): string {
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
last: so it is in each cell. "Runs" counts those of the own code: more than one of an event where it had worked and its answer was lost, or
where it was killed in between. The last column has the alarms that rang (their names' ends), which are those that were
written down for it before, and no others; none rings any more at the end.

**${lost.length} cells lose the event**: the hop before a queue is broken, and the queue refuses what AWS itself writes
there. Whoever writes tries once, as far as is documented, so that an alarm is the only trace: \`registry-lost\`,
\`announce-undelivered\`, \`rule-lost\`, \`receive-undelivered\`. What our functions write is tried again: within the
invocation, then by Lambda's retries, and lost only where the queue refuses for longer than those. In each of these cells
that alarm rings, nobody is told by any redrive, and a backfill by way of the announce function, which is what to do
about it, brings the partner's registry and its own code to what the customer's registry says. (An event that was lost
in between two others is not brought back: a backfill announces things as they are.)

Functions are killed by the embedded AWS after a call of theirs was done. "Out of memory" ends them in the same place
with Lambda's other error; in "takes all memory" the own code really allocates until it is ended. "Slow to the function's
end" is a call without an answer for longer than the function may run, which is ${HURRY_S} seconds there.

**By chance**: after the cells, with seed ${random.seed}: ${inWords(random)} Each thing's end was compared: the customer's registry,
the partner's registry, and what the own code was told last. \`npm run test:long\` does it with 10,000 things: [what came of
it](random-faults.md).

| hop | fault | | meanwhile | after a redrive, or a backfill | runs | rang |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}
