// Looking at something in an account: what is there, that it isn't, or that nobody lets us look.
import { inWords } from "../printable.ts";

/** Ends a check: what it would have said is unknown. */
export class NotSeen extends Error {
  override readonly name = "NotSeen";
  readonly what: string;
  readonly needed: string;

  constructor(what: string, needed: string, cause: unknown) {
    super(inWords(cause), { cause });
    this.what = what;
    this.needed = needed;
  }
}

const MISSING = new Set([
  ...["ResourceNotFoundException", "NoSuchEntity", "NoSuchEntityException", "TrailNotFoundException"],
  "NoSuchResourceException",
  ...["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"],
]);

/** The SDK puts $metadata on what AWS, or the way to it, answered. Anything else is a defect of ours. */
const isAnswer = (error: unknown): error is Error => error instanceof Error && "$metadata" in error;

/**
 * What a call answers, or undefined where AWS says that there is no such thing.
 * @param what completes "could not look at …"
 * @param needed the permission
 * @throws NotSeen
 */
export async function lookFor<T>(what: string, needed: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (!isAnswer(error)) throw error;
    if (MISSING.has(error.name)) return undefined;
    throw new NotSeen(what, needed, error);
  }
}

/** The same for what is always there. @throws NotSeen */
export async function look<T>(what: string, needed: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isAnswer(error)) throw error;
    throw new NotSeen(what, needed, error);
  }
}
