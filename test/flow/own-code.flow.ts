// A partner's own code, from a folder of its own, with a package of its own: it hands each thing on to its own queue,
// without a change to any file here.
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { SQS } from "@aws-sdk/client-sqs";
import { deployStack } from "embedded-aws/pulumi";
import { expect } from "chai";
import { CustomerHooks } from "../../customer/customer-hooks.ts";
import { type OnThingModule, PartnerHooks } from "../../partner/partner-hooks.ts";
import {
  CUSTOMER,
  DEFAULT_REGION,
  PARTNER,
  type RunningCloud,
  createThing,
  deployCustomer,
  environmentOf,
  refusals,
  startCloud,
} from "./deployment.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** As a partner would write it: typed by our package, with a package from npm and an SDK client. */
const ON_THING = `
import { SQS } from "@aws-sdk/client-sqs";
import { letter } from "letters";
import type { OnThing } from "cross-account-iot-hooks/partner";

const sqs = new SQS();

export const onThing: OnThing = async ({ message }) => {
  await sqs.sendMessage({ QueueUrl: process.env.QUEUE_URL, MessageBody: letter(message.accountId, message.thingName) });
};
`;
const LETTERS = "export const letter = (from, about) => `Dear fleet, ${from} has a new ${about}.`;";

describe("a partner's own code", () => {
  let folder: string;
  let running: RunningCloud;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "partner of its own-"));
    const packages = join(folder, "node_modules");
    await mkdir(join(packages, "letters"), { recursive: true });
    await writeFile(join(folder, "on-thing.ts"), ON_THING);
    await writeFile(join(packages, "letters", "index.js"), LETTERS);
    await writeFile(
      join(packages, "letters", "package.json"),
      '{ "name": "letters", "type": "module", "main": "index.js" }',
    );
    // Installed there as here.
    await symlink(join(ROOT, "node_modules", "@aws-sdk"), join(packages, "@aws-sdk"));
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    running = await startCloud();
  });
  afterEach(() => running.endpoint.close());

  const deployPartner = (rest: Pick<OnThingModule, "policyStatements"> | "with its statement") =>
    deployStack(environmentOf(running), {
      project: "saas",
      config: {},
      program: () => {
        const provider = new aws.Provider("saas", {
          ...{ allowedAccountIds: [PARTNER], region: DEFAULT_REGION, profile: PARTNER },
        });
        const queue = new aws.sqs.Queue("letters", {}, { provider });
        const statement = { Sid: "SendLetters", Action: ["sqs:SendMessage"], Resource: [queue.arn] };
        const hooks = new PartnerHooks(
          "hooks",
          {
            customers: [{ accountId: CUSTOMER }],
            debug: true,
            onThing: {
              entry: join(folder, "on-thing.ts"),
              environment: { QUEUE_URL: queue.url },
              ...(rest === "with its statement" ? { policyStatements: [statement] } : rest),
            },
          },
          { provider },
        );
        return Promise.resolve({ ...hooks.outputs, queueUrl: queue.url });
      },
    });

  const letters = async (QueueUrl: string) => {
    const { Messages = [] } = await new SQS(running.config(PARTNER)).receiveMessage({ QueueUrl });
    return Messages.map(({ Body }) => Body);
  };

  it("hands a thing on to its own queue", async () => {
    await deployCustomer(running);
    const { outputs } = await deployPartner("with its statement");
    expect(await createThing(running)).to.have.length(1);
    expect(await letters(outputs.queueUrl)).to.deep.equal([`Dear fleet, ${CUSTOMER} has a new lamp.`]);
  });

  it("may do nothing that it wasn't given", async () => {
    await deployCustomer(running);
    const { outputs } = await deployPartner({});
    expect(await createThing(running)).to.deep.equal([]);
    expect(await letters(outputs.queueUrl)).to.deep.equal([]);
    const [first] = refusals(running.cloud, 0);
    expect(first?.action).to.equal("sqs:SendMessage");
    expect(first?.missing.map(({ side, account }) => [side, account])).to.deep.include(["identity", PARTNER]);
  });

  it(
    "hears of a customer's things that are announced by the component too, each side told the other's " + "number only",
    async () => {
      await deployStack(environmentOf(running), {
        project: "factory",
        config: {},
        program: () => {
          const provider = new aws.Provider("factory", {
            ...{ allowedAccountIds: [CUSTOMER], region: DEFAULT_REGION, profile: CUSTOMER },
          });
          const hooks = new CustomerHooks("hooks", { partnerAccountId: PARTNER, createTrail: true }, { provider });
          return Promise.resolve(hooks.outputs);
        },
      });
      const { outputs } = await deployPartner("with its statement");
      expect(outputs.logGroupName).to.equal(`/aws/lambda/${outputs.functionName}`);
      expect(await createThing(running, "pump")).to.have.length(1);
      expect(await letters(outputs.queueUrl)).to.deep.equal([`Dear fleet, ${CUSTOMER} has a new pump.`]);
    },
  );
});
