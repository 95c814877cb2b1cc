import type { PutRuleRequest, Target } from "@aws-sdk/client-eventbridge";
import type { Clients } from "../clients.ts";
import {
  type Properties,
  type ResourceType,
  argsOf,
  defined,
  jsonText,
  propertiesOf,
  tagList,
  tagMap,
  tagsIn,
  unlessGone,
} from "../resource.ts";

const ruleArgs = (inputs: Properties) => ({
  ...(argsOf<PutRuleRequest>(inputs, ["name", "scheduleExpression", "state", "eventBusName"]) as PutRuleRequest),
  Description: (inputs.description ?? "") as string,
  EventPattern: inputs.eventPattern === undefined ? undefined : jsonText(inputs.eventPattern),
});

export const eventRule: ResourceType = {
  autoName: { property: "name", maxLength: 64 },
  required: [],
  optional: ["description", "eventPattern", "scheduleExpression"],
  replaceOn: ["name", "eventBusName"],
  computed: ["arn"],
  tagged: true,
  defaults: { state: "ENABLED", eventBusName: "default" },
  json: ["eventPattern"],
  async create(aws, inputs) {
    await (await aws.events()).putRule({ ...ruleArgs(inputs), Tags: tagList(tagsIn(inputs)) });
    return inputs.name as string;
  },
  async read(aws, id) {
    const events = await aws.events();
    const it = await unlessGone(events.describeRule({ Name: id }));
    if (!it) return undefined;
    const { Tags } = await events.listTagsForResource({ ResourceARN: it.Arn });
    const names = ["name", "arn", "description", "eventPattern", "scheduleExpression", "state", "eventBusName"];
    return { ...propertiesOf(it, names), tagsAll: tagMap(Tags) };
  },
  async update(aws, _id, news) {
    await (await aws.events()).putRule(ruleArgs(news));
  },
  tagging: {
    tag: async (aws, { arn }, tags) =>
      (await aws.events()).tagResource({ ResourceARN: arn as string, Tags: tagList(tags) }),
    untag: async (aws, { arn }, TagKeys) => (await aws.events()).untagResource({ ResourceARN: arn as string, TagKeys }),
  },
  async delete(aws, id) {
    await unlessGone((await aws.events()).deleteRule({ Name: id }));
  },
};

/** What a target has beside its names: both are blocks. */
const HOW = ["retryPolicy", "deadLetterConfig"];

async function putTarget(aws: Clients, inputs: Properties): Promise<void> {
  const events = await aws.events();
  const { FailedEntries = [] } = await events.putTargets({
    Rule: inputs.rule as string,
    EventBusName: inputs.eventBusName as string,
    Targets: [{ Id: inputs.targetId as string, ...(argsOf<Target>(inputs, ["arn", ...HOW]) as Pick<Target, "Arn">) }],
  });
  const [failed] = FailedEntries;
  if (failed) throw new Error(`${failed.ErrorCode ?? "Failed"}: ${failed.ErrorMessage ?? "the target was refused"}`);
}

export const eventTarget: ResourceType = {
  autoName: { property: "targetId", maxLength: 64 },
  required: ["rule", "arn"],
  optional: ["deadLetterConfig", "retryPolicy"],
  replaceOn: ["rule", "targetId", "eventBusName"],
  computed: [],
  defaults: { eventBusName: "default" },
  async create(aws, inputs) {
    await putTarget(aws, inputs);
    return `${inputs.rule as string}-${inputs.targetId as string}`;
  },
  /** `rule/target`, or `bus/rule/target`. */
  imported(_aws, given) {
    const [targetId = "", rule = "", eventBusName = "default"] = given.split("/").reverse();
    return Promise.resolve({ id: `${rule}-${targetId}`, state: { rule, targetId, eventBusName } });
  },
  async read(aws, _id, state) {
    const found = await unlessGone((await aws.events()).listTargetsByRule({ Rule: state.rule as string }));
    const it = found?.Targets?.find(({ Id }) => Id === state.targetId);
    const { rule, eventBusName } = state as Record<string, string | undefined>;
    return it && defined({ rule, eventBusName, targetId: it.Id, ...propertiesOf(it, ["arn", ...HOW]) });
  },
  update: (aws, _id, news) => putTarget(aws, news),
  async delete(aws, _id, state) {
    await unlessGone(
      (await aws.events()).removeTargets({ Rule: state.rule as string, Ids: [state.targetId as string] }),
    );
  },
};
