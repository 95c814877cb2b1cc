// `hooks customer` of a partner whose customers may publish straight to its rule: what a new one is told of it.
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect } from "chai";
import { addCustomer } from "../../hooks/customer/command.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  PARTNER,
  type Partner,
  type RunningCloud,
  createThing,
  deployCustomer,
  deployPartner,
  roleArnOf,
  startCloud,
} from "../flow/deployment.ts";

const PARTNERS = join(import.meta.dirname, "..", "..", "partner");
const HUB = "acme/iot-hooks-partner/prod";

describe("hooks customer, of a partner that takes Basic Ingest", () => {
  let running: RunningCloud;
  let folder: string;
  before(async () => {
    running = await startCloud();
    folder = await mkdtemp(join(tmpdir(), "partner-"));
    await mkdir(join(folder, "customer"));
    for (const file of ["Pulumi.yaml", "customer/Pulumi.yaml"])
      await copyFile(join(PARTNERS, file), join(folder, file));
  });
  after(async () => {
    await running.endpoint.close();
    await rm(folder, { recursive: true });
  });

  async function type(...args: readonly string[]): Promise<string> {
    const program = new Command().exitOverride();
    addCustomer(program);
    const said: string[] = [];
    const { log } = console;
    const before = { ...process.env };
    const { accessKeyId, secretAccessKey } = running.cloud.administrator(PARTNER);
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
    console.log = (text: string) => said.push(text);
    try {
      await program.parseAsync(["customer", ...args], { from: "user" });
    } finally {
      console.log = log;
      process.env = before;
    }
    return said.join("\n");
  }
  const inFile = (basicIngest: string, more = "") =>
    writeFile(
      join(folder, "Pulumi.prod.yaml"),
      `config:\n  aws:region: us-east-1\n  iot-hooks-partner:accountId: "${PARTNER}"\n` +
        `  iot-hooks-partner:basicIngest: ${basicIngest}\n${more}`,
    );
  const settingsOf = (said: string) => (JSON.parse(said) as { settings: Record<string, string> }).settings;
  const deploy = (more = {}): Promise<Partner> =>
    deployPartner(running, [roleArnOf(CUSTOMER)], { basicIngest: "true", ...more });

  it("names the rule, by the stack's file, of either kind of customer, and what it is told crosses", async () => {
    const { outputs } = await deploy();
    for (const basicIngest of ["true", '"true"'])
      for (const kind of [[], ["--apart", HUB]]) {
        await inFile(basicIngest);
        const said = settingsOf(await type("add", CUSTOMER2, "--project", folder, "--dry-run", "--json", ...kind));
        expect(said["partnerTopicRule"], kind.join(" ")).to.equal(outputs.ruleName);
      }
    await deployCustomer(running, { partnerTopicRule: outputs.ruleName });
    expect(await createThing(running)).to.have.length(1);
  });

  it("names it by what is deployed, too, which has a suffix here", async () => {
    const { outputs } = await deploy({ nameSuffix: "line-2" });
    expect(outputs.ruleName).to.equal("iot_hooks_receive_line_2");
    await writeFile(join(folder, "outputs.json"), JSON.stringify(outputs));
    const aws = ["--endpoint-url", running.endpoint.url, "--json"];
    for (const by of [
      ["--by-tags", "us-east-1", "--deployment", `${PARTNER}-line-2`],
      ["--outputs", join(folder, "outputs.json")],
    ])
      expect(settingsOf(await type("add", CUSTOMER2, ...by, ...aws))["partnerTopicRule"], by[0]).to.equal(
        outputs.ruleName,
      );
    await inFile("true", "  iot-hooks-partner:nameSuffix: line-2\n");
    const said = settingsOf(await type("add", CUSTOMER2, "--project", folder, "--dry-run", "--json"));
    expect(said["partnerTopicRule"]).to.equal(outputs.ruleName);
  });

  it("names none where the partner doesn't take it", async () => {
    await inFile("false");
    const said = settingsOf(await type("add", CUSTOMER2, "--project", folder, "--dry-run", "--json"));
    expect(said).to.not.have.property("partnerTopicRule");
    const { outputs } = await deployPartner(running, [], { nameSuffix: "off" });
    expect(outputs.hub).to.not.have.property("basicIngestRule");
    const by = ["--by-tags", "us-east-1", "--deployment", `${PARTNER}-off`, "--endpoint-url", running.endpoint.url];
    expect(settingsOf(await type("add", CUSTOMER2, ...by, "--json"))).to.not.have.property("partnerTopicRule");
  });

  it("says with which option a kit has it, not among Terraform's lines; and shows the topics past the broker", async () => {
    await inFile("true");
    const said = await type("add", CUSTOMER2, "--project", folder);
    expect(said)
      .to.include("  partnerTopicRule iot_hooks_receive\n")
      .and.include("unless made with --partner-topic-rule iot_hooks_receive.")
      .and.not.include("partner_topic_rule =");
    const { topics } = JSON.parse(await type("show", CUSTOMER2, "--project", folder, "--json")) as { topics: string[] };
    expect(topics).to.include(`$aws/rules/iot_hooks_receive/cross_account_hooks/${CUSTOMER2}/create_thing`);
  });
});
