// Where a run has got to, in a file: written after each page, so that whatever ends the run, the next one goes on from
// there, and sends the things of one page twice at most.
import { open, readFile, rename, rm } from "node:fs/promises";
import * as v from "valibot";
import { SYNC_OUTCOMES } from "../../shared/contract/sync.ts";
import { writing } from "../files.ts";
import { inWords } from "../printable.ts";
import { UserError } from "../user-error.ts";

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const schema = v.object({
  format: v.literal(1),
  /** What is listed, and where: a run goes on with no other's. */
  of: v.string(),
  /** ISO 8601. */
  startedAt: v.string(),
  /** Of the next page; absent before the first, and when all are listed. */
  token: v.optional(v.string()),
  /** Whether all are listed, and what the partner knows is compared. */
  isListed: v.boolean(),
  /** Parts of the comparison that are done. */
  comparedParts: whole,
  listed: whole,
  pages: whole,
  counts: v.object(v.entriesFromList(SYNC_OUTCOMES, whole)),
  /** How many things there are in all, once they are counted. */
  total: v.optional(whole),
  /** Of the files beside it. */
  bytes: v.object({ failures: whole, names: whole }),
});
export type Progress = v.InferOutput<typeof schema>;

/** @throws UserError for a file that is none, or another run's */
export async function readCheckpoint(path: string, of: string): Promise<Progress | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UserError(`The checkpoint ${path} can't be read: ${inWords(error)}.`, { cause: error });
  }
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  if (!read.success) throw new UserError(`${path} is no checkpoint of this release: remove it, or give another one.`);
  if (read.output.of !== of)
    throw new UserError(
      `The checkpoint ${path} is of another run (${read.output.of}; this one: ${of}): go on with that one, remove ` +
        "the file, or give another one with --checkpoint.",
    );
  return read.output;
}

/** The whole file, or the one before it: never a part. */
export async function writeCheckpoint(path: string, progress: Progress): Promise<void> {
  const next = `${path}.next`;
  await writing(path, async () => {
    const handle = await open(next, "w");
    try {
      await handle.writeFile(JSON.stringify(progress));
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(next, path);
  });
}

export const removeCheckpoint = (path: string): Promise<void> => rm(path, { force: true });
