// A checkout of its own for commands that keep something beside their sources, and what is left when they have ended.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");
const SOURCES = ["customer", "partner", "shared", "hooks", "start", "package.json", "embedded-aws"];
const LEFT_OUT = /\/embedded-aws\/(test|bench|mutation|node_modules)$/;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

export class Checkout {
  /** With a space, as a folder's name may have. */
  readonly folder: string;
  readonly temporary: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.temporary = join(folder, "tmp");
  }

  static async make(): Promise<Checkout> {
    const checkout = new Checkout(await mkdtemp(join(tmpdir(), "a checkout ")));
    for (const name of SOURCES)
      await cp(join(ROOT, name), join(checkout.folder, name), {
        recursive: true,
        filter: (source) => !LEFT_OUT.test(source),
      });
    await symlink(join(ROOT, "node_modules"), join(checkout.folder, "node_modules"));
    await mkdir(checkout.temporary);
    return checkout;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }

  start(command: string, ...args: string[]): Running {
    const env = { ...process.env, TMPDIR: this.temporary };
    return new Running(spawn(process.execPath, [join(this.folder, command), ...args], { env, cwd: this.folder }));
  }

  run(command: string, ...args: string[]): Promise<Ended> {
    return this.start(command, ...args).ended;
  }

  /** Resolves when no process is left that was started for this checkout; never, while one is. */
  async noProcess(): Promise<void> {
    for (;;) {
      const numbers = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
      const environments = await Promise.all(
        // Of processes that ended meanwhile there is nothing to read.
        numbers.map((number) => readFile(`/proc/${number}/environ`, "utf8").catch(() => "")),
      );
      if (!environments.some((text) => text.includes(this.temporary))) return;
    }
  }
}

export class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  #output = "";
  #heard: (() => void)[] = [];

  constructor(child: ChildProcess) {
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
        for (const heard of this.#heard.splice(0)) heard();
      });
    this.ended = once(child, "close").then(([code, signal]) => {
      for (const heard of this.#heard.splice(0)) heard();
      return { code: code as number | null, signal: signal as NodeJS.Signals | null, output: this.#output };
    });
  }

  /** Resolves with everything so far when it has printed `text`; rejects when it ends without. */
  async printed(text: string | RegExp): Promise<string> {
    for (;;) {
      if (typeof text === "string" ? this.#output.includes(text) : text.test(this.#output)) return this.#output;
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`It ended without printing ${String(text)}:\n${this.#output}`);
      await new Promise<void>((resolve) => this.#heard.push(resolve));
    }
  }

  end(signal: NodeJS.Signals): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return String(port);
}
