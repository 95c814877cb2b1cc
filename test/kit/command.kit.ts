// `hooks kit` as a process: what it writes, what it prints, what it refuses, and what it says where there is no Pulumi.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { unzipSync } from "fflate";

const ROOT = join(import.meta.dirname, "..", "..");
const MAIN = join(ROOT, "hooks", "main.ts");

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe("hooks kit, typed", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kits "));
  });
  after(() => rm(folder, { recursive: true }));

  const hooks = (args: readonly string[], main = MAIN): Promise<Ended> =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, "kit", ...args], { cwd: folder }, (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      });
    });

  it("writes the template, and prints a link that launches it with what is known", async () => {
    const { code, stdout } = await hooks([
      "cloudformation",
      ...["--partner-account-id", "222222222222", "--partner-region", "us-east-1"],
      ...["--operations", "create_thing, delete_thing", "--external-id", "a/b", "--region", "cn-north-1"],
      ...["--template-url", "https://bucket.s3.us-east-1.amazonaws.com/1.json"],
    ]);
    expect(code).to.equal(0);
    const [told, link = ""] = stdout.split("\n");
    expect(told).to.match(/^iot-hooks-customer\.template\.json: \d{6} bytes/);
    const { host, searchParams, hash } = new URL(link);
    expect([host, searchParams.get("region")]).to.deep.equal(["console.amazonaws.cn", "cn-north-1"]);
    const filled = new URLSearchParams(hash.slice(hash.indexOf("?")));
    expect(Object.fromEntries(filled)).to.include({
      templateURL: "https://bucket.s3.us-east-1.amazonaws.com/1.json",
      param_PartnerAccountId: "222222222222",
      param_ExternalId: "a/b",
      param_AnnounceDeleteThing: "true",
      param_AnnounceUpdateThing: "false",
    });
    const template = await readFile(join(folder, "iot-hooks-customer.template.json"), "utf8");
    const { Parameters } = JSON.parse(template) as { Parameters: Record<string, { Default?: string }> };
    expect([Parameters.PartnerAccountId?.Default, Parameters.AnnounceDeleteThing?.Default]).to.deep.equal([
      "222222222222",
      "true",
    ]);
    // One customer's, and none of all of them.
    expect(Parameters.ExternalId?.Default).to.equal("");
  });

  it("writes the module, with the function's code in a zip", async () => {
    const { code, stdout } = await hooks(["terraform", "--out", "module", "--operations", "update_thing", "--json"]);
    expect(code).to.equal(0);
    const { files } = JSON.parse(stdout) as { files: string[] };
    expect((await readdir(join(folder, "module"))).map((name) => join("module", name)).sort()).to.deep.equal(
      files.sort(),
    );
    const zip = unzipSync(await readFile(join(folder, "module", "announce.zip")));
    expect(Object.keys(zip)).to.deep.equal(["index.js"]);
    expect(zip["index.js"]?.length).to.be.above(100_000);
    const variables = await readFile(join(folder, "module", "variables.tf.json"), "utf8");
    const { variable } = JSON.parse(variables) as { variable: { operations: { default: unknown } } };
    expect(variable.operations.default).to.deep.equal(["update_thing"]);
  });

  it("chooses trigger and operations for all, and prints what CloudFormation has no resource for", async () => {
    const link = ["--template-url", "https://bucket.s3.us-east-1.amazonaws.com/1.json"];
    const chosen = ["--trigger", "registry-events", "--operations", "create_thing,create_thing_type"];
    const { code, stdout } = await hooks(["cloudformation", ...chosen, ...link, "--partner-topic-rule", "iot_receive"]);
    expect(code).to.equal(0);
    expect(stdout).not.to.contain("param_Announce");
    expect(stdout).to.contain(
      "\naws iot update-event-configurations --event-configurations " +
        `'{"THING":{"Enabled":true},"THING_TYPE":{"Enabled":true}}'\n`,
    );
    const template = await readFile(join(folder, "iot-hooks-customer.template.json"), "utf8");
    expect(template).to.contain('"PARTNER_TOPIC_RULE":"iot_receive"').and.not.to.contain("IotHooksRegistryEventRule");
    const { Parameters } = JSON.parse(template) as { Parameters: object };
    expect(Object.keys(Parameters).filter((name) => name.startsWith("Announce"))).to.deep.equal([]);
  });

  it("refuses what no customer could deploy with, in a sentence", async () => {
    for (const [args, sentence] of [
      [["--partner-account-id", "1"], 'partnerAccountId is "1", but it must be the 12 digits of an AWS account.'],
      [["--operations", "create_thing,drop_thing"], 'operations has "drop_thing", but there is no such operation'],
      [["--trigger", "mqtt"], 'trigger is "mqtt", but it must be cloudtrail or registry-events or both.'],
      [
        ["--trigger", "registry-events", "--operations", "create_thing,attach_thing_principal"],
        "AWS IoT has no event of its own for attach_thing_principal: take both, or leave that out.",
      ],
      [["--partner-topic-rule", "a-b"], 'partnerTopicRule is "a-b", but it must be 1 to 128 letters, digits and _.'],
      [["--region", "eu-west-1"], "give --template-url."],
      [["--template-url", "s3://bucket/key"], "takes an https:// address in S3 only."],
      [["--out", join("no", "such", "folder")], "can't be written"],
    ] as const) {
      const { code, stderr } = await hooks(["cloudformation", ...args]);
      expect(stderr, sentence).to.contain(sentence);
      expect([code, stderr.trimEnd().split("\n").length], sentence).to.deep.equal([2, 1]);
    }
  });

  it("says what to install where there is no Pulumi, and other commands don't need it", async () => {
    const elsewhere = join(folder, "no pulumi");
    for (const name of ["hooks", "kit", "customer", "shared", "package.json"])
      await cp(join(ROOT, name), join(elsewhere, name), { recursive: true });
    await mkdir(join(elsewhere, "node_modules"));
    for (const name of await readdir(join(ROOT, "node_modules")))
      if (!name.startsWith(".") && name !== "@pulumi")
        await symlink(join(ROOT, "node_modules", name), join(elsewhere, "node_modules", name));
    const main = join(elsewhere, "hooks", "main.ts");
    const { code, stderr } = await hooks(["cloudformation"], main);
    expect(stderr).to.contain("npm install @pulumi/pulumi @pulumi/aws");
    expect(code).to.equal(2);
    expect((await hooks(["--help"], main)).code).to.equal(0);
  });
});
