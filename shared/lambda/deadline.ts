import type { Invocation } from "./letter.ts";

/**
 * What is left of an invocation for saying how it ended: without it Lambda would stop the function in the middle of a
 * call, and no line would say of which event.
 */
const MARGIN_MS = 1500;

/** Ends calls, the SDK's retries included, while there is time left to say so. */
export const beforeTimeout = (invocation: Invocation, most = Infinity): AbortSignal => {
  const remaining = invocation.getRemainingTimeInMillis();
  // Whole milliseconds: AbortSignal throws for anything else.
  return AbortSignal.timeout(Math.max(1, Math.floor(Math.min(most, remaining - Math.min(MARGIN_MS, remaining / 2)))));
};
