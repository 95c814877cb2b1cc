// Tags of functions; versions and aliases have none.
import type { Lambda } from "@aws-sdk/client-lambda";
import { operations } from "../../core/service.ts";
import { mergedTags, tagging } from "../../core/tags.ts";
import { invalid } from "./settings.ts";
import { functionOf, named, onFunction } from "./state.ts";

const { add, remove, list } = tagging<{ readonly Resource?: string | undefined }>({
  permission: (action, { Resource }, call) => onFunction(action)({ FunctionName: Resource }, call),
  tags: ({ Resource }, call) => {
    const of = named({ FunctionName: Resource }, call);
    if (of.qualifier !== undefined)
      throw invalid("Tags on function aliases and versions are not supported. Please specify either a function ARN.");
    return functionOf(of, call).tags;
  },
  merged: (present, given) => mergedTags(present, given, invalid),
});

export const tags = operations<Lambda>({
  TagResource: add("TagResource"),
  UntagResource: remove("UntagResource"),
  ListTags: list("ListTags", (of) => ({ Tags: Object.fromEntries(of) })),
});
