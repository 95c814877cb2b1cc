// Tags of roles, managed policies and identity providers: three operations each, the same for all.
import type { Tag } from "@aws-sdk/client-iam";
import { AwsError } from "../../core/errors.ts";
import type { AnyOperation, Call, Permission } from "../../core/service.ts";
import { resourceTagKeys, tagList, tagging, type GivenTags, type Tags } from "../../core/tags.ts";
import { pageOf, type Paging } from "./page.ts";

const MAX_TAGS = 50;

/**
 * Tags of a resource with those of a request, by IAM's own rules.
 * @throws AwsError InvalidInput for a reserved key or one that stands twice (its words are in users' logs of
 *   CloudFormation), LimitExceeded; the other words are not confirmed
 */
function mergedTags(present: Tags, given: GivenTags): Map<string, string> {
  const tags = (given ?? []) as readonly Tag[];
  const keys = tags.map(({ Key = "" }) => Key.toLowerCase());
  if (new Set(keys).size < keys.length)
    throw new AwsError("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  if (keys.some((key) => key.startsWith("aws:")))
    throw new AwsError("InvalidInput", "Tag keys that begin with aws: are reserved for system use.");
  // Keys differ by more than their case; a new spelling takes the old one's place («Rules for tagging in IAM and AWS
  // STS»).
  const merged = new Map([...present].filter(([key]) => !keys.includes(key.toLowerCase())));
  for (const { Key = "", Value = "" } of tags) merged.set(Key, Value);
  if (merged.size > MAX_TAGS) throw new AwsError("LimitExceeded", `The number of tags cannot exceed ${MAX_TAGS}.`);
  return merged;
}
export const newTags = (tags: readonly Tag[] | undefined): Map<string, string> => mergedTags(new Map(), tags);

export const shownTags = (tags: Tags): { Tags?: Tag[] } => (tags.size === 0 ? {} : { Tags: tagList(tags) });

/** Condition keys of what is tagged: IAM has its own beside the global ones. */
export const resourceTags = (tags: Tags = new Map()): Record<string, string> => ({
  ...resourceTagKeys(tags),
  ...Object.fromEntries([...tags].map(([key, value]) => [`iam:ResourceTag/${key}`, value])),
});

/** TagRole, UntagRole, ListRoleTags, and the same for the other kinds. */
export function tagOperations(
  kind: "Role" | "Policy" | "OpenIDConnectProvider",
  permission: (action: string) => (input: never, call: Call) => Permission,
  find: (input: never, call: Call) => { readonly tags: Map<string, string> },
): Readonly<Record<string, AnyOperation>> {
  const { add, remove, list } = tagging<Paging>({
    permission: (action, input, call) => permission(action)(input as never, call),
    tags: (input, call) => find(input as never, call).tags,
    merged: mergedTags,
  });
  return {
    [`Tag${kind}`]: add(`Tag${kind}`),
    [`Untag${kind}`]: remove(`Untag${kind}`),
    [`List${kind}Tags`]: list(`List${kind}Tags`, (tags, input) => {
      const { items, end } = pageOf(tags, ([key]) => key, input);
      return { Tags: tagList(new Map(items)), ...end };
    }),
  };
}
