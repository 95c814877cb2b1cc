// One way to try it.
import type { Stage } from "./stage.ts";

export const WHO = {
  customer: "a customer with full power in its own account",
  within: "somebody in the partner's account",
  nobody: "somebody without an account",
} as const;

export interface Attempt {
  readonly who: keyof typeof WHO;
  readonly what: string;
  readonly layer: "AWS" | "receive function";
  /** How the refusal begins: AWS's error code, or the reason of the rejection. */
  readonly refusal: string;
  readonly attempt: (stage: Stage) => Promise<unknown>;
}
