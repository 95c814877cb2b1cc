// CreateThing in the customer's account to the debug message in the partner's: how long it takes, how many a second,
// what that costs.
import { availableParallelism, cpus } from "node:os";
import type { Measured } from "./cloud.ts";
import type { Scene } from "./scene.ts";
import { megabytes, milliseconds, quantile, quantiles, row, slope } from "embedded-aws/testing";

const CLIENTS = 16;
/**
 * Enough to fill what the cloud keeps of the past: trace, event history, log streams. From then on memory should not
 * grow.
 */
const WARM_UP = 6_000;
const SAMPLE_EVERY_MS = 3_000;
const LOST_AFTER_MS = 120_000;

/** @param bare milliseconds of a bare HTTP request on this machine, now */
export async function oneByOne(at: Scene, count: number, bare: number): Promise<void> {
  const client = at.client();
  const times: number[] = [];
  for (let index = 0; index < count + 50; index++) {
    const began = performance.now();
    await Promise.all(Object.values(at.create(client, `single-${index}`)));
    if (index >= 50) times.push(performance.now() - began); // the first ones warm up
  }
  const requests = (quantile(times, 0.5) / bare).toFixed(0);
  row(
    `CreateThing to the debug message, ${count} one by one, warm`,
    `${quantiles(times)}; p50 is ${requests} bare requests`,
  );
}

/**
 * Clients that each wait for their thing's arrival before they create the next one: as much as the flow carries, and
 * nothing piles up.
 */
export async function closedLoop(at: Scene, seconds: number, bareCpu: number): Promise<void> {
  const clients = Array.from({ length: CLIENTS }, () => at.client());
  let created = 0;
  const times: number[] = [];
  const load = (goesOn: () => boolean) =>
    Promise.all(
      clients.map(async (client) => {
        while (goesOn()) {
          const began = performance.now();
          await Promise.all(Object.values(at.create(client, `closed-${created++}`)));
          times.push(performance.now() - began);
        }
      }),
    );
  await load(() => created < WARM_UP);
  times.length = 0;
  const own = process.cpuUsage();
  const busy = busySeconds();
  const began = performance.now();
  const samples = [{ things: 0, ...(await at.measure()) }];
  const sampling = setInterval(() => {
    void at.measure().then((measured) => samples.push({ things: times.length, ...measured }));
  }, SAMPLE_EVERY_MS);
  await load(() => performance.now() - began < seconds * 1000);
  clearInterval(sampling);
  const took = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(own);
  samples.push({ things: times.length, ...(await at.measure()) });
  row(
    `${CLIENTS} clients that wait for each thing's arrival, ${took.toFixed(0)} s`,
    `${(times.length / took).toFixed(0)} things per second end to end, ${quantiles(times)}, lost: ${at.waiting()}`,
  );
  cost(samples, {
    things: times.length,
    own: (user + system) / 1e6,
    all: busySeconds() - busy,
    seconds: took,
    bareCpu,
  });
  memory(samples);
}

type Sample = Measured & { readonly things: number };

/** Seconds of processor time that everybody on this machine has had. */
const busySeconds = (): number =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000;

interface Load {
  readonly things: number;
  readonly seconds: number;
  /** Seconds of processor time of this process, and of the whole machine. */
  readonly own: number;
  readonly all: number;
  readonly bareCpu: number;
}

function cost(samples: readonly Sample[], { things, seconds, own, all, bareCpu }: Load): void {
  const first = samples[0] as Sample;
  const last = samples.at(-1) as Sample;
  const functions = Object.entries(last.cpu.functions).map(
    ([name, cpu]) => [name.replace(/-[0-9a-f]+$/, ""), cpu - (first.cpu.functions[name] ?? 0)] as const,
  );
  const parts = [["cloud", last.cpu.cloud - first.cpu.cloud] as const, ...functions, ["clients", own] as const];
  const sum = parts.reduce((total, [, cpu]) => total + cpu, 0);
  const perThing = (cpu: number) => (cpu / things) * 1000;
  const shown = parts.map(([name, cpu]) => `${name} ${perThing(cpu).toFixed(2)}`).join(", ");
  row(
    "  processor time per thing",
    `${milliseconds(perThing(sum))} (${(perThing(sum) / bareCpu).toFixed(0)} bare requests): ${shown}`,
  );
  const cores = availableParallelism();
  const share = (cpu: number) => `${((cpu / seconds / cores) * 100).toFixed(0)} %`;
  row("  what bounds it", `of ${cores} cores these took ${share(sum)}, others on the machine ${share(all - sum)}`);
}

function memory(samples: readonly Sample[]): void {
  const perThing = slope(samples.map(({ things, heap }) => ({ x: things, y: heap })));
  row(
    "  cloud's heap after collection, MB, from the first to the last",
    `${samples.map(({ heap }) => megabytes(heap)).join(" ")}: ${perThing.toFixed(0)} bytes per thing`,
  );
  row("  cloud's resident memory, MB", samples.map(({ resident }) => megabytes(resident)).join(" "));
}

/** Things that come at a rate of their own, whether or not the ones before have arrived. */
export async function openLoop(at: Scene, seconds: number, rate: number): Promise<void> {
  const began = performance.now();
  const arrivals: Promise<void>[] = [];
  const times: number[] = [];
  let due = 0;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const client = at.client();
      while (due < seconds * rate) {
        const index = due++;
        const early = began + (index * 1000) / rate - performance.now();
        if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
        const sent = performance.now();
        const { created, arrived } = at.create(client, `open-${index}`);
        arrivals.push(arrived.then(() => void times.push(performance.now() - sent)));
        await created;
      }
    }),
  );
  const creating = (performance.now() - began) / 1000;
  await Promise.race([Promise.all(arrivals), new Promise((resolve) => setTimeout(resolve, LOST_AFTER_MS).unref())]);
  const all = (performance.now() - began) / 1000;
  row(
    `${rate} things per second for ${seconds} s, whatever arrives`,
    `created ${(arrivals.length / creating).toFixed(0)} per second, arrived ` +
      `${(times.length / all).toFixed(0)} per second`,
  );
  row("  from creation to arrival", `${quantiles(times)}; lost: ${at.waiting()}`);
}
