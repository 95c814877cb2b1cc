/** Why a message was turned away. */
export type RejectionReason =
  | "malformed rule event"
  | "unknown operation"
  | "unknown customer"
  | "operation not allowed"
  | "not UTF-8"
  | "not JSON"
  | "unknown schema version"
  | "malformed message"
  | "not the customer's own";

/** The sender's texts can be as long as a message; logs and errors get no more than this of one. */
const EXCERPT_LENGTH = 300;
export const excerpt = (text: string): string =>
  text.length <= EXCERPT_LENGTH ? text : `${text.slice(0, EXCERPT_LENGTH)}… (${text.length} characters)`;

/** Thrown for a message that no retry makes acceptable: it goes to the failure queue, with this reason. */
export class RejectedMessage extends Error {
  override readonly name = "RejectedMessage";
  readonly reason: RejectionReason;
  /** As far as one was found in what was sent; `unpack` sets it. */
  eventId: string | undefined;

  constructor(reason: RejectionReason, explanation: string, options?: ErrorOptions) {
    super(`Message rejected (${reason}): ${excerpt(explanation)}`, options);
    this.reason = reason;
  }
}
