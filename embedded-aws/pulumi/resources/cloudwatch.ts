import type { ComparisonOperator, Statistic } from "@aws-sdk/client-cloudwatch";
import type { Clients } from "../clients.ts";
import { type Properties, type ResourceType, defined, removedTags, tagList, tagMap, unlessGone } from "../resource.ts";

const ACTIONS = {
  alarmActions: "AlarmActions",
  okActions: "OKActions",
  insufficientDataActions: "InsufficientDataActions",
};
const arnsIn = (inputs: Properties) => (property: keyof typeof ACTIONS) => inputs[property] as string[] | undefined;

async function put(aws: Clients, inputs: Properties, tags: Record<string, string> = {}): Promise<void> {
  const arns = arnsIn(inputs);
  const dimensions = Object.entries((inputs.dimensions ?? {}) as Record<string, string>);
  await (
    await aws.cloudwatch()
  ).putMetricAlarm({
    AlarmName: inputs.name as string,
    AlarmDescription: inputs.alarmDescription as string,
    ActionsEnabled: inputs.actionsEnabled as boolean,
    AlarmActions: arns("alarmActions"),
    OKActions: arns("okActions"),
    InsufficientDataActions: arns("insufficientDataActions"),
    Namespace: inputs.namespace as string,
    MetricName: inputs.metricName as string,
    Dimensions: dimensions.map(([Name, Value]) => ({ Name, Value })),
    Statistic: inputs.statistic as Statistic,
    Period: inputs.period as number,
    EvaluationPeriods: inputs.evaluationPeriods as number,
    DatapointsToAlarm: inputs.datapointsToAlarm as number | undefined,
    Threshold: inputs.threshold as number,
    ComparisonOperator: inputs.comparisonOperator as ComparisonOperator,
    TreatMissingData: inputs.treatMissingData as string,
    Tags: Object.keys(tags).length > 0 ? tagList(tags) : undefined,
  });
}

/** On one metric. Its id is its name. */
export const metricAlarm: ResourceType = {
  autoName: { property: "name", maxLength: 255 },
  required: ["comparisonOperator", "evaluationPeriods", "metricName", "namespace", "period", "statistic", "threshold"],
  optional: ["alarmDescription", "datapointsToAlarm", "dimensions", ...Object.keys(ACTIONS)],
  replaceOn: ["name"],
  computed: ["arn"],
  tagged: true,
  defaults: { actionsEnabled: true, treatMissingData: "missing" },
  async create(aws, inputs) {
    await put(aws, inputs, inputs.tagsAll as Record<string, string>);
    return inputs.name as string;
  },
  async read(aws, id, known) {
    const cloudwatch = await aws.cloudwatch();
    const { MetricAlarms = [] } = await cloudwatch.describeAlarms({ AlarmNames: [id], AlarmTypes: ["MetricAlarm"] });
    const [it] = MetricAlarms;
    if (!it) return undefined;
    const { Tags } = await cloudwatch.listTagsForResource({ ResourceARN: it.AlarmArn });
    return defined({
      name: it.AlarmName,
      arn: it.AlarmArn,
      alarmDescription: it.AlarmDescription,
      actionsEnabled: it.ActionsEnabled,
      ...Object.fromEntries(
        Object.entries(ACTIONS).map(([property, name]) => {
          const arns = it[name as "AlarmActions"] ?? [];
          // None is no difference to a program that says nothing of them.
          return [property, arns.length > 0 || property === "alarmActions" || known[property] ? arns : undefined];
        }),
      ),
      namespace: it.Namespace,
      metricName: it.MetricName,
      dimensions: Object.fromEntries((it.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value])),
      statistic: it.Statistic,
      period: it.Period,
      evaluationPeriods: it.EvaluationPeriods,
      datapointsToAlarm: it.DatapointsToAlarm,
      threshold: it.Threshold,
      comparisonOperator: it.ComparisonOperator,
      treatMissingData: it.TreatMissingData ?? "missing",
      tagsAll: tagMap(Tags),
    });
  },
  async update(aws, _id, news, olds) {
    // It leaves tags as they are (CloudWatch API Reference, PutMetricAlarm).
    await put(aws, news);
    const cloudwatch = await aws.cloudwatch();
    const ResourceARN = olds.arn as string;
    const removed = removedTags(news, olds);
    if (removed.length > 0) await cloudwatch.untagResource({ ResourceARN, TagKeys: removed });
    const Tags = tagList(news.tagsAll as Record<string, string>);
    if (Tags.length > 0) await cloudwatch.tagResource({ ResourceARN, Tags });
  },
  async delete(aws, id) {
    await (await aws.cloudwatch()).deleteAlarms({ AlarmNames: [id] });
  },
};

async function putDashboard(aws: Clients, inputs: Properties): Promise<void> {
  await (
    await aws.cloudwatch()
  ).putDashboard({
    DashboardName: inputs.dashboardName as string,
    DashboardBody: inputs.dashboardBody as string,
  });
}

/** As the model calls the error, and as its code is on the wire. */
const NO_DASHBOARD = ["DashboardNotFoundError", "ResourceNotFound"];

/** Its id is its name. */
export const dashboard: ResourceType = {
  required: ["dashboardBody", "dashboardName"],
  replaceOn: ["dashboardName"],
  computed: ["dashboardArn"],
  json: ["dashboardBody"],
  async create(aws, inputs) {
    await putDashboard(aws, inputs);
    return inputs.dashboardName as string;
  },
  async read(aws, id) {
    const found = await unlessGone((await aws.cloudwatch()).getDashboard({ DashboardName: id }), ...NO_DASHBOARD);
    return found && { dashboardName: id, dashboardBody: found.DashboardBody, dashboardArn: found.DashboardArn };
  },
  update: (aws, _id, news) => putDashboard(aws, news),
  async delete(aws, id) {
    await unlessGone((await aws.cloudwatch()).deleteDashboards({ DashboardNames: [id] }), ...NO_DASHBOARD);
  },
};
