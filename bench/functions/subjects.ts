// What is measured: for each subject, how it is run.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { announceBundle } from "../../customer/announce-function.ts";
import { defaultReceiveBundle } from "../../partner/own-code.ts";

const HERE = import.meta.dirname;
const LOCAL = join(HERE, "..", "..", ".local", "bench-functions");
mkdirSync(LOCAL, { recursive: true });

export interface Subject {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Bytes of what Lambda is given; undefined where the runtime brings it along. */
  readonly bytes?: number;
}

/** The Python that boto3 is installed for, in an environment of its own. */
function python(): string {
  const venv = join(LOCAL, "venv");
  const program = join(venv, "bin", "python");
  if (!existsSync(program)) {
    execFileSync("python3", ["-m", "venv", venv], { stdio: "inherit" });
    const pins = join(HERE, "requirements.txt");
    execFileSync(program, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", pins]);
  }
  return program;
}

/** As one would bundle it first. */
async function plainly(entry: string, format: "cjs" | "esm" = "cjs"): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, entry)],
    bundle: true,
    write: false,
    minify: true,
    platform: "node",
    target: "node22",
    format,
    tsconfigRaw: {},
  });
  return outputFiles[0]?.text ?? "";
}

/** JavaScript, as Lambda's is: Node would still be compiling what strips types while the function starts. */
const RUNTIME = fileOf("runtime.mjs", await plainly("runtime.ts", "esm"));

function inNode(name: string, file: string, code: string): Subject {
  return { name, command: [process.execPath, RUNTIME, fileOf(file, code)], bytes: Buffer.byteLength(code) };
}

export async function announcers() {
  return {
    original: { name: "Python with boto3", command: [python(), join(HERE, "runtime.py"), HERE, "original"] },
    naive: inNode("the SDK, bundled plainly", "naive.cjs", await plainly("naive.ts")),
    ours: inNode("announce", "announce.cjs", (await announceBundle()).code),
    floor: inNode("signed HTTP by hand", "floor.cjs", await plainly("floor.ts")),
  } satisfies Record<string, Subject>;
}

export const receiver = async (debug = false): Promise<Subject> =>
  inNode("receive", `receive-${String(debug)}.cjs`, (await defaultReceiveBundle(debug)).code);

/** A file for the runtime, below this benchmark's own folder. */
export function fileOf(name: string, content: string): string {
  const file = join(LOCAL, name);
  writeFileSync(file, content);
  return file;
}
