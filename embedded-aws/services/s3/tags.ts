// A bucket's tags by S3 Control's operations, which sign as S3 does: newer Pulumi and Terraform providers ask for
// them. No other part of S3 Control is here.
import type { S3Control } from "@aws-sdk/client-s3-control";
import { operations } from "../../core/service.ts";
import { mergedTags, tagging, tagList } from "../../core/tags.ts";
import { badTags } from "./settings.ts";
import { bucketOf, bucketPermission } from "./state.ts";

interface Tagged {
  readonly ResourceArn?: string | undefined;
}
const bucketIn = ({ ResourceArn = "" }: Tagged) => ({ Bucket: ResourceArn.split(":").at(-1) ?? "" });

const { add, remove, list } = tagging<Tagged>({
  permission: (action, input, call) => bucketPermission(`s3:${action}`, bucketIn(input).Bucket, call),
  tags: (input, call) => bucketOf(bucketIn(input), call).tags,
  merged: (present, given) => mergedTags(present, given, badTags),
});

export const bucketTags = operations<S3Control>({
  TagResource: add("TagResource"),
  UntagResource: remove("UntagResource"),
  ListTagsForResource: list("ListTagsForResource", (of) => ({ Tags: tagList(of) })),
});

/** The part of S3 Control's model that {@link bucketTags} answers. */
export async function taggingModel(): Promise<object> {
  const { TagResource$, UntagResource$, ListTagsForResource$ } = await import("@aws-sdk/client-s3-control");
  return { TagResource$, UntagResource$, ListTagsForResource$ };
}
