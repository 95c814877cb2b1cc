// One cell: something is broken, a thing is created, time passes; then it is mended, the queues are redriven, what is
// lost is backfilled, and the partner knows what the customer's registry says and was told it, whatever way that took.
import { isDeepStrictEqual } from "node:util";
import { type Cell, RETRIES_S } from "./cell.ts";
import type { QueueName, Scene } from "./scene.ts";

export interface CellResult {
  readonly cell: Cell;
  /** What happened before it was mended. */
  readonly meanwhile: string;
  /** After the redrive, and the backfill of what was lost. */
  readonly afterwards: string;
  /** How often onThing ran. */
  readonly runs: number;
  /** Alarms that rang, by their keys. */
  readonly rang: readonly string[];
  readonly problem: string | undefined;
}

let things = 0;

export async function runCell(scene: Scene, cell: Cell): Promise<CellResult> {
  const { cloud } = scene.running;
  const thingName = `thing-${things++}`;
  const start = scene.lastEntry;
  await cell.begin(scene);
  const since = scene.lastEntry;
  await cell.act(scene, thingName);
  await scene.pass(cell.waits);
  const queues = Object.keys(await scene.letters()) as QueueName[];
  const early = (await scene.told(thingName)).length;
  const entries = cloud.trace.since(since);
  const struck = entries.some(({ detail }) => detail?.["fault"] === true);
  const saidLost = entries.some(({ name }) => name === cell.lossSaidBy);
  await cell.mend(scene);
  const reasons = await scene.redrive();
  await scene.pass(RETRIES_S);
  const problems = [
    ...(cell.strikes && !struck ? ["the fault never struck"] : []),
    ...meanwhileProblems(cell, { early, queues, saidLost }),
    ...(cell.expected.lost === true ? await findLost(scene, thingName) : []),
    ...(await problemsAfterwards(scene, cell, thingName)),
  ];
  const rang = scene.rang(start);
  const rangForLost = rang.find((key) => /-(?:lost|undelivered)$/.test(key));
  if (cell.expected.lost === true && rangForLost === undefined) problems.push("nothing rang for what is lost");
  if (!isDeepStrictEqual(rang, cell.expected.rings))
    problems.push(
      `${rang.join(", ") || "nothing"} rang, and not ${cell.expected.rings.join(", ") || "nothing"} ` +
        `(${[...new Set(scene.failures(start))].join("; ")})`,
    );
  const letters = [...new Set(reasons)].sort().join("; ");
  const applied = early > 0 ? "applied" : "";
  return {
    cell,
    meanwhile: [applied, letters].filter((text) => text !== "").join("; ") || "nowhere",
    afterwards: cell.expected.lost === true ? `lost, ${rangForLost ?? "nothing"} rang, found by backfill` : "applied",
    runs: (await scene.told(thingName)).length,
    rang,
    problem: problems.length === 0 ? undefined : problems.join("; "),
  };
}

interface Meanwhile {
  readonly early: number;
  readonly queues: readonly QueueName[];
  readonly saidLost: boolean;
}

function meanwhileProblems({ expected }: Cell, { early, queues, saidLost }: Meanwhile): string[] {
  const wanted = expected.letterIn === undefined ? [] : [expected.letterIn];
  const problems: string[] = [];
  if (early > 0 !== expected.applied) problems.push(early > 0 ? "it was applied at once" : "it wasn't applied at once");
  if (!isDeepStrictEqual(queues, wanted)) problems.push(`letters lay in ${queues.join(", ") || "no queue"}`);
  if (expected.lost === true && !saidLost) problems.push("nobody says that it is lost");
  return problems;
}

/** Nobody was told, whatever was redriven; then the customer backfills. */
async function findLost(scene: Scene, thingName: string): Promise<string[]> {
  const told = await scene.told(thingName);
  await scene.backfill(thingName);
  await scene.pass(0);
  return told.length > 0 ? ["it was told, though it was lost"] : [];
}

async function problemsAfterwards(scene: Scene, { expected }: Cell, thingName: string): Promise<string[]> {
  const problems: string[] = [];
  const left = await scene.letters();
  if (Object.keys(left).length > 0) problems.push(`letters are left after the redrive: ${JSON.stringify(left)}`);
  const ringing = await scene.ringing();
  if (ringing.length > 0) problems.push(`${ringing.join(", ")} rings although all is mended`);
  const known = (await scene.known()).get(scene.arnOf(thingName));
  const told = await scene.told(thingName);
  const there = await scene.described(thingName);
  if (!isDeepStrictEqual(known, there))
    problems.push(`the registry holds ${JSON.stringify(known)}, and not ${JSON.stringify(there)}`);
  const runs = Math.max(...told.map(({ eventId }) => told.filter((other) => other.eventId === eventId).length));
  if (runs !== (expected.runs ?? 1)) problems.push(`the own code ran ${runs} times for an event`);
  const last = told.at(-1)?.state;
  if (!isDeepStrictEqual(last, there)) problems.push(`told last was ${JSON.stringify(last)}`);
  return problems;
}
