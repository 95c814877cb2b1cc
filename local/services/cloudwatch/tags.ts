import type { Tag } from "@aws-sdk/client-cloudwatch";
import { invalid } from "./checks.ts";

/** Limits: `Tag` in the API reference. @throws AwsError InvalidParameterValue */
export function tagsFrom(list: readonly Tag[] | undefined): Map<string, string> {
  const tags = new Map<string, string>();
  for (const { Key = "", Value = "" } of list ?? []) {
    if (Key === "" || Key.length > 128 || Value.length > 256 || Key.startsWith("aws:"))
      throw invalid(
        `"${Key}" = "${Value}" can't be a tag: a key has 1 to 128 characters and doesn't begin with "aws:", a value up to 256.`,
      );
    tags.set(Key, Value);
  }
  if (tags.size > 50) throw invalid(`An alarm has at most 50 tags, not ${tags.size}.`);
  return tags;
}

/** Condition keys of a request with tags. */
export const tagContext = (tags: readonly Tag[] | undefined): Record<string, string | string[]> =>
  tags === undefined
    ? {}
    : {
        "aws:TagKeys": tags.map(({ Key = "" }) => Key),
        ...Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [`aws:RequestTag/${Key}`, Value])),
      };
