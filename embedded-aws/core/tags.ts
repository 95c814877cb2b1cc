// Tags: in which forms requests bring them, what they may be, which condition keys they give, and the operations on
// them. Services differ in names and errors only. Limits: «Tag naming limits and requirements», Tagging AWS Resources
// user guide.
import type { AwsError } from "./errors.ts";
import type { Call, Operation, Permission } from "./service.ts";

export type Tags = ReadonlyMap<string, string>;
export interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}
/** A list of keys and values, or a map: APIs have either. */
export type GivenTags = readonly Tag[] | Readonly<Record<string, string>> | undefined;

const MAX_TAGS = 50;
const MAX_KEY = 128;
const MAX_VALUE = 256;

const isList = (given: GivenTags): given is readonly Tag[] => Array.isArray(given);

export const tagsOf = (given: GivenTags): Map<string, string> =>
  new Map(isList(given) ? given.map(({ Key = "", Value = "" }) => [Key, Value] as const) : Object.entries(given ?? {}));

export const tagList = (tags: Tags): { Key: string; Value: string }[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));

/**
 * The tags of a resource with those of a request.
 * @param refuse makes the service's error of a sentence; the sentences are not AWS's
 * @param tooMany the service's own sentence for the limit, where it is known
 */
export function mergedTags(
  present: Tags,
  given: GivenTags,
  refuse: (message: string) => AwsError,
  tooMany = `A resource may have at most ${MAX_TAGS} tags.`,
): Map<string, string> {
  const added = tagsOf(given);
  if (isList(given) && added.size < given.length) throw refuse("Two tags of a request have the same key.");
  for (const [key, value] of added)
    if (key === "" || key.length > MAX_KEY || value.length > MAX_VALUE || /^aws:/i.test(key))
      throw refuse(
        `"${key}" = "${value}" can't be a tag: a key has 1 to ${MAX_KEY} characters and doesn't begin with ` +
          `"aws:", a value up to ${MAX_VALUE}.`,
      );
  const merged = new Map([...present, ...added]);
  if (merged.size > MAX_TAGS) throw refuse(tooMany);
  return merged;
}

/** Condition keys of what is tagged («AWS global condition context keys»). */
export const resourceTagKeys = (tags: Tags | undefined): Record<string, string> =>
  Object.fromEntries([...(tags ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, value]));

/** Condition keys of a request that brings tags, or takes some away by their keys. */
export function requestTagKeys(given: GivenTags, removed: readonly string[] = []): NonNullable<Permission["context"]> {
  const tags = tagsOf(given);
  const keys = [...tags.keys(), ...removed];
  return {
    ...Object.fromEntries([...tags].map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    ...(keys.length > 0 ? { "aws:TagKeys": keys } : {}),
  };
}

/** Permission to make something, and, where the request brings tags, to tag it on the way: AWS asks for both. */
export function creating(permission: Permission, tagging: string, given: GivenTags): Permission | Permission[] {
  if (tagsOf(given).size === 0) return permission;
  const needed = { ...permission, context: { ...permission.context, ...requestTagKeys(given) } };
  return [needed, { ...needed, action: tagging }];
}

interface TagInput {
  readonly Tags?: GivenTags;
  readonly tags?: GivenTags;
  readonly TagsList?: readonly Tag[] | undefined;
  readonly TagKeys?: readonly string[] | undefined;
  readonly tagKeys?: readonly string[] | undefined;
}
const givenIn = ({ Tags, tags, TagsList }: TagInput): GivenTags => Tags ?? tags ?? TagsList;
const keysIn = ({ TagKeys, tagKeys, TagsList }: TagInput): readonly string[] =>
  TagKeys ?? tagKeys ?? TagsList?.map(({ Key = "" }) => Key) ?? [];

/** A service's operations on tags, each by the name of its action. */
export function tagging<Input>(how: {
  /** With the condition keys of the resource; those of the request are added. */
  readonly permission: (action: string, input: Input, call: Call) => Permission;
  /** Of the resource that the input names. Throws the service's error where there is none. */
  readonly tags: (input: Input, call: Call) => Map<string, string>;
  /** The resource's tags with those of a request. Throws the service's error for tags that can't be. */
  readonly merged: (present: Tags, given: GivenTags) => Map<string, string>;
}) {
  const needs = (action: string, input: Input, call: Call, keys: Permission["context"]): Permission => {
    const permission = how.permission(action, input, call);
    return { ...permission, context: { ...permission.context, ...keys } };
  };
  const add = (action: string): Operation<Input & TagInput, object> => ({
    authorize: (input, call) => needs(action, input, call, requestTagKeys(givenIn(input))),
    run: (input, call) => {
      const tags = how.tags(input, call);
      const merged = how.merged(tags, givenIn(input));
      tags.clear();
      for (const [key, value] of merged) tags.set(key, value);
      return {};
    },
  });
  const remove = (action: string): Operation<Input & TagInput, object> => ({
    authorize: (input, call) => needs(action, input, call, requestTagKeys([], keysIn(input))),
    run: (input, call) => {
      const tags = how.tags(input, call);
      for (const key of keysIn(input)) tags.delete(key);
      return {};
    },
  });
  const list = <Output extends object>(
    action: string,
    shown: (tags: Tags, input: Input) => Output,
  ): Omit<Operation<Input, Output>, "record"> => ({
    authorize: (input, call) => needs(action, input, call, {}),
    run: (input, call) => shown(how.tags(input, call), input),
  });
  return { add, remove, list };
}
