// `hooks customer` for a customer with a stack of its own at the partner: what it writes, the program there takes.
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect } from "chai";
import { parse } from "yaml";
import { addCustomer } from "../../hooks/customer/command.ts";
import { UserError } from "../../hooks/user-error.ts";
import { customerAccessProgram } from "../../partner/customer/program.ts";
import { inputsOf, runStack } from "../harness/run-stack.ts";
import { CUSTOMER, CUSTOMER2, HUB_OUTPUTS, PARTNER, customerRoleIn } from "../harness/stacks.ts";

const HUB = "acme/iot-hooks-partner/prod";
const PARTNERS = join(import.meta.dirname, "..", "..", "partner");

describe("hooks customer, with a stack of its own", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "partner-"));
    await mkdir(join(folder, "customer"));
    for (const file of ["Pulumi.yaml", "customer/Pulumi.yaml"])
      await copyFile(join(PARTNERS, file), join(folder, file));
    const hub = `config:\n  aws:region: us-east-1\n  iot-hooks-partner:accountId: "${PARTNER}"\n`;
    await writeFile(join(folder, "Pulumi.prod.yaml"), hub);
    await writeFile(join(folder, "Pulumi.other.yaml"), hub);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const own = (stack = CUSTOMER) => readFile(join(folder, "customer", `Pulumi.${stack}.yaml`), "utf8");
  const configOf = async (stack = CUSTOMER) => (parse(await own(stack)) as { config: Record<string, unknown> }).config;
  async function type(...args: readonly string[]): Promise<string> {
    const program = new Command().exitOverride();
    addCustomer(program);
    const said: string[] = [];
    const { log } = console;
    console.log = (text: string) => said.push(text);
    try {
      const at = args.includes("--stack") ? [] : ["--stack", "prod"];
      await program.parseAsync(["customer", ...args, "--project", folder, ...at], { from: "user" });
    } finally {
      console.log = log;
    }
    return said.join("\n");
  }
  const refusal = (...args: readonly string[]): Promise<string> =>
    type(...args).then(
      (said) => `It said: ${said}`,
      (error: unknown) => {
        if (error instanceof UserError) return error.message;
        throw error;
      },
    );

  it("writes a file that the program there takes, leaves the hub's alone, and says what comes next", async () => {
    const before = await readFile(join(folder, "Pulumi.prod.yaml"), "utf8");
    const said = await type("add", CUSTOMER, "--apart", HUB);
    const at = `--cwd ${join(folder, "customer")} --stack ${CUSTOMER}`;
    expect(said).to.include(`Then: pulumi stack init ${at} && pulumi up ${at}.`);
    expect(await readFile(join(folder, "Pulumi.prod.yaml"), "utf8")).to.equal(before);

    const config = Object.entries(await configOf()).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const { resources } = await runStack(customerAccessProgram, {
      project: "iot-hooks-partner-customer",
      config: Object.fromEntries(config) as Record<string, string>,
      stackOutputs: { [HUB]: HUB_OUTPUTS },
    });
    const { assumeRolePolicy } = inputsOf(resources, "aws:iam/role:Role");
    const [, externalId] = /externalId (\w{32})/.exec(said) ?? [];
    expect(JSON.stringify(assumeRolePolicy))
      .to.include(customerRoleIn(CUSTOMER))
      .and.include(`"${String(externalId)}"`);
  });

  it("adds a second role to the stack that a customer has, with the same external id", async () => {
    await type("add", CUSTOMER, "--apart", HUB);
    const { "iot-hooks-partner-customer:externalId": externalId } = await configOf();
    await type("add", CUSTOMER, "--apart", HUB, "--name-suffix", "eu");
    expect(await configOf()).to.deep.equal({
      "iot-hooks-partner-customer:hub": HUB,
      "iot-hooks-partner-customer:roles": [customerRoleIn(CUSTOMER), customerRoleIn(CUSTOMER, "-eu")],
      "iot-hooks-partner-customer:externalId": externalId,
    });
  });

  it("lists and shows both ways, and only those of this hub", async () => {
    await type("add", CUSTOMER, "--apart", HUB);
    await type("add", CUSTOMER2);
    const { customers } = JSON.parse(await type("list", "--json")) as { customers: object[] };
    expect(customers.map(({ accountId, ownStack }: { accountId?: string; ownStack?: string }) => [accountId, ownStack]))
      // In the hub's own list first.
      .to.deep.equal([
        [CUSTOMER2, undefined],
        [CUSTOMER, CUSTOMER],
      ]);
    expect(await type("show", CUSTOMER))
      .to.include(`stack of its own: ${CUSTOMER}`)
      .and.include("create_thing");
    expect(await type("list", "--stack", "other")).to.not.include(CUSTOMER);
  });

  it("shows that it is disabled", async () => {
    await type("add", CUSTOMER, "--apart", HUB);
    await writeFile(
      join(folder, "customer", `Pulumi.${CUSTOMER}.yaml`),
      `${await own()}  iot-hooks-partner-customer:disabled: true\n`,
    );
    expect(await type("show", CUSTOMER)).to.include("nothing, it is disabled");
  });

  it("leaves the file of one that is to be removed, for the destroy, and says which commands do it", async () => {
    await type("add", CUSTOMER, "--apart", HUB);
    const before = await own();
    const at = `--cwd ${join(folder, "customer")} --stack ${CUSTOMER}`;
    expect(await type("remove", CUSTOMER)).to.include(`Then: pulumi destroy ${at} && pulumi stack rm ${at}`);
    expect(await own()).to.equal(before);
  });

  it("writes nothing where it is only asked what it would write", async () => {
    await type("add", CUSTOMER, "--apart", HUB, "--dry-run");
    expect(await readdir(join(folder, "customer"))).to.deep.equal(["Pulumi.yaml"]);
  });

  it("refuses, in a sentence, one that is a customer in the other way, and a hub that isn't this one", async () => {
    await type("add", CUSTOMER, "--apart", HUB);
    await type("add", CUSTOMER2);
    expect(await refusal("add", CUSTOMER)).to.include("is a customer already");
    expect(await refusal("add", CUSTOMER, "--apart", HUB)).to.include("is a customer already");
    expect(await refusal("add", CUSTOMER2, "--apart", HUB)).to.include("is a customer already");
    expect(await refusal("add", "444444444444", "--apart", "prod")).to.include('"prod" is no name of a stack');
    expect(await refusal("add", "444444444444", "--apart", "acme/x/test")).to.include("is not the stack of");
    await rm(join(folder, "customer"), { recursive: true });
    expect(await refusal("add", "444444444444", "--apart", HUB)).to.include("customer/Pulumi.yaml can't be read");
  });
});
