// Receiving: at once or by long polling.
import { randomBytes } from "node:crypto";
import type { MessageAttributeValue, ReceiveMessageRequest } from "@aws-sdk/client-sqs";
import type { Cloud } from "../../core/service.ts";
import { AwsError } from "../../core/errors.ts";
import type { Call } from "../../core/service.ts";
import { attributesDigest, md5 } from "./digest.ts";
import { expire, measure, numberOf, type Message, type Queue } from "./state.ts";

interface Wanted {
  readonly max: number;
  readonly visibilityMs: number;
  readonly system: readonly string[];
  readonly names: readonly string[];
}

function inRange(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const range = name === "MaxNumberOfMessages" ? `between ${min} and ${max}` : `>= ${min} and <= ${max}`;
  throw new AwsError(
    "InvalidParameterValue",
    `Value ${value} for parameter ${name} is invalid. Reason: Must be ${range}, if provided.`,
    { status: 400 },
  );
}

/** Waits, if asked to, until there is a message. */
export async function receive(queue: Queue, input: ReceiveMessageRequest, call: Call) {
  const { cloud } = call;
  const wanted: Wanted = {
    max: inRange("MaxNumberOfMessages", input.MaxNumberOfMessages ?? 1, 1, 10),
    visibilityMs:
      inRange("VisibilityTimeout", input.VisibilityTimeout ?? numberOf(queue, "VisibilityTimeout"), 0, 43_200) * 1000,
    // Clients from before its new name say AttributeNames.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    system: [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])],
    names: input.MessageAttributeNames ?? [],
  };
  const wait = input.WaitTimeSeconds ?? numberOf(queue, "ReceiveMessageWaitTimeSeconds");
  const until = cloud.clock.now() + inRange("WaitTimeSeconds", wait, 0, 20) * 1000;
  for (;;) {
    const taken = take(queue, wanted, cloud.clock.now());
    if (taken.length > 0) {
      measure(cloud, queue, "NumberOfMessagesReceived", taken.length);
      return { Messages: taken.map((message) => shown(message, wanted)) };
    }
    if (queue.closed || cloud.clock.now() >= until) break;
    await cloud.pause(change(cloud, queue, until));
  }
  measure(cloud, queue, "NumberOfEmptyReceives", 1);
  return {};
}

/** Resolves when something was sent, a hidden message becomes visible, the queue is gone, or the time is over. */
function change(cloud: Cloud, queue: Queue, until: number): Promise<void> {
  return new Promise((resolve) => {
    const next = Math.min(until, ...[...queue.hidden].map(({ visibleAt }) => visibleAt));
    const done = () => {
      timer.cancel();
      queue.waiters.delete(done);
      resolve();
    };
    const timer = cloud.clock.after(next - cloud.clock.now(), done);
    queue.waiters.add(done);
  });
}

function take(queue: Queue, { max, visibilityMs }: Wanted, now: number): Message[] {
  expire(queue, now);
  const taken: Message[] = [];
  for (const message of queue.messages.values()) {
    if (taken.length >= max) break;
    if (message.visibleAt > now) continue;
    message.receives++;
    message.givenBack = false;
    message.firstReceivedAt ??= now;
    message.visibleAt = now + visibilityMs;
    message.receiptHandle = Buffer.from(`${message.id} ${randomBytes(24).toString("hex")}`).toString("base64");
    if (visibilityMs > 0) queue.hidden.add(message);
    taken.push(message);
  }
  return taken;
}

/** The message that a handle was given out for; undefined when it is gone. @throws AwsError ReceiptHandleIsInvalid */
export function messageOfHandle(queue: Queue, handle = ""): Message | undefined {
  const [, id] = /^([0-9a-f-]{36}) [0-9a-f]{48}$/.exec(Buffer.from(handle, "base64").toString()) ?? [];
  if (id === undefined)
    throw new AwsError("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not a valid receipt handle.`);
  return queue.messages.get(id);
}

/**
 * `All`, `*` (recorded on AWS by another project's tests), `.*`, a name, or the beginning of names and `.*` (API
 * reference, ReceiveMessage).
 */
const isWanted = (name: string, wanted: readonly string[]): boolean =>
  wanted.some(
    (it) => it === "All" || it === "*" || it === name || (it.endsWith(".*") && name.startsWith(it.slice(0, -2))),
  );

function shown(message: Message, { system, names }: Wanted) {
  const attributes = Object.fromEntries(Object.entries(message.attributes).filter(([name]) => isWanted(name, names)));
  const all: Readonly<Record<string, string | undefined>> = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  };
  const own = Object.entries(all).filter(
    ([name, value]) => value !== undefined && (system.includes("All") || system.includes(name)),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle ?? "",
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(own.length > 0 ? { Attributes: Object.fromEntries(own) as Record<string, string> } : {}),
    ...withAttributes(attributes),
  };
}

const withAttributes = (attributes: Readonly<Record<string, MessageAttributeValue>>) =>
  Object.keys(attributes).length > 0
    ? { MessageAttributes: attributes, MD5OfMessageAttributes: attributesDigest(attributes) }
    : {};
