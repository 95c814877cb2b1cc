// Lists things page by page, has each announced as it is, and writes down after each page where it is.
import type { Pace } from "../../customer/lambda/pace.ts";
import { type SenderParts, noCounts, sendThings } from "../../customer/lambda/sync-sender.ts";
import { THINGS_PER_PAGE } from "../../customer/lambda/thing-pages.ts";
import { type Progress, readCheckpoint, removeCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { type Comparison, countKnown, missingNames, partsOf } from "./known.ts";
import { inWords } from "../printable.ts";
import { UserError } from "../user-error.ts";
import { LineFile } from "./line-file.ts";
import type { Listing } from "./listing.ts";

export interface Work {
  readonly listing: Listing;
  /** Of calls that list. */
  readonly listPace: Pace;
  /** Undefined in a dry run: nothing is announced. */
  readonly sender: SenderParts | undefined;
  readonly checkpoint: string;
  /** What tells this run from others. */
  readonly of: string;
  /** What the partner knows; undefined where nothing is compared. */
  readonly known: Pick<Comparison, "knownFile" | "arnPrefix"> | undefined;
  /** Whether things are counted ahead, for an estimate. */
  readonly counts: boolean;
  readonly now: () => Date;
  /** Ends the run after the page that is under way. */
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

export interface Outcome {
  readonly progress: Progress;
  /** Whether it went on from a checkpoint. */
  readonly resumed: boolean;
  readonly isDone: boolean;
  /** With what failed; undefined where nothing did. */
  readonly failuresFile: string | undefined;
}

/**
 * A dry run begins at the beginning, leaves no checkpoint, and touches none of the files of a run that was interrupted,
 * or that failed for some things. Throws UserError, and what `sendThings` and AWS's list
 * calls throw: then the checkpoint is there, and the next run goes on.
 */
export async function backfill(work: Work): Promise<Outcome> {
  const isDry = work.sender === undefined;
  // Not after an hour of announcing.
  if (work.known !== undefined) await countKnown(work.known.knownFile, work.known.arnPrefix);
  const found = isDry ? undefined : await readCheckpoint(work.checkpoint, work.of);
  const progress = found ?? start(work);
  const beside = isDry ? `${work.checkpoint}.dry-run` : work.checkpoint;
  const files = {
    failures: await LineFile.open(`${beside}.failures`, progress.bytes.failures),
    names: await LineFile.open(`${beside}.names`, progress.bytes.names),
  };
  try {
    const run = new Run(work, progress, files);
    await Promise.all([run.work(), work.counts ? run.countAhead() : undefined]);
    const isDone = !work.signal.aborted;
    if (isDone && !isDry) {
      await removeCheckpoint(work.checkpoint);
      await files.names.remove();
    }
    const failed = files.failures.bytes > 0;
    return { progress, resumed: found !== undefined, isDone, failuresFile: failed ? files.failures.path : undefined };
  } finally {
    await files.failures.close();
    await (isDry ? files.names.remove() : files.names.close());
  }
}

const start = ({ of, now }: Work): Progress => ({
  format: 1,
  of,
  startedAt: now().toISOString(),
  isListed: false,
  comparedParts: 0,
  listed: 0,
  pages: 0,
  counts: noCounts(),
  bytes: { failures: 0, names: 0 },
});

/** API references, ListThings and LookupEvents. How long a token is good for is not confirmed. */
const TOKEN_REFUSED = ["InvalidRequestException", "InvalidNextTokenException"];

interface Files {
  readonly failures: LineFile;
  readonly names: LineFile;
}

class Run {
  readonly #work: Work;
  readonly #progress: Progress;
  readonly #files: Files;

  constructor(work: Work, progress: Progress, files: Files) {
    this.#work = work;
    this.#progress = progress;
    this.#files = files;
  }

  async work(): Promise<void> {
    const progress = this.#progress;
    while (!progress.isListed && !this.#work.signal.aborted) await this.#page();
    const { known } = this.#work;
    if (known !== undefined && progress.isListed) await this.#compare(known);
  }

  async #page(): Promise<void> {
    const { listPace, known } = this.#work;
    const progress = this.#progress;
    await listPace.take(1);
    const { things, next } = await this.#list(progress.token);
    await this.#send(things, false);
    if (known !== undefined) await this.#files.names.append(things);
    progress.listed += things.length;
    progress.pages += 1;
    if (next === undefined) {
      delete progress.token;
      progress.isListed = true;
    } else progress.token = next;
    await this.#save();
  }

  async #list(token: string | undefined) {
    try {
      return await this.#work.listing.pages(token);
    } catch (error) {
      if (token === undefined || !(error instanceof Error && TOKEN_REFUSED.includes(error.name))) throw error;
      throw new UserError(
        `AWS doesn't take the page token in ${this.#work.checkpoint} any more (${inWords(error)}). Remove that file ` +
          "and start again: what the partner knows already changes nothing there.",
        { cause: error },
      );
    }
  }

  async #send(things: readonly string[], tombstones: boolean): Promise<void> {
    const { sender } = this.#work;
    if (sender === undefined) {
      if (tombstones) this.#progress.counts["not there"] += things.length;
      return;
    }
    const { counts, failures } = await sendThings(sender, things, tombstones);
    for (const outcome of Object.keys(counts) as (keyof typeof counts)[])
      this.#progress.counts[outcome] += counts[outcome];
    await this.#files.failures.append(failures.map((failure) => JSON.stringify(failure)));
  }

  async #save(): Promise<void> {
    const progress = this.#progress;
    progress.bytes = { failures: this.#files.failures.bytes, names: this.#files.names.bytes };
    if (this.#work.sender !== undefined) await writeCheckpoint(this.#work.checkpoint, progress);
    this.#work.progress(progress);
  }

  /** What the partner has and wasn't listed is looked at once more, and announced as what it is: mostly as gone. */
  async #compare(known: NonNullable<Work["known"]>): Promise<void> {
    const progress = this.#progress;
    const parts = partsOf(Math.max(progress.listed, await countKnown(known.knownFile, known.arnPrefix)));
    const comparison = { ...known, listedFile: this.#files.names.path, parts };
    while (progress.comparedParts < parts && !this.#work.signal.aborted) {
      const missing = await missingNames(comparison, progress.comparedParts);
      for (let at = 0; at < missing.length; at += THINGS_PER_PAGE) {
        if (isAborted(this.#work.signal)) return;
        await this.#send(missing.slice(at, at + THINGS_PER_PAGE), true);
        this.#work.progress(progress);
      }
      progress.comparedParts += 1;
      await this.#save();
    }
  }

  /** Lists all of them beside the run, many times faster than they are announced: nothing of AWS's says the number. */
  async countAhead(): Promise<void> {
    const { listing, listPace, signal } = this.#work;
    const progress = this.#progress;
    if (progress.total !== undefined) return;
    let count = progress.listed;
    let token = progress.token;
    let more = !progress.isListed;
    while (more && !progress.isListed && !signal.aborted) {
      await listPace.take(1);
      // An estimate is worth no run: whatever is wrong with the listing, the run itself says it.
      const page = await listing.pages(token).catch(() => undefined);
      if (page === undefined) return;
      const { things, next } = page;
      count += things.length;
      token = next;
      more = next !== undefined;
    }
    if (!more) progress.total = count;
  }
}

/** Read anew: in between it may have been aborted. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
