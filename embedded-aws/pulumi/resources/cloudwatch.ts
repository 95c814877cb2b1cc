import type { PutDashboardInput, PutMetricAlarmInput } from "@aws-sdk/client-cloudwatch";
import type { Clients } from "../clients.ts";
import {
  type Properties,
  type ResourceType,
  argsOf,
  propertiesOf,
  tagList,
  tagMap,
  tagsIn,
  unlessGone,
} from "../resource.ts";

const ACTIONS = ["insufficientDataActions", "okActions"];
const REQUIRED = [
  "comparisonOperator",
  "evaluationPeriods",
  "metricName",
  "namespace",
  "period",
  "statistic",
  "threshold",
];
const SETTINGS = [
  ...[...REQUIRED, "actionsEnabled", "alarmActions", "alarmDescription", "datapointsToAlarm"],
  ...["insufficientDataActions", "treatMissingData"],
];

async function put(aws: Clients, inputs: Properties, Tags?: PutMetricAlarmInput["Tags"]): Promise<void> {
  const dimensions = Object.entries((inputs.dimensions ?? {}) as Record<string, string>);
  const cloudwatch = await aws.cloudwatch();
  await cloudwatch.putMetricAlarm({
    ...(argsOf<PutMetricAlarmInput>(inputs, SETTINGS) as PutMetricAlarmInput),
    AlarmName: inputs.name as string,
    OKActions: inputs.okActions as string[] | undefined,
    Dimensions: dimensions.map(([Name, Value]) => ({ Name, Value })),
    Tags,
  });
}

/** On one metric. Its id is its name. */
export const metricAlarm: ResourceType = {
  autoName: { property: "name", maxLength: 255 },
  required: REQUIRED,
  optional: ["alarmActions", "alarmDescription", "datapointsToAlarm", "dimensions", ...ACTIONS],
  replaceOn: ["name"],
  computed: ["arn"],
  tagged: true,
  defaults: { actionsEnabled: true, treatMissingData: "missing" },
  async create(aws, inputs) {
    const tags = tagList(tagsIn(inputs));
    await put(aws, inputs, tags.length > 0 ? tags : undefined);
    return inputs.name as string;
  },
  async read(aws, id, known) {
    const cloudwatch = await aws.cloudwatch();
    const { MetricAlarms = [] } = await cloudwatch.describeAlarms({ AlarmNames: [id], AlarmTypes: ["MetricAlarm"] });
    const [it] = MetricAlarms;
    if (!it) return undefined;
    const { Tags } = await cloudwatch.listTagsForResource({ ResourceARN: it.AlarmArn });
    const found: Properties = {
      treatMissingData: "missing",
      alarmActions: [],
      ...propertiesOf(it, SETTINGS),
      name: it.AlarmName,
      arn: it.AlarmArn,
      okActions: it.OKActions ?? [],
      dimensions: Object.fromEntries((it.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value])),
      tagsAll: tagMap(Tags),
    };
    // None is no difference to a program that says nothing of them.
    const silent = ACTIONS.filter((name) => (found[name] as string[]).length === 0 && !known[name]);
    return Object.fromEntries(Object.entries(found).filter(([name]) => !silent.includes(name)));
  },
  // It leaves tags as they are (CloudWatch API Reference, PutMetricAlarm).
  update: (aws, _id, news) => put(aws, news),
  tagging: {
    tag: async (aws, { arn }, tags) =>
      (await aws.cloudwatch()).tagResource({ ResourceARN: arn as string, Tags: tagList(tags) }),
    untag: async (aws, { arn }, TagKeys) =>
      (await aws.cloudwatch()).untagResource({ ResourceARN: arn as string, TagKeys }),
  },
  async delete(aws, id) {
    await (await aws.cloudwatch()).deleteAlarms({ AlarmNames: [id] });
  },
};

async function putDashboard(aws: Clients, inputs: Properties): Promise<void> {
  const cloudwatch = await aws.cloudwatch();
  await cloudwatch.putDashboard(
    argsOf<PutDashboardInput>(inputs, ["dashboardName", "dashboardBody"]) as PutDashboardInput,
  );
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
