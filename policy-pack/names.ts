// Names within AWS's limits, before AWS refuses them half-way through a deployment.
import type { Resource, Rule } from "./rule.ts";

interface Limit {
  /** The property with the physical name. */
  readonly property: string;
  readonly min?: number;
  readonly max: number;
  readonly pattern: RegExp;
  /** For messages. */
  readonly characters: string;
}

const WORDS_AND_HYPHENS = { pattern: /^[\w-]+$/, characters: "letters, digits, _ and -" };
const IAM = { property: "name", pattern: /^[\w+=,.@-]+$/, characters: "letters, digits and _+=,.@-" };

/**
 * From the API references: CreateRole, PutRolePolicy, CreateFunction, CreateAlias, CreateLogGroup, PutRule,
 * CreateTrail, CreateBucket, CreateTopicRule.
 */
const LIMITS: Readonly<Record<string, Limit>> = {
  "aws:iam/role:Role": { ...IAM, max: 64 },
  "aws:iam/rolePolicy:RolePolicy": { ...IAM, max: 128 },
  "aws:lambda/function:Function": { property: "name", max: 64, ...WORDS_AND_HYPHENS },
  "aws:lambda/alias:Alias": { property: "name", max: 128, ...WORDS_AND_HYPHENS },
  "aws:cloudwatch/logGroup:LogGroup": {
    property: "name",
    max: 512,
    pattern: /^[\w./#-]+$/,
    characters: "letters, digits and _-/.#",
  },
  "aws:cloudwatch/eventRule:EventRule": {
    property: "name",
    max: 64,
    pattern: /^[\w.-]+$/,
    characters: "letters, digits and ._-",
  },
  "aws:cloudtrail/trail:Trail": {
    property: "name",
    min: 3,
    max: 128,
    pattern: /^[A-Za-z0-9](?:[._-]?[A-Za-z0-9])*$/,
    characters: "letters and digits, with single . _ or - between them",
  },
  "aws:s3/bucket:Bucket": {
    property: "bucket",
    min: 3,
    max: 63,
    pattern: /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/,
    characters: "small letters, digits, . and -",
  },
  "aws:iot/topicRule:TopicRule": { property: "name", max: 128, pattern: /^\w+$/, characters: "letters, digits and _" },
};

/** What Pulumi's auto-naming adds to the logical name: a separator and seven digits. */
const ADDED = 8;

function checkName({ type, name: logicalName, props }: Resource): readonly string[] {
  const limit = LIMITS[type];
  if (!limit) return [];
  const { property, min = 1, max, pattern, characters } = limit;
  const given = props[property];
  const [name, most, what] =
    typeof given === "string"
      ? ([given, max, property] as const)
      : ([logicalName, max - ADDED, `the logical name, of which AWS's ${property} is made,`] as const);
  return [
    ...(pattern.test(name) ? [] : [`${what} is "${name}": AWS takes ${characters}.`]),
    ...(name.length >= min && name.length <= most
      ? []
      : [`${what} is "${name}", of ${name.length} characters: use ${min} to ${most}.`]),
  ];
}

export const NAME_RULE: Rule = {
  name: "name-limits",
  description: "Names have the lengths and the characters that AWS takes.",
  check: checkName,
};
