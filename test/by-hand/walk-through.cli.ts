// README's «Pulumi by hand, on the embedded AWS», typed as it stands there: its shell blocks run one after the other in a fresh checkout, with the
// official CLI, whose Node language host no package registry has. `npm run test:by-hand`.
import { expect } from "chai";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { fromIni } from "@aws-sdk/credential-providers";
import { Clients } from "embedded-aws/pulumi";
import { keysOf, profileFiles } from "embedded-aws";
import { RULES } from "../../policy-pack/rules.ts";
import { inventory } from "../engine/inventory.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const run = promisify(execFile);

/** Shell blocks below a heading, in order. */
async function blocksOf(heading: string): Promise<string[]> {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const [, after] = readme.split(`\n## ${heading}\n`);
  const [section] = after?.split(/\n## /) ?? [];
  return [...(section ?? "").matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text ?? "");
}

/** Resolves to the URL, once it is said. What is printed later is read and dropped: it must not fill the pipe. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => {
      reject(new Error(`The embedded AWS ended with code ${code ?? "none"}; its reason is above.`));
    });
    createInterface({ input: child.stdout ?? process.stdin }).on("line", (line) => {
      const url = /listens on (\S+)\./.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

describe("Pulumi by hand, on the embedded AWS", () => {
  let checkout: string | undefined;
  let cloud: ChildProcess | undefined;
  let endpoint: string;
  let blocks: string[];

  before(async () => {
    for (const needed of ["pulumi", "pulumi-language-nodejs"]) {
      if (!(process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, needed))))
        throw new Error(
          `There is no ${needed} on the PATH. This test types what a user types, and needs the official Pulumi CLI: https://www.pulumi.com/docs/install/`,
        );
    }
    blocks = await blocksOf("Pulumi by hand, on the embedded AWS");
    const folder = await mkdtemp(join(tmpdir(), "by-hand-"));
    checkout = folder;
    const { stdout } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: ROOT,
    });
    for (const file of stdout.split("\0").filter((name) => name !== "" && existsSync(join(ROOT, name))))
      await cp(join(ROOT, file), join(folder, file));
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
    cloud = spawn(process.execPath, [join(folder, "embedded-aws", "main.ts"), "--port", String(await freePort())], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    endpoint = await listening(cloud);
  });
  after(async () => {
    if (cloud?.kill("SIGINT") === true) await once(cloud, "exit");
    if (checkout !== undefined) await rm(checkout, { recursive: true, force: true });
  });

  const clients = (profile: string) => {
    const { config: configFilepath, credentials: filepath } = profileFiles(join(checkout ?? "", ".local"));
    return new Clients({ endpoint, region: "us-east-1", credentials: fromIni({ profile, configFilepath, filepath }) });
  };

  /** In a shell of its own, as in a new terminal. Rejects with what was printed. */
  const shell = async (commands: string): Promise<string> => {
    const options = { cwd: checkout, env: process.env, maxBuffer: 64 << 20 };
    return (await run("bash", ["-euo", "pipefail", "-c", commands], options)).stdout;
  };
  const typed = (index: number): Promise<string> => {
    const commands = blocks[index];
    if (commands === undefined) throw new Error(`README's section has no shell block ${index + 1}.`);
    return shell(commands);
  };

  it("deploys the customer, then the partner, and neither shows a change afterwards", async () => {
    expect(await typed(0)).to.match(
      /roleArn +: "arn:aws:iam::111111111111:role\/publish-to-partner-role-222222222222"/,
    );
    expect(await typed(1)).to.match(/publishRoleArns/);
  });

  it("carries a thing across", async () => {
    const iot = await clients("customer").iot();
    await iot.createThing({ thingName: "lamp" });
    await debugMessage();
    await iot.deleteThing({ thingName: "lamp" });
  });

  it("takes both down, and does it all once more as one stack of the root project", async () => {
    await typed(2);
    for (const profile of ["customer", "partner"]) expect(await inventory(clients(profile))).to.deep.equal([]);
  });

  for (const { name: rule } of RULES) {
    it(`stops a program that breaks the policy pack's rule ${rule}`, async () => {
      const commands = `eval "$(npm run -s local:env -- customer)"
        cd test/by-hand/bad
        pulumi stack select --create dev
        pulumi config set aws:region us-east-1
        pulumi config set rule ${rule}
        ! pulumi preview --policy-pack ../../../policy-pack`;
      expect(await shell(commands)).to.match(new RegExp(`\\[mandatory\\]\\s+${rule}\\b`));
    });
  }

  /** Resolves when the partner's function has reported that it accepted a message. The control interface only answers, so it is asked again and again. */
  async function debugMessage(): Promise<void> {
    const { token } = await keysOf(join(checkout ?? "", ".local"));
    const headers = { authorization: `Bearer ${token}` };
    for (;;) {
      const trace = await (await fetch(`${endpoint}/_local/trace`, { headers })).text();
      const published = trace.split("\n").filter((line) => line.includes('"name":"Publish"'));
      if (published.some((line) => line.includes(":topic/debug/111111111111/create_thing"))) return;
      await setTimeout(50);
    }
  }
});
