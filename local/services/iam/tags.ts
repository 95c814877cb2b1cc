// Tags of roles, managed policies and identity providers: three operations each, the same for all.
import type { Tag } from "@aws-sdk/client-iam";
import { checkConstraints } from "../../core/constraints.ts";
import { AwsError } from "../../core/errors.ts";
import type { AnyOperation, Call, Permission } from "../../core/service.ts";
import { pageOf } from "./page.ts";

const MAX_TAGS = 50;
// `Tag` in IAM's API reference.
const CHARACTERS = /[\p{L}\p{Z}\p{N}_.:/=+\-@]*/u;
const CONSTRAINTS = { Key: { min: 1, max: 128, pattern: CHARACTERS }, Value: { max: 256, pattern: CHARACTERS } };

/**
 * Tags of a request.
 * @param present those that the resource has already
 * @returns both together
 * @throws AwsError ValidationError, InvalidInput for a key that stands twice, LimitExceeded
 */
export function mergedTags(
  tags: readonly Tag[] = [],
  present: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  tags.forEach((tag, index) => {
    checkConstraints({ ...tag }, CONSTRAINTS, `tags.${index + 1}.member.`);
  });
  const keys = tags.map(({ Key = "" }) => Key.toLowerCase());
  if (new Set(keys).size < keys.length)
    throw new AwsError("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  // Keys differ by more than their case; a new spelling takes the old one's place («Rules for tagging in IAM and AWS STS»).
  const merged = new Map([...present].filter(([key]) => !keys.includes(key.toLowerCase())));
  for (const { Key = "", Value = "" } of tags) merged.set(Key, Value);
  // The words are not confirmed.
  if (merged.size > MAX_TAGS) throw new AwsError("LimitExceeded", `The number of tags cannot exceed ${MAX_TAGS}.`);
  return merged;
}

export const shownTags = (tags: ReadonlyMap<string, string>): { Tags?: Tag[] } =>
  tags.size === 0 ? {} : { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };

/** Condition keys of what is tagged. */
export const resourceTags = (tags: ReadonlyMap<string, string> = new Map()): Record<string, string> =>
  Object.fromEntries(
    [...tags].flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`iam:ResourceTag/${key}`, value],
    ]),
  );

/** Condition keys of the tags that a request brings, or takes away by their keys. */
export const requestTags = (
  tags: readonly Tag[] = [],
  keys: readonly string[] = [],
): Record<string, string | string[]> => ({
  ...Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [`aws:RequestTag/${Key}`, Value])),
  ...(tags.length + keys.length > 0 ? { "aws:TagKeys": [...tags.map(({ Key = "" }) => Key), ...keys] } : {}),
});

interface TagInput {
  readonly Tags?: readonly Tag[];
  readonly TagKeys?: readonly string[];
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** TagRole, UntagRole, ListRoleTags, and the same for the other kinds. */
export const tagOperations = (
  kind: "Role" | "Policy" | "OpenIDConnectProvider",
  permission: (action: string) => (input: never, call: Call) => Permission,
  find: (input: never, call: Call) => { tags: Map<string, string> },
): Readonly<Record<string, AnyOperation>> => {
  const authorize =
    (action: string) =>
    (input: TagInput, call: Call): Permission => {
      const needed = permission(action)(input as never, call);
      return { ...needed, context: { ...needed.context, ...requestTags(input.Tags, input.TagKeys) } };
    };
  return {
    [`Tag${kind}`]: {
      authorize: authorize(`Tag${kind}`),
      run: (input: TagInput, call: Call) => {
        const tagged = find(input as never, call);
        tagged.tags = mergedTags(input.Tags, tagged.tags);
        return {};
      },
    },
    [`Untag${kind}`]: {
      authorize: authorize(`Untag${kind}`),
      run: (input: TagInput, call: Call) => {
        const { tags } = find(input as never, call);
        for (const key of input.TagKeys ?? []) tags.delete(key);
        return {};
      },
    },
    [`List${kind}Tags`]: {
      authorize: authorize(`List${kind}Tags`),
      run: (input: TagInput, call: Call) => {
        const { items, end } = pageOf(find(input as never, call).tags, ([key]) => key, input);
        return { Tags: items.map(([Key, Value]) => ({ Key, Value })), ...end };
      },
    },
  };
};
