// What IAM's operations have in common: finding roles and managed policies, their ARNs, and how they are shown.
import type { Role as ShownRole, Policy as ShownPolicy } from "@aws-sdk/client-iam";
import { globalArn, parseArn, type Place } from "../../core/arn.ts";
import { AWS_MANAGED_POLICIES } from "../../core/aws-managed-policies.ts";
import { AwsError } from "../../core/errors.ts";
import type { Identity, Role } from "../../core/identity.ts";
import type { ManagedPolicy } from "../../core/managed-policy.ts";
import { shownPolicy } from "../../core/policies.ts";
import type { Call, Permission } from "../../core/service.ts";
import { resourceTags, shownTags } from "./tags.ts";

export const noSuchEntity = (message: string): AwsError => new AwsError("NoSuchEntity", message);
export const conflict = (message: string): AwsError => new AwsError("DeleteConflict", message);
export const exists = (message: string): AwsError => new AwsError("EntityAlreadyExists", message);
export const limitExceeded = (message: string): AwsError => new AwsError("LimitExceeded", message);

export const arnWithPath = (place: Place, kind: "role" | "policy", path: string, name: string): string =>
  globalArn("iam", place, `${kind}${path}${name}`);

/** @throws AwsError NoSuchEntity */
export function findRole(call: Call, name = ""): Role {
  const role = call.cloud.identities.iam(call.account).roles.get(name);
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/**
 * Permission for an action on a role by its name. A role that doesn't exist is asked for without a path: nobody knows
 * it.
 */
export const onRole =
  <Input extends { readonly RoleName?: string | undefined }>(
    action: string,
    context: (input: Input, call: Call) => Permission["context"] = () => undefined,
  ) =>
  (input: Input, call: Call): Permission => {
    const name = input.RoleName ?? "";
    const role = call.cloud.identities.iam(call.account).roles.get(name);
    return {
      action: `iam:${action}`,
      resource: role?.arn ?? arnWithPath(call, "role", "/", name),
      context: { ...resourceTags(role?.tags), ...context(input, call) },
    };
  };

/**
 * The boundary that the role has, for the actions that change what it may do (Service Authorization Reference, IAM).
 */
export const boundBy = ({ RoleName = "" }: { readonly RoleName?: string | undefined }, call: Call) => ({
  "iam:PermissionsBoundary": call.cloud.identities.iam(call.account).roles.get(RoleName)?.boundary,
});

/** For actions that take no resource, such as lists of all roles. */
export const onAnything = (action: string) => (): Permission => ({ action: `iam:${action}`, resource: "*" });

/**
 * A managed policy of the account or of AWS.
 * @throws AwsError ValidationError for what is no ARN, InvalidInput for what isn't a policy's, NoSuchEntity with
 *   `sentence` behind the ARN
 */
export function findPolicy(call: Call, arn = "", sentence = "was not found.", what = "Policy"): ManagedPolicy {
  const parsed = parseArn(arn);
  // Recorded on AWS by another project's tests, with both spaces.
  if (!parsed) throw new AwsError("ValidationError", "Invalid ARN:  Could not be parsed!", { status: 400 });
  if (parsed.service !== "iam" || !parsed.resource.startsWith("policy/"))
    throw new AwsError("InvalidInput", `ARN ${arn} is not valid.`);
  const policy = call.cloud.identities.managedPolicy(call.account, arn);
  if (policy) return policy;
  const kept = [...AWS_MANAGED_POLICIES.keys()].join(" and ");
  const hint = parsed.account === "aws" ? ` (Of AWS's own policies this embedded AWS has ${kept}.)` : "";
  throw noSuchEntity(`${what} ${arn} ${sentence}${hint}`);
}

/** Permission for an action on a managed policy by its ARN. */
export const onPolicy =
  (action: string) =>
  (input: { readonly PolicyArn?: string | undefined }, call: Call): Permission => {
    const arn = input.PolicyArn ?? "";
    const tags = resourceTags(call.cloud.identities.managedPolicy(call.account, arn)?.tags);
    // AWS's own policies are read with the caller's permissions alone.
    const ofAws = parseArn(arn)?.account === "aws";
    return {
      action: `iam:${action}`,
      resource: arn,
      context: tags,
      ...(ofAws ? { resourceAccount: call.account } : {}),
    };
  };

/** Documents in answers are URL-encoded by RFC 3986 (`GetRole` in the API reference). */
export const encodedDocument = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** As ListRoles shows a role: without tags, boundary and last use. */
export const listedRole = (call: Call, role: Role): ShownRole => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.uniqueId,
  Arn: role.arn,
  CreateDate: role.createdAt,
  AssumeRolePolicyDocument: encodedDocument(shownPolicy(call.cloud, role.trust)),
  MaxSessionDuration: role.maxSessionDuration,
  ...(role.description === undefined ? {} : { Description: role.description }),
});

/** As CreateRole shows it: neither MaxSessionDuration nor RoleLastUsed (recorded on AWS by another project's tests). */
export function createdRole(call: Call, role: Role): ShownRole {
  const { MaxSessionDuration: _, ...shown } = listedRole(call, role);
  return { ...shown, ...shownBoundary(role), ...shownTags(role.tags) };
}

/** As GetRole shows it. */
export const shownRole = (call: Call, role: Role): ShownRole => ({
  ...listedRole(call, role),
  ...shownBoundary(role),
  ...shownTags(role.tags),
  RoleLastUsed: role.lastUsed ? { LastUsedDate: role.lastUsed.at, Region: role.lastUsed.region } : {},
});

export const shownBoundary = ({ boundary }: Identity): Pick<ShownRole, "PermissionsBoundary"> =>
  boundary === undefined
    ? {}
    : {
        PermissionsBoundary: {
          // AWS answers "Policy"; its API model knows only the other word.
          PermissionsBoundaryType: "Policy" as "PermissionsBoundaryPolicy",
          PermissionsBoundaryArn: boundary,
        },
      };

/** Users and roles of the account that have the policy attached, or as their boundary. */
export function usersOf(call: Call, arn: string, usage: "attached" | "boundary"): Identity[] {
  const { users, roles } = call.cloud.identities.iam(call.account);
  return [...users.values(), ...roles.values()].filter((identity) =>
    usage === "attached" ? identity.attached.has(arn) : identity.boundary === arn,
  );
}

/** The only version of every managed policy. */
export const VERSION = "v1";

/** A managed policy without description and tags. */
export const listedPolicy = (call: Call, policy: ManagedPolicy): ShownPolicy => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: VERSION,
  AttachmentCount: usersOf(call, policy.arn, "attached").length,
  PermissionsBoundaryUsageCount: usersOf(call, policy.arn, "boundary").length,
  IsAttachable: true,
  CreateDate: policy.createdAt,
  UpdateDate: policy.createdAt,
});
