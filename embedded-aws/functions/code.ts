// Deployment packages: what is in the archive, and where it lies while functions run.
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";

/** Bytes of a package, unpacked («Lambda quotas»). */
export const MAX_UNPACKED = 262_144_000;

/** Base64 of the SHA-256, as Lambda shows it (CodeSha256). */
export const codeSha256 = (zip: Uint8Array): string => createHash("sha256").update(zip).digest("base64");

export class BadArchive extends Error {}

/** Bytes of a path below /var/task, and of one name in it: what file systems take (Linux: NAME_MAX, PATH_MAX less the folder's own). */
const MAX_NAME = 255;
const MAX_PATH = 3_000;

/** Checks an archive without unpacking it to the disk. @throws BadArchive */
export function checkArchive(zip: Uint8Array): void {
  let size = 0;
  const names: string[] = [];
  try {
    unzipSync(zip, {
      filter: ({ name, originalSize }) => {
        size += originalSize;
        names.push(name);
        return false;
      },
    });
  } catch {
    throw new BadArchive(UNREADABLE);
  }
  if (size === 0) throw new BadArchive("Uploaded file must be a non-empty zip");
  if (size >= MAX_UNPACKED) throw new BadArchive(`Unzipped size must be smaller than ${MAX_UNPACKED} bytes`);
  if (!canLieInOneFolder(names)) throw new BadArchive(UNREADABLE);
}

/** CreateFunction's words (seen for archives that are none; for one whose paths can't be unpacked: not confirmed). */
const UNREADABLE = "Could not unzip uploaded file. Please check your file, then try to upload again.";

/** Whether the paths stay within their folder, fit a file system, and none is a file here and a folder there. */
function canLieInOneFolder(names: readonly string[]): boolean {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const name of names) {
    const path = name.replace(/\/$/, "");
    const steps = path.split("/");
    const fits = (step: string) =>
      step !== "" && step !== "." && step !== ".." && !step.includes("\0") && Buffer.byteLength(step) <= MAX_NAME;
    if (Buffer.byteLength(path) > MAX_PATH || !steps.every(fits)) return false;
    for (let depth = 1; depth < steps.length; depth++) folders.add(steps.slice(0, depth).join("/"));
    (name.endsWith("/") ? folders : files).add(path);
  }
  return [...files].every((path) => !folders.has(path));
}

/** What is there now goes with this process, however it ends, short of SIGKILL. */
const present = new Set<CodeFolders>();
process.on("exit", () => {
  for (const folders of present) folders.remove();
});

/**
 * Folders of unpacked code, one for each package: environments of a function share theirs, as they share /var/task's content on AWS.
 * Everything is below one private folder, which {@link remove} deletes.
 */
export class CodeFolders {
  #root: string | undefined;
  #folders = new Map<string, string>();

  /** Where the package is unpacked. @throws BadArchive before anything is written */
  folderOf(zip: Uint8Array, sha256: string): string {
    const known = this.#folders.get(sha256);
    if (known !== undefined) return known;
    checkArchive(zip);
    // A fresh one each time: nothing that an unpacking which failed left behind can get into another function's code.
    const folder = mkdtempSync(join(this.#base(), "task-"));
    try {
      for (const [name, content] of Object.entries(unzipSync(zip))) {
        const path = join(folder, name);
        mkdirSync(name.endsWith("/") ? path : dirname(path), { recursive: true });
        if (name.endsWith("/")) continue;
        writeFileSync(path, content);
        // fflate doesn't tell a file's permissions: what a custom runtime starts is made executable, the rest isn't needed so.
        if (name === "bootstrap") chmodSync(path, 0o755);
      }
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    this.#folders.set(sha256, folder);
    return folder;
  }

  /** A private folder for one environment: its HOME and TMPDIR. */
  privateFolder(): string {
    return mkdtempSync(join(this.#base(), "environment-"));
  }

  remove(): void {
    if (this.#root !== undefined) rmSync(this.#root, { recursive: true, force: true, maxRetries: 3 });
    this.#root = undefined;
    this.#folders.clear();
    present.delete(this);
  }

  #base(): string {
    if (this.#root !== undefined) return this.#root;
    this.#root = mkdtempSync(join(tmpdir(), "embedded-lambda-"));
    present.add(this);
    // No package.json above the code may say what module system it is in.
    writeFileSync(join(this.#root, "package.json"), "{}");
    return this.#root;
  }
}
