// An embedded AWS of its own, a file backend, and stacks that the real engine deploys: for one test file.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { config } from "chai";
import {
  LocalWorkspace,
  type ConfigMap,
  type EngineEvent,
  type PulumiFn,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import { Clients } from "embedded-aws/pulumi";
import { profileFiles, type Service, writeProfiles } from "embedded-aws";
import { pulumiCommand } from "../../tools/pulumi/build.ts";
import { DEFAULT_REGION, type RunningCloud, startCloud } from "embedded-aws/testing";
import type { Config, Project, UpdateArgs } from "./project.ts";

// What the CLI said is all that tells why an update failed elsewhere: never cut.
config.truncateThreshold = 0;

const ROOT = join(import.meta.dirname, "..", "..");
/** What a program is made of, beside its packages. */
const SOURCES = ["customer", "partner", "shared", "index.ts", "program.ts", "package.json", "tsconfig.json"];

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}
export interface StackOptions {
  /** The checkout that it is operated from; default: always the same. */
  readonly clone?: string;
  /** Default: dev. */
  readonly name?: string;
  /** Of whom operates it. Default: whose profile the configuration names. */
  readonly keys?: Keys;
}

export class Engine {
  readonly running: RunningCloud;
  readonly #folder: string;
  readonly #env: Record<string, string>;

  private constructor(running: RunningCloud, folder: string, env: Record<string, string>) {
    this.running = running;
    this.#folder = folder;
    this.#env = env;
  }

  /** @param services others than the real ones only where a test has to hold one of them back */
  static async start(services?: readonly Service[]): Promise<Engine> {
    const command = await pulumiCommand((line) => process.stderr.write(`${line}\n`));
    const folder = await mkdtemp(join(tmpdir(), "engine-"));
    const running = await startCloud(services);
    await writeProfiles(running.cloud, folder);
    const files = profileFiles(folder);
    const before = (process.env.PATH ?? "").split(delimiter);
    const first = [
      join(ROOT, "node_modules", ".bin"),
      join(ROOT, "embedded-aws", "pulumi", "plugin"),
      join(import.meta.dirname, "plugin-host"),
      dirname(command),
    ];
    const path = [...first, ...before.filter((part) => !first.includes(part))].join(delimiter);
    // The Automation API looks for the CLI on this process's own PATH.
    process.env.PATH = path;
    return new Engine(running, folder, {
      PATH: path,
      AWS_CONFIG_FILE: files.config,
      AWS_SHARED_CREDENTIALS_FILE: files.credentials,
      PULUMI_BACKEND_URL: pathToFileURL(folder).href,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_HOME: join(folder, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    });
  }

  /** An update of a stack that is there already, in a process of its own: one that can be interrupted and killed. */
  update({ name, folder }: Project, parallel?: number): Update {
    const workDir = join(this.#folder, "one", folder ?? name);
    const args: UpdateArgs = { project: name, stack: "dev", workDir, parallel };
    return new Update(
      spawn(process.execPath, [join(import.meta.dirname, "update.ts"), JSON.stringify(args)], {
        env: { ...process.env, ...this.#env },
        stdio: ["ignore", "pipe", "inherit"],
      }),
    );
  }

  /** A stack of a copy of the project's Pulumi.yaml: the CLI writes the configuration beside it. */
  async stack(project: Project, config: Config, options: StackOptions = {}): Promise<Stack> {
    const { clone = "one", name = "dev", keys } = options;
    const workDir = join(this.#folder, clone, project.folder ?? project.name);
    await mkdir(workDir, { recursive: true });
    if (project.folder !== undefined) await cp(join(ROOT, project.folder, "Pulumi.yaml"), join(workDir, "Pulumi.yaml"));
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: name, projectName: project.name, program: project.program },
      { workDir, envVars: { ...this.#env, ...(keys ? this.#environmentOf(keys) : {}) } },
    );
    await configure(stack, config);
    return stack;
  }

  /** Instead of a profile, as a workflow has it. */
  #environmentOf({ accessKeyId, secretAccessKey, sessionToken }: Keys): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.running.endpoint.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
  }

  /**
   * The program `exported` by a module of the repository, from another checkout: the same sources in another folder,
   * with the same packages.
   */
  async programOfClone(module: string, exported: string): Promise<PulumiFn> {
    const folder = join(this.#folder, "clone");
    for (const part of SOURCES) await cp(join(ROOT, part), join(folder, part), { recursive: true });
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const loaded = (await import(pathToFileURL(join(folder, module)).href)) as Record<string, PulumiFn>;
    const program = loaded[exported];
    if (!program) throw new Error(`${module} exports no ${exported}.`);
    return program;
  }

  /** SDK clients as an account's administrator. */
  clients(account: string): Clients {
    const { endpoint, credentials } = this.running.config(account);
    return new Clients({ endpoint, region: DEFAULT_REGION, credentials });
  }

  /**
   * Plugin processes over this engine's cloud; those of other tests have another file of profiles in their
   * environment.
   */
  async #plugins(): Promise<string[]> {
    const { stdout } = await promisify(execFile)("ps", ["-eww", "-o", "pid,args", "e"]);
    return stdout
      .split("\n")
      .filter(
        (line) => line.includes(join("pulumi", "plugin", "main.ts")) && line.includes(this.#env.AWS_CONFIG_FILE ?? ""),
      );
  }

  /**
   * Resolves when there is no plugin any more, and never if one stays: then the test's time is up. No child of this
   * process, so that its end is no event: looked for again and again.
   */
  async pluginsEnd(): Promise<void> {
    while ((await this.#plugins()).length > 0);
  }

  async stop(): Promise<void> {
    await this.running.endpoint.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

class Update {
  readonly #process: ChildProcess;
  /** With the words with which it failed, or none. */
  readonly ended: Promise<string>;

  constructor(child: ChildProcess) {
    this.#process = child;
    let words = "";
    child.stdout?.setEncoding("utf8").on("data", (more: string) => (words += more));
    this.ended = once(child, "close").then(() => words);
  }

  /** As Ctrl-C does. */
  interrupt(): void {
    this.#process.kill("SIGINT");
  }

  /** Kills the CLI, which has no time to say anything. */
  async kill(): Promise<void> {
    const { stdout } = await promisify(execFile)("ps", ["--ppid", String(this.#process.pid), "-o", "pid=,args="]);
    const engine = stdout.split("\n").find((line) => /\bpulumi up\b/.test(line));
    process.kill(Number.parseInt(engine ?? ""), "SIGKILL");
  }
}

/** Sets what is given, and leaves the rest. Entries of lists as texts: without a type an account would be a number. */
export async function configure(stack: Stack, config: Config): Promise<void> {
  const texts = Object.entries(config).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const map: ConfigMap = Object.fromEntries(texts.map(([key, value]) => [key, { value }]));
  if (texts.length > 0) await stack.setAllConfig(map);
  for (const [key, values] of Object.entries(config)) {
    if (typeof values === "string") continue;
    for (const [index, value] of values.entries()) await setText(stack, `${key}[${index}]`, value);
  }
}

/** A text below a key, by its path. The Automation API has no way to say that it is one. */
export async function setText({ name, workspace }: Stack, path: string, value: string): Promise<void> {
  const args = ["config", "set", "--type", "string", "--path", path, "--stack", name, "--non-interactive", "--", value];
  const { workDir: cwd, envVars } = workspace;
  await promisify(execFile)(workspace.pulumiCommand.command, args, { cwd, env: { ...process.env, ...envVars } });
}

/**
 * What an operation did, as `update aws:iam/role:Role iot-hooks-announce`, sorted; what stayed the same isn't in it.
 */
export async function stepsOf(
  operation: (opts: { onEvent: (event: EngineEvent) => void }) => Promise<unknown>,
): Promise<string[]> {
  const steps: string[] = [];
  await operation({
    onEvent: ({ resourcePreEvent }) => {
      const step = resourcePreEvent?.metadata;
      // The provider that reads stack references is the engine's own affair.
      if (!step || step.op === "same" || step.op === "read" || step.type === "pulumi:providers:pulumi") return;
      steps.push(`${step.op} ${step.type} ${step.urn.split("::").at(-1) ?? ""}`);
    },
  });
  return steps.sort();
}

/** The words with which an operation failed. */
export async function refusalOf(operation: Promise<unknown>): Promise<string> {
  try {
    await operation;
  } catch (error) {
    return String(error);
  }
  throw new Error("It was expected to fail, and did not.");
}

/** Where the sources of an error's stack trace would show. */
export const STACK_TRACE = /\n\s+at /;
