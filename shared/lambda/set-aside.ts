// Where an event goes that a function couldn't deal with: to the failure queue, or back to Lambda.
import { beforeTimeout } from "./deadline.ts";
import { courseOf } from "./failure-table.ts";
import { type Invocation, type SendLetter, letterOf } from "./letter.ts";

/** An error of one of the functions. */
export interface Failure extends Error {
  readonly reason: string;
  readonly eventId: string | undefined;
}

export interface SetAsideParts {
  readonly sendLetter: SendLetter;
  readonly now: () => Date;
}

/**
 * True when the event lies in the failure queue and the invocation has to end well; false when Lambda has to keep it.
 * Throws what the queue says when it refuses a letter.
 */
export async function setAside(
  failure: Failure,
  event: unknown,
  invocation: Invocation,
  { sendLetter, now }: SetAsideParts,
): Promise<boolean> {
  if (courseOf(failure) !== "permanent") return false;
  const { name: errorType, message: errorMessage, reason, eventId } = failure;
  const letter = letterOf(event, { errorType, errorMessage, reason, eventId }, invocation, now());
  await sendLetter(letter, beforeTimeout(invocation));
  return true;
}
