// Managed policies: documents of their own, in up to five versions, attached to whom they are for.
import type { IAM, PolicyVersion } from "@aws-sdk/client-iam";
import { parseArn } from "../../core/arn.ts";
import { AWS_MANAGED_POLICIES } from "../../core/aws-managed-policies.ts";
import { AwsError } from "../../core/errors.ts";
import { uniqueId } from "../../core/ids.ts";
import type { ManagedPolicy, StoredPolicy } from "../../core/managed-policy.ts";
import { readPolicy } from "../../core/policies.ts";
import { operations, type Call } from "../../core/service.ts";
import { creating, tagList } from "../../core/tags.ts";
import { policySize } from "../../language/policy/index.ts";
import {
  arnWithPath,
  conflict,
  encodedDocument,
  exists,
  findPolicy,
  limitExceeded,
  listedPolicy,
  noSuchEntity,
  onAnything,
  onPolicy,
  usersOf,
} from "./entities.ts";
import { pageOf } from "./page.ts";
import { newTags, shownTags, tagOperations } from "./tags.ts";

// «IAM and AWS STS quotas».
const MAX_POLICY = 6144;
const MAX_VERSIONS = 5;

function readDocument(call: Call, text = ""): StoredPolicy {
  const document = readPolicy(call.cloud, text, "identity");
  if (policySize(text) > MAX_POLICY) throw limitExceeded(`Cannot exceed quota for PolicySize: ${MAX_POLICY}`);
  return document;
}

/** A policy that the account may change. AWS's own are nobody's to change: the words are not confirmed. */
function findOwn(call: Call, arn = ""): ManagedPolicy {
  const policy = findPolicy(call, arn);
  if (parseArn(arn)?.account === "aws")
    throw new AwsError("AccessDenied", `Policy ${arn} is AWS's own: it can't be changed.`, { status: 403 });
  return policy;
}

function findVersion(policy: ManagedPolicy, id = "") {
  const version = policy.versions.get(id);
  if (!version) throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return version;
}

const shownVersion = (policy: ManagedPolicy, id: string, createdAt: Date): PolicyVersion => ({
  VersionId: id,
  IsDefaultVersion: id === policy.defaultVersion,
  CreateDate: createdAt,
});

export const managedPolicies = {
  ...operations<IAM>({
    CreatePolicy: {
      authorize: (input, call) => {
        const resource = arnWithPath(call, "policy", input.Path ?? "/", input.PolicyName ?? "");
        return creating({ action: "iam:CreatePolicy", resource }, "iam:TagPolicy", input.Tags);
      },
      run: (input, call) => {
        const { PolicyName: name = "", Path: path = "/" } = input;
        const { policies } = call.cloud.identities.iam(call.account);
        // Names are unique whatever their case and path (`CreatePolicy` in the API reference).
        if ([...policies.values()].some((other) => other.name.toLowerCase() === name.toLowerCase()))
          throw exists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
        const createdAt = call.time;
        const policy: ManagedPolicy = {
          name,
          id: uniqueId("ANPA"),
          arn: arnWithPath(call, "policy", path, name),
          path,
          description: input.Description,
          createdAt,
          updatedAt: createdAt,
          tags: newTags(input.Tags),
          defaultVersion: "v1",
          nextVersion: 2,
          versions: new Map([["v1", { ...readDocument(call, input.PolicyDocument), createdAt }]]),
        };
        policies.set(policy.arn, policy);
        return { Policy: { ...listedPolicy(call, policy), ...shownTags(policy.tags) } };
      },
      record: { response: (output) => output },
    },
    GetPolicy: {
      authorize: onPolicy("GetPolicy"),
      run: (input, call) => {
        const policy = findPolicy(call, input.PolicyArn);
        const { description } = policy;
        return {
          Policy: {
            ...listedPolicy(call, policy),
            // An empty list where there are none (recorded on AWS by another project's tests).
            Tags: tagList(policy.tags),
            ...(description === undefined ? {} : { Description: description }),
          },
        };
      },
    },
    ListPolicies: {
      authorize: onAnything("ListPolicies"),
      run: (input, call) => {
        const { Scope: scope = "All", PathPrefix: prefix = "/", PolicyUsageFilter: usage } = input;
        const own = call.cloud.identities.iam(call.account).policies.values();
        const all = [...(scope === "AWS" ? [] : own), ...(scope === "Local" ? [] : AWS_MANAGED_POLICIES.values())];
        const used = (arn: string, as: "attached" | "boundary") => usersOf(call, arn, as).length > 0;
        const wanted = all.filter(
          ({ arn, path }) =>
            path.startsWith(prefix) &&
            (!input.OnlyAttached || used(arn, "attached")) &&
            (usage === undefined || used(arn, usage === "PermissionsBoundary" ? "boundary" : "attached")),
        );
        const { items, end } = pageOf(wanted, ({ arn }) => arn, input);
        return { Policies: items.map((policy) => listedPolicy(call, policy)), ...end };
      },
    },
    DeletePolicy: {
      authorize: onPolicy("DeletePolicy"),
      run: (input, call) => {
        const { arn, versions } = findOwn(call, input.PolicyArn);
        if (usersOf(call, arn, "attached").length + usersOf(call, arn, "boundary").length > 0)
          throw conflict("Cannot delete a policy attached to entities.");
        if (versions.size > 1)
          throw conflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's " +
              "versions. The default version is deleted with the policy.",
          );
        call.cloud.identities.iam(call.account).policies.delete(arn);
        return {};
      },
    },
    CreatePolicyVersion: {
      authorize: onPolicy("CreatePolicyVersion"),
      run: (input, call) => {
        const policy = findOwn(call, input.PolicyArn);
        const document = readDocument(call, input.PolicyDocument);
        if (policy.versions.size >= MAX_VERSIONS)
          throw limitExceeded(
            `A managed policy can have up to ${MAX_VERSIONS} versions. Before you create a new version, you must ` +
              "delete an existing version.",
          );
        const id = `v${policy.nextVersion++}`;
        policy.versions.set(id, { ...document, createdAt: call.time });
        if (input.SetAsDefault) policy.defaultVersion = id;
        policy.updatedAt = call.time;
        return { PolicyVersion: shownVersion(policy, id, call.time) };
      },
      record: { response: (output) => output },
    },
    GetPolicyVersion: {
      authorize: onPolicy("GetPolicyVersion"),
      run: (input, call) => {
        const policy = findPolicy(call, input.PolicyArn);
        const { text, createdAt } = findVersion(policy, input.VersionId);
        const shown = shownVersion(policy, input.VersionId ?? "", createdAt);
        return { PolicyVersion: { ...shown, Document: encodedDocument(text) } };
      },
    },
    ListPolicyVersions: {
      authorize: onPolicy("ListPolicyVersions"),
      run: (input, call) => {
        const policy = findPolicy(call, input.PolicyArn);
        // v2 comes before v10.
        const { items, end } = pageOf(policy.versions, ([id]) => id.padStart(12), input);
        return { Versions: items.map(([id, { createdAt }]) => shownVersion(policy, id, createdAt)), ...end };
      },
    },
    SetDefaultPolicyVersion: {
      authorize: onPolicy("SetDefaultPolicyVersion"),
      run: (input, call) => {
        const policy = findOwn(call, input.PolicyArn);
        findVersion(policy, input.VersionId);
        policy.defaultVersion = input.VersionId ?? "";
        policy.updatedAt = call.time;
        return {};
      },
    },
    DeletePolicyVersion: {
      authorize: onPolicy("DeletePolicyVersion"),
      run: (input, call) => {
        const policy = findOwn(call, input.PolicyArn);
        findVersion(policy, input.VersionId);
        if (input.VersionId === policy.defaultVersion) throw conflict("Cannot delete the default version of a policy.");
        policy.versions.delete(input.VersionId ?? "");
        policy.updatedAt = call.time;
        return {};
      },
    },
  }),
  ...tagOperations("Policy", onPolicy, ({ PolicyArn }: { PolicyArn?: string }, call) => findOwn(call, PolicyArn)),
};
