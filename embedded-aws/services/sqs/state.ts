import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import { arn, type Place } from "../../core/arn.ts";
import type { Timer } from "../../core/clock.ts";
import type { Cloud } from "../../core/service.ts";
import { AwsError } from "../../core/errors.ts";
import type { StoredPolicy } from "../../core/managed-policy.ts";
import { emitMetric } from "../../core/metrics.ts";
import type { Call, Permission } from "../../core/service.ts";
import { stateOf } from "../../core/state.ts";
import { resourceTagKeys } from "../../core/tags.ts";

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly senderId: string;
  readonly sentAt: number;
  /** Milliseconds since 1970, from which on it can be received. */
  visibleAt: number;
  receives: number;
  firstReceivedAt: number | undefined;
  /** Of the last receive: older ones delete nothing. */
  receiptHandle: string | undefined;
  /** By that handle, before its time: ChangeMessageVisibility to zero. */
  givenBack: boolean;
}
export interface Queue extends Place {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  modifiedAt: Date;
  readonly attributes: Map<string, string>;
  policy: StoredPolicy | undefined;
  readonly tags: Map<string, string>;
  /** By id, oldest first. */
  readonly messages: Map<string, Message>;
  /** Those that were delayed or received, and can't be seen or could not until lately. */
  readonly hidden: Set<Message>;
  purgedAt: number | undefined;
  closed: boolean;
  /** Until the next minute's measurement, while there are messages. */
  measuring: Timer | undefined;
  /** Long polls, to be called when there may be something for them. */
  readonly waiters: Set<() => void>;
}

export const QUEUES = stateOf("sqs", () => ({
  queues: new Map<string, Queue>(),
  /** When a queue of that name was deleted, milliseconds since 1970. */
  deleted: new Map<string, number>(),
}));

export const queueUrl = (cloud: Cloud, { account, name }: Pick<Queue, "account" | "name">): string =>
  `${cloud.endpoint}/${account}/${name}`;

/**
 * Account and name, the last two parts of a queue's URL, whatever host stands before them; or a name alone, of the
 * caller's own account (validated on AWS by another project's tests: LocalStack, test_posting_to_queue_via_queue_name).
 */
function partsOf(url: string, call: Place): { account: string; name: string } {
  if (/^[\w-]{1,80}$/.test(url)) return { account: call.account, name: url };
  const [, account = "", name = ""] = /\/(\d{12})\/([^/]+)$/.exec(url) ?? [];
  return { account, name };
}

export function findQueue(cloud: Cloud, place: Place, name: string): Queue | undefined {
  return cloud.state(QUEUES, place).queues.get(name);
}

const noQueue = () => new AwsError("QueueDoesNotExist", "The specified queue does not exist.");

/** @throws AwsError InvalidAddress for what is no queue's URL, QueueDoesNotExist */
export function queueOf({ QueueUrl = "" }: { readonly QueueUrl?: string | undefined }, call: Call): Queue {
  const { cloud, region } = call;
  const { account, name } = partsOf(QueueUrl, call);
  if (name === "") throw new AwsError("InvalidAddress", `The address ${QueueUrl} is not valid for this endpoint.`);
  const queue = findQueue(cloud, { account, region }, name);
  if (!queue) throw noQueue();
  return queue;
}

export const queueArn = (place: Place, name: string): string => arn("sqs", place, name);

/**
 * Permission on a queue by its URL, with the queue's own policy.
 * @throws AwsError QueueDoesNotExist for one of another account that isn't there (recorded on AWS by another
 *   project's tests); of the caller's own that comes after the permission
 */
export function onQueue(
  call: Call,
  action: string,
  { QueueUrl = "" }: { readonly QueueUrl?: string | undefined },
): Permission {
  const { account, name } = partsOf(QueueUrl, call);
  const place = { account: account || call.account, region: call.region };
  if (place.account !== call.account && !findQueue(call.cloud, place, name)) throw noQueue();
  return onNamedQueue(call, action, place, name);
}

export function onNamedQueue(call: Call, action: string, place: Place, name: string): Permission {
  const { policy, tags } = findQueue(call.cloud, place, name) ?? {};
  return {
    action: `sqs:${action}`,
    resource: queueArn(place, name),
    resourceAccount: place.account,
    context: resourceTagKeys(tags),
    ...(policy ? { resourcePolicy: { kind: "resource", name: `policy of queue ${name}`, policy: policy.policy } } : {}),
  };
}

export const numberOf = (queue: Queue, attribute: string): number => Number(queue.attributes.get(attribute));

/** Drops what is older than the retention period. */
export function expire(queue: Queue, now: number): void {
  const oldest = now - numberOf(queue, "MessageRetentionPeriod") * 1000;
  for (const message of queue.messages.values()) {
    if (message.sentAt > oldest) break;
    remove(queue, message);
  }
}

export function remove(queue: Queue, message: Message): void {
  queue.messages.delete(message.id);
  queue.hidden.delete(message);
}

/** How many can be received now, were received and not deleted, and are delayed. */
export function depth(queue: Queue, now: number): { visible: number; inFlight: number; delayed: number } {
  for (const message of queue.hidden) if (message.visibleAt <= now) queue.hidden.delete(message);
  const delayed = [...queue.hidden].filter(({ receiptHandle }) => receiptHandle === undefined).length;
  return { visible: queue.messages.size - queue.hidden.size, inFlight: queue.hidden.size - delayed, delayed };
}

/**
 * «Available CloudWatch metrics for Amazon SQS», developer guide. Depth and age are measured when something changes,
 * and each minute while there are messages. (On AWS a queue that nobody touches falls silent after six hours.)
 */
export function measure(cloud: Cloud, queue: Queue, name: string, value: number, unit?: string): void {
  emitMetric(cloud, queue, "AWS/SQS", name, { QueueName: queue.name }, value, unit);
  measureDepth(cloud, queue);
}

const MINUTE_MS = 60_000;

function measureDepth(cloud: Cloud, queue: Queue): void {
  const of = { QueueName: queue.name };
  const now = cloud.clock.now();
  expire(queue, now);
  emitMetric(cloud, queue, "AWS/SQS", "ApproximateNumberOfMessagesVisible", of, depth(queue, now).visible);
  const [oldest] = queue.messages.values();
  const age = oldest === undefined ? 0 : Math.floor((now - oldest.sentAt) / 1000);
  emitMetric(cloud, queue, "AWS/SQS", "ApproximateAgeOfOldestMessage", of, age, "Seconds");
  if (oldest === undefined || queue.measuring) return;
  queue.measuring = cloud.clock.after(MINUTE_MS - (now % MINUTE_MS), () => {
    queue.measuring = undefined;
    if (!queue.closed) measureDepth(cloud, queue);
  });
}

/** Wakes the long polls of a queue. */
export function wake(queue: Queue): void {
  for (const waiter of [...queue.waiters]) waiter();
}
