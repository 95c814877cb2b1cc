// The secrets of one embedded AWS: its administrators' keys, and the token of its control interface. Random, so that
// neither a web page nor another user of the machine can guess them; kept in a file that only its owner can read, so
// that profiles outlive a restart.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { constants } from "node:fs";
import { link, mkdir, open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { ACCOUNTS } from "./accounts.ts";
import { uniqueId } from "./ids.ts";

const schema = v.object({
  administrators: v.record(
    v.string(),
    v.object({
      accessKeyId: v.pipe(v.string(), v.regex(/^AKIA[A-Z2-7]{16}$/)),
      secretAccessKey: v.pipe(v.string(), v.minLength(40)),
    }),
  ),
  token: v.pipe(v.string(), v.minLength(40)),
});
export type Keys = v.InferOutput<typeof schema>;

export const newKeys = (): Keys => ({
  administrators: Object.fromEntries(
    ACCOUNTS.map(({ id }) => [
      id,
      { accessKeyId: uniqueId("AKIA"), secretAccessKey: randomBytes(30).toString("base64") },
    ]),
  ),
  token: randomBytes(32).toString("base64url"),
});

const keysFile = (folder: string): string => join(folder, "keys.json");

/** A file of keys that holds something else, or that others may know. */
export class BadKeys extends Error {}
const unusable = (path: string, why: string) => new BadKeys(`${path} ${why}: remove it, and new ones are made.`);

/** The keys of a data folder; made at the first call. @throws BadKeys */
export async function keysOf(folder: string): Promise<Keys> {
  const path = keysFile(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Written beside, then linked: of two that start at once one makes the file, whole, and nothing that stands there
  // is followed or overwritten.
  const draft = `${path}.${process.pid}.${uniqueId("AKIA")}`;
  try {
    await writeFile(draft, `${JSON.stringify(newKeys(), undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
    await link(draft, path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  const keys = readKeys(await readPrivate(path));
  if (!keys) throw unusable(path, "holds no keys of an embedded AWS");
  return keys;
}

/** The text of a file that is the user's own and nobody else's to read. */
async function readPrivate(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    const isLink = (error as NodeJS.ErrnoException).code === "ELOOP";
    throw isLink ? unusable(path, "is a symbolic link") : error;
  });
  try {
    const { mode, uid } = await file.stat();
    if (uid !== process.getuid?.()) throw unusable(path, "belongs to another user");
    if ((mode & 0o077) !== 0) throw unusable(path, "can be read by others than its owner");
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

function readKeys(text: string): Keys | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(text));
    return result.success && ACCOUNTS.every(({ id }) => result.output.administrators[id]) ? result.output : undefined;
  } catch {
    // No JSON: cut off, or something else altogether.
    return undefined;
  }
}

/** Compares in a time that says nothing about where two texts differ. */
export function sameSecret(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
