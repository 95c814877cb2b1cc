/** Why an event wasn't announced. What comes of it, `failure-table.ts` says. */
export type FailureReason =
  | "malformed event"
  | "another account"
  | "operation not announced"
  | "describe failed"
  | "malformed message"
  | "message too large"
  | "publish failed"
  | "failure queue refused"
  | "unexpected error";

/** Thrown by the announce function, with the id of the CloudTrail event, as far as it could be read. */
export class AnnounceFailure extends Error {
  override readonly name = "AnnounceFailure";
  readonly reason: FailureReason;
  readonly eventId: string | undefined;

  constructor(reason: FailureReason, eventId: string | undefined, explanation: string, options?: ErrorOptions) {
    super(`Event ${eventId ?? "without an id"} is not announced (${reason}): ${explanation}`, options);
    this.reason = reason;
    this.eventId = eventId;
  }
}

/** One line of what went wrong in a call to AWS: its error code, and its words. */
export const inWords = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
