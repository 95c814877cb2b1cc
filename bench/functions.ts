// `npm run bench:functions`: what the functions cost, beside what the same calls cost otherwise: start and first event,
// processor time of a warm event, bytes, calls. All in one run, by turns, against one stub; medians. It writes its
// table into docs/performance.md and judges nothing. BENCH_ROUNDS (starts) and BENCH_EVENTS (warm ones, after as many
// to warm up, in every fifth round) change how much is measured.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { quantile } from "embedded-aws/testing";
import { AwsStub } from "../test/lambda/aws-stub.ts";
import { THING } from "../test/lambda/descriptions.ts";
import { SYNC_SOURCE, type SyncEvent } from "../shared/contract/sync.ts";
import { CUSTOMER, PARTNER, recordOf } from "../test/lambda/records.ts";
import { thingEvent } from "../test/lambda/registry-events.ts";
import { MESSAGE, SENDER_ID, ruleEvent } from "../test/lambda/rule-events.ts";
import { composition } from "./functions/composition.ts";
import type { Run } from "./functions/runtime.ts";
import { type Subject, announcers, fileOf, receiver } from "./functions/subjects.ts";
import { markdownTable, writeTables } from "./page.ts";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 15);
const EVENTS = Number(process.env.BENCH_EVENTS ?? 2000);

const aws = new AwsStub();
const endpoint = await aws.start();
aws.answers.set("GET /things/lamp", () => ({ status: 200, body: THING }));

const LAMBDA = {
  PATH: process.env.PATH,
  // As where Lambda unpacks it: nothing can be written beside the code.
  PYTHONDONTWRITEBYTECODE: "1",
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: "us-east-1",
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "ASIAFUNCTION",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_SESSION_TOKEN: "token",
  FAILURE_QUEUE_URL: `${endpoint}/${CUSTOMER}/failures`,
};
const ANNOUNCE = {
  ...LAMBDA,
  ACCOUNT_ID: CUSTOMER,
  PARTNER_ROLE_ARN: `arn:aws:iam::${PARTNER}:role/publish`,
  PARTNER_REGION: "us-east-1",
  STS_REGION: "us-east-1",
  OPERATIONS: "create_thing",
};
const RECEIVE = {
  ...LAMBDA,
  OPERATIONS: "create_thing",
  CUSTOMERS_TABLE: "customers",
  DEBUG: "false",
  SENDER_CHECK: "enforce",
};
aws.item = { roleId: { S: SENDER_ID }, disabled: { BOOL: false } };
const announceEvent = fileOf("announce.json", JSON.stringify(recordOf("create_thing")));
const registryEvent = fileOf("registry.json", JSON.stringify(thingEvent("CREATED")));
const receiveEvent = fileOf("receive.json", JSON.stringify(ruleEvent(MESSAGE)));
/** As many as `hooks backfill` and the schedule send at once. */
const BATCH = Array.from({ length: 50 }, (_, index) => `lamp-${index}`);
for (const thingName of BATCH)
  aws.answers.set(`GET /things/${thingName}`, () => ({
    status: 200,
    body: { ...THING, thingName, thingArn: `arn:aws:iot:us-east-1:${CUSTOMER}:thing/${thingName}` },
  }));
const syncEvent = fileOf(
  "sync.json",
  JSON.stringify({ source: SYNC_SOURCE, run: "backfill", things: BATCH } satisfies SyncEvent),
);

interface Measured {
  readonly subject: Subject;
  readonly event: string;
  /** Things in one event. */
  readonly things: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly starts: Run[];
  readonly warm: Run[];
  /** AWS calls of a warm event. */
  calls: number;
}

const measured = (subject: Subject, event: string, environment: Measured["environment"], things = 1): Measured => ({
  subject,
  event,
  things,
  environment,
  starts: [],
  warm: [],
  calls: 0,
});

async function run({ subject, event, environment: env }: Measured, events: number): Promise<Run> {
  const [program, ...args] = subject.command;
  const { stderr } = await promisify(execFile)(program, [...args, event, String(events)], { env });
  return JSON.parse(stderr.slice(stderr.lastIndexOf('{"init"'))) as Run;
}

const { original, naive, ours, floor } = await announcers();
const receive = await receiver();
const announced = [
  ...[original, naive, ours].map((subject) => measured(subject, announceEvent, ANNOUNCE)),
  // The thing as it is stands in the event: none is described.
  measured({ ...ours, name: "announce, of AWS IoT's own event" }, registryEvent, ANNOUNCE),
  measured(floor, announceEvent, ANNOUNCE),
];
const received = [
  measured({ ...receive, name: "without the registry" }, receiveEvent, RECEIVE),
  measured({ ...receive, name: "with the registry" }, receiveEvent, { ...RECEIVE, REGISTRY_TABLE: "registry" }),
  measured({ ...(await receiver(true)), name: "with `debug`, without the registry" }, receiveEvent, {
    ...RECEIVE,
    DEBUG: "true",
  }),
];
const synced = measured(ours, syncEvent, ANNOUNCE, BATCH.length);
const all = [...announced, ...received, synced];

/** An AssumeRole and a write of DynamoDB's have the same path: the stub is told which is meant. */
const asRegistry = (on: boolean) => {
  if (on) aws.answers.set("POST /", () => ({ status: 200, body: {} }));
  else aws.answers.delete("POST /");
};
for (let round = 0; round < ROUNDS; round++) {
  for (const one of all) {
    asRegistry(received.includes(one));
    one.starts.push(await run(one, 0));
    if (round % 5 === 0) await warmRun(one);
    process.stderr.write(".");
  }
}
await aws.stop();
process.stderr.write("\n");

async function warmRun(one: Measured): Promise<void> {
  aws.calls.length = 0;
  // Python is as warm at once as it will ever be.
  const events = Math.ceil(EVENTS / (one.subject === original ? 10 : one.things));
  one.warm.push(await run(one, events));
  one.calls = Math.round(aws.calls.length / (1 + 2 * events));
}

const median = (runs: readonly Run[], of: (run: Run) => number): number => quantile(runs.map(of), 0.5);
const cold = ({ starts }: Measured): number => median(starts, ({ init, first }) => init + first);
const coldCpu = ({ starts }: Measured): number => median(starts, (run) => run.coldCpu);
const warmCpu = ({ warm }: Measured): number => median(warm, (run) => run.warmCpu);
/** After the first event: later Node takes what there is, and on Lambda it is told how much that is. */
const memory = ({ starts }: Measured): string => median(starts, (run) => run.memory).toFixed(0);
const [first] = announced;
/** Beside the first row, and the value itself. */
function beside(one: Measured, of: (one: Measured) => number): string {
  const value = of(one);
  const ratio = first === undefined ? Number.NaN : value / of(first);
  return `${ratio.toFixed(2)} (${value.toFixed(value < 10 ? 2 : 0)} ms)`;
}
const kilobytes = ({ bytes }: Subject): string => (bytes === undefined ? "-" : (bytes / 1000).toFixed(0));

const announceTable = markdownTable([
  ["", "cold: init and first event", "processor time of it", "processor time, warm", "calls, warm", "kB", "MB"],
  ...announced.map((one) => [
    one.subject.name,
    beside(one, cold),
    beside(one, coldCpu),
    beside(one, warmCpu),
    String(one.calls),
    kilobytes(one.subject),
    memory(one),
  ]),
]);
/** Events of one environment, which has one at a time. */
const aSecond = ({ warm, things }: Measured): string =>
  ((1000 / median(warm, (run) => run.warm)) * things).toLocaleString("en", { maximumSignificantDigits: 2 });
const receiveTable = markdownTable([
  ["receive", "cold", "processor time, warm", "calls, warm", "events a second", "kB", "MB"],
  ...received.map((one) => [
    one.subject.name,
    `${cold(one).toFixed(0)} ms`,
    `${warmCpu(one).toFixed(2)} ms`,
    String(one.calls),
    aSecond(one),
    kilobytes(one.subject),
    memory(one),
  ]),
]);
const perThing = (value: number, { things }: Measured): string => (value / things).toFixed(2);
const withRegistry = received[1] as Measured;
const batchTable = markdownTable([
  [`${BATCH.length} things of a backfill`, "events", "calls", "processor time", "of one thing", "things a second"],
  [
    "announce",
    "1",
    String(synced.calls),
    `${warmCpu(synced).toFixed(0)} ms`,
    `${perThing(warmCpu(synced), synced)} ms`,
    aSecond(synced),
  ],
  [
    "receive, with the registry",
    String(BATCH.length),
    String(withRegistry.calls * BATCH.length),
    `${(warmCpu(withRegistry) * BATCH.length).toFixed(0)} ms`,
    `${warmCpu(withRegistry).toFixed(2)} ms`,
    aSecond(withRegistry),
  ],
]);

/** Lambda Developer Guide, "Configure memory": 1,769 MB are one processor's worth; a smaller share is time waited. */
const FULL_MB = 1769;
/** Lambda's price of a GB second on ARM in us-east-1, in dollars, and what is waited for a call. */
const GB_SECOND = 0.0000133334;
const CALL_MS = 10;

function memoryRows(one: Measured): string[][] {
  return [128, 256, 512, 1024].map((mb) => {
    const share = FULL_MB / mb;
    const duration = warmCpu(one) * share + one.calls * CALL_MS;
    const dollars = (duration / 1000) * (mb / 1024) * GB_SECOND * 1e6;
    return [
      String(mb),
      `${(coldCpu(one) * share).toFixed(0)} ms`,
      `${duration.toFixed(0)} ms`,
      `$${dollars.toFixed(2)}`,
    ];
  });
}
const memoryTable = (one: Measured): string =>
  markdownTable([["MB", "cold, processor time alone", "warm event", "a million events"], ...memoryRows(one)]);

await writeTables({
  "bench:functions announce": announceTable,
  "bench:functions receive": receiveTable,
  "bench:functions batch": batchTable,
  "bench:functions composition": markdownTable(await composition()),
  "bench:functions memory": memoryTable(announced[2] as Measured),
});
