// Policies as IAM keeps them.
import type { Policy } from "../language/policy/index.ts";

/** The text that was saved, and what it means. */
export interface StoredPolicy {
  readonly text: string;
  readonly policy: Policy;
}
/** Of one version, v1. */
export interface ManagedPolicy extends StoredPolicy {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  readonly description: string | undefined;
  readonly createdAt: Date;
  readonly tags: ReadonlyMap<string, string>;
}
