// Tags of trails.
import type { CloudTrail } from "@aws-sdk/client-cloudtrail";
import { AwsError } from "../../core/errors.ts";
import { operations } from "../../core/service.ts";
import { mergedTags, tagList, tagging } from "../../core/tags.ts";
import { onTrail, trailOf } from "./state.ts";

/** What AWS says to a key or a value that can't be is not confirmed. */
export const badTags = (message: string) => new AwsError("InvalidTagParameterException", message);

const { add, remove } = tagging<{ readonly ResourceId?: string | undefined }>({
  permission: (action, { ResourceId }, call) => onTrail(call, action, ResourceId),
  tags: ({ ResourceId }, call) => trailOf(call, ResourceId).tags,
  merged: (present, given) => mergedTags(present, given, badTags),
});

export const tags = operations<CloudTrail>({
  AddTags: add("AddTags"),
  RemoveTags: remove("RemoveTags"),
  ListTags: {
    authorize: ({ ResourceIdList = [] }, call) => ResourceIdList.map((id) => onTrail(call, "ListTags", id)),
    run: ({ ResourceIdList = [] }, call) => ({
      ResourceTagList: ResourceIdList.map((ResourceId) => ({
        ResourceId,
        TagsList: tagList(trailOf(call, ResourceId).tags),
      })),
    }),
  },
});
