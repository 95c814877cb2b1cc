// A million things through `hooks backfill`, on a clock of its own. Everything of the product between the two
// registries is real: the run, its checkpoint files on the disk, its pace, the handing over, the announce function's
// own code with the contract's checks. What stands in is AWS: clients of IoT and Lambda that answer at once from a
// table made of the things' numbers, and a partner that applies a message as its registry does, by version. Interrupted
// at random calls, where the run is left as a kill leaves it. `npm run test:backfill` kills real processes, on fewer
// things.
//
//   node --expose-gc test/backfill/million.ts THINGS [--write]        --write: into docs/backfill.md
import type { DescribeThingCommand, IoTClient, ListThingsCommand } from "@aws-sdk/client-iot";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { strict as assert } from "node:assert";
import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { announcer } from "../../customer/lambda/announcement.ts";
import { Pace } from "../../customer/lambda/pace.ts";
import { allThings } from "../../customer/lambda/thing-pages.ts";
import { type Outcome, backfill } from "../../hooks/backfill/run.ts";
import { invocation } from "../lambda/invocation.ts";

const THINGS = Number(process.argv[2]);
const KILLS = 20;
/** What the partner has and the customer hasn't. */
const GONE = Math.ceil(THINGS / 1000);
const ARN = "arn:aws:iot:us-east-1:111111111111:thing/";
const PAGE = join(import.meta.dirname, "..", "..", "docs", "backfill.md");
const MB = 2 ** 20;

const clock = { ms: Date.UTC(2026, 0, 1) };
const time = {
  now: () => clock.ms,
  wait: (ms: number) => {
    clock.ms += ms;
    return Promise.resolve();
  },
};
const calls = { ListThings: 0, Invoke: 0, DescribeThing: 0, Publish: 0 };
const versionAt = (index: number): number => 1 + (index % 3);
const nameAt = (index: number): string => `thing-${index}`;
const indexOf = (name: string): number => Number(name.slice("thing-".length));

/** Versions that the partner knows; 0: none. Every seventh is there already, every fourteenth in an older version. */
const partner = new Uint8Array(THINGS + GONE);
/** How often its own code ran. */
const ran = new Uint8Array(THINGS + GONE);
for (let index = 0; index < THINGS; index += 7) partner[index] = versionAt(index) - (index % 14 === 0 ? 1 : 0);
partner.fill(1, THINGS);
const missing = partner
  .slice(0, THINGS)
  .reduce((count, version, index) => count + (version < versionAt(index) ? 1 : 0), 0);

const kill = { in: Infinity, now: (): void => undefined };
/** A call that a kill comes before is never answered, nor is any after it: whoever waits for one waits for ever. */
function counted(call: keyof typeof calls): Promise<void> {
  calls[call] += 1;
  if (--kill.in > 0) return Promise.resolve();
  kill.now();
  return new Promise(() => undefined);
}

async function list({ input: { nextToken, maxResults = 0 } }: ListThingsCommand) {
  await counted("ListThings");
  const from = Number(nextToken ?? 0);
  const until = Math.min(from + maxResults, THINGS);
  const things = Array.from({ length: until - from }, (_, index) => ({ thingName: nameAt(from + index) }));
  return { things, nextToken: until < THINGS ? String(until) : undefined };
}

async function describe({ input: { thingName = "" } }: DescribeThingCommand) {
  await counted("DescribeThing");
  const index = indexOf(thingName);
  if (index >= THINGS) throw Object.assign(new Error("not found"), { name: "ResourceNotFoundException" });
  const attributes = { serial: String(index), room: "kitchen" };
  const described = { thingName, thingArn: ARN + thingName, thingId: `id-${index}`, version: versionAt(index) };
  return { ...described, attributes, defaultClientId: thingName };
}

const iot = {
  config: { region: () => Promise.resolve("us-east-1") },
  send: (command: ListThingsCommand | DescribeThingCommand) =>
    "thingName" in command.input ? describe(command as DescribeThingCommand) : list(command as ListThingsCommand),
} as unknown as IoTClient;

const announce = announcer({
  settings: {
    accountId: "111111111111",
    partnerRoleArn: "arn:aws:iam::222222222222:role/publish-from-customer-role-111111111111",
    partnerRegion: "us-east-1",
    stsRegion: "us-east-1",
    operations: ["create_thing", "delete_thing"],
    failureQueueUrl: "https://sqs.us-east-1.amazonaws.com/111111111111/failures",
  },
  iot,
  publish: async (topic, payload) => {
    await counted("Publish");
    const { thingName, version = 0 } = JSON.parse(payload) as { thingName: string; version?: number };
    const index = indexOf(thingName);
    const isGone = topic.endsWith("/delete_thing");
    if (isGone ? partner[index] === 0 : version <= (partner[index] ?? 0)) return;
    partner[index] = version;
    ran[index] = (ran[index] ?? 0) + 1;
  },
  sendLetter: () => Promise.reject(new Error("no letter is expected")),
  now: () => new Date(clock.ms),
  measure: () => undefined,
  log: () => undefined,
});
const lambda = {
  send: async ({ input }: { input: { Payload: Uint8Array } }) => {
    await counted("Invoke");
    const report = await announce(JSON.parse(Buffer.from(input.Payload).toString()), invocation());
    return { Payload: Buffer.from(JSON.stringify(report)) };
  },
} as unknown as LambdaClient;

const memory = { atFirst: 0, most: 0, samples: 0 };
function sample(): void {
  globalThis.gc?.();
  const megabytes = process.memoryUsage().heapUsed / MB;
  memory.samples += 1;
  if (memory.samples === 1) memory.atFirst = megabytes;
  memory.most = Math.max(memory.most, megabytes);
}

const folder = await mkdtemp(join(tmpdir(), "million "));
const knownFile = join(folder, "known.txt");
for (let from = 0; from < THINGS + GONE; from += 10_000) {
  const until = Math.min(from + 10_000, THINGS + GONE);
  await appendFile(
    knownFile,
    Array.from({ length: until - from }, (_, index) => `${ARN}${nameAt(from + index)}\n`).join(""),
  );
}
const run = (): Promise<Outcome> => {
  const sender = { lambda, functionAliasArn: "arn:announce:live", run: "backfill" as const, wait: time.wait };
  let sampled = 0;
  return backfill({
    listing: { pages: allThings(iot), perSecond: 10, what: "all things", isComplete: true },
    listPace: new Pace(10, time),
    sender: { ...sender, pace: new Pace(175, time) },
    checkpoint: join(folder, "checkpoint"),
    of: "a million",
    known: { knownFile, arnPrefix: ARN },
    counts: false,
    now: () => new Date(clock.ms),
    signal: new AbortController().signal,
    progress: ({ listed }) => {
      if (listed - sampled < THINGS / 50) return;
      sampled = listed;
      sample();
    },
  });
};

const began = { at: clock.ms, cpu: process.cpuUsage(), wall: performance.now() };
let outcome: Outcome | undefined;
for (let kills = 0; outcome === undefined; kills++) {
  // About two calls a thing, and a little more.
  kill.in = kills < KILLS ? 1 + Math.floor(Math.random() * ((2 * THINGS) / KILLS)) : Infinity;
  const { promise: killed, resolve } = Promise.withResolvers<undefined>();
  kill.now = () => {
    resolve(undefined);
  };
  outcome = await Promise.race([run(), killed]);
  // Whatever else was on its way comes to a call now, and is never answered either.
  for (let turn = 0; turn < 20; turn++) await setImmediate();
}
const cpu = process.cpuUsage(began.cpu);
const simulated = (clock.ms - began.at) / 1000;

for (let index = 0; index < THINGS; index++) assert.equal(partner[index], versionAt(index), nameAt(index));
for (let index = THINGS; index < THINGS + GONE; index++) assert.equal(partner[index], 0, nameAt(index));
assert.equal(
  ran.reduce((sum, times) => sum + times, 0),
  missing + GONE,
  "the partner's own code ran once per change",
);
assert.ok(ran.every((times) => times <= 1));
assert.equal(outcome.failuresFile, undefined);
assert.deepEqual(await readdir(folder), ["known.txt"]);
await rm(folder, { recursive: true });

const number = (value: number): string => Math.round(value).toLocaleString("en-GB");
const rows = [
  ["things; of them the partner knew one in seven, half of those in an older version", number(THINGS)],
  ["things that the partner knew and that were gone", number(GONE)],
  ["interrupted at a random call", `${KILLS} times`],
  ["registries at the end", "the same"],
  ["runs of the partner's own code", `${number(missing + GONE)}: one for each change`],
  ...Object.entries(calls).map(([call, count]) => [`calls: ${call}`, number(count)]),
  [
    "time on AWS's clock at 175 a second",
    `${Math.floor(simulated / 3600)} h ${Math.round((simulated % 3600) / 60)} min`,
  ],
  [
    "heap in use after collection: first sample, largest",
    `${memory.atFirst.toFixed(1)} MB, ${memory.most.toFixed(1)} MB`,
  ],
  ["processor time of the simulation", `${number((cpu.user + cpu.system) / 1e6)} s`],
];
const table = ["| what | measured |", "| --- | --- |", ...rows.map(([what, value]) => `| ${what} | ${value} |`)].join(
  "\n",
);
console.log(table);
if (process.argv.includes("--write")) {
  const page = await readFile(PAGE, "utf8");
  const [before = "", after = ""] = page.split(/<!-- million:[^]*<!-- end -->/);
  const today = new Date().toISOString().slice(0, 10);
  await writeFile(
    PAGE,
    `${before}<!-- million: written by test/backfill/million.ts on ${today} -->\n\n${table}\n\n<!-- end -->${after}`,
  );
}
