import type { DynamoDB, Tag } from "@aws-sdk/client-dynamodb";
import { operations, type Call } from "../../core/service.ts";
import { invalid, onTable, settingsOf } from "./state.ts";

/** Limits: «Tagging restrictions in DynamoDB». @throws AwsError ValidationException */
export function tagsFrom(list: readonly Tag[] | undefined): Map<string, string> {
  const tags = new Map<string, string>();
  for (const { Key = "", Value = "" } of list ?? []) {
    if (Key === "" || Key.length > 128 || Value.length > 256 || Key.startsWith("aws:"))
      throw invalid(
        `"${Key}" = "${Value}" can't be a tag: a key has 1 to 128 characters and doesn't begin with "aws:", a value up to 256.`,
      );
    tags.set(Key, Value);
  }
  if (tags.size > 50) throw invalid(`A table has at most 50 tags, not ${tags.size}.`);
  return tags;
}

/** Condition keys of a request with tags. */
export const tagContext = (tags: readonly Tag[] | undefined): Record<string, string | string[]> => ({
  "aws:TagKeys": (tags ?? []).map(({ Key = "" }) => Key),
  ...Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [`aws:RequestTag/${Key}`, Value])),
});

const onTagged = (call: Call, action: string, resourceArn: string | undefined, context = {}) => {
  const permission = onTable(call, action, resourceArn);
  return { ...permission, context: { ...permission.context, ...context } };
};

export const tags = operations<DynamoDB>({
  TagResource: {
    authorize: (input, call) => onTagged(call, "TagResource", input.ResourceArn, tagContext(input.Tags)),
    run: (input, call) => {
      const settings = settingsOf(input.ResourceArn, call);
      const added = tagsFrom(input.Tags);
      if (new Set([...settings.tags.keys(), ...added.keys()]).size > 50) throw invalid("A table has at most 50 tags.");
      for (const [key, value] of added) settings.tags.set(key, value);
      return {};
    },
  },
  UntagResource: {
    authorize: (input, call) =>
      onTagged(call, "UntagResource", input.ResourceArn, { "aws:TagKeys": input.TagKeys ?? [] }),
    run: (input, call) => {
      const settings = settingsOf(input.ResourceArn, call);
      for (const key of input.TagKeys ?? []) settings.tags.delete(key);
      return {};
    },
  },
  ListTagsOfResource: {
    authorize: (input, call) => onTagged(call, "ListTagsOfResource", input.ResourceArn),
    // A table has at most 50 tags: one page.
    run: (input, call) => ({
      Tags: [...settingsOf(input.ResourceArn, call).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  },
});
