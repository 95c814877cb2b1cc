// What an operator types: its output, and what it ends with.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import type { RunningCloud } from "../flow/deployment.ts";
import { type Ended, Running } from "./checkout.ts";

const MAIN = join(import.meta.dirname, "..", "..", "hooks", "main.ts");

/** A folder to type in, with outputs of stacks and AWS profiles. */
export class Desk {
  readonly folder: string;
  readonly #running: RunningCloud;

  private constructor(running: RunningCloud, folder: string) {
    this.#running = running;
    this.folder = folder;
  }

  /** @param profiles account by name */
  static async make(running: RunningCloud, profiles: Readonly<Record<string, string>>): Promise<Desk> {
    const desk = new Desk(running, await mkdtemp(join(tmpdir(), "desk ")));
    const credentials = Object.entries(profiles).map(([name, account]) => {
      const { accessKeyId, secretAccessKey } = running.cloud.administrator(account);
      return `[${name}]\nregion = us-east-1\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
    });
    await desk.write("credentials", credentials.join("\n"));
    return desk;
  }

  async write(name: string, content: unknown): Promise<string> {
    const file = join(this.folder, name);
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  /** @param path where other programs are found; default: nowhere */
  start(args: readonly string[], path = this.folder): Running {
    return this.type(process.execPath, [MAIN, ...args], path);
  }

  /** Any program. */
  type(command: string, args: readonly string[], path = this.folder): Running {
    const env = {
      PATH: path,
      HOME: this.folder,
      AWS_ENDPOINT_URL: this.#running.endpoint.url,
      AWS_SHARED_CREDENTIALS_FILE: join(this.folder, "credentials"),
    };
    return new Running(spawn(command, args, { env, cwd: this.folder }));
  }

  run(...args: readonly string[]): Promise<Ended> {
    return this.start(args).ended;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}
