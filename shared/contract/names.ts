// Names that two companies must arrive at independently: nothing but the account numbers is exchanged beforehand.

export const TOPIC_PREFIX = "cross_account_hooks";

/** Where a customer publishes. `operation` is unchecked here: `isOperation` does that. */
export const topicOf = (customerAccountId: string, operation: string): string =>
  `${TOPIC_PREFIX}/${customerAccountId}/${operation}`;

/**
 * The same topic past the message broker, straight to one rule: Basic Ingest, which AWS doesn't bill as a message. The
 * rule sees it without the prefix (AWS IoT Core Developer Guide, "Reducing messaging costs with Basic Ingest").
 */
export const basicIngestTopicOf = (ruleName: string, topic: string): string => `$aws/rules/${ruleName}/${topic}`;

/** AWS IoT API Reference, CreateTopicRule: ruleName. */
export const TOPIC_RULE_NAME = /^[a-zA-Z0-9_]{1,128}$/;

/** Set, as Pulumi's provider adds nothing random to a rule's name: letters, digits and underscores alone. */
export const topicRuleNameOf = (...parts: readonly (string | undefined)[]): string =>
  parts
    .filter((part) => part !== undefined)
    .join("_")
    .replaceAll(/\W/g, "_");

/** What the ready-made projects and the kits call their component: names of its resources begin with it. */
export const COMPONENT = "iot-hooks";

/** The partner's function and its rule among its component's resources. @param component its name */
export const receiverName = (component: string): string => `${component}-receive`;

/** Where the partner's function publishes what it took, with `debug`. */
export const debugTopicOf = (customerAccountId: string, operation: string): string =>
  `debug/${customerAccountId}/${operation}`;

/**
 * Tells apart two deployments in one account: role names are global in it. 20 characters keep every role name under
 * IAM's 64.
 */
export const NAME_SUFFIX = /^[a-z0-9-]{1,20}$/;

const suffixed = (name: string, nameSuffix: string | undefined): string =>
  nameSuffix === undefined ? name : `${name}-${nameSuffix}`;

/** The customer's role: what its announce function runs as. `nameSuffix` is the customer's. */
export const customerRoleName = (partnerAccountId: string, nameSuffix?: string): string =>
  suffixed(`publish-to-partner-role-${partnerAccountId}`, nameSuffix);

/** The partner's role for one customer account. `nameSuffix` is the partner's. */
export const publishRoleName = (customerAccountId: string, nameSuffix?: string): string =>
  suffixed(`publish-from-customer-role-${customerAccountId}`, nameSuffix);

/** The trail that a customer's side makes with `createTrail`. @param deployment as `deploymentName` names it */
export const trailName = (deployment: string): string => `iot-hooks-${deployment}`;

export const ACCOUNT_ID = /^[0-9]{12}$/;

/** Of things, types, groups and billing groups: AWS IoT's API model, ThingName and its like. */
export const REGISTRY_NAME = /^[a-zA-Z0-9:_-]{1,128}$/;

export type Partition = "aws" | "aws-cn" | "aws-us-gov";

/** Names of Regions: AWS General Reference, "Amazon Resource Names", and the SDK's partitions.json. */
const PARTITIONS: readonly (readonly [RegExp, Partition])[] = [
  [/^cn-[a-z]+-\d+$/, "aws-cn"],
  [/^us-gov-[a-z]+-\d+$/, "aws-us-gov"],
  [/^(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/, "aws"],
];

/**
 * Undefined for what is no Region of these partitions (the isolated and the European sovereign ones have names in four
 * parts).
 */
export const partitionFor = (region: string): Partition | undefined =>
  PARTITIONS.find(([pattern]) => pattern.test(region))?.[1];

/** Throws where `partitionFor` finds none. */
export function partitionOf(region: string): Partition {
  const found = partitionFor(region);
  if (found === undefined) {
    throw new Error(
      `"${region}" is not a Region of the partitions aws, aws-cn or aws-us-gov: give a Region such as us-east-1.`,
    );
  }
  return found;
}

export const roleArn = (partition: string, accountId: string, name: string): string =>
  `arn:${partition}:iam::${accountId}:role/${name}`;

/** An account in one Region. */
export interface AccountRegion {
  readonly accountId: string;
  readonly region: string;
}

/** `resource` as the service spells it: `rule/name`, `topic/a/b`, `log-group:name`. Throws as `partitionOf` does. */
export const regionalArn = (service: string, { accountId, region }: AccountRegion, resource: string): string =>
  `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;

export interface RoleArn {
  readonly partition: Partition;
  readonly account: string;
  /** Without the slashes at its ends; absent for a role at the root. */
  readonly path?: string;
  readonly name: string;
}

/**
 * IAM allows nearly every printable character in a path, `*` and `?` among them. Here only those of names pass: the
 * ARN ends up in an ArnEquals condition, where both are wildcards (IAM User Guide, "ARN condition operators").
 */
const ROLE_ARN =
  /^arn:(aws|aws-cn|aws-us-gov):iam::(\d{12}):role\/(?:([\w+=,.@-]+(?:\/[\w+=,.@-]+)*)\/)?([\w+=,.@-]{1,64})$/;

/**
 * The parts of a role's ARN, or undefined for anything else: another resource, a wildcard, an assumed-role session,
 * white space.
 */
export function parseRoleArn(arn: string): RoleArn | undefined {
  const match = ROLE_ARN.exec(arn);
  if (!match) return undefined;
  const [, partition, account, path, name] = match;
  return {
    partition: partition as Partition,
    account: account as string,
    ...(path === undefined ? {} : { path }),
    name: name as string,
  };
}
