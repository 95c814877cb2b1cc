import { excerpt } from "../../shared/lambda/excerpt.ts";

/** Room for a topic, the ARN of a role and AWS's own words. */
const EXPLANATION_BYTES = 1000;

/** Why an event wasn't announced. What comes of it, `failure-table.ts` says. */
export type FailureReason =
  | "malformed event"
  | "another account"
  | "another Region"
  | "operation not announced"
  | "describe failed"
  | "malformed message"
  | "message too large"
  | "publish failed"
  | "failure queue refused"
  | "unexpected error";

/** Thrown by the announce function, with the id of the event, as far as it could be read. */
export class AnnounceFailure extends Error {
  override readonly name = "AnnounceFailure";
  readonly reason: FailureReason;
  readonly eventId: string | undefined;

  constructor(reason: FailureReason, eventId: string | undefined, explanation: string, options?: ErrorOptions) {
    super(
      `Event ${excerpt(eventId ?? "without an id")} is not announced (${reason}): ` +
        excerpt(explanation, EXPLANATION_BYTES),
      options,
    );
    this.reason = reason;
    this.eventId = eventId === undefined ? undefined : excerpt(eventId);
  }
}
