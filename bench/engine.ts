// `npm run bench:engine`: what Pulumi costs here: the programs' evaluation, the provider plugin's start, an update
// and a preview in the real engine. What is compared is measured by turns in one run. It writes a table into
// docs/performance.md and judges nothing: noisy machines make poor judges, and ratios to what no program of the kind
// can do without, measured by turns with each, say more than seconds.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { Engine } from "../test/engine/harness.ts";
import { PLUGIN_FOLDER } from "embedded-aws/pulumi";
import { CUSTOMER } from "embedded-aws/testing";
import { OPERATION_NAMES } from "../shared/contract/operations.ts";
import type { Config } from "../test/engine/project.ts";
import { CUSTOMER_CONFIG, customer } from "../test/engine/projects.ts";
import { markdownTable, writeTables } from "./page.ts";

const ROUNDS = 5;
const ROOT = join(import.meta.dirname, "..");

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const ms = (value: number): string => `${value.toFixed(0)} ms`;
const ALONE = "import of @pulumi/pulumi and @pulumi/aws alone";
const rows: string[][] = [["what", "measured", `to the ${ALONE}`]];
/** @param alone the import's, by turns with what was measured */
function report(what: string, took: readonly number[], alone: readonly number[], note = ""): void {
  rows.push([what, `${ms(median(took))}${note}`, (median(took) / median(alone)).toFixed(2)]);
}
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

interface Evaluation {
  readonly took: number;
  readonly bundling: number;
}
async function evaluation(what: "packages" | "programs"): Promise<Evaluation> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, "bench", "evaluation.ts"), what]);
  return JSON.parse(stdout) as Evaluation;
}

async function evaluations(): Promise<void> {
  const packages: number[] = [];
  const programs: Evaluation[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    packages.push((await evaluation("packages")).took);
    programs.push(await evaluation("programs"));
  }
  const of = (part: keyof Evaluation) => programs.map((one) => one[part]);
  report(ALONE, packages, packages);
  report("both programs evaluated under mocks, imports included, bundling not", of("took"), packages);
  report("bundling of announce and receive", of("bundling"), packages);
}

/** From its start to the line with its port, as the engine waits for it. */
async function pluginStart(): Promise<number> {
  const began = performance.now();
  const plugin = spawn(join(PLUGIN_FOLDER, "pulumi-resource-aws"), {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(createInterface({ input: plugin.stdout }), "line");
  const took = performance.now() - began;
  plugin.kill("SIGINT");
  await once(plugin, "exit");
  return took;
}

async function pluginStarts(): Promise<void> {
  const starts: number[] = [];
  const node: number[] = [];
  const alone: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    starts.push(await pluginStart());
    node.push(await timed(() => promisify(execFile)(process.execPath, ["-e", "0"])));
    alone.push((await evaluation("packages")).took);
  }
  report("start of the provider plugin", starts, alone, ` (Node alone ${ms(median(node))})`);
}

/** All that a customer can switch on. `sync_thing` has no event of its own. */
const EVERYTHING: Config = {
  ...CUSTOMER_CONFIG,
  "iot-hooks-customer:operations": OPERATION_NAMES.filter((name) => name !== "sync_thing"),
  "iot-hooks-customer:trigger": "both",
  "iot-hooks-customer:reconcile": "rate(1 day)",
  "iot-hooks-customer:externalId": "customer-17",
  "iot-hooks-customer:nameSuffix": "line",
  "iot-hooks-customer:alarmTopicArn": `arn:aws:sns:us-east-1:${CUSTOMER}:on-call`,
  "iot-hooks-customer:reservedConcurrency": "20",
};

async function engineRuns(what: string, config: Config): Promise<void> {
  const engine = await Engine.start();
  try {
    const stack = await engine.stack(customer, config);
    const ups: number[] = [];
    const previews: number[] = [];
    const alone: number[] = [];
    for (let round = 0; round < 3; round++) {
      ups.push(await timed(() => stack.up()));
      previews.push(await timed(() => stack.preview({ expectNoChanges: true })));
      alone.push((await evaluation("packages")).took);
      await stack.destroy();
    }
    report(`\`pulumi up\` of the customer's stack on an empty account, ${what}`, ups, alone);
    report(`\`pulumi preview\` right afterwards, ${what}`, previews, alone);
  } finally {
    await engine.stop();
  }
}

await evaluations();
await pluginStarts();
await engineRuns("with a trail", CUSTOMER_CONFIG);
await engineRuns("with everything on", EVERYTHING);
await writeTables({ "bench:engine": markdownTable(rows) });
