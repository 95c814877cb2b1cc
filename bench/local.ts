// `npm run bench:local`: how fast the embedded AWS is, on the machine that runs it. Numbers that belong together are measured in one run.
// It prints a table and judges nothing: noisy machines make poor judges.
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { customerProgram } from "../customer/program.ts";
import { Cloud, DEFAULT_REGION } from "../local/core/cloud.ts";
import { listen } from "../local/core/endpoint.ts";
import { deployStack } from "../local/deploy/mocks.ts";
import { SERVICES } from "../local/services/index.ts";
import { subscribe } from "../local/services/iot/messages.ts";
import { partnerProgram } from "../partner/program.ts";

const CUSTOMER = "111111111111";
const PARTNER = "222222222222";
const SECONDS = Number(process.env.BENCH_SECONDS ?? 30);
const CLIENTS = 16;

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
function report(what: string, result: string): void {
  console.log(`${what.padEnd(62)} ${result}`);
}

const cloud = new Cloud(SERVICES);
const endpoint = await listen(cloud);
const clientOf = (account: string) => ({
  endpoint: cloud.endpoint,
  region: DEFAULT_REGION,
  credentials: cloud.administrator(account),
});
const iot = new IoT(clientOf(CUSTOMER));

async function deploy(): Promise<void> {
  const environment = {
    endpoint: cloud.endpoint,
    credentials: (profile: string | undefined) => Promise.resolve(cloud.administrator(profile ?? "")),
  };
  const region = { "aws:region": DEFAULT_REGION };
  const customer = await deployStack(environment, {
    project: "customer",
    program: customerProgram,
    config: { ...region, "aws:profile": CUSTOMER, accountId: CUSTOMER, partnerAccountId: PARTNER, createTrail: "true" },
  });
  await deployStack(environment, {
    project: "partner",
    program: partnerProgram,
    config: {
      ...region,
      "aws:profile": PARTNER,
      accountId: PARTNER,
      customers: JSON.stringify([customer.outputs.roleArn]),
    },
  });
}

/** Who waits for which thing's debug message. */
const waiting = new Map<string, () => void>();
function listenForArrivals(): void {
  subscribe(cloud, { account: PARTNER, region: DEFAULT_REGION }, "debug/+/create_thing", ({ payload }) => {
    const { thingName } = JSON.parse(Buffer.from(payload).toString()) as { thingName: string };
    waiting.get(thingName)?.();
    waiting.delete(thingName);
  });
}
function arrival(thingName: string): Promise<void> {
  return new Promise((resolve) => waiting.set(thingName, resolve));
}

async function oneAfterAnother(count: number): Promise<void> {
  const times: number[] = [];
  for (let index = 0; index < count + 50; index++) {
    const thingName = `single-${index}`;
    const arrived = arrival(thingName);
    const began = performance.now();
    await iot.createThing({ thingName });
    await arrived;
    if (index >= 50) times.push(performance.now() - began); // the first ones warm up
  }
  times.sort((a, b) => a - b);
  report(
    `CreateThing to the partner's debug message, ${count} one by one`,
    `p50 ${ms(quantile(times, 0.5))}, p99 ${ms(quantile(times, 0.99))}`,
  );
}

async function sustained(): Promise<void> {
  const memory = () => Math.round(process.memoryUsage().rss / 2 ** 20);
  const before = memory();
  const began = performance.now();
  const until = began + SECONDS * 1000;
  const arrivals: Promise<void>[] = [];
  let created = 0;
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      const own = new IoT(clientOf(CUSTOMER));
      for (let index = 0; performance.now() < until; index++) {
        const thingName = `load-${client}-${index}`;
        arrivals.push(arrival(thingName));
        await own.createThing({ thingName });
        created++;
      }
    }),
  );
  const createdWithin = (performance.now() - began) / 1000;
  const half = memory();
  await Promise.race([Promise.all(arrivals), new Promise((resolve) => setTimeout(resolve, 120_000))]);
  const all = (performance.now() - began) / 1000;
  report(
    `${CLIENTS} clients for ${SECONDS} s: created`,
    `${created} things, ${(created / createdWithin).toFixed(0)} per second`,
  );
  report(
    "  arrived",
    `${created - waiting.size} things, ${((created - waiting.size) / all).toFixed(0)} per second; lost: ${waiting.size}`,
  );
  report("  memory of the cloud's process before, after the load, at the end", `${before}, ${half}, ${memory()} MB`);
}

async function timeOf(count: number, call: (index: number) => Promise<unknown>): Promise<number> {
  for (let index = 0; index < 20; index++) await call(index);
  const began = performance.now();
  for (let index = 0; index < count; index++) await call(index);
  return (performance.now() - began) / count;
}

async function manyThings(): Promise<void> {
  const create = (index: number) =>
    cloud.call({
      service: "iot",
      operation: "CreateThing",
      input: { thingName: `many-${index}` },
      account: CUSTOMER,
      region: DEFAULT_REGION,
      caller: cloud.administrator(CUSTOMER).caller,
    });
  for (let index = 0; index < 10; index++) await create(index);
  const few = await timeOf(300, (index) => iot.describeThing({ thingName: `many-${index % 10}` }));
  for (let index = 10; index < 100_000; index++) await create(index);
  const many = await timeOf(300, (index) => iot.describeThing({ thingName: `many-${(index * 331) % 100_000}` }));
  report("DescribeThing with 10 and with 100,000 things", `${ms(few)}, ${ms(many)}: ratio ${(many / few).toFixed(2)}`);
}

async function manyRules(): Promise<void> {
  const partner = new IoT(clientOf(PARTNER));
  const data = new IoTDataPlane(clientOf(PARTNER));
  const trust = { Effect: "Allow", Principal: { Service: "iot.amazonaws.com" }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  const { Role } = await new IAM(clientOf(PARTNER)).createRole({ RoleName: "bench", AssumeRolePolicyDocument });
  const results: string[] = [];
  let made = 0;
  let first = 0;
  for (const rules of [1, 10, 100, 1000]) {
    for (; made < rules; made++) {
      const sql = `SELECT * FROM 'bench/${made}/+'`;
      const republish = { roleArn: Role?.Arn, topic: "bench/never" };
      await partner.createTopicRule({
        ruleName: `bench_${made}`,
        topicRulePayload: { sql, awsIotSqlVersion: "2016-03-23", actions: [{ republish }] },
      });
    }
    const taken = await timeOf(300, () => data.publish({ topic: "bench/none/x", payload: Buffer.from("{}") }));
    first ||= taken;
    results.push(`${rules}: ${ms(taken)} (x${(taken / first).toFixed(2)})`);
  }
  report("Publish beside rules that don't match", results.join(", "));
}

async function startToReady(): Promise<void> {
  const times: number[] = [];
  for (let index = 0; index < 3; index++) {
    const began = performance.now();
    const child = spawn(process.execPath, [join(import.meta.dirname, "../local/main.ts"), "--port", "4599"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface(child.stdout)) if (line.includes("listens on")) break;
    times.push(performance.now() - began);
    child.kill("SIGINT");
    await once(child, "exit");
  }
  report("npm run local, from start to ready, best of three", ms(Math.min(...times)));
}

await startToReady();
await deploy();
listenForArrivals();
await oneAfterAnother(500);
await sustained();
await cloud.reset();
await manyThings();
await cloud.reset();
await manyRules();
await endpoint.close();
