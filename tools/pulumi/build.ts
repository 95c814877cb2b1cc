// The Pulumi CLI that the engine tests run: one on the PATH, or the pinned one, built once into the user's cache.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** Also in go.mod, and in the workflows. */
export const VERSION = "3.259.0";
const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const LDFLAGS = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${VERSION}`;

const onPath = (name: string): string | undefined =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));

/** The executable's path. Rejects with a sentence where there is neither a `pulumi` nor a Go that could build one. */
export async function pulumiCommand(progress: (line: string) => void): Promise<string> {
  const installed = onPath("pulumi");
  if (installed !== undefined) return installed;
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const built = join(cache, "cross-account-iot-hooks", `pulumi-${VERSION}`, "pulumi");
  if (existsSync(built)) return built;
  if (onPath("go") === undefined) {
    throw new Error(
      "The engine tests need the Pulumi CLI: install it (https://www.pulumi.com/docs/install/), or Go 1.25 " +
        "or later, with which it is built here.",
    );
  }
  progress(`Building the Pulumi CLI ${VERSION} into ${dirname(built)}, once; it takes some minutes.`);
  await mkdir(dirname(built), { recursive: true });
  const unfinished = `${built}.${process.pid}`;
  const started = performance.now();
  const beat = setInterval(() => {
    progress(`  still building, ${Math.round((performance.now() - started) / 1000)} s`);
  }, 20_000);
  try {
    await go(["build", "-trimpath", "-ldflags", LDFLAGS, "-o", unfinished, PACKAGE]);
    await rename(unfinished, built);
  } finally {
    clearInterval(beat);
    await rm(unfinished, { force: true });
  }
  progress(`Built in ${Math.round((performance.now() - started) / 1000)} s.`);
  return built;
}

async function go(args: readonly string[]): Promise<void> {
  const child = spawn("go", args, {
    cwd: import.meta.dirname,
    env: { ...process.env, CGO_ENABLED: "0" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("exit", resolve);
  });
  if (code !== 0)
    throw new Error(`go build of the Pulumi CLI ended with exit code ${code ?? "none"}; its reason is above.`);
}

if (import.meta.main) {
  try {
    console.log(await pulumiCommand((line) => process.stderr.write(`${line}\n`)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
