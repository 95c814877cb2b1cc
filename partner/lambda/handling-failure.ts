import { excerpt, inWords } from "../../shared/lambda/excerpt.ts";

/** Why a message that was in order wasn't dealt with. */
export type HandlingReason =
  "customers unreadable" | "own code failed" | "registry failed" | "failure queue refused" | "unexpected error";

/** Thrown for a message that Lambda has to deliver again. */
export class HandlingFailure extends Error {
  override readonly name = "HandlingFailure";
  readonly reason: HandlingReason;
  readonly eventId: string | undefined;

  constructor(reason: HandlingReason, eventId: string | undefined, what: string, cause: unknown) {
    super(`Event ${excerpt(eventId ?? "without an id")} (${reason}): ${what}: ${inWords(cause)}`, { cause });
    this.reason = reason;
    this.eventId = eventId;
  }
}
