// From the rule's event to the partner's own code, and to the debug message.
import type { Customers, ReceiveSettings } from "./settings.ts";
import { debugTopicOf } from "../../shared/contract/names.ts";
import { RejectedMessage, excerpt } from "./rejected-message.ts";
import { type Delivery, type OnThing, type ReceivedMessage, unpack } from "./unpack.ts";

/** Thrown when a message was in order, but what had to be done with it failed. Lambda delivers the message again. */
export class HandlingFailure extends Error {
  override readonly name = "HandlingFailure";
  readonly eventId: string | undefined;

  constructor(step: string, message: ReceivedMessage, cause: unknown) {
    const eventId = message.hook?.eventId;
    const words = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`Event ${eventId ?? "without an id"} of ${message.accountId}: ${step} failed: ${excerpt(words)}`, { cause });
    this.eventId = eventId;
  }
}

export interface Parts {
  readonly settings: ReceiveSettings;
  readonly customers: Customers;
  readonly onThing: OnThing;
  readonly publish: (topic: string, payload: string) => Promise<void>;
  /** Takes the one line about each message; Lambda's JSON format makes it the `message` of a log record. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/**
 * The receive function. It throws RejectedMessage or HandlingFailure for each message that isn't dealt with, and logs
 * one line for each, whatever comes of it.
 */
export const receiver = (parts: Parts) => async (event: unknown) => {
  try {
    parts.log(await receive(parts, unpack(event, parts.customers)));
  } catch (error) {
    parts.log(failureLine(event, error));
    throw error;
  }
};

async function receive({ settings, onThing, publish }: Parts, delivery: Delivery) {
  const { message, schemaVersion } = delivery;
  const { accountId, operation } = message;
  await step("the partner's own code (onThing)", message, () => onThing(delivery));
  if (settings.debug) {
    const topic = debugTopicOf(accountId, operation);
    await step(`the debug message on ${topic}`, message, () => publish(topic, JSON.stringify(message)));
  }
  return { outcome: "received", eventId: message.hook?.eventId ?? null, schemaVersion, accountId, operation };
}

async function step(name: string, message: ReceivedMessage, run: () => Promise<void> | void): Promise<void> {
  try {
    await run();
  } catch (cause) {
    throw new HandlingFailure(name, message, cause);
  }
}

function failureLine(event: unknown, error: unknown) {
  const words = error instanceof Error ? error.message : String(error);
  if (!(error instanceof RejectedMessage)) {
    return {
      outcome: "failed",
      eventId: error instanceof HandlingFailure ? (error.eventId ?? null) : null,
      error: words,
    };
  }
  const { topic, principal, data } = (event ?? {}) as Readonly<Record<string, unknown>>;
  const bounded = (value: unknown) => (typeof value === "string" ? excerpt(value) : undefined);
  const payload = typeof data === "string" ? Buffer.from(data, "base64").toString() : undefined;
  return {
    outcome: "rejected",
    reason: error.reason,
    // Searched as text: what is rejected may not be JSON at all.
    eventId: /"eventId"\s*:\s*"([^"\\]{1,300})"/.exec(payload ?? "")?.[1] ?? null,
    error: words,
    topic: bounded(topic),
    principal: bounded(principal),
    payload: bounded(payload),
  };
}
