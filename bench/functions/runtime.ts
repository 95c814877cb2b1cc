// Plays Lambda's Node runtime, in a process of its own: loads a bundle, calls its handler with one event again and
// again, or with several by turns, one at a time, and prints a `Run`. Lambda's own start, which is the same for every
// function, isn't counted.
// Arguments: the bundle, the event's file, how many warm events.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { invocation } from "../../test/lambda/invocation.ts";

export interface Run {
  /** Milliseconds of loading the function, and of its first event. */
  readonly init: number;
  readonly first: number;
  /** Milliseconds of processor time of both together, and of one warm event. */
  readonly coldCpu: number;
  readonly warmCpu: number;
  /** Milliseconds of one warm event, with what it waits. */
  readonly warm: number;
  /** Resident, MB, at the end. */
  readonly memory: number;
}

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const [bundle = "", eventFile = "", events = "0"] = process.argv.slice(2);
const given = [JSON.parse(readFileSync(eventFile, "utf8")) as unknown].flat();
let turn = 0;
const event = () => given[turn++ % given.length];
const context = invocation();
const require = createRequire(import.meta.url);
// What a function prints goes where Lambda's log is; here, nowhere.
process.stdout.write = (_: unknown, ...rest: unknown[]) => {
  (rest.at(-1) as (() => void) | undefined)?.();
  return true;
};

// As Lambda has it where the log's format is JSON: what is logged becomes the `message` of a record.
console.log = (message: unknown) => {
  const record = { timestamp: new Date().toISOString(), level: "INFO", requestId: context.awsRequestId, message };
  process.stdout.write(`${JSON.stringify(record)}\n`);
};

const cpuMs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

const cpuAtStart = process.cpuUsage();
const began = performance.now();
const { handler } = require(bundle) as { readonly handler: Handler };
const loaded = performance.now();
await handler(event(), context);
const done = performance.now();
const coldCpu = cpuMs(cpuAtStart);

const count = Number(events);
// Until the code is compiled as it stays.
for (let index = 0; index < count; index++) await handler(event(), context);
const cpuBefore = process.cpuUsage();
const warmBegan = performance.now();
for (let index = 0; index < count; index++) await handler(event(), context);
const run: Run = {
  init: loaded - began,
  first: done - loaded,
  coldCpu,
  warmCpu: cpuMs(cpuBefore) / Math.max(count, 1),
  warm: (performance.now() - warmBegan) / Math.max(count, 1),
  memory: process.memoryUsage.rss() / 2 ** 20,
};
process.stderr.write(JSON.stringify(run));
