// From the rule's event to the partner's own code, and to the debug message.
import type { Customer, Customers } from "./customers.ts";
import { MAX_PAYLOAD_BYTES } from "../../shared/contract/message.ts";
import { NO_CUSTOMER } from "../../shared/contract/metrics.ts";
import { debugTopicOf } from "../../shared/contract/names.ts";
import { aboutOf } from "../../shared/contract/operations.ts";
import type { SyncRun } from "../../shared/contract/sync.ts";
import { beforeTimeout } from "../../shared/lambda/deadline.ts";
import type { Invocation } from "../../shared/lambda/letter.ts";
import type { Line, Measure, Measured } from "../../shared/lambda/meter.ts";
import { type SetAsideParts, setAside } from "../../shared/lambda/set-aside.ts";
import { excerpt, inWords } from "../../shared/lambda/excerpt.ts";
import { changeOf } from "./change.ts";
import { HandlingFailure } from "./handling-failure.ts";
import { RejectedMessage } from "./rejected-message.ts";
import type { DeviceRegistry } from "./registry.ts";
import type { Publish } from "./publisher.ts";
import type { RuleEvent } from "./rule-event.ts";
import { admitted, maySend, vouchedFor } from "./sender.ts";
import type { ReceiveSettings } from "./settings.ts";
import { type Delivery, type OnThing, eventIdIn, hookEvent, unpack } from "./unpack.ts";

export interface Parts extends SetAsideParts {
  readonly settings: ReceiveSettings;
  readonly customers: Customers;
  readonly onThing: OnThing;
  /** Undefined where the program was told to keep none: then each delivery runs the partner's own code. */
  readonly registry?: DeviceRegistry | undefined;
  /** Takes the one line about each message. */
  readonly measure: Measure;
  /** Publishes debug messages. Undefined where there are none. */
  readonly publish?: Publish | undefined;
}

/** A debug message is worth no longer wait: the message itself is dealt with. */
const DEBUG_MS = 5_000;

/**
 * The receive function. A message that no retry makes acceptable goes to the failure queue; for any other that isn't
 * dealt with it throws HandlingFailure, and Lambda delivers the message again. It logs one line for each, whatever
 * comes of it.
 */
export const receiver = (parts: Parts) => async (event: unknown, invocation: Invocation) => {
  const known: Known = { customer: NO_CUSTOMER, measured: {} };
  const tell: Tell = (line, values) => {
    parts.measure({ ...line, about: known.about, requestId: invocation.awsRequestId }, known.customer, values);
  };
  try {
    const rule = hookEvent(event);
    const found = await find(parts, rule, invocation);
    // Whoever publishes chooses the account: only one that is a customer's becomes a metric's dimension.
    if (found !== undefined) known.customer = rule.accountId;
    const customer = admitted(found, rule.accountId);
    const delivery = unpack(rule, parts.settings.operations);
    known.about = aboutOf(delivery.message.operation, delivery.message);
    tell(await receive(parts, delivery, customer, invocation, known.measured), known.measured);
  } catch (error) {
    await conclude({ parts, event, invocation, tell }, failureOf(error, event), known.measured);
  }
};

/** Says what came of the message. */
type Tell = (line: Line, values: Readonly<Measured>) => void;

/** What is known of a message by the time that it is dealt with, or isn't. */
interface Known {
  customer: string;
  /** What the message is about; undefined where it could not be believed. */
  about?: string | undefined;
  readonly measured: Measured;
}

async function find({ customers }: Parts, rule: RuleEvent, invocation: Invocation): Promise<Customer | undefined> {
  try {
    return await customers.find(rule.accountId, maySend(rule), beforeTimeout(invocation));
  } catch (error) {
    const what = `table of customers, for account ${excerpt(rule.accountId)}`;
    throw new HandlingFailure("customers unreadable", eventIdIn(rule), what, error);
  }
}

async function receive(
  parts: Parts,
  delivery: Delivery,
  customer: Customer,
  invocation: Invocation,
  measured: Measured,
) {
  const { message, schemaVersion } = delivery;
  const sender = vouchedFor(delivery, customer, parts.settings.senderCheck);
  measured.Received = 1;
  if (sender.senderMismatch !== undefined) measured.SenderMismatch = 1;
  if (message.hook) measured.AgeMs = Math.max(0, parts.now().getTime() - Date.parse(message.hook.eventTime));
  const outcome = await dealWith(parts, delivery, invocation);
  measured[MEASURED_AS[outcome]] = 1;
  if (outcome === "applied" && message.hook?.run === RECONCILE) measured.Corrected = 1;
  const publish = MEASURED_AS[outcome] === "Applied" ? parts.publish : undefined;
  const debugFailure = publish && (await publishDebug(publish, delivery, invocation));
  if (debugFailure !== undefined) measured.DebugFailed = 1;
  return {
    outcome,
    eventId: idIn(message.hook),
    schemaVersion,
    operation: message.operation,
    ...(delivery.principal === undefined ? {} : { principal: excerpt(delivery.principal) }),
    ...sender,
    ...(debugFailure === undefined ? {} : { debugFailure }),
  };
}

/** The sender's own text, as a line has it. */
const idIn = (known: { readonly eventId: string | undefined } | undefined): string | null =>
  known?.eventId === undefined ? null : excerpt(known.eventId);

const RECONCILE: SyncRun = "reconcile";

/** What a message came to, by its outcome: `received` is applied without a registry. */
const MEASURED_AS = { received: "Applied", applied: "Applied", duplicate: "Duplicate", stale: "Stale" } as const;

async function dealWith(
  { onThing, registry }: Parts,
  delivery: Delivery,
  invocation: Invocation,
): Promise<keyof typeof MEASURED_AS> {
  const run = () => ownCode(onThing, delivery);
  if (registry === undefined) {
    await run();
    return "received";
  }
  const time = {
    remaining: () => invocation.getRemainingTimeInMillis(),
    signal: () => beforeTimeout(invocation),
  };
  try {
    return await registry.apply(changeOf(delivery), time, run);
  } catch (error) {
    if (error instanceof HandlingFailure) throw error;
    const { hook, accountId } = delivery.message;
    throw new HandlingFailure("registry failed", hook?.eventId, `device registry, for account ${accountId}`, error);
  }
}

async function ownCode(onThing: OnThing, delivery: Delivery): Promise<void> {
  try {
    await onThing(delivery);
  } catch (cause) {
    const { hook, accountId } = delivery.message;
    throw new HandlingFailure("own code failed", hook?.eventId, `onThing, for account ${accountId}`, cause);
  }
}

/**
 * Best effort: whatever goes wrong with it, what the message is about has happened, and must not happen again. Returns
 * what went wrong.
 */
async function publishDebug(publish: Publish, { message }: Delivery, invocation: Invocation) {
  const topic = debugTopicOf(message.accountId, message.operation);
  try {
    const payload = JSON.stringify(message);
    // It grows by two keys, and numbers are spelled out: 1e20 has 21 characters then.
    const bytes = Buffer.byteLength(payload);
    if (bytes > MAX_PAYLOAD_BYTES) {
      return `the debug message on ${topic} has ${bytes} bytes, AWS IoT takes ${MAX_PAYLOAD_BYTES}`;
    }
    await publish(topic, payload, beforeTimeout(invocation, DEBUG_MS));
    return undefined;
  } catch (error) {
    return `the debug message on ${topic}: ${inWords(error)}`;
  }
}

type ReceiveFailure = RejectedMessage | HandlingFailure;

function failureOf(error: unknown, event: unknown): ReceiveFailure {
  if (error instanceof HandlingFailure) return error;
  if (!(error instanceof RejectedMessage))
    return new HandlingFailure("unexpected error", undefined, "the receive function itself", error);
  error.eventId ??= eventIdIn(event);
  return error;
}

interface Concluding {
  readonly parts: Parts;
  readonly event: unknown;
  readonly invocation: Invocation;
  readonly tell: Tell;
}

async function conclude({ parts, event, invocation, tell }: Concluding, failure: ReceiveFailure, measured: Measured) {
  let last = failure;
  try {
    if (await setAside(failure, event, invocation, parts)) {
      tell(lineOf(event, failure), { Rejected: 1 });
      return;
    }
  } catch (cause) {
    const what = `a letter about it (${failure.reason}) to the failure queue`;
    last = new HandlingFailure("failure queue refused", failure.eventId, what, cause);
  }
  tell(lineOf(event, last), { ...measured, Failed: 1 });
  throw last;
}

function lineOf(event: unknown, failure: ReceiveFailure) {
  const { reason, message: error } = failure;
  const eventId = idIn(failure);
  if (failure instanceof HandlingFailure) return { outcome: "failed", reason, eventId, error };
  const { topic, principal, data } = (event ?? {}) as Readonly<Record<string, unknown>>;
  const bounded = (value: unknown) => (typeof value === "string" ? excerpt(value) : undefined);
  const payload = typeof data === "string" ? Buffer.from(data, "base64").toString() : undefined;
  return {
    outcome: "rejected",
    reason,
    eventId,
    error,
    topic: bounded(topic),
    principal: bounded(principal),
    payload: bounded(payload),
  };
}
