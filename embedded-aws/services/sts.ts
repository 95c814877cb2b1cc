// STS: who am I, and may I be that role for a while.
import { QUERY } from "../core/common-errors.ts";
import type { AssumeRoleRequest, STS } from "@aws-sdk/client-sts";
import { parseArn } from "../core/arn.ts";
import { AwsError } from "../core/errors.ts";
import type { Role } from "../core/identity.ts";
import { readPolicy } from "../core/policies.ts";
import { operations, type Call, type Permission, type Service } from "../core/service.ts";
import type { NamedPolicy } from "../language/policy/index.ts";

const DEFAULT_SECONDS = 3600;
/** «Roles terms and concepts»: a session that was itself assumed gets no longer one. */
const CHAINED_SECONDS = 3600;
const MAX_SESSION_POLICIES = 10;
const MAX_SESSION_POLICY = 2048;

const invalid = (message: string): AwsError => new AwsError("ValidationError", message, { status: 400 });

/** What can be said against a request before anybody looks at policies. */
function checkRequest(input: AssumeRoleRequest): void {
  const roleArn = input.RoleArn ?? "";
  // Recorded on AWS by another project's tests.
  if (!parseArn(roleArn)) throw invalid(`${roleArn} is invalid`);
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(roleArn)) throw invalid("Request ARN is invalid");
  // Not in the model any more, but in the API reference (AssumeRole, Policy).
  if ((input.Policy?.length ?? 0) > MAX_SESSION_POLICY)
    throw invalid(
      "1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length " +
        `less than or equal to ${MAX_SESSION_POLICY}`,
    );
  if ((input.PolicyArns?.length ?? 0) > MAX_SESSION_POLICIES)
    throw invalid(
      "1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have " +
        `length less than or equal to ${MAX_SESSION_POLICIES}`,
    );
}

/**
 * Seconds that the session lasts. Looked at after the permissions, so that a stranger doesn't hear about the role.
 * @throws AwsError ValidationError
 */
function durationOf(input: AssumeRoleRequest, role: Role, call: Call): number {
  const seconds = input.DurationSeconds ?? DEFAULT_SECONDS;
  if (call.caller.kind === "role" && seconds > CHAINED_SECONDS)
    throw invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
  if (seconds > role.maxSessionDuration)
    throw invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  return seconds;
}

/**
 * The policies that narrow the session.
 * @throws AwsError MalformedPolicyDocument; InvalidParameterValue for a managed policy that isn't in the role's
 *   account (not confirmed)
 */
function sessionPolicies(input: AssumeRoleRequest, role: Role, call: Call): NamedPolicy[] {
  const account = role.arn.split(":")[4] ?? "";
  const managed = (input.PolicyArns ?? []).map(({ arn = "" }): NamedPolicy => {
    const found = call.cloud.identities.managedPolicy(account, arn);
    if (!found) throw new AwsError("InvalidParameterValue", `Session policy ${arn} does not exist.`);
    return { name: `managed policy ${found.name}, passed for the session`, policy: found.policy };
  });
  if (input.Policy === undefined) return managed;
  return [...managed, { name: "policy passed for the session", ...readPolicy(call.cloud, input.Policy, "session") }];
}

function permission(input: AssumeRoleRequest, call: Call): Permission {
  const roleArn = input.RoleArn ?? "";
  const role = call.cloud.identities.role(roleArn);
  const tags = [...(role?.tags ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, value] as const);
  return {
    action: "sts:AssumeRole",
    resource: roleArn,
    context: {
      ...Object.fromEntries(tags),
      "sts:ExternalId": input.ExternalId,
      "sts:RoleSessionName": input.RoleSessionName,
    },
    // A role that doesn't exist trusts nobody: AWS answers AccessDenied, so that nobody can find out which roles
    // there are.
    ...(role
      ? { resourcePolicy: { kind: "trust", name: `trust policy of role ${role.name}`, policy: role.trust.policy } }
      : {}),
  };
}

export const sts: Service = {
  name: "sts",
  signingNames: ["sts"],
  eventSource: "sts.amazonaws.com",
  model: () => import("@aws-sdk/client-sts"),
  inputModel: new URL("./constraints/sts.json", import.meta.url),
  errors: QUERY,
  operations: operations<STS>({
    GetCallerIdentity: {
      // Needs no permission, and no Deny takes it away: `GetCallerIdentity` in the API reference.
      authorize: () => [],
      run: (_input, { caller }) => {
        const session = caller.credential?.sessionName;
        return {
          Account: caller.account,
          Arn: caller.arn,
          UserId: session ? `${caller.uniqueId}:${session}` : caller.uniqueId,
        };
      },
    },
    AssumeRole: {
      authorize: (input, call) => {
        checkRequest(input);
        return permission(input, call);
      },
      run: (input, call) => {
        const role = call.cloud.identities.role(input.RoleArn ?? "");
        if (!role) throw new Error(`The permission to assume ${input.RoleArn ?? ""} came from nowhere.`);
        const owner = role.arn.split(":")[4] ?? "";
        // The endpoint of a Region works for a role whose account has that Region switched on («Managing AWS STS in
        // an AWS Region»).
        if (call.cloud.delivery.isDisabled(owner, call.region))
          throw new AwsError(
            "RegionDisabledException",
            `STS is not activated in this region for account:${owner}. Your account administrator can activate ` +
              "STS in this region using the IAM Console.",
          );
        const sessionName = input.RoleSessionName ?? "";
        const issuedAt = call.time.getTime();
        const expiresAt = issuedAt + durationOf(input, role, call) * 1000;
        const policies = sessionPolicies(input, role, call);
        const narrowed = policies.length > 0 ? { sessionPolicies: policies } : {};
        const credential = call.cloud.identities.addSession(role, { sessionName, issuedAt, expiresAt, ...narrowed });
        call.note({ role: role.arn, session: sessionName, accessKeyId: credential.accessKeyId });
        return {
          Credentials: {
            AccessKeyId: credential.accessKeyId,
            SecretAccessKey: credential.secretAccessKey,
            SessionToken: credential.sessionToken,
            Expiration: new Date(expiresAt),
          },
          AssumedRoleUser: { Arn: credential.caller.arn, AssumedRoleId: `${role.uniqueId}:${sessionName}` },
          ...packedSize(input),
        };
      },
      record: {
        readOnly: true,
        // The secret key never leaves in a record.
        response: ({ Credentials: credentials, ...rest }) => ({
          credentials: {
            accessKeyId: credentials?.AccessKeyId,
            sessionToken: credentials?.SessionToken,
            expiration: credentials?.Expiration,
          },
          ...rest,
        }),
      },
    },
  }),
};

/** Percent of the space for session policies. How AWS packs them isn't documented: here by characters. */
function packedSize({ Policy: policy = "", PolicyArns: arns = [] }: AssumeRoleRequest): { PackedPolicySize?: number } {
  const size = arns.reduce((sum, { arn = "" }) => sum + arn.length, policy.length);
  return size === 0 ? {} : { PackedPolicySize: Math.min(100, Math.ceil((size / MAX_SESSION_POLICY) * 100)) };
}
