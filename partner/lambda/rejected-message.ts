import { excerpt } from "../../shared/lambda/excerpt.ts";

/** Why a message was turned away. */
export type RejectionReason =
  | "malformed rule event"
  | "not a hook topic"
  | "unknown operation"
  | "unknown customer"
  | "customer disabled"
  | "operation not allowed"
  | "not the customer's role"
  | "not UTF-8"
  | "not JSON"
  | "unknown schema version"
  | "malformed message"
  | "not the customer's own";

/** Thrown for a message that no retry makes acceptable: it goes to the failure queue, with this reason. */
export class RejectedMessage extends Error {
  override readonly name = "RejectedMessage";
  readonly reason: RejectionReason;
  /** As far as one was found in what was sent. */
  eventId: string | undefined;

  constructor(reason: RejectionReason, explanation: string, options?: ErrorOptions) {
    super(`Message rejected (${reason}): ${excerpt(explanation)}`, options);
    this.reason = reason;
  }
}
