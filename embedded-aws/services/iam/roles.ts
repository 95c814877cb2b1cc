// Roles: who may be them, and for how long.
import type { IAM } from "@aws-sdk/client-iam";
import { uniqueId } from "../../core/ids.ts";
import type { StoredPolicy } from "../../core/managed-policy.ts";
import { readPolicy } from "../../core/policies.ts";
import { ROLES, TRUST_POLICY, quotaOf } from "../../core/quotas.ts";
import { operations, type Call } from "../../core/service.ts";
import { creating } from "../../core/tags.ts";
import { policySize } from "../../language/policy/index.ts";
import {
  arnWithPath,
  boundBy,
  conflict,
  createdRole,
  exists,
  findPolicy,
  findRole,
  limitExceeded,
  listedRole,
  onAnything,
  onRole,
  shownRole,
} from "./entities.ts";
import { pageOf } from "./page.ts";
import { newTags, tagOperations } from "./tags.ts";

const DEFAULT_SESSION_SECONDS = 3600;

function readTrust(call: Call, text = ""): StoredPolicy {
  const trust = readPolicy(call.cloud, text, "trust");
  const quota = quotaOf(call.cloud, TRUST_POLICY, call);
  if (policySize(text) > quota) throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${quota}`);
  return trust;
}

/**
 * @throws AwsError NoSuchEntity: a boundary is a managed policy that exists. The words are in users' logs of CreateRole
 *   (openshift/rosa)
 */
const boundary = (call: Call, arn: string): string =>
  findPolicy(call, arn, "does not exist or is not attachable.", "Scope ARN:").arn;

export const roles = {
  ...operations<IAM>({
    CreateRole: {
      authorize: (input, call) => {
        const resource = arnWithPath(call, "role", input.Path ?? "/", input.RoleName ?? "");
        const create = {
          action: "iam:CreateRole",
          resource,
          context: { "iam:PermissionsBoundary": input.PermissionsBoundary },
        };
        // Tags on the way need the permission to tag as well («Tags for AWS Identity and Access Management resources»).
        return creating(create, "iam:TagRole", input.Tags);
      },
      run: (input, call) => {
        const { RoleName: name = "", Path: path = "/" } = input;
        const { roles: present } = call.cloud.identities.iam(call.account);
        // Names are unique whatever their case (`CreateRole` in the API reference).
        if ([...present.keys()].some((other) => other.toLowerCase() === name.toLowerCase()))
          throw exists(`Role with name ${name} already exists.`);
        const quota = quotaOf(call.cloud, ROLES, call);
        if (present.size >= quota) throw limitExceeded(`Cannot exceed quota for RolesPerAccount: ${quota}`);
        const role = {
          name,
          arn: arnWithPath(call, "role", path, name),
          uniqueId: uniqueId("AROA"),
          path,
          createdAt: call.time,
          inline: new Map<string, StoredPolicy>(),
          attached: new Set<string>(),
          boundary: input.PermissionsBoundary === undefined ? undefined : boundary(call, input.PermissionsBoundary),
          tags: newTags(input.Tags),
          trust: readTrust(call, input.AssumeRolePolicyDocument),
          description: input.Description,
          maxSessionDuration: input.MaxSessionDuration ?? DEFAULT_SESSION_SECONDS,
          lastUsed: undefined,
        };
        present.set(name, role);
        return { Role: createdRole(call, role) };
      },
      record: { response: (output) => output },
    },
    GetRole: {
      authorize: onRole("GetRole"),
      run: (input, call) => ({ Role: shownRole(call, findRole(call, input.RoleName)) }),
    },
    ListRoles: {
      authorize: onAnything("ListRoles"),
      run: (input, call) => {
        const within = [...call.cloud.identities.iam(call.account).roles.values()].filter(({ path }) =>
          path.startsWith(input.PathPrefix ?? "/"),
        );
        const { items, end } = pageOf(within, ({ name }) => name, input);
        return { Roles: items.map((role) => listedRole(call, role)), ...end };
      },
    },
    UpdateRole: {
      authorize: onRole("UpdateRole"),
      run: (input, call) => {
        const role = findRole(call, input.RoleName);
        if (input.Description !== undefined) role.description = input.Description;
        // «If you do not specify a value for this setting, the default value of one hour is applied» (`UpdateRole` in
        // the API reference).
        role.maxSessionDuration = input.MaxSessionDuration ?? DEFAULT_SESSION_SECONDS;
        return {};
      },
    },
    UpdateRoleDescription: {
      authorize: onRole("UpdateRoleDescription"),
      run: (input, call) => {
        const role = findRole(call, input.RoleName);
        role.description = input.Description;
        return { Role: shownRole(call, role) };
      },
      record: { response: (output) => output },
    },
    UpdateAssumeRolePolicy: {
      authorize: onRole("UpdateAssumeRolePolicy"),
      run: (input, call) => {
        const role = findRole(call, input.RoleName);
        role.trust = readTrust(call, input.PolicyDocument);
        return {};
      },
    },
    DeleteRole: {
      authorize: onRole("DeleteRole"),
      run: (input, call) => {
        const role = findRole(call, input.RoleName);
        if (role.attached.size > 0) throw conflict("Cannot delete entity, must detach all policies first.");
        if (role.inline.size > 0) throw conflict("Cannot delete entity, must delete policies first.");
        call.cloud.identities.iam(call.account).roles.delete(role.name);
        return {};
      },
    },
    PutRolePermissionsBoundary: {
      authorize: onRole("PutRolePermissionsBoundary", (input) => ({
        "iam:PermissionsBoundary": input.PermissionsBoundary,
      })),
      run: (input, call) => {
        findRole(call, input.RoleName).boundary = boundary(call, input.PermissionsBoundary ?? "");
        return {};
      },
    },
    DeleteRolePermissionsBoundary: {
      authorize: onRole("DeleteRolePermissionsBoundary", boundBy),
      run: (input, call) => {
        findRole(call, input.RoleName).boundary = undefined;
        return {};
      },
    },
  }),
  ...tagOperations("Role", onRole, ({ RoleName }: { RoleName?: string }, call) => findRole(call, RoleName)),
};
