// What there is in an account: everybody with their policies, and how near its quotas it is.
import type { EntityType, IAM, ManagedPolicyDetail, RoleDetail, UserDetail } from "@aws-sdk/client-iam";
import { AWS_MANAGED_POLICIES } from "../../core/aws-managed-policies.ts";
import type { Identity, Role } from "../../core/identity.ts";
import type { ManagedPolicy } from "../../core/managed-policy.ts";
import { ROLES, TRUST_POLICY, quotaOf } from "../../core/quotas.ts";
import { operations, type Call } from "../../core/service.ts";
import {
  VERSION,
  encodedDocument,
  findPolicy,
  listedPolicy,
  listedRole,
  onAnything,
  shownBoundary,
  shownRole,
} from "./entities.ts";
import { pageOf } from "./page.ts";
import { shownTags } from "./tags.ts";

const inlineOf = ({ inline }: Identity) =>
  [...inline].map(([PolicyName, { text }]) => ({ PolicyName, PolicyDocument: encodedDocument(text) }));
const attachedTo = (call: Call, { attached }: Identity) =>
  [...attached].map((arn) => ({ PolicyName: findPolicy(call, arn).name, PolicyArn: arn }));

/** Neither MaxSessionDuration nor Description: its shape has none (RoleDetail, API reference). */
function roleDetail(call: Call, role: Role): RoleDetail {
  const { MaxSessionDuration: _, Description: __, ...listed } = listedRole(call, role);
  const { RoleLastUsed } = shownRole(call, role);
  return {
    ...listed,
    ...shownBoundary(role),
    ...shownTags(role.tags),
    ...(RoleLastUsed ? { RoleLastUsed } : {}),
    InstanceProfileList: [],
    RolePolicyList: inlineOf(role),
    AttachedManagedPolicies: attachedTo(call, role),
  };
}

const userDetail = (call: Call, user: Identity): UserDetail => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.uniqueId,
  Arn: user.arn,
  CreateDate: user.createdAt,
  UserPolicyList: inlineOf(user),
  GroupList: [],
  AttachedManagedPolicies: attachedTo(call, user),
  ...shownBoundary(user),
  ...shownTags(user.tags),
});

function policyDetail(call: Call, policy: ManagedPolicy): ManagedPolicyDetail {
  const Document = encodedDocument(policy.text);
  return {
    ...listedPolicy(call, policy),
    PolicyVersionList: [{ Document, VersionId: VERSION, IsDefaultVersion: true, CreateDate: policy.createdAt }],
  };
}

/** One thing of the account, in the list of the answer that it belongs to. */
interface Detail {
  readonly key: string;
  readonly type: EntityType;
  readonly of: "UserDetailList" | "RoleDetailList" | "Policies";
  readonly detail: UserDetail | RoleDetail | ManagedPolicyDetail;
}

/** «GetAccountAuthorizationDetails», API reference: one listing of all, by pages, each kind in its own list. */
function detailsOf(call: Call): readonly Detail[] {
  const { users, roles, policies } = call.cloud.identities.iam(call.account);
  const policy = (type: EntityType) => (of: ManagedPolicy) =>
    ({ key: `3 ${of.arn}`, type, of: "Policies", detail: policyDetail(call, of) }) as const;
  // Of AWS's own policies, as on AWS, those that somebody has.
  const used = [...AWS_MANAGED_POLICIES.values()].filter(
    (of) =>
      (listedPolicy(call, of).AttachmentCount ?? 0) + (listedPolicy(call, of).PermissionsBoundaryUsageCount ?? 0) > 0,
  );
  return [
    ...[...users.values()].map(
      (user) =>
        ({ key: `1 ${user.name}`, type: "User", of: "UserDetailList", detail: userDetail(call, user) }) as const,
    ),
    ...[...roles.values()].map(
      (role) =>
        ({ key: `2 ${role.name}`, type: "Role", of: "RoleDetailList", detail: roleDetail(call, role) }) as const,
    ),
    ...[...policies.values()].map(policy("LocalManagedPolicy")),
    ...used.map(policy("AWSManagedPolicy")),
  ];
}

/** «IAM and AWS STS quotas»: as roles.ts and its neighbours enforce them. */
const quotas = (call: Call) => ({
  AssumeRolePolicySizeQuota: quotaOf(call.cloud, TRUST_POLICY, call),
  AttachedPoliciesPerRoleQuota: 10,
  PoliciesQuota: 1500,
  PolicySizeQuota: 6144,
  RolePolicySizeQuota: 10_240,
  RolesQuota: quotaOf(call.cloud, ROLES, call),
  UsersQuota: 5000,
});

export const account = operations<IAM>({
  GetAccountAuthorizationDetails: {
    authorize: onAnything("GetAccountAuthorizationDetails"),
    run: (input, call) => {
      const wanted = detailsOf(call).filter(({ type }) => input.Filter === undefined || input.Filter.includes(type));
      const { items, end } = pageOf(wanted, ({ key }) => key, input);
      const list = (name: Detail["of"]) => items.filter(({ of }) => of === name).map(({ detail }) => detail);
      return {
        UserDetailList: list("UserDetailList"),
        GroupDetailList: [],
        RoleDetailList: list("RoleDetailList"),
        Policies: list("Policies"),
        ...end,
      };
    },
  },
  GetAccountSummary: {
    authorize: onAnything("GetAccountSummary"),
    run: (_input, call) => {
      const { users, roles, policies } = call.cloud.identities.iam(call.account);
      const SummaryMap = { Groups: 0, Policies: policies.size, Roles: roles.size, Users: users.size, ...quotas(call) };
      return { SummaryMap };
    },
  },
});
