// Tags of tables.
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import { operations } from "../../core/service.ts";
import { mergedTags, tagList, tagging } from "../../core/tags.ts";
import { invalid, onTable, settingsOf } from "./state.ts";

const { add, remove, list } = tagging<{ readonly ResourceArn?: string | undefined }>({
  permission: (action, { ResourceArn }, call) => onTable(call, action, ResourceArn),
  tags: ({ ResourceArn }, call) => settingsOf(ResourceArn, call).tags,
  merged: (present, given) => mergedTags(present, given, invalid),
});

export const tags = operations<DynamoDB>({
  TagResource: add("TagResource"),
  UntagResource: remove("UntagResource"),
  // A table has at most 50 tags: one page.
  ListTagsOfResource: list("ListTagsOfResource", (of) => ({ Tags: tagList(of) })),
});
