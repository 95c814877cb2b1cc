// Managed policies: documents of their own, of one version each here, attached to whom they are for.
import type { IAM } from "@aws-sdk/client-iam";
import { parseArn } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import { uniqueId } from "../../core/ids.ts";
import type { ManagedPolicy, StoredPolicy } from "../../core/managed-policy.ts";
import { readPolicy } from "../../core/policies.ts";
import { operations, type Call } from "../../core/service.ts";
import { creating, tagList } from "../../core/tags.ts";
import { policySize } from "../../language/policy/index.ts";
import {
  VERSION,
  arnWithPath,
  conflict,
  encodedDocument,
  exists,
  findPolicy,
  limitExceeded,
  listedPolicy,
  noSuchEntity,
  onPolicy,
  usersOf,
} from "./entities.ts";
import { newTags, shownTags } from "./tags.ts";

// «IAM and AWS STS quotas».
const MAX_POLICY = 6144;

function readDocument(call: Call, text = ""): StoredPolicy {
  const document = readPolicy(call.cloud, text, "identity");
  if (policySize(text) > MAX_POLICY) throw limitExceeded(`Cannot exceed quota for PolicySize: ${MAX_POLICY}`);
  return document;
}

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
        const policy: ManagedPolicy = {
          name,
          id: uniqueId("ANPA"),
          arn: arnWithPath(call, "policy", path, name),
          path,
          description: input.Description,
          createdAt: call.time,
          tags: newTags(input.Tags),
          ...readDocument(call, input.PolicyDocument),
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
    DeletePolicy: {
      authorize: onPolicy("DeletePolicy"),
      run: (input, call) => {
        const { arn } = findPolicy(call, input.PolicyArn);
        // AWS's own are nobody's to delete: the words are not confirmed.
        if (parseArn(arn)?.account === "aws")
          throw new AwsError("AccessDenied", `Policy ${arn} is AWS's own: it can't be deleted.`, { status: 403 });
        if (usersOf(call, arn, "attached").length + usersOf(call, arn, "boundary").length > 0)
          throw conflict("Cannot delete a policy attached to entities.");
        call.cloud.identities.iam(call.account).policies.delete(arn);
        return {};
      },
    },
    GetPolicyVersion: {
      authorize: onPolicy("GetPolicyVersion"),
      run: (input, call) => {
        const { arn, text, createdAt } = findPolicy(call, input.PolicyArn);
        if (input.VersionId !== VERSION)
          throw noSuchEntity(`Policy ${arn} version ${input.VersionId ?? ""} does not exist or is not attachable.`);
        const Document = encodedDocument(text);
        return { PolicyVersion: { Document, VersionId: VERSION, IsDefaultVersion: true, CreateDate: createdAt } };
      },
    },
  }),
};
