// What a resource type is: a row that says which AWS calls make, read, change and delete it. Runtime mocks and the
// provider plugin share the rows.
import { setTimeout } from "node:timers/promises";
import type { Clients } from "./clients.ts";

/** Properties by Pulumi's names (camelCase), as plain values. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Properties = Record<string, any>;

/** Stands for a value that is only known after the update (pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface AutoName {
  /** The property that holds the physical name. */
  readonly property: string;
  /** Whether random hex digits follow the logical name. Default: they do. */
  readonly random?: false;
  /** AWS's limit. */
  readonly maxLength: number;
}

export interface ResourceType {
  /** Filled in from the logical name where the program sets none. */
  readonly autoName?: AutoName;
  /** Inputs without which AWS would refuse: the real provider refuses them first. */
  readonly required: readonly string[];
  /**
   * Further inputs that are honoured. What is neither here nor required, has no default, and is neither name nor
   * tags, is refused.
   */
  readonly optional?: readonly string[];
  /** Inputs whose change means another resource. */
  readonly replaceOn: readonly string[];
  /** Outputs that only AWS knows: unknown while a creation is previewed. */
  readonly computed: readonly string[];
  /** Computed outputs that an update changes too, for example a function's version. */
  readonly computedOnUpdate?: readonly string[];
  /** Whether it takes the provider's default tags. */
  readonly tagged?: boolean;
  /** Values that the provider fills in where the program leaves a property out. */
  readonly defaults?: Properties;
  /**
   * Such values too, of properties that can't be anything else here: a preview by the real provider over this state
   * shows no change of them.
   */
  readonly fixed?: Properties;
  /** Properties that hold JSON: the same document in another order or with other spaces is no change. */
  readonly json?: readonly string[];
  /** Makes it, with `tagsAll` where it is tagged, and returns its id. */
  create(aws: Clients, inputs: Properties): Promise<string>;
  /**
   * The id that an import gave, as the provider documents it, where that isn't the id that {@link create} returns:
   * the latter, and the properties that {@link read} has to know. Absent: both are the same, and `read` needs nothing
   * else.
   */
  imported?(aws: Clients, given: string): Promise<{ id: string; state: Properties }>;
  /**
   * What there is, by Pulumi's names; undefined when it is gone. `state` is what was known before: its inputs at the
   * least.
   */
  read(aws: Clients, id: string, state: Properties): Promise<Properties | undefined>;
  /** Makes `news` of `olds`. Absent: every change is a replacement. */
  update?(aws: Clients, id: string, news: Properties, olds: Properties): Promise<void>;
  delete(aws: Clients, id: string, state: Properties): Promise<void>;
}

const GONE = new Set([
  "NoSuchEntity",
  "NoSuchEntityException",
  "QueueDoesNotExist",
  "ResourceNotFoundException",
  "TrailNotFoundException",
  "NoSuchBucket",
  "NoSuchBucketPolicy",
  "NoSuchLifecycleConfiguration",
  "NoSuchPublicAccessBlockConfiguration",
  "NoSuchKey",
  "NotFound",
]);
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");

/**
 * The answer, or undefined where AWS says that there is no such thing. IoT says it for topic rules with
 * UnauthorizedException.
 */
export async function unlessGone<T>(answer: Promise<T>, ...also: readonly string[]): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (GONE.has(nameOf(error)) || also.includes(nameOf(error))) return undefined;
    throw error;
  }
}

/**
 * Milliseconds between two tries, and how long a role may take to be in effect. The provider waits for some minutes.
 */
const ROLE_PAUSE_MS = 250;
const ROLE_PATIENCE_MS = 15_000;

/**
 * Sentences in which AWS says that it doesn't know a role yet, or not what the role may do, and which the provider
 * waits for.
 */
const ROLE_NOT_IN_EFFECT =
  /cannot be assumed by Lambda|\(sts:AssumeRole\) on resource|execution role does not have permissions/;

/** Does it once the role that it needs is in effect, as the provider does: IAM is eventually consistent. */
export async function withRole<T>(call: () => Promise<T>): Promise<T> {
  const until = Date.now() + ROLE_PATIENCE_MS;
  for (;;)
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Error) || !ROLE_NOT_IN_EFFECT.test(error.message) || Date.now() > until) throw error;
      await setTimeout(ROLE_PAUSE_MS);
    }
}

/** JSON text of a policy or pattern that a program gave as an object or as text. */
export const jsonText = (document: unknown): string =>
  typeof document === "string" ? document : JSON.stringify(document);

/** Tags as most APIs list them, with the names that the API has for key and value. */
export const tagList = (tags: Readonly<Record<string, string>> | undefined): { Key: string; Value: string }[] =>
  Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));

export const tagMap = (
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Record<string, string> => Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));

/** Tags for an API that takes no empty map: then none, as the real provider does it. */
export const tagsIn = (inputs: Properties): Record<string, string> | undefined => {
  const tags = (inputs.tagsAll ?? {}) as Record<string, string>;
  return Object.keys(tags).length > 0 ? tags : undefined;
};

/** Keys of tags that were there and are not any more. */
export const removedTags = (news: Properties, olds: Properties): string[] =>
  Object.keys((olds.tagsAll ?? {}) as object).filter((key) => !(key in ((news.tagsAll ?? {}) as object)));

/** A property that is a block of properties itself. */
export const blockOf = (properties: Properties, name: string): Properties | undefined =>
  properties[name] as Properties | undefined;

/** Leaves out what is undefined, as exact optional properties want it. */
export const defined = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
