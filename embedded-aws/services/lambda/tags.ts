// Tags of functions; versions and aliases have none.
import type { Lambda } from "@aws-sdk/client-lambda";
import { operations } from "../../core/service.ts";
import { mergedTags, tagging } from "../../core/tags.ts";
import { invalid } from "./settings.ts";
import { functionOf, named, onFunction } from "./state.ts";

/** Recorded on AWS by another project's tests. */
export const TOO_MANY = "Number of tags exceeds resource tag limit.";

const { add, remove, list } = tagging<{ readonly Resource?: string | undefined }>({
  permission: (action, { Resource }, call) => onFunction(action)({ FunctionName: Resource }, call),
  tags: ({ Resource }, call) => {
    const of = named({ FunctionName: Resource }, call);
    if (of.qualifier !== undefined)
      throw invalid("Tags on function aliases and versions are not supported. Please specify a function ARN.");
    return functionOf(of, call).tags;
  },
  merged: (present, given) => mergedTags(present, given, invalid, TOO_MANY),
});

const tag = add("TagResource");

export const tags = operations<Lambda>({
  TagResource: {
    ...tag,
    run: (input, call) => {
      // Recorded on AWS by another project's tests.
      if (Object.keys(input.Tags ?? {}).length === 0)
        throw invalid("An error occurred and the request cannot be processed.");
      return tag.run(input, call);
    },
  },
  UntagResource: remove("UntagResource"),
  ListTags: list("ListTags", (of) => ({ Tags: Object.fromEntries(of) })),
});
