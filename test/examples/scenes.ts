// The programs of examples/, from this repository or from wherever the packed package was installed, deployed into an
// embedded AWS; and a thing that crosses. What a scene returns is what the partner got.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { IoT } from "@aws-sdk/client-iot";
import { SQS } from "@aws-sdk/client-sqs";
import { subscribe } from "embedded-aws";
import { type DeployedStack, deployStack } from "embedded-aws/pulumi";
import { CUSTOMER, DEFAULT_REGION, PARTNER, type RunningCloud } from "embedded-aws/testing";

type Outputs = Readonly<Record<string, unknown>>;
type Config = Readonly<Record<string, string>>;
export type Arrival = Readonly<Record<string, unknown>>;

export interface Scene {
  /** The folder with the examples' folders in it. */
  readonly examples: string;
  readonly running: RunningCloud;
}

let runs = 0;

/** A profile is called like its account: whose credentials a provider gets is the program's doing. */
async function deploy({ examples, running }: Scene, project: string, config: Config): Promise<DeployedStack<Outputs>> {
  const folder = join(examples, project);
  // A module runs once: as another module each time, an example can be deployed again.
  const module = `${pathToFileURL(join(folder, "index.ts")).href}?run=${++runs}`;
  const before = process.cwd();
  // As Pulumi runs a program.
  process.chdir(folder);
  try {
    return await deployStack(
      {
        endpoint: running.cloud.endpoint,
        credentials: (profile) => Promise.resolve(running.cloud.administrator(profile ?? "")),
      },
      {
        project,
        program: async () => ({ ...((await import(module)) as Outputs) }),
        config: { "aws:region": DEFAULT_REGION, ...config },
      },
    );
  } finally {
    process.chdir(before);
  }
}

const deployCustomer = (scene: Scene) =>
  deploy(scene, "customer-in-existing-program", {
    "aws:profile": CUSTOMER,
    accountId: CUSTOMER,
    partnerAccountId: PARTNER,
  });

const deployPartner = (scene: Scene) =>
  deploy(scene, "partner-with-queue", {
    "aws:profile": PARTNER,
    accountId: PARTNER,
    customerAccountIds: JSON.stringify([CUSTOMER]),
  });

/** Creates a thing in the customer's account, and waits until everything that follows has happened. */
async function createThing({ running }: Scene): Promise<void> {
  const attributePayload = { attributes: { colour: "red" } };
  await new IoT(running.config(CUSTOMER)).createThing({ thingName: "lamp", attributePayload });
  await running.cloud.settled();
}

async function debugMessages(scene: Scene): Promise<Arrival[]> {
  const messages: Arrival[] = [];
  const partner = { account: PARTNER, region: DEFAULT_REGION };
  const stop = subscribe(scene.running.cloud, partner, "debug/+/+", ({ payload }) => {
    messages.push(JSON.parse(Buffer.from(payload).toString()) as Arrival);
  });
  await createThing(scene);
  stop();
  return messages;
}

async function queued({ running }: Scene, QueueUrl: string): Promise<Arrival[]> {
  const { Messages = [] } = await new SQS(running.config(PARTNER)).receiveMessage({
    QueueUrl,
    MaxNumberOfMessages: 10,
  });
  return Messages.map(({ Body = "" }) => JSON.parse(Body) as Arrival);
}

export const SCENES: Readonly<Record<string, (scene: Scene) => Promise<Arrival[]>>> = {
  "partner-with-queue": async (scene) => {
    await deployCustomer(scene);
    const { outputs } = await deployPartner(scene);
    await createThing(scene);
    return queued(scene, String(outputs.queueUrl));
  },
  "customer-in-existing-program": async (scene) => {
    const { outputs } = await deployPartner(scene);
    await deployCustomer(scene);
    await createThing(scene);
    return queued(scene, String(outputs.queueUrl));
  },
  "both-accounts": async (scene) => {
    await deploy(scene, "both-accounts", {
      customerAccountId: CUSTOMER,
      customerProfile: CUSTOMER,
      partnerAccountId: PARTNER,
      partnerProfile: PARTNER,
    });
    return debugMessages(scene);
  },
};

/** What must be in whatever arrives. */
export const EXPECTED: Arrival = { operation: "create_thing", thingName: "lamp", attributes: { colour: "red" } };
