// Many things of two customers, created, changed, deleted and made anew, while anything goes wrong at any hop by chance:
// functions are killed, events come twice, late and in another order, the clock jumps. At rest each is accounted for.
import { isDeepStrictEqual } from "node:util";
import { CUSTOMER, CUSTOMER2 } from "../flow/deployment.ts";
import { randomOf } from "../harness/random.ts";
import { FAULTS } from "./faults.ts";
import { HOPS } from "./hops.ts";
import { Scene, type State, type Told } from "./scene.ts";

export interface RandomResult {
  readonly things: number;
  readonly changes: number;
  /** Calls that a fault struck. */
  readonly struck: number;
  /** Letters that were redriven. */
  readonly letters: number;
  /** Runs of the partner's own code, and those of them that were not the first of their event. */
  readonly runs: number;
  readonly repeated: number;
  readonly seconds: number;
  readonly problems: readonly string[];
}

const CUSTOMERS = [CUSTOMER, CUSTOMER2];
/** Changes between two moves of the clock. */
const BATCH = 50;
/** Calls of the customers at a time. */
const AT_A_TIME = 10;
/** Seconds: a duplicate that waits for the lease of a killed function gives up soon, since it waits by the machine. */
const TIMEOUT_S = 8;
const RETRIES_S = 600;
const DAY_S = 26 * 3600;
const MOST_ROUNDS = 8;

interface Thing {
  readonly name: string;
  readonly account: string;
  there: boolean;
}

/**
 * What AWS itself writes to a queue that refuses is lost, which is the matrix's affair: here queues take what they get.
 * The publish role's name has one customer's account: without it, both are meant.
 */
const PLACES = HOPS.filter(({ behind }) => behind === undefined).map(({ at, by }) => ({
  at: { ...at, ...(at.caller === undefined ? {} : { caller: at.caller.replace(CUSTOMER, "") }) },
  by,
}));
const KINDS = FAULTS.filter(({ hurried }) => hurried !== true);

class Run {
  readonly scene: Scene;
  readonly #random: () => number;
  readonly things: Thing[] = [];
  changes = 0;
  struck = 0;
  /** Runs of the receive function that failed: only they can have run the own code without its being known. */
  failed = 0;
  #lastSeen: number;

  constructor(scene: Scene, seed: number) {
    this.scene = scene;
    this.#random = randomOf(seed);
    this.#lastSeen = scene.lastEntry;
  }

  #integer(below: number): number {
    return Math.floor(this.#random() * below);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#integer(from.length)] as T;
  }

  /** Other faults than before, each at some of the calls. */
  breakAnything(): void {
    const { faults, delivery } = this.scene.running.cloud;
    faults.set(
      Array.from({ length: 6 }, () => {
        const { at, by } = this.#pick(PLACES);
        const kind = this.#pick(KINDS.filter(({ onlyBy }) => onlyBy === undefined || onlyBy === by));
        const { fault, code, delayMs } = kind;
        const chance = { probability: this.#random() * 0.15, seed: this.#integer(2 ** 31) };
        return { ...at, fault, ...chance, ...(code && { code }), ...(delayMs && { delayMs: delayMs / 5 }) };
      }),
    );
    delivery.set({
      duplicate: this.#random() * 0.3,
      reorder: this.#random() < 0.5,
      delaySeconds: this.#pick([0, 0, 60, 400]),
      seed: this.#integer(2 ** 31),
    });
  }

  mend(): void {
    const { faults, delivery } = this.scene.running.cloud;
    faults.set([]);
    delivery.set({});
  }

  /** Some changes at a time, of as many things. */
  async change(most: number): Promise<void> {
    for (let left = Math.min(BATCH, 2 * most); left > 0 && most > 0; left -= AT_A_TIME) {
      const busy = new Set<Thing>();
      const calls: (() => Promise<void>)[] = [];
      for (let call = 0; call < AT_A_TIME; call++) {
        const known = this.#random() < 0.5 && this.things.length > 0 ? this.#pick(this.things) : undefined;
        const thing = known ?? (most-- > 0 ? this.#made() : undefined);
        if (thing === undefined || busy.has(thing)) continue;
        busy.add(thing);
        calls.push(() => this.#do(thing));
      }
      await Promise.all(calls.map((call) => call()));
    }
    await this.pass(this.#pick([0, 30, 200, 900, 7_200]));
  }

  async pass(seconds: number): Promise<void> {
    await this.scene.pass(seconds);
    this.#count();
  }

  #made(): Thing {
    const thing = { name: `thing-${this.things.length}`, account: this.#pick(CUSTOMERS), there: false };
    this.things.push(thing);
    return thing;
  }

  async #do(thing: Thing): Promise<void> {
    const { name, account, there } = thing;
    this.changes++;
    const verb = !there ? "create" : this.#random() < 0.6 ? "update" : "delete";
    thing.there = verb !== "delete";
    await this.scene[verb](name, account);
  }

  #count(): void {
    const entries = this.scene.running.cloud.trace.since(this.#lastSeen);
    this.struck += entries.filter(({ detail }) => detail?.["fault"] === true).length;
    const ofReceive = entries.filter(({ detail }) => String(detail?.["functionArn"]).includes(":hooks-receive"));
    this.failed += ofReceive.filter(({ name, outcome }) => name === "FunctionRan" && outcome === "failed").length;
    this.#lastSeen = this.scene.lastEntry;
  }
}

/** Everything that is wrong at rest, a thing a sentence. */
async function problemsOf({ scene, things }: Run, told: readonly Told[]): Promise<string[]> {
  const problems: string[] = [];
  const known = await scene.known();
  const last = new Map<string, State>(told.map(({ thingArn, state }) => [thingArn, state]));
  for (const { name, account } of things) {
    const arn = scene.arnOf(name, account);
    const there = await scene.described(name, account);
    const says = (what: unknown) => JSON.stringify(what ?? null);
    if (!isDeepStrictEqual(known.get(arn), there))
      problems.push(`${arn} is ${says(there)}, the partner's registry has ${says(known.get(arn))}`);
    if (!isDeepStrictEqual(last.get(arn), there))
      problems.push(`${arn} is ${says(there)}, the partner's own code was told ${says(last.get(arn))}`);
  }
  const own = new Set(things.map(({ name, account }) => scene.arnOf(name, account)));
  for (const arn of known.keys()) if (!own.has(arn)) problems.push(`nobody has ${arn}, of which the partner knows`);
  return problems;
}

/** Until so many things were made, everything has come to rest, and the queues are empty. */
export async function randomFaults(count: number, seed: number): Promise<RandomResult> {
  const began = performance.now();
  const scene = await Scene.make({ customers: CUSTOMERS, timeout: TIMEOUT_S });
  try {
    const run = new Run(scene, seed);
    while (run.things.length < count) {
      run.breakAnything();
      await run.change(count - run.things.length);
    }
    run.mend();
    await run.pass(DAY_S);
    let letters = 0;
    for (let round = 0; round < MOST_ROUNDS && Object.keys(await scene.letters()).length > 0; round++) {
      letters += (await scene.redrive()).length;
      await run.pass(RETRIES_S);
    }
    const left = await scene.letters();
    const told = await scene.told();
    const repeated = told.length - new Set(told.map(({ eventId }) => eventId)).size;
    return {
      things: run.things.length,
      changes: run.changes,
      struck: run.struck,
      letters,
      runs: told.length,
      repeated,
      seconds: Math.round((performance.now() - began) / 1000),
      problems: [
        ...(Object.keys(left).length > 0 ? [`letters are left: ${JSON.stringify(left)}`] : []),
        ...(repeated > run.failed ? [`${repeated} runs again, and ${run.failed} of the function failed`] : []),
        ...(await problemsOf(run, told)),
      ],
    };
  } finally {
    await scene.end();
  }
}

/** A sentence of what a run did, for a page. */
export const inWords = ({
  things,
  changes,
  struck,
  letters,
  runs,
  repeated,
  seconds,
  problems,
}: RandomResult): string =>
  `${things} things of two customers, ${changes} changes, ${struck} calls struck, ${letters} letters redriven, the own ` +
  `code run ${runs} times (${repeated} of them again for an event, after it was killed or not heard), ${seconds} s: ` +
  `${problems.length} not accounted for.`;
