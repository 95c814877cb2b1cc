// Policies as IAM keeps them.
import type { Policy } from "../language/policy/index.ts";

/** The text that was saved, and what it means. */
export interface StoredPolicy {
  readonly text: string;
  readonly policy: Policy;
}
export interface ManagedPolicy {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  readonly description: string | undefined;
  readonly createdAt: Date;
  updatedAt: Date;
  tags: Map<string, string>;
  defaultVersion: string;
  nextVersion: number;
  readonly versions: Map<string, StoredPolicy & { readonly createdAt: Date }>;
}
