// Many things of two customers, created, changed, deleted and made anew, while anything goes wrong at any hop by
// chance: functions are killed, hops fail for a while, events come twice, late and in another order, the clock jumps,
// letters are redriven in the middle of it. At rest each is accounted for.
import { isDeepStrictEqual } from "node:util";
import { CUSTOMER, CUSTOMER2 } from "../flow/deployment.ts";
import { randomOf } from "../harness/random.ts";
import { integer, pick, someDelivery, someFaults } from "./chance.ts";
import { Scene, type State, type Told } from "./scene.ts";
import { Tally } from "./tally.ts";

export interface RandomResult {
  readonly seed: number;
  readonly things: number;
  readonly changes: number;
  /** Calls that a fault struck. */
  readonly struck: number;
  /** Times that an event was tried again. */
  readonly retries: number;
  /** Functions that ended in the middle of an event. */
  readonly crashes: number;
  /** Messages about what the partner knew: duplicates, and what came after something later. */
  readonly known: number;
  /** Letters that were redriven. */
  readonly letters: number;
  /** Runs of the partner's own code, and those of them that were not the first of their event. */
  readonly runs: number;
  readonly repeated: number;
  readonly seconds: number;
  readonly problems: readonly string[];
}

/** Of a run that provoked less than this, for each change, it can't be said that it lived through anything. */
const LEAST = { letters: 0.05, retries: 0.05, known: 0.05, crashes: 0.01 } as const;

const CUSTOMERS = [CUSTOMER, CUSTOMER2];
/** Changes between two moves of the clock. */
const BATCH = 50;
/** Every so many batches, a hop fails. */
const BETWEEN_OUTAGES = 6;
/** Calls of the customers at a time. */
const AT_A_TIME = 10;
/** Of the changes, those of a thing that there was before. */
const OF_KNOWN = 0.4;
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

class Run {
  readonly scene: Scene;
  readonly random: () => number;
  readonly tally = new Tally();
  readonly things: Thing[] = [];
  changes = 0;
  letters = 0;
  #batches = 0;
  #lastSeen: number;

  constructor(scene: Scene, seed: number) {
    this.scene = scene;
    this.random = randomOf(seed);
    this.#lastSeen = scene.lastEntry;
  }

  /** Some changes under other faults than before, of things of which no more than so many are new. */
  async batch(most: number): Promise<void> {
    const isOutage = this.#batches++ % BETWEEN_OUTAGES === 1;
    const { faults, delivery } = this.scene.running.cloud;
    faults.set(someFaults(this.random, isOutage));
    delivery.set(someDelivery(this.random));
    await this.#change(most);
    // An outage outlasts the latest delivery and Lambda's retries.
    await this.pass(pick(this.random, isOutage ? [900, 1_800] : [0, 30, 200, 900, 7_200]));
    if (!isOutage && this.random() < 0.2) await this.redrive();
  }

  mend(): void {
    const { faults, delivery } = this.scene.running.cloud;
    faults.set([]);
    delivery.set({});
  }

  async redrive(): Promise<void> {
    this.letters += (await this.scene.redrive()).length;
    this.#count();
  }

  async pass(seconds: number): Promise<void> {
    await this.scene.pass(seconds);
    this.#count();
  }

  async #change(most: number): Promise<void> {
    for (let left = Math.min(BATCH, 2 * most); left > 0 && most > 0; left -= AT_A_TIME) {
      const busy = new Set<Thing>();
      const calls: (() => Promise<void>)[] = [];
      for (let call = 0; call < AT_A_TIME; call++) {
        const isKnown = this.random() < OF_KNOWN && this.things.length > 0;
        const thing = isKnown ? pick(this.random, this.things) : most-- > 0 ? this.#made() : undefined;
        if (thing === undefined || busy.has(thing)) continue;
        busy.add(thing);
        calls.push(() => this.#do(thing));
      }
      await Promise.all(calls.map((call) => call()));
    }
  }

  #made(): Thing {
    const account = CUSTOMERS[integer(this.random, CUSTOMERS.length)] ?? CUSTOMER;
    const thing = { name: `thing-${this.things.length}`, account, there: false };
    this.things.push(thing);
    return thing;
  }

  async #do(thing: Thing): Promise<void> {
    const { name, account, there } = thing;
    this.changes++;
    const verb = !there ? "create" : this.random() < 0.6 ? "update" : "delete";
    thing.there = verb !== "delete";
    await this.scene[verb](name, account);
  }

  #count(): void {
    this.tally.add(this.scene.running.cloud.trace.since(this.#lastSeen));
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

const tooMild = (changes: number, provoked: Readonly<Record<keyof typeof LEAST, number>>): string[] =>
  Object.entries(LEAST)
    .filter(([what, share]) => provoked[what as keyof typeof LEAST] < share * changes)
    .map(
      ([what, share]) => `${what}: ${provoked[what as keyof typeof LEAST]} of ${changes} changes, less than ${share}`,
    );

/** Until so many things were made, everything has come to rest, and the queues are empty. */
export async function randomFaults(count: number, seed: number): Promise<RandomResult> {
  const began = performance.now();
  const scene = await Scene.make({ customers: CUSTOMERS, timeout: TIMEOUT_S });
  try {
    const run = new Run(scene, seed);
    const { tally } = run;
    while (run.things.length < count) await run.batch(count - run.things.length);
    run.mend();
    await run.pass(DAY_S);
    for (let round = 0; round < MOST_ROUNDS && Object.keys(await scene.letters()).length > 0; round++) {
      await run.redrive();
      await run.pass(RETRIES_S);
    }
    const left = await scene.letters();
    const told = await scene.told();
    const repeated = told.length - new Set(told.map(({ eventId }) => eventId)).size;
    const { changes, letters } = run;
    const { struck, retries, crashes, known, failedReceptions } = tally;
    const provoked = { letters, retries, known, crashes };
    return {
      seed,
      things: run.things.length,
      changes,
      struck,
      ...provoked,
      runs: told.length,
      repeated,
      seconds: Math.round((performance.now() - began) / 1000),
      problems: [
        ...tooMild(changes, provoked),
        ...tally.losses,
        ...(Object.keys(left).length > 0 ? [`letters are left: ${JSON.stringify(left)}`] : []),
        ...(repeated > failedReceptions
          ? [`${repeated} runs again, and ${failedReceptions} of the function failed`]
          : []),
        ...(await problemsOf(run, told)),
      ],
    };
  } finally {
    await scene.end();
  }
}

/** A sentence of what a run did, for a page. */
export const inWords = (result: RandomResult): string =>
  `${result.things} things of two customers, ${result.changes} changes, ${result.struck} calls struck, ` +
  `${result.retries} retries, ${result.crashes} functions ended in the middle of an event, ${result.known} messages ` +
  `about what was known, ${result.letters} letters redriven, the own code run ${result.runs} times ` +
  `(${result.repeated} of them again for an event, after it was killed or not heard), ${result.seconds} s: ` +
  `${result.problems.length} problems.`;
