// Policies on their way in and out: read and checked when they are saved, their principals bound to who these are
// today.
import {
  PolicyError,
  bindPrincipals,
  parsePolicy,
  renderPrincipals,
  type PolicyKind,
} from "../language/policy/index.ts";
import { ACCOUNTS } from "./accounts.ts";
import type { Cloud } from "./service.ts";
import { AwsError } from "./errors.ts";
import type { StoredPolicy } from "./managed-policy.ts";

/**
 * Reads a policy that a client wants to save. Roles and users in its Principal are bound to their unique ids.
 * @param code what the service calls a malformed one
 * @throws AwsError with that code; NotModelledHere for what AWS would take and this doesn't
 */
export function readPolicy(
  cloud: Cloud,
  text: string,
  kind: PolicyKind,
  code = "MalformedPolicyDocument",
): StoredPolicy {
  try {
    const policy = bindPrincipals(
      parsePolicy(text, kind),
      (arnOrId) => cloud.identities.uniqueIdOf(arnOrId),
      (account) => ACCOUNTS.some(({ id }) => id === account),
    );
    return { text, policy };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    if (error.code === "NotModelled") throw new AwsError("NotModelledHere", error.message, { status: 501 });
    throw new AwsError(code, error.message);
  }
}

/** The text of a policy as AWS shows it: a role that was deleted since appears by its unique id. */
export const shownPolicy = (cloud: Cloud, { policy }: StoredPolicy): string =>
  renderPrincipals(policy, (uniqueId) => cloud.identities.arnOf(uniqueId));
