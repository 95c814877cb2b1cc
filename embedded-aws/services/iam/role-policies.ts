// What a role may do: policies written into it, and managed ones attached to it.
import type { IAM } from "@aws-sdk/client-iam";
import type { Role } from "../../core/identity.ts";
import { readPolicy } from "../../core/policies.ts";
import { operations, type Call } from "../../core/service.ts";
import { policySize } from "../../language/policy/index.ts";
import { boundBy, encodedDocument, findPolicy, findRole, limitExceeded, noSuchEntity, onRole } from "./entities.ts";
import { pageOf } from "./page.ts";

// «IAM and AWS STS quotas»: all inline policies of a role together, without white space; attached policies, by default.
const MAX_INLINE = 10_240;
const MAX_ATTACHED = 10;

function findInline(role: Role, name = "") {
  const policy = role.inline.get(name);
  if (!policy) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
  return policy;
}

const attaching = (input: { RoleName: string | undefined; PolicyArn: string | undefined }, call: Call) => ({
  ...boundBy(input, call),
  "iam:PolicyARN": input.PolicyArn,
});

export const rolePolicies = operations<IAM>({
  PutRolePolicy: {
    authorize: onRole("PutRolePolicy", boundBy),
    run: (input, call) => {
      const role = findRole(call, input.RoleName);
      const { PolicyName: name = "", PolicyDocument: text = "" } = input;
      const policy = readPolicy(call.cloud, text, "identity");
      const others = [...role.inline].filter(([other]) => other !== name);
      const size = others.reduce((sum, [, other]) => sum + policySize(other.text), policySize(text));
      if (size > MAX_INLINE)
        throw limitExceeded(`Maximum policy size of ${MAX_INLINE} bytes exceeded for role ${role.name}`);
      role.inline.set(name, policy);
      return {};
    },
  },
  GetRolePolicy: {
    authorize: onRole("GetRolePolicy"),
    run: (input, call) => {
      const role = findRole(call, input.RoleName);
      const { text } = findInline(role, input.PolicyName);
      return { RoleName: role.name, PolicyName: input.PolicyName, PolicyDocument: encodedDocument(text) };
    },
  },
  ListRolePolicies: {
    authorize: onRole("ListRolePolicies"),
    run: (input, call) => {
      const { items, end } = pageOf(findRole(call, input.RoleName).inline.keys(), (name) => name, input);
      return { PolicyNames: items, ...end };
    },
  },
  DeleteRolePolicy: {
    authorize: onRole("DeleteRolePolicy", boundBy),
    run: (input, call) => {
      const role = findRole(call, input.RoleName);
      findInline(role, input.PolicyName);
      role.inline.delete(input.PolicyName ?? "");
      return {};
    },
  },
  AttachRolePolicy: {
    authorize: onRole("AttachRolePolicy", attaching),
    run: (input, call) => {
      const role = findRole(call, input.RoleName);
      const { arn } = findPolicy(call, input.PolicyArn, "does not exist or is not attachable.");
      if (!role.attached.has(arn) && role.attached.size >= MAX_ATTACHED)
        throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${MAX_ATTACHED}`);
      role.attached.add(arn);
      return {};
    },
  },
  ListAttachedRolePolicies: {
    authorize: onRole("ListAttachedRolePolicies"),
    run: (input, call) => {
      const attached = [...findRole(call, input.RoleName).attached].map((arn) => findPolicy(call, arn));
      const within = attached.filter(({ path }) => path.startsWith(input.PathPrefix ?? "/"));
      const { items, end } = pageOf(within, ({ arn }) => arn, input);
      return { AttachedPolicies: items.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })), ...end };
    },
  },
  // No instances here, so no instance profile: the provider asks before it deletes a role.
  ListInstanceProfilesForRole: {
    authorize: onRole("ListInstanceProfilesForRole"),
    run: (input, call) => {
      findRole(call, input.RoleName);
      return { InstanceProfiles: [], IsTruncated: false };
    },
  },
  DetachRolePolicy: {
    authorize: onRole("DetachRolePolicy", attaching),
    run: (input, call) => {
      const role = findRole(call, input.RoleName);
      if (!role.attached.delete(input.PolicyArn ?? ""))
        throw noSuchEntity(`Policy ${input.PolicyArn ?? ""} was not found.`);
      return {};
    },
  },
});
