// Ways to make the partner believe something about somebody else's things, and who has to refuse each.
import type { Stage } from "./stage.ts";
import { byContent } from "./by-content.ts";
import { byOtherServices } from "./by-other-services.ts";
import { byRole } from "./by-role.ts";
import { byTopic } from "./by-topic.ts";
import { fromWithin } from "./from-within.ts";

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

export const ATTEMPTS: readonly Attempt[] = [...byTopic, ...byContent, ...byRole, ...byOtherServices, ...fromWithin];
