// «Pulumi by hand, on the embedded AWS», as it stands in the README or below docs/: its shell blocks, pasted into one
// shell of a fresh checkout, in both orders. It needs the official CLI, whose Node language host no package registry
// has. `npm run test:by-hand`.
import { expect } from "chai";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { fromIni } from "@aws-sdk/credential-providers";
import { Clients } from "embedded-aws/pulumi";
import { folderOf, keysOf, profileFiles } from "embedded-aws";
import { RULES } from "../../policy-pack/rules.ts";
import { inventory } from "../engine/inventory.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const run = promisify(execFile);

const HEADING = "## Pulumi by hand, on the embedded AWS";

/** The shell blocks below the heading, in order. */
async function blocksByHand(): Promise<string[]> {
  const docs = (await readdir(join(ROOT, "docs"))).filter((name) => name.endsWith(".md"));
  for (const file of ["README.md", ...docs.map((name) => join("docs", name))]) {
    const [, after] = (await readFile(join(ROOT, file), "utf8")).split(`\n${HEADING}\n`);
    const [section] = after?.split(/\n## /) ?? [];
    if (section !== undefined) return [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text ?? "");
  }
  throw new Error(`Neither README.md nor a file in docs/ has the heading "${HEADING}".`);
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
          `There is no ${needed} on the PATH. This test types what a user types, and needs the official Pulumi ` +
            "CLI: https://www.pulumi.com/docs/install/",
        );
    }
    blocks = await blocksByHand();
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

  const dataFolder = () => folderOf(join(checkout ?? "", ".local"), Number(new URL(endpoint).port));
  const clients = (profile: string) => {
    const { config: configFilepath, credentials: filepath } = profileFiles(dataFolder());
    return new Clients({ endpoint, region: "us-east-1", credentials: fromIni({ profile, configFilepath, filepath }) });
  };

  /** Pasted into one terminal, so that each block finds what the ones before it left. Rejects with what was printed. */
  async function pasted(...commands: readonly string[]): Promise<string> {
    const shell = spawn("bash", { cwd: checkout, stdio: ["pipe", "pipe", "pipe"] });
    let printed = "";
    for (const out of [shell.stdout, shell.stderr])
      out.setEncoding("utf8").on("data", (text: string) => (printed += text));
    const ended = once(shell, "close");
    // A block that fails leaves the terminal as it was, and the next one can be pasted; here it is the end.
    shell.stdin.end(commands.map((text) => `${text}\n[ $? = 0 ] || exit 1\n`).join(""));
    const [code] = (await ended) as [number | null];
    if (code !== 0) throw new Error(`The shell ended with code ${code ?? "none"}, after:\n${printed}`);
    return printed;
  }
  const block = (index: number): string => {
    const commands = blocks[index];
    if (commands === undefined) throw new Error(`The section has no shell block ${index + 1}.`);
    return commands;
  };
  const [CUSTOMER_SIDE, PARTNER_SIDE, BY_STACK, DOWN, ONE_STACK] = [0, 1, 2, 3, 4];
  const bothEmpty = async () => {
    for (const profile of ["customer", "partner"]) expect(await inventory(clients(profile))).to.deep.equal([]);
  };

  for (const [order, sides] of [
    ["the customer, then the partner", [CUSTOMER_SIDE, PARTNER_SIDE]],
    ["the partner, then the customer", [PARTNER_SIDE, CUSTOMER_SIDE]],
  ] as const) {
    it(`deploys ${order}, from one terminal, and a thing crosses`, async () => {
      const printed = await pasted(...sides.map(block));
      expect(printed).to.match(/roleArn +: "arn:aws:iam::111111111111:role\/publish-to-partner-role-222222222222"/);
      expect(printed).to.match(/publishRoleArns/);
      const iot = await clients("customer").iot();
      const before = await receptions();
      await iot.createThing({ thingName: "lamp" });
      while ((await receptions()) === before) await setTimeout(50);
      await iot.deleteThing({ thingName: "lamp" });
    });

    it("reads the customer's role from its stack instead, and takes both down", async () => {
      expect(await pasted(block(BY_STACK), block(DOWN))).to.match(/publishRoleArns/);
      await bothEmpty();
    });
  }

  it("does it all once more as one stack of the root project", async () => {
    await pasted(block(ONE_STACK));
    await bothEmpty();
  });

  it("leaves the terminal as it was, and stops at once where no cloud is found", async () => {
    const moved = "mv .local .gone\n";
    const printed = await pasted(
      `${moved}${block(CUSTOMER_SIDE)}code=$?; mv .gone .local; pwd; echo "ended with $code"`,
    );
    expect(printed).to.match(/No embedded AWS is running/);
    expect(printed).to.contain(`${checkout ?? ""}\nended with 1`);
    expect(printed).not.to.contain("Previewing");
  });

  for (const { name: rule } of RULES) {
    it(`stops a program that breaks the policy pack's rule ${rule}`, async () => {
      const commands = `eval "$(npm run -s local:env -- customer)"
        cd test/by-hand/bad
        pulumi stack select --create dev
        pulumi config set aws:region us-east-1
        pulumi config set rule ${rule}
        ! pulumi preview --policy-pack ../../../policy-pack 2>&1`;
      expect(await pasted(commands)).to.match(new RegExp(`\\[mandatory\\]\\s+${rule}\\b`));
    });
  }

  /** How often the partner's function has run. */
  async function receptions(): Promise<number> {
    const { token } = await keysOf(dataFolder());
    const headers = { authorization: `Bearer ${token}` };
    const trace = await (await fetch(`${endpoint}/_local/trace`, { headers })).text();
    const runs = trace.split("\n").filter((line) => line.includes('"name":"FunctionRan"'));
    return runs.filter((line) => line.includes(":function:iot-hooks-receive")).length;
  }
});
