// Terraform, or OpenTofu, as a customer has it: in a folder of its own, with the provider that this machine has.
import { execFile } from "node:child_process";
import { glob, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Module } from "../../kit/terraform/module.ts";
import type { Json } from "../../kit/value.ts";

/** Set by run.sh: the command, and a folder of providers as `terraform providers mirror` makes it. */
const { KIT_TERRAFORM = "", KIT_PROVIDERS = "" } = process.env;
export const HAS_TERRAFORM = KIT_TERRAFORM !== "" && KIT_PROVIDERS !== "";

/** The provider's first version that knows the function's runtime, and what an older one is given in its place. */
const FIRST = [6, 20] as const;
const OLDER_RUNTIME = "nodejs22.x";

export class Terraform {
  readonly folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  /** What the module was changed in for an older provider than it asks for; empty where nothing had to be. */
  readonly changed: string;

  private constructor(folder: string, environment: Readonly<Record<string, string>>, changed: string) {
    this.folder = folder;
    this.#environment = environment;
    this.changed = changed;
  }

  /** @param root what calls the module, which lies in `./hooks` */
  static async make(
    module: Module,
    root: Json,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Terraform> {
    const folder = await mkdtemp(join(tmpdir(), "terraform "));
    const version = await providerVersion();
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const isOlder = major < FIRST[0] || (major === FIRST[0] && minor < FIRST[1]);
    await mkdir(join(folder, "hooks"));
    for (const [name, content] of Object.entries(module.configuration)) {
      const text = JSON.stringify(content);
      const fitting = isOlder
        ? text.replace(`">= ${FIRST.join(".")}"`, `"${version}"`).replaceAll('"nodejs24.x"', `"${OLDER_RUNTIME}"`)
        : text;
      await writeFile(join(folder, "hooks", name), fitting);
    }
    for (const [name, code] of Object.entries(module.code)) await writeFile(join(folder, "hooks", name), code);
    await writeFile(join(folder, "main.tf.json"), JSON.stringify(root));
    const mirror = `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(KIT_PROVIDERS)}\n  }\n}\n`;
    await writeFile(join(folder, "rc"), mirror);
    const changed = isOlder ? `provider ${version}, which knows no nodejs24.x: with ${OLDER_RUNTIME}` : "";
    return new Terraform(folder, { ...environment, TF_CLI_CONFIG_FILE: join(folder, "rc") }, changed);
  }

  /** Rejects with what it printed. */
  async run(...args: readonly string[]): Promise<string> {
    const env = { PATH: process.env.PATH, HOME: this.folder, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" };
    try {
      const { stdout } = await promisify(execFile)(KIT_TERRAFORM, args, {
        cwd: this.folder,
        env: { ...env, ...this.#environment },
        maxBuffer: 64 << 20,
      });
      return stdout;
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`${KIT_TERRAFORM} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
    }
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

/** The newest of the mirror. */
async function providerVersion(): Promise<string> {
  const versions: string[] = [];
  for await (const path of glob("*/hashicorp/aws/*.*.*", { cwd: KIT_PROVIDERS }))
    versions.push(path.split("/").at(-1) ?? "");
  const newest = versions.sort((one, other) => one.localeCompare(other, "en", { numeric: true })).at(-1);
  if (newest === undefined) throw new Error(`${KIT_PROVIDERS} has no provider hashicorp/aws`);
  return newest;
}
