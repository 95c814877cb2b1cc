// Deployment packages: what is in the archive, and where it lies while functions run.
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import { unzipSync } from "fflate";

/** Bytes of a package, unpacked («Lambda quotas»). */
export const MAX_UNPACKED = 262_144_000;

/** Base64 of the SHA-256, as Lambda shows it (CodeSha256). */
export const codeSha256 = (zip: Uint8Array): string => createHash("sha256").update(zip).digest("base64");

export class BadArchive extends Error {}

/** Checks an archive without unpacking it to the disk. @throws BadArchive */
export function checkArchive(zip: Uint8Array): void {
  let size = 0;
  try {
    unzipSync(zip, { filter: ({ originalSize }) => ((size += originalSize), false) });
  } catch {
    throw new BadArchive("Could not unzip uploaded file. Please check your file, then try to upload again.");
  }
  if (size === 0) throw new BadArchive("Uploaded file must be a non-empty zip");
  if (size >= MAX_UNPACKED) throw new BadArchive(`Unzipped size must be smaller than ${MAX_UNPACKED} bytes`);
}

/**
 * Folders of unpacked code, one for each package: environments of a function share theirs, as they share /var/task's content on AWS.
 * Everything is below one private folder, which {@link remove} deletes.
 */
export class CodeFolders {
  #root: string | undefined;
  #folders = new Map<string, string>();

  /** Where the package is unpacked. @throws BadArchive for a path that leaves the folder */
  folderOf(zip: Uint8Array, sha256: string): string {
    const known = this.#folders.get(sha256);
    if (known !== undefined) return known;
    const folder = join(this.#base(), `task-${this.#folders.size}`);
    for (const [name, content] of Object.entries(unzipSync(zip))) {
      const path = resolve(folder, name);
      if (path !== folder && !path.startsWith(folder + sep))
        throw new BadArchive(`The archive holds ${name}, which lies outside of its folder.`);
      if (name.endsWith("/")) mkdirSync(path, { recursive: true });
      else {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content);
        // fflate doesn't tell a file's permissions: what a custom runtime starts is made executable, the rest isn't needed so.
        if (name === "bootstrap") chmodSync(path, 0o755);
      }
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
  }

  #base(): string {
    if (this.#root !== undefined) return this.#root;
    this.#root = mkdtempSync(join(tmpdir(), "embedded-lambda-"));
    // No package.json above the code may say what module system it is in.
    writeFileSync(join(this.#root, "package.json"), "{}");
    return this.#root;
  }
}
