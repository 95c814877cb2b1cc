// What a customer's side consists of, as its account has it: without what differs between any two deployments, which is
// the account, the endings of names and what AWS numbers.
import { TAGS } from "../../shared/contract/tags.ts";
import type { Clients } from "embedded-aws/pulumi";

const OUR_TAGS = Object.values(TAGS);

type Members = Readonly<Record<string, unknown>>;

const pick = (from: object | undefined, ...names: readonly string[]): Members =>
  Object.fromEntries(names.map((name) => [name, (from as Members | undefined)?.[name]]));

const parsed = (text: string | undefined): unknown => JSON.parse(text ?? "null");

/** By kind, and within by name. */
export async function contentOf(aws: Clients): Promise<Members> {
  const account = await aws.account();
  const content = {
    roles: await roles(aws),
    functions: await functions(aws),
    rules: await rules(aws),
    topicRules: await topicRules(aws),
    events: (await (await aws.iot()).describeEventConfigurations({})).eventConfigurations,
    queues: await queues(aws),
    logGroups: ((await (await aws.logs()).describeLogGroups({})).logGroups ?? []).map((group) =>
      pick(group, "logGroupName", "retentionInDays"),
    ),
    ...(await watching(aws)),
    ...(await trails(aws)),
  };
  const text = JSON.stringify(content)
    .replaceAll(account, "ACCOUNT")
    .replaceAll(/(?<=iot-hooks-[a-z-]+)-(?:[0-9a-f]{12}|[0-9a-f]{7})(?![0-9a-f])/g, "-ENDING");
  return sorted(JSON.parse(text)) as Members;
}

/** Members by name, so that nothing depends on the order in which they were said. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}

async function roles(aws: Clients): Promise<unknown> {
  const iam = await aws.iam();
  const all = ((await iam.listRoles({})).Roles ?? []).map(async (role) => {
    const { RoleName = "" } = role;
    const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
    const policies = PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument = "" } = await iam.getRolePolicy({ RoleName, PolicyName });
      return [PolicyName, parsed(decodeURIComponent(PolicyDocument))] as const;
    });
    return {
      ...pick(role, "RoleName", "Description", "PermissionsBoundary"),
      trust: parsed(decodeURIComponent(role.AssumeRolePolicyDocument ?? "")),
      policies: await Promise.all(policies),
    };
  });
  return Promise.all(all);
}

async function functions(aws: Clients): Promise<unknown> {
  const lambda = await aws.lambda();
  const all = ((await lambda.listFunctions({})).Functions ?? []).map(async ({ FunctionName = "" }) => {
    const live = { FunctionName, Qualifier: "live" };
    const configuration = await lambda.getFunctionConfiguration(live);
    const policy = parsed((await lambda.getPolicy(live)).Policy) as { Statement: readonly Members[] };
    return {
      ...pick(configuration, "FunctionName", "Runtime", "Handler", "Role", "MemorySize", "Timeout"),
      ...pick(configuration, "Architectures", "Environment", "LoggingConfig", "Version"),
      // A version's own is CloudFormation's business: see kit/cloudformation/version.ts.
      ...pick(await lambda.getFunctionConfiguration({ FunctionName }), "Description"),
      // The ready-made project's provider adds its own.
      tags: pick(
        (await lambda.listTags({ Resource: configuration.FunctionArn?.replace(/:live$/, "") })).Tags,
        ...OUR_TAGS,
      ),
      alias: pick(await lambda.getAlias({ FunctionName, Name: "live" }), "AliasArn", "Description", "FunctionVersion"),
      asynchronous: pick(
        await lambda.getFunctionEventInvokeConfig(live),
        "MaximumRetryAttempts",
        "MaximumEventAgeInSeconds",
        "DestinationConfig",
      ),
      policy: policy.Statement.map(({ Sid: _, ...statement }) => statement),
    };
  });
  return Promise.all(all);
}

async function rules(aws: Clients): Promise<unknown> {
  const events = await aws.events();
  const all = ((await events.listRules({})).Rules ?? []).map(async (rule) => {
    const { Targets = [] } = await events.listTargetsByRule({ Rule: rule.Name });
    return {
      ...pick(rule, "Name", "Description", "State", "ScheduleExpression"),
      pattern: parsed(rule.EventPattern),
      targets: Targets.map((target) => pick(target, "Arn", "RetryPolicy", "DeadLetterConfig")),
    };
  });
  return Promise.all(all);
}

async function topicRules(aws: Clients): Promise<unknown> {
  const iot = await aws.iot();
  const all = ((await iot.listTopicRules({})).rules ?? []).map(async ({ ruleName }) => {
    const { rule } = await iot.getTopicRule({ ruleName });
    return pick(rule, "ruleName", "sql", "awsIotSqlVersion", "description", "ruleDisabled", "actions", "errorAction");
  });
  return Promise.all(all);
}

async function queues(aws: Clients): Promise<unknown> {
  const sqs = await aws.sqs();
  const all = ((await sqs.listQueues({})).QueueUrls ?? []).map(async (QueueUrl) => {
    const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] });
    return {
      ...pick(Attributes, "QueueArn", "MessageRetentionPeriod", "SqsManagedSseEnabled", "VisibilityTimeout"),
      policy: parsed(Attributes.Policy),
    };
  });
  return Promise.all(all);
}

async function watching(aws: Clients): Promise<Members> {
  const cloudwatch = await aws.cloudwatch();
  const { MetricAlarms = [] } = await cloudwatch.describeAlarms({ MaxRecords: 100 });
  // A dashboard is called after the announce function that it is about.
  const { Functions = [] } = await (await aws.lambda()).listFunctions({});
  const announce = Functions.filter(({ FunctionName }) => FunctionName?.startsWith("iot-hooks-announce-"));
  return {
    alarms: MetricAlarms.map((alarm) => ({
      ...pick(alarm, "AlarmName", "AlarmDescription", "AlarmActions", "ComparisonOperator", "Period"),
      dimensions: Object.fromEntries((alarm.Dimensions ?? []).map(({ Name = "", Value }) => [Name, Value])),
      ...pick(alarm, "EvaluationPeriods", "MetricName", "Namespace", "Statistic", "Threshold", "TreatMissingData"),
    })),
    dashboards: await Promise.all(
      announce.map(async ({ FunctionName: DashboardName }) => {
        const { DashboardBody } = await cloudwatch.getDashboard({ DashboardName });
        return { DashboardName, body: parsed(DashboardBody) };
      }),
    ),
  };
}

async function trails(aws: Clients): Promise<Members> {
  const [cloudtrail, s3] = [await aws.cloudtrail(), await aws.s3()];
  const { trailList = [] } = await cloudtrail.describeTrails({});
  const all = trailList.map(async (trail) => {
    const { Name = "", S3BucketName: Bucket } = trail;
    const { EventSelectors = [] } = await cloudtrail.getEventSelectors({ TrailName: Name });
    const flags = ["IsMultiRegionTrail", "IncludeGlobalServiceEvents", "LogFileValidationEnabled"];
    return {
      ...pick(trail, "Name", "S3BucketName", ...flags),
      ...pick(await cloudtrail.getTrailStatus({ Name }), "IsLogging"),
      selectors: EventSelectors.map((selector) => pick(selector, "ReadWriteType", "IncludeManagementEvents")),
      bucketPolicy: parsed((await s3.getBucketPolicy({ Bucket })).Policy),
      block: (await s3.getPublicAccessBlock({ Bucket })).PublicAccessBlockConfiguration,
      lifecycle: (await s3.getBucketLifecycleConfiguration({ Bucket })).Rules,
    };
  });
  return { trails: await Promise.all(all) };
}
