// Tags of functions; versions and aliases have none.
import type { Lambda } from "@aws-sdk/client-lambda";
import { operations, type Call, type Permission } from "../../core/service.ts";
import { invalid } from "./settings.ts";
import { functionOf, named, type LambdaFunction } from "./state.ts";

function taggedFunction(Resource: string | undefined, call: Call): LambdaFunction {
  const of = named({ FunctionName: Resource }, call);
  if (of.qualifier !== undefined)
    throw invalid("Tags on function aliases and versions are not supported. Please specify either a function ARN.");
  return functionOf(of, call);
}
const onResource =
  (action: string) =>
  ({ Resource = "" }: { Resource?: string | undefined }): Permission => ({
    action: `lambda:${action}`,
    resource: Resource,
  });

export const tags = operations<Lambda>({
  TagResource: {
    authorize: onResource("TagResource"),
    run: ({ Resource, Tags = {} }, call) => {
      const { tags } = taggedFunction(Resource, call);
      for (const [key, value] of Object.entries(Tags)) tags.set(key, value);
      return {};
    },
  },
  UntagResource: {
    authorize: onResource("UntagResource"),
    run: ({ Resource, TagKeys = [] }, call) => {
      const { tags } = taggedFunction(Resource, call);
      for (const key of TagKeys) tags.delete(key);
      return {};
    },
  },
  ListTags: {
    authorize: onResource("ListTags"),
    run: ({ Resource }, call) => ({ Tags: Object.fromEntries(taggedFunction(Resource, call).tags) }),
  },
});
