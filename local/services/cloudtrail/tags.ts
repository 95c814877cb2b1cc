// Tags of trails.
import type { CloudTrail, Tag } from "@aws-sdk/client-cloudtrail";
import { AwsError } from "../../core/errors.ts";
import { operations } from "../../core/service.ts";
import { onTrail, trailOf, type Trail } from "./state.ts";

const MAX_TAGS = 50;

/** @throws AwsError TagsLimitExceededException */
export function tagged(trail: Pick<Trail, "tags">, tags: readonly Tag[] = []): void {
  for (const { Key = "", Value = "" } of tags) trail.tags.set(Key, Value);
  if (trail.tags.size > MAX_TAGS)
    throw new AwsError("TagsLimitExceededException", `A trail may have at most ${MAX_TAGS} tags.`);
}

export const tags = operations<CloudTrail>({
  AddTags: {
    authorize: ({ ResourceId }, call) => onTrail(call, "AddTags", ResourceId),
    run: ({ ResourceId, TagsList }, call) => {
      tagged(trailOf(call, ResourceId), TagsList);
      return {};
    },
  },
  RemoveTags: {
    authorize: ({ ResourceId }, call) => onTrail(call, "RemoveTags", ResourceId),
    run: ({ ResourceId, TagsList = [] }, call) => {
      const { tags } = trailOf(call, ResourceId);
      for (const { Key = "" } of TagsList) tags.delete(Key);
      return {};
    },
  },
  ListTags: {
    authorize: ({ ResourceIdList = [] }, call) => ResourceIdList.map((id) => onTrail(call, "ListTags", id)),
    run: ({ ResourceIdList = [] }, call) => ({
      ResourceTagList: ResourceIdList.map((ResourceId) => ({
        ResourceId,
        TagsList: [...trailOf(call, ResourceId).tags].map(([Key, Value]) => ({ Key, Value })),
      })),
    }),
  },
});
