// What the engine tests deploy, and with which settings.
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";

export interface Project {
  /** As in its Pulumi.yaml. */
  readonly name: string;
  /** Below the repository. Absent: a project without a Pulumi.yaml, and so without configuration. */
  readonly folder?: string;
  readonly program: PulumiFn;
}

/** Texts as `pulumi config set` takes them; an array as `--path 'key[0]'` and so on make it. */
export type Config = Readonly<Record<string, string | readonly string[]>>;

/** What a process that updates a stack is told. */
export interface UpdateArgs {
  /** Of the project, as in its Pulumi.yaml. */
  readonly project: string;
  readonly stack: string;
  readonly workDir: string;
  readonly parallel: number | undefined;
}
