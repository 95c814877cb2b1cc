// `npm start`: both programs deployed into the embedded AWS, one thing created in the customer's account with the
// SDK, and its way shown hop by hop to the partner's debug message. Then it stays up for more; `--once` ends after
// the first arrival.
import { isDeepStrictEqual, styleText } from "node:util";
import { join } from "node:path";
import { IoT } from "@aws-sdk/client-iot";
import { RunError } from "@pulumi/pulumi";
import {
  checkTemporaryFolder,
  EmbeddedAws,
  columnsOf,
  type Command,
  commandLine,
  DEFAULT_PORT,
  DEFAULT_REGION,
  exportLines,
  folderOf,
  followTrace,
  formatEntry,
  inOrder,
  listen,
  openFolder,
  pageOf,
  PORT_OPTION,
  portOf,
  PortTaken,
  publish,
  runCommand,
  SERVICES,
  subscribe,
  type TraceEntry,
  UsageError,
  wantsColour,
  worthShowing,
  wrap,
} from "embedded-aws";
import { CUSTOMER, PARTNER, deploy, deploySecondCustomer } from "./deployment.ts";
import { impersonate } from "./impersonation.ts";
import { redrive } from "./redrive.ts";

const PARTNER_PLACE = { account: PARTNER, region: DEFAULT_REGION };
type Message = Readonly<Record<string, unknown>>;

const paint = (look: Parameters<typeof styleText>[0], text: string): string =>
  process.stdout.isTTY ? styleText(look, text) : text;
const say = (text: string): void => {
  for (const line of wrap(text, columnsOf(process.stdout) - 2)) console.log(`  ${line}`);
};
const heading = (text: string): void => {
  console.log();
  for (const line of wrap(text, columnsOf(process.stdout))) console.log(paint("bold", line));
};

/** What both sides are configured with. @throws UsageError where the thing that is created would not be announced */
function operationsOf(given: string | undefined): Readonly<Record<string, string>> {
  if (given === undefined) return {};
  const operations = given.split(",").map((name) => name.trim());
  if (!operations.includes("create_thing"))
    throw new UsageError(`A thing is created to be followed: --operations needs create_thing in it, not "${given}".`);
  return { operations: JSON.stringify(operations) };
}

/** Whether the partner has exactly what the customer's registry has. */
function differences(created: Readonly<Record<string, unknown>>, message: Message): string[] {
  const expected: Message = { ...created, accountId: CUSTOMER, operation: "create_thing" };
  return Object.entries(expected)
    .filter(([key, value]) => value !== undefined && !isDeepStrictEqual(message[key], value))
    .map(
      ([key, value]) =>
        `${key}: the customer has ${JSON.stringify(value)}, the partner was told ${JSON.stringify(message[key])}`,
    );
}

function showWay(entries: readonly TraceEntry[]): void {
  const zero = Math.min(...entries.map(({ at }) => at));
  const style = { colour: wantsColour(process.stdout), zero, width: columnsOf(process.stdout) };
  for (const entry of inOrder(entries).filter(worthShowing)) {
    // The message that comes in the end is shown whole below.
    const { payload: _, ...detail } = entry.detail ?? {};
    console.log(formatEntry({ ...entry, detail }, style).join("\n"));
  }
}

/** Creates a thing and follows it. Returns whether the partner received exactly that. */
async function createAndFollow(cloud: EmbeddedAws): Promise<boolean> {
  const thingName = "first-lamp";
  const iot = new IoT({ endpoint: cloud.endpoint, region: DEFAULT_REGION, credentials: cloud.administrator(CUSTOMER) });
  const before = cloud.trace.since().at(-1)?.id ?? 0;
  const arrivals: { readonly message: Message; readonly ms: number }[] = [];
  const began = performance.now();
  const stop = subscribe(cloud, PARTNER_PLACE, `debug/${CUSTOMER}/create_thing`, ({ payload }) => {
    arrivals.push({ message: JSON.parse(Buffer.from(payload).toString()) as Message, ms: performance.now() - began });
  });
  await iot.createThing({ thingName, attributePayload: { attributes: { colour: "warm-white", firmware: "1.4.2" } } });
  // No clock is needed to know that nothing more will come: nothing is under way any more.
  await cloud.settled();
  stop();
  const traceId = cloud.trace.since(before).find(({ name }) => name === "CreateThing")?.traceId;
  showWay(cloud.trace.since(before).filter((entry) => entry.traceId === traceId));
  const [arrival, ...more] = arrivals;
  if (!arrival) {
    console.error("\nThe partner was told nothing. What was refused stands above, marked with ✗ or !.");
    return false;
  }
  heading(`The debug message, as the partner sees it (${arrival.ms.toFixed(0)} ms after CreateThing was sent)`);
  console.log(JSON.stringify(arrival.message, undefined, 2));
  const { $metadata: _, ...created } = await iot.describeThing({ thingName });
  const wrong = differences(created, arrival.message);
  for (const difference of wrong) console.error(`Not what was created: ${difference}`);
  if (more.length > 0) console.error(`One thing was created, but ${arrivals.length} messages came.`);
  return wrong.length === 0 && more.length === 0;
}

const START: Command = {
  call: "npm start --",
  says:
    "Deploys both Pulumi programs into an embedded AWS, creates a thing in the customer's account and shows its way " +
    "to the partner's. Then it stays up for more, until Ctrl-C.",
  options: {
    once: { says: "ends after the first arrival; exit code 0 only if the partner received exactly what was created" },
    port: PORT_OPTION,
    operations: { value: "LIST", says: "what is announced, create_thing unless told: create_thing,delete_thing" },
  },
};

await runCommand(
  async ({ came, orEnd }) => {
    const line = commandLine(process.argv.slice(2), START);
    const once = line.switches.has("once");
    const operations = operationsOf(line.values.operations);
    // Once beside one that is running: any free port will do.
    const port = portOf(line) ?? (once ? 0 : DEFAULT_PORT);
    const folder = folderOf(join(import.meta.dirname, "..", ".local"), port);
    // One that ends at once leaves nothing behind, not even keys.
    const keys = once ? undefined : await openFolder(folder);
    await checkTemporaryFolder();
    const cloud = new EmbeddedAws(SERVICES, keys);
    // Known once both sides are deployed.
    const redrives: Record<string, () => Promise<string>> = {};
    const page = once
      ? undefined
      : pageOf(cloud, { redrives, impersonate: (...accounts) => impersonate(cloud, ...accounts) });
    const endpoint = await listen(cloud, port, page);
    try {
      const published = once ? undefined : await publish(cloud, folder);
      try {
        console.log(`An embedded AWS with three accounts listens on ${endpoint.url}.`);
        heading("Deploying both Pulumi programs");
        const deployed = await orEnd(deploy(cloud, operations, say));
        for (const side of ["customer", "partner"] as const)
          redrives[side] = () => redrive(cloud, side, deployed[side]);
        heading("A thing is created in the customer's account");
        const exact = await orEnd(createAndFollow(cloud));
        if (!exact) process.exitCode = 1;
        if (!published || !page) {
          console.log(exact ? "\nArrived: the partner received exactly the thing that was created." : "\nNot arrived.");
          return;
        }
        heading("Your turn, in the browser: what happens, and buttons for it");
        console.log(page.url);
        heading("Or in another terminal");
        console.log(`${exportLines(published.profiles)}\naws --profile customer iot create-thing --thing-name lamp`);
        heading("A second customer, whom the page shows too");
        const second = await orEnd(deploySecondCustomer(cloud, operations, deployed.partner, say));
        redrives.customer2 = () => redrive(cloud, "customer", second);
        heading("Ctrl-C ends it. What happens from now on:");
        const stopFollowing = followTrace(cloud, process.stdout);
        await came;
        stopFollowing();
      } finally {
        await published?.withdraw();
      }
    } finally {
      await endpoint.close();
    }
  },
  PortTaken,
  RunError,
);
