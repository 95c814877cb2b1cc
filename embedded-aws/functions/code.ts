// Deployment packages: what is in the archive, and where it lies while functions run.
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inflateRawSync } from "node:zlib";

/** Bytes of a package, unpacked («Lambda quotas»). */
const MAX_UNPACKED = 262_144_000;

/** Base64 of the SHA-256, as Lambda shows it (CodeSha256). */
export const codeSha256 = (zip: Uint8Array): string => createHash("sha256").update(zip).digest("base64");

export class BadArchive extends Error {}

/**
 * Bytes of a path below /var/task, and of one name in it: what file systems take (Linux: NAME_MAX, PATH_MAX less the
 * folder's own).
 */
const MAX_NAME = 255;
const MAX_PATH = 3_000;

/** What an archive holds, by path. @throws BadArchive for one that can't be unpacked, before or while it is read */
export function readArchive(zip: Uint8Array): ReadonlyMap<string, Buffer> {
  let entries: readonly Entry[];
  try {
    entries = entriesOf(Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength));
  } catch {
    throw new BadArchive(UNREADABLE);
  }
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (size === 0) throw new BadArchive("Uploaded file must be a non-empty zip");
  if (size >= MAX_UNPACKED) throw new BadArchive(`Unzipped size must be smaller than ${MAX_UNPACKED} bytes`);
  if (entries.some(({ isLink }) => isLink))
    throw new BadArchive(
      "The archive holds symbolic links, which this embedded AWS doesn't unpack: put files in their place.",
    );
  if (!canLieInOneFolder(entries.map(({ name }) => name))) throw new BadArchive(UNREADABLE);
  try {
    return new Map(entries.map((entry) => [entry.name, entry.content()]));
  } catch {
    throw new BadArchive(UNREADABLE);
  }
}

interface Entry {
  readonly name: string;
  /** Bytes that it says to have, unpacked. */
  readonly size: number;
  readonly isLink: boolean;
  /** Throws where it is damaged, or has another size than it says: a small archive may hold petabytes. */
  content(): Buffer;
}

/** By the directory at the archive's end (APPNOTE.TXT, 4.3.7, 4.3.12, 4.3.16). Throws for what is none. */
function entriesOf(zip: Buffer): Entry[] {
  const end = zip.lastIndexOf("PK\x05\x06", undefined, "latin1");
  if (end < 0) throw new Error("There is no directory.");
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    if (zip.toString("latin1", at, at + 4) !== "PK\x01\x02") throw new Error("The directory is damaged.");
    const [flags, method, nameLength] = [
      zip.readUInt16LE(at + 8),
      zip.readUInt16LE(at + 10),
      zip.readUInt16LE(at + 28),
    ];
    const [packed, size, local] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24), zip.readUInt32LE(at + 42)];
    const name = zip.toString(flags & NAME_IS_UTF8 ? "utf8" : "latin1", at + 46, at + 46 + nameLength);
    const isLink = zip.readUInt8(at + 5) === MADE_ON_UNIX && zip.readUInt32LE(at + 38) >>> 28 === SYMBOLIC_LINK;
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    const content = () => {
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const bytes = zip.subarray(start, start + packed);
      const unpacked = method === DEFLATED ? inflateRawSync(bytes, { maxOutputLength: size + 1 }) : bytes;
      if (unpacked.length !== size || (method !== DEFLATED && method !== STORED))
        throw new Error(`${name} is damaged.`);
      return unpacked;
    };
    return { name, size, isLink, content };
  });
}
const NAME_IS_UTF8 = 0x800;
const STORED = 0;
const DEFLATED = 8;
const MADE_ON_UNIX = 3;
/** The upper four bits of a mode («inode(7)»). */
const SYMBOLIC_LINK = 0o12;

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
 * Folders of unpacked code, one for each package: environments of a function share theirs, as they share /var/task's
 * content on AWS. Everything is below one private folder, which {@link remove} deletes.
 */
export class CodeFolders {
  #root: string | undefined;
  #folders = new Map<string, string>();

  /** Where the package is unpacked. @throws BadArchive before anything is written */
  folderOf(zip: Uint8Array, sha256: string): string {
    const known = this.#folders.get(sha256);
    if (known !== undefined) return known;
    const content = readArchive(zip);
    // A fresh one each time: nothing that an unpacking which failed left behind can get into another function's code.
    const folder = mkdtempSync(join(this.#base(), "task-"));
    try {
      for (const [name, bytes] of content) {
        const path = join(folder, name);
        mkdirSync(name.endsWith("/") ? path : dirname(path), { recursive: true });
        if (name.endsWith("/")) continue;
        writeFileSync(path, bytes);
        // What a custom runtime starts is made executable, the rest isn't needed so.
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
