// `npm run bench:customers`: what one customer more costs among 1, 100, 1,000 and 5,000: preview and up of its own
// stack in the real engine, on the embedded AWS, and the receive function's start and warm events. It writes its table
// into docs/performance.md and judges nothing. The other customers' roles, policies and items are put there by calls,
// as their stacks would. BENCH_CUSTOMERS changes the numbers, BENCH_ROUNDS how many customers more are measured at
// each.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { QUOTAS, setQuota } from "embedded-aws";
import { CUSTOMER, CUSTOMER2, PARTNER, quantile } from "embedded-aws/testing";
import { publishPolicy, publishTrust } from "../partner/policies.ts";
import { customerRoleName, publishRoleName, roleArn } from "../shared/contract/names.ts";
import type { Hub } from "../shared/contract/outputs.ts";
import { Engine } from "../test/engine/harness.ts";
import { HUB_STACK, PARTNER_CONFIG, access, partner } from "../test/engine/projects.ts";
import { MESSAGE, ruleEvent } from "../test/lambda/rule-events.ts";
import type { Run } from "./functions/runtime.ts";
import { fileOf, receiver } from "./functions/subjects.ts";
import { markdownTable, writeTables } from "./page.ts";

const COUNTS = (process.env.BENCH_CUSTOMERS ?? "1,100,1000,5000").split(",").map(Number);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
/** Warm ones, after as many to warm up: of 5,000 customers none comes twice. */
const EVENTS = 2000;
/** The most that IAM gives an account that asks for more than its 1,000 («IAM and AWS STS quotas»). */
const ROLES_ASKED_FOR = 5_000;
/** The hub has some, and so has the customer that is measured: beyond these, customers are items alone. */
const MOST_ROLES = ROLES_ASKED_FOR - 50;
/** Calls at a time that put customers there. */
const AT_A_TIME = 8;

const accountOf = (index: number): string => String(600_000_000_000 + index);
const customerRole = (account: string): string => roleArn("aws", account, customerRoleName(PARTNER));

const engine = await Engine.start();
try {
  await writeTables({ "bench:customers": markdownTable(await measured()) });
} finally {
  await engine.stop();
}

async function measured(): Promise<string[][]> {
  const hubStack = await engine.stack(partner, { ...PARTNER_CONFIG, "iot-hooks-partner:senderCheck": "enforce" });
  await hubStack.up();
  const hub = (await hubStack.outputs())["hub"]?.value as Hub;
  raiseRolesQuota(hub);
  const events: unknown[] = [];
  const rows: string[][] = [];
  for (const count of COUNTS) {
    // The one more is the last of them.
    await fill(hub, events, count - 1);
    const stacks: Measured[] = [];
    for (let round = 0; round < ROUNDS; round++) stacks.push(await oneMore(round % 2 === 0 ? CUSTOMER : CUSTOMER2));
    const median = (of: (one: Measured) => number) => quantile(stacks.map(of), 0.5);
    await fill(hub, events, count);
    const one = await functionRuns(hub, events.slice(0, 1));
    const all = await functionRuns(hub, events);
    rows.push([
      count.toLocaleString("en"),
      `${median(({ preview }) => preview).toFixed(1)} s`,
      `${median(({ up }) => up).toFixed(1)} s`,
      String(median(({ resources }) => resources)),
      `${(median(({ state }) => state) / 1000).toFixed(0)} kB`,
      `${one.cold.toFixed(0)} ms`,
      `${one.warm.toFixed(2)} ms`,
      `${all.warm.toFixed(2)} ms`,
      `${all.memory.toFixed(0)} MB`,
    ]);
    process.stderr.write(`${rows.at(-1)?.join(" ") ?? ""}\n`);
  }
  return [
    [
      ...["customers", "preview of one more", "up", "resources", "its state"],
      ...["receive: cold", "warm, one customer", "warm, all in turn", "memory"],
    ],
    ...rows,
  ];
}

/** As Service Quotas does when it is asked. */
function raiseRolesQuota({ region }: Hub): void {
  const roles = QUOTAS.find(({ quotaName }) => quotaName === "Roles per account");
  if (roles === undefined) throw new Error("The embedded AWS knows no quota of roles.");
  setQuota(engine.running.cloud, roles, { account: PARTNER, region }, ROLES_ASKED_FOR);
}

/** What a customer's own stack makes, by calls: as many as are missing. Each has an event of its role's. */
async function fill(hub: Hub, events: unknown[], count: number): Promise<void> {
  const aws = engine.clients(PARTNER);
  const [iam, dynamodb] = await Promise.all([aws.iam(), aws.dynamodb()]);
  /** With what it may publish. The embedded AWS has no more accounts than these, and a trust policy takes no other. */
  const makeRole = async (account: string): Promise<string> => {
    const RoleName = publishRoleName(account);
    const trust = { customerAccountId: CUSTOMER, roleArns: [customerRole(CUSTOMER)], partition: "aws" };
    const { Role } = await iam.createRole({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify(publishTrust({ ...trust, externalId: undefined })),
    });
    const allowed = { partner: hub, customerAccountId: account, operations: ["create_thing"] as const };
    await iam.putRolePolicy({
      RoleName,
      PolicyName: RoleName,
      PolicyDocument: JSON.stringify(publishPolicy({ ...allowed, disabled: false, basicIngestRule: undefined })),
    });
    return Role?.RoleId ?? "";
  };
  const put = async (index: number): Promise<void> => {
    const account = accountOf(index);
    const roleId = index < MOST_ROLES ? await makeRole(account) : `AROA${account}`;
    const Item = { accountId: { S: account }, roleId: { S: roleId }, disabled: { BOOL: false } };
    await dynamodb.putItem({ TableName: hub.customersTableName, Item });
    const { thingArn } = MESSAGE;
    const message = { ...MESSAGE, thingArn: thingArn.replace(/\d{12}/, account) };
    events.push({ ...ruleEvent(message, "create_thing", account), principal: `${roleId}:bench` });
  };
  while (events.length < count) {
    const from = events.length;
    const some = Array.from({ length: Math.min(AT_A_TIME, count - from) }, (_, index) => put(from + index));
    await Promise.all(some);
  }
}

interface Measured {
  /** Seconds. */
  readonly preview: number;
  readonly up: number;
  readonly resources: number;
  /** Bytes, as the backend keeps it. */
  readonly state: number;
}

/** One customer more, with a stack of its own, that is gone again afterwards. */
async function oneMore(account: string): Promise<Measured> {
  const name = "iot-hooks-partner-customer";
  const config = { "aws:profile": "partner", [`${name}:hub`]: HUB_STACK, [`${name}:roles`]: [customerRole(account)] };
  const stack = await engine.stack(access, config, { name: account });
  const preview = await seconds(() => stack.preview());
  let resources = 0;
  const up = await seconds(async () => {
    const { summary } = await stack.up();
    resources = summary.resourceChanges?.create ?? 0;
  });
  const state = Buffer.byteLength(JSON.stringify(await stack.exportStack()));
  await stack.destroy({ remove: true });
  return { preview, up, resources, state };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** The function as it is bundled, in processes of its own, with the hub's own table behind it. */
async function functionRuns(hub: Hub, events: readonly unknown[]) {
  const { endpoint, credentials } = engine.running.config(PARTNER);
  const { accessKeyId, secretAccessKey } = credentials;
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: hub.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    FAILURE_QUEUE_URL: `${endpoint}/${PARTNER}/failures`,
    OPERATIONS: "create_thing",
    CUSTOMERS_TABLE: hub.customersTableName,
    // Without the registry: its two writes have their own row, and would hide what is looked for.
    DEBUG: "false",
    SENDER_CHECK: "enforce",
  };
  const [program, ...args] = (await receiver()).command;
  const file = fileOf("customers.json", JSON.stringify(events));
  const run = async (warm: number): Promise<Run> => {
    const { stderr } = await promisify(execFile)(program, [...args, file, String(warm)], { env });
    return JSON.parse(stderr.slice(stderr.lastIndexOf('{"init"'))) as Run;
  };
  const starts: Run[] = [];
  for (let round = 0; round < 3 * ROUNDS; round++) starts.push(await run(0));
  const { warmCpu: warm, memory } = await run(EVENTS);
  return {
    cold: quantile(
      starts.map(({ init, first }) => init + first),
      0.5,
    ),
    warm,
    memory,
  };
}
