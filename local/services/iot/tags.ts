// Tags of what IoT can tag here: thing types, thing groups, topic rules. Things can't be tagged («Tagging your AWS IoT resources»).
import type { IoT, Tag } from "@aws-sdk/client-iot";
import { parseArn } from "../../core/arn.ts";
import { operations, type Call, type Permission } from "../../core/service.ts";
import { invalid, notFound } from "./checks.ts";
import { RULES } from "./rules.ts";
import { REGISTRY } from "./state.ts";

/** Throws InvalidRequestException. Limits: «Tag basics» of the developer guide. */
export function tagsOf(list: readonly Tag[] | undefined): Map<string, string> {
  const tags = new Map<string, string>();
  for (const { Key = "", Value = "" } of list ?? []) {
    if (Key === "" || Key.length > 128 || Value.length > 256 || Key.toLowerCase().startsWith("aws:"))
      throw invalid(
        `"${Key}" = "${Value}" can't be a tag: 1 to 128 characters, not beginning with "aws:", and up to 256.`,
      );
    tags.set(Key, Value);
  }
  if (tags.size > 50) throw invalid(`A resource has at most 50 tags, not ${tags.size}.`);
  return tags;
}

/** Tags as `key=value&other=value`, how the header of CreateTopicRule has them. */
export const tagsOfHeader = (text: string | undefined): Map<string, string> =>
  tagsOf([...new URLSearchParams(text ?? "")].map(([Key, Value]) => ({ Key, Value })));

function tagged(resourceArn: string | undefined, call: Call): Map<string, string> {
  const [kind = "", name = ""] = (parseArn(resourceArn ?? "")?.resource ?? "").split("/");
  const { types, groups } = call.cloud.state(REGISTRY, call);
  const { rules } = call.cloud.state(RULES, call);
  const resource = { thingtype: types, thinggroup: groups, rule: rules }[kind]?.get(name);
  if (!resource || resource.arn !== resourceArn) throw notFound("The resource", resourceArn ?? "");
  return resource.tags;
}

const permission = (
  action: string,
  resourceArn: string | undefined,
  tags: ReadonlyMap<string, string>,
): Permission => ({
  action: `iot:${action}`,
  resource: resourceArn ?? "",
  context: {
    ...(tags.size > 0 ? { "aws:TagKeys": [...tags.keys()] } : {}),
    ...Object.fromEntries([...tags].map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  },
});

export const TAGS = operations<IoT>({
  TagResource: {
    authorize: (input) => permission("TagResource", input.resourceArn, tagsOf(input.tags)),
    run: (input, call) => {
      const tags = tagged(input.resourceArn, call);
      const added = tagsOf(input.tags);
      if (new Set([...tags.keys(), ...added.keys()]).size > 50) throw invalid("A resource has at most 50 tags.");
      for (const [key, value] of added) tags.set(key, value);
      return {};
    },
  },
  UntagResource: {
    authorize: (input) =>
      permission("UntagResource", input.resourceArn, new Map((input.tagKeys ?? []).map((key) => [key, ""]))),
    run: (input, call) => {
      const tags = tagged(input.resourceArn, call);
      for (const key of input.tagKeys ?? []) tags.delete(key);
      return {};
    },
  },
  ListTagsForResource: {
    authorize: (input) => permission("ListTagsForResource", input.resourceArn, new Map()),
    run: (input, call) => ({
      tags: [...tagged(input.resourceArn, call)].map(([Key, Value]) => ({ Key, Value })),
    }),
  },
});
