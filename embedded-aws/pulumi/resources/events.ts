import type { RuleState } from "@aws-sdk/client-eventbridge";
import {
  type Properties,
  type ResourceType,
  blockOf,
  defined,
  jsonText,
  removedTags,
  tagList,
  tagMap,
  unlessGone,
} from "../resource.ts";

const ruleArgs = (inputs: Properties) => ({
  Name: inputs.name as string,
  Description: (inputs.description ?? "") as string,
  EventPattern: inputs.eventPattern === undefined ? undefined : jsonText(inputs.eventPattern),
  ScheduleExpression: inputs.scheduleExpression as string | undefined,
  State: inputs.state as RuleState,
  EventBusName: inputs.eventBusName as string,
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
    await (
      await aws.events()
    ).putRule({ ...ruleArgs(inputs), Tags: tagList(inputs.tagsAll as Record<string, string>) });
    return inputs.name as string;
  },
  async read(aws, id) {
    const events = await aws.events();
    const it = await unlessGone(events.describeRule({ Name: id }));
    if (!it) return undefined;
    const { Tags } = await events.listTagsForResource({ ResourceARN: it.Arn });
    return defined({
      name: it.Name,
      arn: it.Arn,
      description: it.Description,
      eventPattern: it.EventPattern,
      scheduleExpression: it.ScheduleExpression,
      state: it.State,
      eventBusName: it.EventBusName,
      tagsAll: tagMap(Tags),
    });
  },
  async update(aws, _id, news, olds) {
    const events = await aws.events();
    await events.putRule(ruleArgs(news));
    const ResourceARN = olds.arn as string;
    const removed = removedTags(news, olds);
    if (removed.length > 0) await events.untagResource({ ResourceARN, TagKeys: removed });
    await events.tagResource({ ResourceARN, Tags: tagList(news.tagsAll as Record<string, string>) });
  },
  async delete(aws, id) {
    await unlessGone((await aws.events()).deleteRule({ Name: id }));
  },
};

const targetArgs = (inputs: Properties) => {
  const retry = blockOf(inputs, "retryPolicy");
  const deadLetter = blockOf(inputs, "deadLetterConfig");
  return {
    Id: inputs.targetId as string,
    Arn: inputs.arn as string,
    RetryPolicy: retry && {
      MaximumEventAgeInSeconds: retry.maximumEventAgeInSeconds as number | undefined,
      MaximumRetryAttempts: retry.maximumRetryAttempts as number | undefined,
    },
    DeadLetterConfig: deadLetter && { Arn: deadLetter.arn as string | undefined },
  };
};

async function putTarget(aws: Parameters<ResourceType["create"]>[0], inputs: Properties): Promise<void> {
  const { FailedEntries = [] } = await (
    await aws.events()
  ).putTargets({
    Rule: inputs.rule as string,
    EventBusName: inputs.eventBusName as string,
    Targets: [targetArgs(inputs)],
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
    return (
      it &&
      defined({
        rule: state.rule as string,
        eventBusName: state.eventBusName as string | undefined,
        targetId: it.Id,
        arn: it.Arn,
        retryPolicy: it.RetryPolicy && {
          maximumEventAgeInSeconds: it.RetryPolicy.MaximumEventAgeInSeconds,
          maximumRetryAttempts: it.RetryPolicy.MaximumRetryAttempts,
        },
        deadLetterConfig: it.DeadLetterConfig && { arn: it.DeadLetterConfig.Arn },
      })
    );
  },
  update: (aws, _id, news) => putTarget(aws, news),
  async delete(aws, _id, state) {
    await unlessGone(
      (await aws.events()).removeTargets({ Rule: state.rule as string, Ids: [state.targetId as string] }),
    );
  },
};
