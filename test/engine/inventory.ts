// What is in an account, and what somebody takes out of it behind Pulumi's back.
import type { Clients } from "embedded-aws/pulumi";

/**
 * Everything that the programs' kinds of resources leave, so that "as empty as before" means all of it. Names with
 * their kind, sorted.
 */
export async function inventory(aws: Clients): Promise<string[]> {
  const [iam, lambda, events, iot, logs, s3, cloudtrail, sqs, dynamodb, cloudwatch] = await Promise.all([
    aws.iam(),
    aws.lambda(),
    aws.events(),
    aws.iot(),
    aws.logs(),
    aws.s3(),
    aws.cloudtrail(),
    aws.sqs(),
    aws.dynamodb(),
    aws.cloudwatch(),
  ]);
  const lists: Readonly<Record<string, readonly (string | undefined)[] | undefined>> = {
    role: (await iam.listRoles({})).Roles?.map(({ RoleName }) => RoleName),
    identityProvider: (await iam.listOpenIDConnectProviders({})).OpenIDConnectProviderList?.map(({ Arn }) => Arn),
    function: (await lambda.listFunctions({})).Functions?.map(({ FunctionName }) => FunctionName),
    rule: (await events.listRules({})).Rules?.map(({ Name }) => Name),
    topicRule: (await iot.listTopicRules({})).rules?.map(({ ruleName }) => ruleName),
    thing: (await iot.listThings({})).things?.map(({ thingName }) => thingName),
    logGroup: (await logs.describeLogGroups({})).logGroups?.map(({ logGroupName }) => logGroupName),
    bucket: (await s3.listBuckets({})).Buckets?.map(({ Name }) => Name),
    queue: (await sqs.listQueues({})).QueueUrls?.map((url) => url.slice(url.lastIndexOf("/") + 1)),
    table: (await dynamodb.listTables({})).TableNames,
    alarm: (await cloudwatch.describeAlarms({ MaxRecords: 100 })).MetricAlarms?.map(({ AlarmName }) => AlarmName),
    trail: (await cloudtrail.describeTrails({})).trailList?.map(({ Name }) => Name),
  };
  return Object.entries(lists)
    .flatMap(([kind, names = []]) => names.map((name) => `${kind} ${name ?? ""}`))
    .sort();
}

const STAYS = /^(queue|table) /;

/** What stays when a stack is destroyed, as `keepOnDestroy` says, without what Pulumi added to the names. */
export const kept = (names: readonly string[]): string[] =>
  names.filter((name) => STAYS.test(name)).map((name) => name.replace(/-[0-9a-f]{7}$/, ""));

export const besidesKept = (names: readonly string[]): string[] => names.filter((name) => !STAYS.test(name));

/** A role with its inline policies, as somebody would delete it by hand. */
export async function deleteRole(aws: Clients, RoleName: string): Promise<void> {
  const iam = await aws.iam();
  const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
  for (const PolicyName of PolicyNames) await iam.deleteRolePolicy({ RoleName, PolicyName });
  await iam.deleteRole({ RoleName });
}
