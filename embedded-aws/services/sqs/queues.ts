// Queues: made, found, set, tagged, purged, deleted. Only standard queues.
import type { SQS } from "@aws-sdk/client-sqs";
import { AwsError, notModelled } from "../../core/errors.ts";
import { pageByKey } from "../../core/paging.ts";
import { shownPolicy } from "../../core/policies.ts";
import { operations, type Call } from "../../core/service.ts";
import { creating, mergedTags, tagging } from "../../core/tags.ts";
import { readAttributes, shownAttributes } from "./attributes.ts";
import { QUEUES, findQueue, onNamedQueue, onQueue, queueArn, queueOf, queueUrl, wake, type Queue } from "./state.ts";

const NAME = /^[A-Za-z0-9_-]{1,80}$/;
// API reference: DeleteQueue and PurgeQueue.
const PAUSE_MS = 60_000;

const invalid = (message: string) => new AwsError("InvalidParameterValue", message, { status: 400 });

function create(
  name: string,
  given: Readonly<Record<string, string>>,
  tags: Readonly<Record<string, string>>,
  call: Call,
): Queue {
  const { account, region, cloud, time } = call;
  const queue: Queue = {
    account,
    region,
    name,
    arn: queueArn(call, name),
    createdAt: time,
    modifiedAt: time,
    attributes: new Map(DEFAULTS),
    policy: undefined,
    tags: mergedTags(new Map(), tags, invalid),
    messages: new Map(),
    hidden: new Set(),
    purgedAt: undefined,
    closed: false,
    measuring: undefined,
    waiters: new Set(),
  };
  readAttributes(queue, given, cloud);
  return queue;
}

/** Attributes in one spelling: documents without spaces, their members in order. */
function comparable(queue: Queue, call: Call): Map<string, string> {
  const texts = new Map(queue.attributes);
  const sorted = (_key: string, value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  if (queue.policy) texts.set("Policy", JSON.stringify(JSON.parse(shownPolicy(call.cloud, queue.policy)), sorted));
  return texts;
}

/** API reference, CreateQueue. A message may have 1 MiB since August 2025. */
const DEFAULTS: readonly (readonly [string, string])[] = [
  ["DelaySeconds", "0"],
  ["MaximumMessageSize", "1048576"],
  ["MessageRetentionPeriod", "345600"],
  ["ReceiveMessageWaitTimeSeconds", "0"],
  ["VisibilityTimeout", "30"],
  ["SqsManagedSseEnabled", "true"],
];

const { add, remove, list } = tagging<{ readonly QueueUrl?: string | undefined }>({
  permission: (action, input, call) => onQueue(call, action, input),
  tags: (input, call) => queueOf(input, call).tags,
  merged: (present, given) => mergedTags(present, given, invalid),
});

export const queues = operations<SQS>({
  CreateQueue: {
    record: { response: ({ QueueUrl }) => ({ queueUrl: QueueUrl }) },
    // «you must have the sqs:CreateQueue and sqs:TagQueue permissions» (API reference, CreateQueue, tags).
    authorize: ({ QueueName = "", tags }, call) =>
      creating(onNamedQueue(call, "CreateQueue", call, QueueName), "sqs:TagQueue", tags),
    run: ({ QueueName = "", Attributes = {}, tags = {} }, call) => {
      if (QueueName.endsWith(".fifo") || Attributes.FifoQueue !== undefined) throw notModelled("A FIFO queue");
      if (!NAME.test(QueueName))
        throw invalid("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
      const { queues, deleted } = call.cloud.state(QUEUES, call);
      const present = queues.get(QueueName);
      if (present) {
        const asked = comparable(create(QueueName, Attributes, {}, call), call);
        const own = comparable(present, call);
        const differs = Object.keys(Attributes).find((name) => asked.get(name) !== own.get(name));
        if (differs !== undefined)
          throw new AwsError(
            "QueueNameExists",
            `A queue already exists with the same name and a different value for attribute ${differs}`,
          );
        return { QueueUrl: queueUrl(call.cloud, present) };
      }
      if (call.time.getTime() - (deleted.get(QueueName) ?? Number.NEGATIVE_INFINITY) < PAUSE_MS)
        throw new AwsError(
          "QueueDeletedRecently",
          "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
        );
      const queue = create(QueueName, Attributes, tags, call);
      queues.set(QueueName, queue);
      return { QueueUrl: queueUrl(call.cloud, queue) };
    },
  },
  GetQueueUrl: {
    authorize: ({ QueueName = "", QueueOwnerAWSAccountId }, call) =>
      onNamedQueue(call, "GetQueueUrl", { ...call, account: QueueOwnerAWSAccountId ?? call.account }, QueueName),
    run: ({ QueueName = "", QueueOwnerAWSAccountId }, call) => {
      const queue = findQueue(call.cloud, { ...call, account: QueueOwnerAWSAccountId ?? call.account }, QueueName);
      if (!queue) throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
      return { QueueUrl: queueUrl(call.cloud, queue) };
    },
  },
  ListQueues: {
    authorize: (_input, call) => ({ action: "sqs:ListQueues", resource: queueArn(call, "*") }),
    run: ({ QueueNamePrefix = "", MaxResults = 1000, NextToken }, call) => {
      if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > 1000)
        throw invalid(`Value ${MaxResults} for parameter MaxResults is invalid. Reason: Must be >= 1 and <= 1000.`);
      const found = [...call.cloud.state(QUEUES, call).queues.values()].filter(({ name }) =>
        name.startsWith(QueueNamePrefix),
      );
      const { items, next } = pageByKey(found, ({ name }) => name, {
        token: NextToken,
        limit: MaxResults,
        code: "InvalidParameterValue",
      });
      const QueueUrls = items.map((queue) => queueUrl(call.cloud, queue));
      return { ...(QueueUrls.length > 0 ? { QueueUrls } : {}), ...(next === undefined ? {} : { NextToken: next }) };
    },
  },
  GetQueueAttributes: {
    authorize: (input, call) => onQueue(call, "GetQueueAttributes", input),
    run: (input, call) => {
      const Attributes = shownAttributes(queueOf(input, call), input.AttributeNames ?? [], call.cloud);
      return Object.keys(Attributes).length > 0 ? { Attributes } : {};
    },
  },
  SetQueueAttributes: {
    authorize: (input, call) => onQueue(call, "SetQueueAttributes", input),
    run: (input, call) => {
      const queue = queueOf(input, call);
      readAttributes(queue, input.Attributes ?? {}, call.cloud);
      queue.modifiedAt = call.time;
      return {};
    },
  },
  PurgeQueue: {
    authorize: (input, call) => onQueue(call, "PurgeQueue", input),
    run: (input, call) => {
      const queue = queueOf(input, call);
      const now = call.time.getTime();
      if (queue.purgedAt !== undefined && now - queue.purgedAt < PAUSE_MS)
        throw new AwsError(
          "PurgeQueueInProgress",
          `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        );
      queue.purgedAt = now;
      queue.messages.clear();
      queue.hidden.clear();
      return {};
    },
  },
  DeleteQueue: {
    authorize: (input, call) => onQueue(call, "DeleteQueue", input),
    run: (input, call) => {
      const queue = queueOf(input, call);
      const state = call.cloud.state(QUEUES, queue);
      state.queues.delete(queue.name);
      state.deleted.set(queue.name, call.time.getTime());
      queue.closed = true;
      wake(queue);
      return {};
    },
  },
  TagQueue: add("TagQueue"),
  UntagQueue: remove("UntagQueue"),
  ListQueueTags: list("ListQueueTags", (tags) => (tags.size > 0 ? { Tags: Object.fromEntries(tags) } : {})),
});
