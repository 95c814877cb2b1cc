// `hooks customer`: what it writes into a stack's file, and what it refuses to; the partner's program takes the result.
import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect } from "chai";
import { addCustomer } from "../../hooks/customer/command.ts";
import { StackFile } from "../../hooks/customer/stack-file.ts";
import { UserError } from "../../hooks/user-error.ts";
import { PARAMETERS } from "../../kit/parameters.ts";
import { snake } from "../../kit/terraform/table.ts";
import { CUSTOMER, CUSTOMER2, PARTNER, deployPartner, roleArnOf, startCloud } from "../flow/deployment.ts";

const FILE = `# The partner's stack.
config:
  aws:region: us-east-1
  iot-hooks-partner:accountId: "${PARTNER}" # ours
  iot-hooks-partner:operations: '["create_thing", "delete_thing"]'
  iot-hooks-partner:customers:
    # The first one.
    - ${roleArnOf(CUSTOMER)}
  iot-hooks-partner:externalIds:
    ${CUSTOMER}: first
  iot-hooks-partner:disabledCustomers:
    - ${CUSTOMER}
`;

describe("hooks customer", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "partner "));
    await copyFile(join(import.meta.dirname, "..", "..", "partner", "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    await write(FILE);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = (text: string, stack = "prod") => writeFile(join(folder, `Pulumi.${stack}.yaml`), text);
  const written = () => readFile(join(folder, "Pulumi.prod.yaml"), "utf8");
  async function type(...args: readonly string[]): Promise<string> {
    const program = new Command().exitOverride();
    addCustomer(program);
    const said: string[] = [];
    const { log } = console;
    console.log = (text: string) => said.push(text);
    try {
      await program.parseAsync(["customer", ...args, "--project", folder], { from: "user" });
    } finally {
      console.log = log;
    }
    return said.join("\n");
  }
  const refusal = async (...args: readonly string[]): Promise<string> => {
    try {
      return `It said: ${await type(...args)}`;
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  };

  it("adds a customer with an external id of its own, keeps comments, and says what to send", async () => {
    const said = await type("add", CUSTOMER2);
    const text = await written();
    const externalId = new RegExp(`"?${CUSTOMER2}"?: ([0-9a-f]{32})`).exec(text)?.[1] ?? "none";
    expect(text)
      .to.contain(`    # The first one.\n    - ${roleArnOf(CUSTOMER)}\n    - ${roleArnOf(CUSTOMER2)}\n`)
      .and.to.contain(`"${PARTNER}" # ours`)
      .and.to.match(/^# The partner's stack\.\n/);
    expect(said)
      .to.contain(`partnerAccountId ${PARTNER}`)
      .and.to.contain(`externalId ${externalId}`)
      .and.to.contain(`operations '["create_thing","delete_thing"]'`);
    await type("add", "444444444444");
    expect(new Set((await written()).match(/[0-9a-f]{32}/g))).to.have.length(2);
    expect((await readdir(folder)).sort()).to.deep.equal(["Pulumi.prod.yaml", "Pulumi.yaml"]);
  });

  it("writes what the partner's program takes", async () => {
    await write(`config:\n  aws:region: us-east-1\n  iot-hooks-partner:accountId: "${PARTNER}"\n`);
    await type("add", CUSTOMER);
    await type("add", CUSTOMER2, "--name-suffix", "eu", "--no-external-id");
    const file = await StackFile.open({ project: folder });
    const running = await startCloud();
    try {
      const { outputs } = await deployPartner(running, file.list("customers"), {
        externalIds: JSON.stringify(file.record("externalIds")),
      });
      expect(Object.keys(outputs.publishRoleArns)).to.deep.equal([CUSTOMER, CUSTOMER2]);
    } finally {
      await running.endpoint.close();
    }
    expect(file.list("customers")).to.deep.equal([roleArnOf(CUSTOMER), roleArnOf(CUSTOMER2, "-eu")]);
    expect(Object.keys(file.record("externalIds"))).to.deep.equal([CUSTOMER]);
  });

  it("says to a customer without Pulumi the same: by a link that launches the template, and in Terraform's words", async () => {
    const said = await type(
      ...["add", CUSTOMER2, "--dry-run", "--name-suffix", "eu", "--region", "eu-west-1"],
      ...["--template-url", "https://bucket.s3.us-east-1.amazonaws.com/1.json"],
    );
    const link = new URL(/https:\/\/console\S+/.exec(said)?.[0] ?? "");
    expect(link.searchParams.get("region")).to.equal("eu-west-1");
    const filled = Object.fromEntries(new URLSearchParams(link.hash.slice(link.hash.indexOf("?"))));
    const [, externalId = ""] = /externalId (\w{32})/.exec(said) ?? [];
    expect(filled).to.include({
      ...{ param_PartnerAccountId: PARTNER, param_PartnerRegion: "us-east-1", param_ExternalId: externalId },
      ...{ param_NameSuffix: "eu", param_AnnounceDeleteThing: "true", param_AnnounceUpdateThing: "false" },
    });
    const lines = said.split("\n").flatMap((line) => /^ {4}(\w+) = (.+)$/.exec(line)?.slice(1, 3).join(" ") ?? []);
    expect(lines).to.deep.equal([
      ...['source "./iot-hooks-customer"', `partner_account_id "${PARTNER}"`, 'partner_region "us-east-1"'],
      ...['operations ["create_thing","delete_thing"]', `external_id "${externalId}"`, 'name_suffix "eu"'],
    ]);
    const variables = ["source", "operations", ...PARAMETERS.map(({ setting }) => snake(setting))];
    for (const line of lines) expect(variables).to.include(line.split(" ")[0]);
  });

  it("keeps an account's external id for its second role, and adds to a list that is JSON", async () => {
    await write(FILE.replace(/iot-hooks-partner:customers:\n.*\n.*\n/, `iot-hooks-partner:customers: '["a/b/c"]'\n`));
    await type("add", CUSTOMER, "--name-suffix", "eu");
    const file = await StackFile.open({ project: folder });
    expect(file.list("customers")).to.deep.equal(["a/b/c", roleArnOf(CUSTOMER, "-eu")]);
    expect(file.record("externalIds")).to.deep.equal({ [CUSTOMER]: "first" });
  });

  it("writes nothing where it is only asked what it would write", async () => {
    expect(await type("add", CUSTOMER2, "--dry-run")).to.contain("Would write");
    expect(await type("remove", CUSTOMER, "--dry-run")).to.contain("Would remove");
    expect(await written()).to.equal(FILE);
  });

  it("removes a customer and all that is set for it, and says what stays", async () => {
    expect(await type("remove", CUSTOMER))
      .to.contain("What stays:")
      .and.to.contain("the customer's own stack");
    expect(await written()).to.not.contain(CUSTOMER);
  });

  it("shows and lists what is set, and what a customer may do", async () => {
    expect(await type("list")).to.match(/111111111111 │ arn:[^│]* │ yes +│ disabled/);
    const shown = await type("show", CUSTOMER);
    expect(shown)
      .to.contain(`assumes: arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`)
      .and.to.contain("nothing, it is disabled");
    const { topics } = JSON.parse(await type("show", CUSTOMER, "--json")) as { topics: string[] };
    expect(topics).to.deep.equal(
      ["create_thing", "sync_thing", "delete_thing"].map((operation) => `cross_account_hooks/${CUSTOMER}/${operation}`),
    );
  });

  it("refuses, in a sentence, and leaves the file as it is", async () => {
    for (const [args, sentence] of [
      [["add", CUSTOMER], "is a customer already"],
      [["add", "1111"], '"1111" is no AWS account: it has 12 digits.'],
      [["add", PARTNER], "is the partner's own account"],
      [["add", CUSTOMER2, "--name-suffix", "E U"], '"E U" is no suffix'],
      [["remove", CUSTOMER2], "is no customer in"],
      [["show", CUSTOMER2], "`hooks customer list` has them all"],
      [["list", "--stack", "dev"], "pulumi stack init"],
      [["add", CUSTOMER2, "--region", "eu-west-1"], "give --template-url"],
      [["add", CUSTOMER2, "--template-url", "s3://b/k"], "takes an https:// address in S3 only"],
    ] as const)
      expect(await refusal(...args), args.join(" ")).to.contain(sentence);
    expect(await written()).to.equal(FILE);
    await write(FILE, "dev");
    expect(await refusal("list")).to.contain("There are the stacks dev, prod: give one with --stack.");
    await writeFile(join(folder, "Pulumi.yaml"), "name: own\n");
    expect(await refusal("list")).to.contain("is not of the partner's project iot-hooks-partner");
  });

  it("refuses what is encrypted, what is no YAML, and what somebody else is writing", async () => {
    await write("config:\n  iot-hooks-partner:customers:\n    secure: AAAB\n");
    expect(await refusal("list")).to.contain("is encrypted");
    await write("config: [");
    expect(await refusal("list")).to.contain("is no YAML");
    await write(FILE);
    const file = await StackFile.open({ project: folder });
    await write(`${FILE}# more\n`);
    file.append("customers", "x");
    const error = await file.save().catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.contain("was changed by somebody else just now");
    expect(await written()).to.equal(`${FILE}# more\n`);
  });
});
