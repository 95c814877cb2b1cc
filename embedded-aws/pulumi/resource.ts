// What a resource type is: a row that says which AWS calls make, read, change and delete it. Runtime mocks and the
// provider plugin share the rows.
import { setTimeout } from "node:timers/promises";
import type { Clients } from "./clients.ts";

/** Properties by Pulumi's names (camelCase), as plain values. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Properties = Record<string, any>;

/** Stands for a value that is only known after the update (pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Tags = Readonly<Record<string, string>>;

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
  /** How its tags are changed later, where that isn't a part of {@link update}; `of` is what is known of it. */
  readonly tagging?: {
    readonly tag: (aws: Clients, of: Properties, tags: Tags) => Promise<unknown>;
    readonly untag: (aws: Clients, of: Properties, keys: string[]) => Promise<unknown>;
  };
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
export const tagList = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export const tagMap = (
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Record<string, string> => Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));

/** Tags of the resource and of its provider. */
export const tagsIn = (inputs: Properties): Record<string, string> => (inputs.tagsAll ?? {}) as Record<string, string>;

/** Takes away the tags that are no more, and sets those that are new or changed: no API takes an empty list. */
export async function retag(
  { tagging }: ResourceType,
  aws: Clients,
  news: Properties,
  olds: Properties,
): Promise<void> {
  const [before, now] = [tagsIn(olds), tagsIn(news)];
  const removed = Object.keys(before).filter((key) => !(key in now));
  const changed = Object.entries(now).filter(([key, value]) => before[key] !== value);
  if (removed.length > 0) await tagging?.untag(aws, olds, removed);
  if (changed.length > 0) await tagging?.tag(aws, olds, Object.fromEntries(changed));
}

/** Leaves out what is undefined, as exact optional properties want it. */
export const defined = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));

/** A value with other names for its members, in blocks and lists within it too. */
function renamed(value: unknown, name: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [name(key), renamed(member, name)]));
}
const upper = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1);
const lower = (key: string): string => key.charAt(0).toLowerCase() + key.slice(1);

/** A block or list by the API's names: most are Pulumi's with a capital letter. No maps: their keys are the user's. */
export const toApi = (value: unknown): unknown => renamed(value, upper);

/** Of a program's inputs those named, by the API's names. */
export const argsOf = <Api>(inputs: Properties, names: readonly string[]): Partial<Api> =>
  toApi(Object.fromEntries(names.map((name) => [name, inputs[name] as unknown]))) as Partial<Api>;
/** Of the API's answer the members that Pulumi names so, where they are there. */
export const propertiesOf = (answer: object, names: readonly string[]): Properties => {
  const all = answer as Readonly<Record<string, unknown>>;
  return renamed(defined(Object.fromEntries(names.map((name) => [name, all[upper(name)]]))), lower) as Properties;
};
