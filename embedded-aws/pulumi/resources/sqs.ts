import type { QueueAttributeName } from "@aws-sdk/client-sqs";
import type { Clients } from "../clients.ts";
import { type Properties, type ResourceType, defined, jsonText, tagsIn, unlessGone } from "../resource.ts";

/** Numbers, in seconds or bytes. The values are the provider's defaults. */
const NUMBERS = {
  delaySeconds: ["DelaySeconds", 0],
  maxMessageSize: ["MaximumMessageSize", 262_144],
  messageRetentionSeconds: ["MessageRetentionPeriod", 345_600],
  receiveWaitTimeSeconds: ["ReceiveMessageWaitTimeSeconds", 0],
  visibilityTimeoutSeconds: ["VisibilityTimeout", 30],
} as const satisfies Readonly<Record<string, readonly [QueueAttributeName, number]>>;

/** A policy that isn't given is left alone: a QueuePolicy may have set it. */
function attributesOf(inputs: Properties): Partial<Record<QueueAttributeName, string>> {
  const numbers = Object.entries(NUMBERS).map(([property, [name]]) => [name, String(inputs[property])]);
  const { policy } = inputs;
  const encrypted = inputs.sqsManagedSseEnabled as boolean | undefined;
  return Object.fromEntries([
    ...numbers,
    ...(policy === undefined ? [] : [["Policy", jsonText(policy)]]),
    ...(encrypted === undefined ? [] : [["SqsManagedSseEnabled", String(encrypted)]]),
  ]) as Partial<Record<QueueAttributeName, string>>;
}

/** Its id is its URL. */
export const queue: ResourceType = {
  autoName: { property: "name", maxLength: 80 },
  required: [],
  optional: ["policy", "sqsManagedSseEnabled"],
  replaceOn: ["name"],
  computed: ["arn", "url"],
  tagged: true,
  defaults: Object.fromEntries(Object.entries(NUMBERS).map(([property, [, value]]) => [property, value])),
  json: ["policy"],
  async create(aws, inputs) {
    const given = { Attributes: attributesOf(inputs), tags: tagsIn(inputs) };
    const { QueueUrl = "" } = await (await aws.sqs()).createQueue({ QueueName: inputs.name as string, ...given });
    return QueueUrl;
  },
  async read(aws, id, known) {
    const sqs = await aws.sqs();
    const found = await unlessGone(sqs.getQueueAttributes({ QueueUrl: id, AttributeNames: ["All"] }));
    const it = found?.Attributes;
    if (!it) return undefined;
    const { Tags = {} } = await sqs.listQueueTags({ QueueUrl: id });
    return defined({
      name: it.QueueArn?.split(":").at(-1),
      arn: it.QueueArn,
      url: id,
      ...Object.fromEntries(Object.entries(NUMBERS).map(([property, [name]]) => [property, Number(it[name])])),
      // Otherwise a QueuePolicy has it.
      policy: known.policy === undefined ? undefined : it.Policy,
      sqsManagedSseEnabled: it.SqsManagedSseEnabled === "true",
      tagsAll: Tags,
    });
  },
  async update(aws, id, news) {
    await (await aws.sqs()).setQueueAttributes({ QueueUrl: id, Attributes: attributesOf(news) });
  },
  tagging: {
    tag: async (aws, { url }, Tags) => (await aws.sqs()).tagQueue({ QueueUrl: url as string, Tags }),
    untag: async (aws, { url }, TagKeys) => (await aws.sqs()).untagQueue({ QueueUrl: url as string, TagKeys }),
  },
  async delete(aws, id) {
    await unlessGone((await aws.sqs()).deleteQueue({ QueueUrl: id }));
  },
};

async function putPolicy(aws: Clients, inputs: Properties): Promise<void> {
  const Attributes = { Policy: jsonText(inputs.policy) };
  await (await aws.sqs()).setQueueAttributes({ QueueUrl: inputs.queueUrl as string, Attributes });
}

/** Its id is the queue's URL. */
export const queuePolicy: ResourceType = {
  required: ["queueUrl", "policy"],
  replaceOn: ["queueUrl"],
  computed: [],
  json: ["policy"],
  async create(aws, inputs) {
    await putPolicy(aws, inputs);
    return inputs.queueUrl as string;
  },
  async read(aws, id) {
    const found = await unlessGone((await aws.sqs()).getQueueAttributes({ QueueUrl: id, AttributeNames: ["Policy"] }));
    const policy = found?.Attributes?.Policy;
    return policy === undefined ? undefined : { queueUrl: id, policy };
  },
  update: (aws, _id, news) => putPolicy(aws, news),
  async delete(aws, id) {
    await unlessGone((await aws.sqs()).setQueueAttributes({ QueueUrl: id, Attributes: { Policy: "" } }));
  },
};
