// `hooks customer move`: with what it writes, a customer goes to a stack of its own and back, and nothing that it
// announces meanwhile is lost; it is deployed once.
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { Command } from "commander";
import { expect } from "chai";
import { deployStack } from "embedded-aws/pulumi";
import { parse } from "yaml";
import { addCustomer } from "../../hooks/customer/command.ts";
import { UserError } from "../../hooks/user-error.ts";
import { customerAccessProgram } from "../../partner/customer/program.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  PARTNER,
  type Partner,
  type RunningCloud,
  createThing,
  deployCustomer,
  deployPartner,
  environmentOf,
  roleArnOf,
  startCloud,
  watch,
} from "../flow/deployment.ts";

const PARTNERS = join(import.meta.dirname, "..", "..", "partner");
const HUB = "acme/iot-hooks-partner/prod";
const FILE = `config:
  aws:region: us-east-1
  iot-hooks-partner:accountId: "${PARTNER}"
  iot-hooks-partner:customers:
    - ${roleArnOf(CUSTOMER)}
    - ${roleArnOf(CUSTOMER2)}
    - a/b/c
  iot-hooks-partner:externalIds:
    ${CUSTOMER}: customer-17
`;

describe("hooks customer move", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "partner-"));
    await mkdir(join(folder, "customer"));
    for (const file of ["Pulumi.yaml", "customer/Pulumi.yaml"])
      await copyFile(join(PARTNERS, file), join(folder, file));
    await write(FILE);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = (text: string) => writeFile(join(folder, "Pulumi.prod.yaml"), text);
  const hubs = () => readFile(join(folder, "Pulumi.prod.yaml"), "utf8");
  const configIn = async (file: string) => {
    const { config } = parse(await readFile(join(folder, file), "utf8")) as { config: Record<string, unknown> };
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^iot-.*:/, ""), value]));
  };
  const own = () => configIn(`customer/Pulumi.${CUSTOMER}.yaml`);
  async function move(...args: readonly string[]): Promise<string> {
    const program = new Command().exitOverride();
    addCustomer(program);
    const said: string[] = [];
    const { log } = console;
    console.log = (text: string) => said.push(text);
    try {
      await program.parseAsync(["customer", "move", ...args], { from: "user" });
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    } finally {
      console.log = log;
    }
    return said.join("\n");
  }
  const here = () => ["--project", folder, "--stack", "prod"];

  it("takes roles, external id and whether it is disabled along, both ways, and says what comes next", async () => {
    const disabled = `${FILE}  iot-hooks-partner:disabledCustomers:\n    - "${CUSTOMER}"\n`;
    await write(disabled);
    const at = `--cwd ${join(folder, "customer")} --stack ${CUSTOMER}`;
    const up = `pulumi up --cwd ${folder} --stack prod`;
    expect(await move(CUSTOMER, "--apart", HUB, ...here())).to.include(
      `Then: ${up} && pulumi stack init ${at} && pulumi up ${at}`,
    );
    expect(await own()).to.deep.equal({
      ...{ hub: HUB, roles: [roleArnOf(CUSTOMER)], externalId: "customer-17", disabled: "true" },
    });
    expect(await hubs()).to.not.include(CUSTOMER);
    expect(await hubs()).to.include(roleArnOf(CUSTOMER2));
    expect(await move(CUSTOMER, ...here())).to.include(`Then: pulumi destroy ${at} && pulumi stack rm ${at} && ${up}`);
    expect(await configIn("Pulumi.prod.yaml")).to.deep.include({
      customers: [roleArnOf(CUSTOMER2), "a/b/c", roleArnOf(CUSTOMER)],
      externalIds: { [CUSTOMER]: "customer-17" },
      disabledCustomers: [CUSTOMER],
    });
  });

  it("writes nothing where it is only asked, and refuses what it can't move, in a sentence", async () => {
    expect(await move(CUSTOMER, "--apart", HUB, "--dry-run", ...here())).to.include(`Would move ${CUSTOMER}`);
    for (const [args, sentence] of [
      [[CUSTOMER], "is in the list of"],
      [["444444444444"], "is no customer in"],
      [["a/b/c", "--apart", HUB], "by its stack's name: put its output roleArn there"],
      [[CUSTOMER, "--by-tags", "us-east-1"], "It moves what stands in files."],
    ] as const)
      expect(await move(...args, ...here()), args.join(" ")).to.include(sentence);
    expect(await hubs()).to.equal(FILE);
    await move(CUSTOMER, "--apart", HUB, ...here());
    expect(await move(CUSTOMER, "--apart", HUB, ...here())).to.include("has a stack of its own already");
  });

  describe("of a customer that goes on announcing", () => {
    let running: RunningCloud;
    beforeEach(async () => {
      running = await startCloud();
    });
    afterEach(() => running.endpoint.close());

    /** As `up` of the hub does, which has its other things still. */
    async function takeOut({ outputs }: Partner): Promise<void> {
      const iam = new IAM(running.config(PARTNER));
      const RoleName = `publish-from-customer-role-${CUSTOMER}`;
      const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
      for (const PolicyName of PolicyNames) await iam.deleteRolePolicy({ RoleName, PolicyName });
      const TableName = outputs.hub.customersTableName;
      await new DynamoDB(running.config(PARTNER)).deleteItem({ TableName, Key: { accountId: { S: CUSTOMER } } });
      await iam.deleteRole({ RoleName });
    }

    it("loses nothing of what happens between the two updates, and needs no redrive", async () => {
      const partner = await deployPartner(running, [roleArnOf(CUSTOMER)], {
        externalIds: JSON.stringify({ [CUSTOMER]: "customer-17" }),
      });
      await deployCustomer(running, { externalId: "customer-17" });
      expect(await createThing(running, "before")).to.have.length(1);

      await move(CUSTOMER, "--apart", HUB, ...here());
      await takeOut(partner);
      const { messages, stop } = watch(running);
      expect(await createThing(running, "between")).to.deep.equal([]);
      // What the two updates take.
      await running.cloud.advance(20_000);
      const { roles, externalId, disabled, hub } = await own();
      await deployStack(environmentOf(running), {
        project: "iot-hooks-partner-customer",
        program: customerAccessProgram,
        config: {
          ...{ "aws:profile": PARTNER, hub: String(hub), roles: JSON.stringify(roles) },
          ...{ externalId: String(externalId), disabled: String(disabled) },
        },
        stackOutputs: { [HUB]: partner.outputs },
      });
      expect(await createThing(running, "after")).to.have.length(1);
      await running.cloud.advance(3 * 60_000);
      stop();
      expect(messages.map(({ thingName }) => thingName)).to.have.members(["between", "after"]);
    });
  });
});
