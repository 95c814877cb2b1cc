// One cell: the fault is set, a thing is created, time passes; then the fault is gone, the queues are redriven, and the
// partner has done the one thing once, whatever way it took.
import type { Cell } from "./cells.ts";
import type { QueueName, Scene } from "./scene.ts";

export interface CellResult {
  readonly cell: Cell;
  /** What happened while the fault lasted. */
  readonly meanwhile: string;
  /** After the redrive. */
  readonly afterwards: string;
  /** How often onThing ran, all of them with one event id. */
  readonly runs: number;
  readonly problem: string | undefined;
}

/** Lambda's two retries, and a lease that a killed invocation leaves. */
const RETRIES_S = 600;
/** EventBridge gives up after a day. */
const DAY_S = 25 * 3600;
/** A role's session, and some more. */
const SESSION_S = 2 * 3600;

let things = 0;

export async function runCell(scene: Scene, cell: Cell): Promise<CellResult> {
  const { hop, fault, lasts } = cell;
  const { cloud } = scene.running;
  const thingName = `thing-${things++}`;
  if (hop.cold === true) await scene.pass(SESSION_S);
  const since = cloud.trace.since().at(-1)?.id ?? 0;
  const { name: _, onlyBy: __, harmless: ___, ...kind } = fault;
  cloud.faults.set([
    { ...hop.at, ...kind, ...(lasts === "passing" ? { times: 1 } : {}) },
    ...(hop.behind === undefined ? [] : [{ ...hop.behind, fault: "deny" as const }]),
  ]);
  await scene.iot.createThing({ thingName });
  await scene.pass(hop.at.caller === "events.amazonaws.com" && lasts === "lasting" ? DAY_S : RETRIES_S);
  const waiting = await scene.letters();
  const entries = cloud.trace.since(since);
  const struck = entries.some(({ detail }) => detail?.["fault"] === true);
  const saidLost = entries.some(({ name }) => name === hop.lossSaidBy);
  const early = await runsOf(scene, thingName);
  cloud.faults.set([]);
  const reasons = await scene.redrive();
  await scene.pass(RETRIES_S);
  const left = await scene.letters();
  const runs = await runsOf(scene, thingName);
  const known = (await scene.known()).get(thingName);
  const queues = Object.keys(waiting) as QueueName[];
  const meanwhile = early.all > 0 ? "applied" : queues.length > 0 ? [...new Set(reasons)].join("; ") : "nowhere";
  const afterwards =
    runs.distinct === 1
      ? "applied"
      : runs.distinct === 0
        ? `lost, and ${hop.lossSaidBy ?? "nobody"} says so`
        : `${runs.distinct} events`;
  return {
    cell,
    meanwhile,
    afterwards,
    runs: runs.all,
    problem: problemOf(cell, { struck, saidLost, queues, early: early.all, left, runs, known }),
  };
}

async function runsOf(scene: Scene, thingName: string): Promise<{ readonly all: number; readonly distinct: number }> {
  const own = (await scene.effects()).filter((effect) => effect.thingName === thingName);
  return { all: own.length, distinct: new Set(own.map(({ hook }) => hook?.eventId)).size };
}

interface Found {
  readonly struck: boolean;
  /** Its writer said that the letter is lost. */
  readonly saidLost: boolean;
  readonly queues: readonly QueueName[];
  readonly early: number;
  readonly left: object;
  readonly runs: { readonly all: number; readonly distinct: number };
  readonly known: { readonly deleted: boolean; readonly claim: boolean } | undefined;
}

/** What the cell promises, and wasn't so. */
function problemOf(
  { hop, fault, lasts }: Cell,
  { struck, saidLost, queues, early, left, runs, known }: Found,
): string | undefined {
  if (!struck) return "the fault never struck";
  if (Object.keys(left).length > 0) return `letters are left after the redrive: ${JSON.stringify(left)}`;
  if (saidLost) return runs.distinct === 0 ? undefined : "it was applied, though it was said to be lost";
  if (runs.distinct !== 1) return runs.distinct === 0 ? "it is lost" : `it was applied as ${runs.distinct} events`;
  if (known === undefined || known.deleted || known.claim) return `the registry holds ${JSON.stringify(known)}`;
  if (hop.behind === undefined && lasts === "lasting" && fault.harmless !== true && hop.lasting !== "applied") {
    if (queues.length === 0 && early === 0) return "it lay in no queue";
    if (early === 0 && !queues.includes(hop.lasting)) return `it lay in ${queues.join(", ")}`;
  }
  return undefined;
}
