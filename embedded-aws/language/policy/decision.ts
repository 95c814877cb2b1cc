// What is asked of the policies, and what they answer.
import type { Policy } from "./document.ts";
import type { Principal } from "./principal.ts";

export interface NamedPolicy {
  /** For people: "inline policy publish of role x". */
  readonly name: string;
  readonly policy: Policy;
}

export interface AuthorizationRequest {
  readonly principal: Principal;
  readonly action: string;
  /** An ARN, or * for an action that has no resource. */
  readonly resource: string;
  /** Who owns the resource. */
  readonly resourceAccount: string;
  /** Condition keys, in any case. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  /** Of the user or role. */
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  readonly session?: readonly NamedPolicy[];
  readonly resourcePolicy?: NamedPolicy & { readonly kind: "resource" | "trust" };
}

export type Side = "identity" | "resource" | "trust" | "session" | "boundary";

export interface Decision {
  readonly allowed: boolean;
  readonly effect: "allow" | "explicitDeny" | "implicitDeny";
  /** The statements that decided. */
  readonly by: readonly { readonly side: Side; readonly policy: string; readonly statement: string }[];
  /** When denied implicitly: what would have to be there, all of it. */
  readonly missing: readonly Missing[];
}

export interface Missing {
  readonly side: Side;
  /** In which account the policy is missing. */
  readonly account: string;
  readonly sentence: string;
  /** The statement that came nearest to allowing it. */
  readonly nearest?: { readonly policy: string; readonly statement: string; readonly because: string };
}

/** One policy that takes part, and from which side. */
export interface Participant extends NamedPolicy {
  readonly side: Side;
}
