// The project files repeat what the code knows: keys, defaults, and examples. Read with the parser that Pulumi itself
// brings.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { customerProgram } from "../../customer/program.ts";
import { customerAccessProgram } from "../../partner/customer/program.ts";
import { partnerProgram } from "../../partner/program.ts";
import { pipelineProgram } from "../../pipeline/program.ts";
import { program } from "../../program.ts";
import { type StackOptions, runStack } from "../harness/run-stack.ts";
import {
  HUB_OUTPUTS,
  HUB_STACK,
  accessOptions,
  customerOptions,
  invokes,
  partnerOptions,
  pipelineOptions,
  rootOptions,
} from "../harness/stacks.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const pulumiRequires = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
const yaml = pulumiRequires("js-yaml") as { load(text: string): unknown };

interface ProjectFile {
  readonly name: string;
  readonly runtime: { readonly options: { readonly nodeargs: string } };
  readonly config: Readonly<
    Record<string, { readonly type?: string; readonly description?: string; readonly default?: unknown }>
  >;
}

const PROJECTS = [
  { folder: "customer", run: customerProgram, options: customerOptions },
  { folder: "partner", run: partnerProgram, options: partnerOptions },
  { folder: "partner/customer", run: customerAccessProgram, options: accessOptions },
  { folder: "pipeline", run: pipelineProgram, options: pipelineOptions },
  { folder: ".", run: program, options: rootOptions },
] as const;

const load = (folder: string, file: string): unknown => yaml.load(readFileSync(join(ROOT, folder, file), "utf8"));
/** As the CLI hands a value to the program. */
const asConfig = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

for (const { folder, run, options } of PROJECTS) {
  const file = load(folder, "Pulumi.yaml") as ProjectFile;

  /** What is made and put out, without what differs from run to run: the archives' promises are compared elsewhere. */
  const outcome = async (stack: StackOptions) => {
    const { outputs, resources } = await runStack(run as () => Promise<unknown>, stack);
    return {
      outputs,
      resources: resources.map(({ type, name, inputs: { code: _, ...inputs } }) => ({ type, name, inputs })),
    };
  };

  describe(join(folder, "Pulumi.yaml"), () => {
    it("is the project whose name the code puts before its keys", () => {
      expect(file.name).to.equal(options().project);
    });

    it("lets Node run the program, without a compiler", () => {
      const { nodeargs: _, ...rest } = file.runtime.options;
      expect({ ...file.runtime, options: rest }).to.deep.equal({ name: "nodejs", options: { typescript: false } });
    });

    it("is refused in one sentence by a Node that runs no TypeScript, and only by that", () => {
      const node = (...args: string[]) =>
        spawnSync(process.execPath, [...args, ...file.runtime.options.nodeargs.split(" "), "--eval", "0"], {
          cwd: join(ROOT, folder),
          encoding: "utf8",
        });
      const { status, stderr } = node("--no-strip-types");
      expect(stderr).to.match(/^This program is TypeScript, .* the node on the PATH is v.*npm ci.*\n$/);
      // Pulumi's language host adds no message of its own then.
      expect(status).to.equal(32);
      expect(node()).to.include({ status: 0, stderr: "" });
    });

    it("has the code's defaults, so that a stack is the same with and without the CLI", async () => {
      const defaults = Object.entries(file.config).filter(([, { default: value }]) => value !== undefined);
      const written = Object.fromEntries(defaults.map(([key, { default: value }]) => [key, asConfig(value)]));
      const required = Object.keys(file.config).filter((key) => !(key in written));
      expect(required).to.deep.equal(Object.keys(options().config ?? {}).filter((key) => !key.includes(":")));
      expect(await outcome(options(written))).to.deep.equal(await outcome(options()));
    });

    it("types and describes exactly the keys that the program reads", async () => {
      const { keys } = await withKeysRead(() => runStack(run as () => Promise<unknown>, options()));
      const own = keys.filter((key) => key.startsWith(`${file.name}:`)).map((key) => key.slice(file.name.length + 1));
      expect(new Set(own)).to.deep.equal(new Set(Object.keys(file.config)));
      for (const [key, { type, description }] of Object.entries(file.config)) {
        expect(type, key).to.be.a("string");
        expect(description, key).to.match(/^[A-Z1-9].*\.$/);
      }
    });

    it("has an example for the embedded accounts that the program takes", async () => {
      const example = load(folder, "Pulumi.dev.yaml.example") as { config: Record<string, unknown> };
      const config = Object.fromEntries(Object.entries(example.config).map(([key, value]) => [key, asConfig(value)]));
      const { resources } = await runStack(run as () => Promise<unknown>, {
        project: file.name,
        config,
        invokes,
        stackOutputs: {
          [HUB_STACK]: HUB_OUTPUTS,
          "organization/iot-hooks-customer/dev": {
            contractVersion: 1,
            roleArn: "arn:aws:iam::111111111111:role/publish-to-partner-role-222222222222",
          },
        },
      });
      const keys = Object.keys(config).filter((key) => !key.startsWith("aws:"));
      expect(Object.keys(file.config).map((key) => `${file.name}:${key}`)).to.include.members(keys);
      expect(resources.some(({ account }) => account !== undefined)).to.equal(true);
    });

    it("has an index.ts that exports the program, and nothing beside it", async () => {
      const exported = (await import(join(ROOT, folder, "index.ts"))) as Record<string, unknown>;
      expect(Object.entries(exported)).to.deep.equal([["default", run]]);
    });
  });
}

/** Keys of the configuration that were asked for meanwhile. */
async function withKeysRead<T>(work: () => Promise<T>): Promise<{ keys: string[]; result: T }> {
  const keys: string[] = [];
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below, and put back
  const { get } = pulumi.Config.prototype;
  pulumi.Config.prototype.get = function (this: pulumi.Config, key: string) {
    keys.push(`${this.name}:${key}`);
    return get.call(this, key) as never;
  };
  try {
    return { result: await work(), keys };
  } finally {
    pulumi.Config.prototype.get = get;
  }
}
