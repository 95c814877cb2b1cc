// Tags of what IoT can tag here: thing types, thing groups, billing groups, topic rules. Things can't be tagged
// («Tagging your AWS IoT resources»).
import type { IoT } from "@aws-sdk/client-iot";
import { parseArn } from "../../core/arn.ts";
import { operations, type Call } from "../../core/service.ts";
import { mergedTags, tagList, tagging, type GivenTags } from "../../core/tags.ts";
import { invalid, notFound } from "./checks.ts";
import { RULES } from "./rules.ts";
import { REGISTRY } from "./state.ts";

/** Tags of a new resource. Throws InvalidRequestException. */
export const newTags = (given: GivenTags): Map<string, string> => mergedTags(new Map(), given, invalid);

/** Tags as `key=value&other=value`, how the header of CreateTopicRule has them. */
export const tagsOfHeader = (text: string | undefined): GivenTags =>
  [...new URLSearchParams(text ?? "")].map(([Key, Value]) => ({ Key, Value }));

function tagged(resourceArn: string | undefined, call: Call): Map<string, string> {
  const [kind = "", name = ""] = (parseArn(resourceArn ?? "")?.resource ?? "").split("/");
  const { types, groups, billingGroups } = call.cloud.state(REGISTRY, call);
  const { rules } = call.cloud.state(RULES, call);
  const resource = { thingtype: types, thinggroup: groups, billinggroup: billingGroups, rule: rules }[kind]?.get(name);
  if (!resource || resource.arn !== resourceArn) throw notFound("The resource", resourceArn ?? "");
  return resource.tags;
}

const { add, remove, list } = tagging<{ readonly resourceArn?: string | undefined }>({
  permission: (action, { resourceArn = "" }) => ({ action: `iot:${action}`, resource: resourceArn }),
  tags: ({ resourceArn }, call) => tagged(resourceArn, call),
  merged: (present, given) => mergedTags(present, given, invalid),
});

export const TAGS = operations<IoT>({
  TagResource: add("TagResource"),
  UntagResource: remove("UntagResource"),
  ListTagsForResource: list("ListTagsForResource", (tags) => ({ tags: tagList(tags) })),
});
