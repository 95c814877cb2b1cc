// An embedded AWS of its own, a file backend, and stacks that the real engine deploys: for one test file.
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import {
  LocalWorkspace,
  type ConfigMap,
  type EngineEvent,
  type PulumiFn,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import { Cloud } from "../../local/core/cloud.ts";
import { listen, type Endpoint } from "../../local/core/endpoint.ts";
import { profileFiles, writeProfiles } from "../../local/profiles.ts";
import { SERVICES } from "../../local/services/index.ts";
import { pulumiCommand } from "../../tools/pulumi/build.ts";

const ROOT = join(import.meta.dirname, "..", "..");

export interface Project {
  /** As in its Pulumi.yaml. */
  readonly name: string;
  /** Below the repository. */
  readonly folder: string;
  readonly program: PulumiFn;
}

export class Engine {
  readonly cloud: Cloud;
  readonly #endpoint: Endpoint;
  readonly #folder: string;
  readonly env: Record<string, string>;

  private constructor(cloud: Cloud, endpoint: Endpoint, folder: string, env: Record<string, string>) {
    this.cloud = cloud;
    this.#endpoint = endpoint;
    this.#folder = folder;
    this.env = env;
  }

  static async start(): Promise<Engine> {
    const command = await pulumiCommand((line) => process.stderr.write(`${line}\n`));
    const folder = await mkdtemp(join(tmpdir(), "engine-"));
    const cloud = new Cloud(SERVICES);
    const endpoint = await listen(cloud);
    await writeProfiles(cloud, folder);
    const files = profileFiles(folder);
    const path = [join(ROOT, "node_modules", ".bin"), join(ROOT, "local", "plugin"), dirname(command)];
    const env = {
      PATH: [...path, process.env.PATH].join(":"),
      AWS_CONFIG_FILE: files.config,
      AWS_SHARED_CREDENTIALS_FILE: files.credentials,
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_HOME: join(folder, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    // The Automation API looks for the CLI on this process's own PATH.
    process.env.PATH = env.PATH;
    return new Engine(cloud, endpoint, folder, env);
  }

  /** A stack of a copy of the project's Pulumi.yaml: the CLI writes the configuration beside it. */
  async stack(project: Project, config: ConfigMap, clone = "one", stackName = "dev"): Promise<Stack> {
    const workDir = join(this.#folder, clone, project.folder);
    await cp(join(ROOT, project.folder, "Pulumi.yaml"), join(workDir, "Pulumi.yaml"));
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName, projectName: project.name, program: project.program },
      { workDir, envVars: this.env },
    );
    await stack.setAllConfig(config);
    return stack;
  }

  /** Another checkout: the same sources in another folder, with the same packages. */
  async clone(): Promise<string> {
    const folder = join(this.#folder, "clone");
    for (const part of ["customer", "partner", "shared", "package.json", "program.ts", "tsconfig.json"]) {
      await cp(join(ROOT, part), join(folder, part), { recursive: true });
    }
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
    return folder;
  }

  /** Plugin processes that run over this engine's cloud: those of other tests have another profile file in their environment. */
  async plugins(): Promise<string[]> {
    const { stdout } = await promisify(execFile)("ps", ["-eww", "-o", "pid,args", "e"]);
    return stdout
      .split("\n")
      .filter(
        (line) => line.includes(join("local", "plugin", "main.ts")) && line.includes(this.env.AWS_CONFIG_FILE ?? ""),
      );
  }

  async stop(): Promise<void> {
    await this.#endpoint.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What an operation did, as `update aws:iam/role:Role`, in order; what stayed the same isn't in it. */
export function stepsInto(steps: string[]): (event: EngineEvent) => void {
  return ({ resourcePreEvent }) => {
    const step = resourcePreEvent?.metadata;
    // The provider that reads stack references is the engine's own affair.
    if (step && step.op !== "same" && step.op !== "read" && step.type !== "pulumi:providers:pulumi")
      steps.push(`${step.op} ${step.type}`);
  };
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
