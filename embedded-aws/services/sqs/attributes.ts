// Attributes of a queue: which there are, and what they may be (API reference, SetQueueAttributes).
import type { Cloud } from "../../core/service.ts";
import { AwsError, notModelled } from "../../core/errors.ts";
import { readPolicy, shownPolicy } from "../../core/policies.ts";
import { depth, expire, type Queue } from "./state.ts";

/** Whole numbers, in seconds or bytes. */
const RANGES: Readonly<Record<string, readonly [min: number, max: number]>> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
};

const badValue = (name: string, reason = "") =>
  new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.${reason && ` Reason: ${reason}`}`, {
    status: 400,
  });

/**
 * Sets attributes, all or none.
 * @throws AwsError InvalidAttributeName, InvalidAttributeValue
 */
export function readAttributes(queue: Queue, given: Readonly<Record<string, string>>, cloud: Cloud): void {
  const next = new Map(queue.attributes);
  let { policy } = queue;
  for (const [name, value] of Object.entries(given)) {
    const range = RANGES[name];
    if (range) {
      const number = Number(value);
      if (!/^\d+$/.test(value) || number < range[0] || number > range[1]) throw badValue(name);
      next.set(name, String(number));
    } else if (name === "Policy") {
      policy = value === "" ? undefined : readPolicy(cloud, value, "resource", "InvalidAttributeValue");
    } else if (name === "SqsManagedSseEnabled") {
      if (value !== "true" && value !== "false") throw badValue(name);
      next.set(name, value);
    } else if (
      ["KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "RedrivePolicy", "RedriveAllowPolicy"].includes(name)
    ) {
      throw notModelled(`${name} of a queue`);
    } else {
      throw new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`, { status: 400 });
    }
  }
  queue.policy = policy;
  queue.attributes.clear();
  for (const [name, value] of next) queue.attributes.set(name, value);
}

/** Those of the wanted attributes that the queue has. @throws AwsError InvalidAttributeName */
export function shownAttributes(queue: Queue, wanted: readonly string[], cloud: Cloud): Record<string, string> {
  const now = cloud.clock.now();
  expire(queue, now);
  const { visible, inFlight, delayed } = depth(queue, now);
  const seconds = (date: Date) => String(Math.floor(date.getTime() / 1000));
  const all: Readonly<Record<string, string>> = {
    ...Object.fromEntries(queue.attributes),
    ...(queue.policy ? { Policy: shownPolicy(cloud, queue.policy) } : {}),
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: seconds(queue.createdAt),
    LastModifiedTimestamp: seconds(queue.modifiedAt),
  };
  const optional = ["Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds"];
  for (const name of wanted)
    if (name !== "All" && !Object.hasOwn(all, name) && !optional.includes(name))
      throw new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`, { status: 400 });
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes("All") || wanted.includes(name)));
}
