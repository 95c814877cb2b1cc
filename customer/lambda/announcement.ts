// From an event to a message on the partner's topic.
import type { IoTClient } from "@aws-sdk/client-iot";
import * as v from "valibot";
import type { AnnounceSettings } from "./settings.ts";
import { type Hook, MAX_PAYLOAD_BYTES, SCHEMA_VERSION, messageSchema } from "../../shared/contract/message.ts";
import { topicOf } from "../../shared/contract/names.ts";
import { type Operation, operationOfEvent } from "../../shared/contract/operations.ts";
import { describe } from "./describe.ts";
import { type CloudTrailCall, readEvent } from "./event.ts";
import { AnnounceFailure, inWords } from "./failure.ts";
import type { Publish } from "./partner.ts";

export interface Parts {
  readonly settings: AnnounceSettings;
  /** The customer's own registry. */
  readonly iot: IoTClient;
  readonly publish: Publish;
  readonly now: () => Date;
  /** Takes the one line about each event; Lambda's JSON format makes it the `message` of a log record. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/**
 * The announce function. It throws AnnounceFailure for each event that it can't announce, and logs one line for each
 * event, whatever comes of it.
 */
export const announcer = (parts: Parts) => async (event: unknown) => {
  try {
    parts.log(await announce(parts, readEvent(event)));
  } catch (error) {
    const known = error instanceof AnnounceFailure ? error : undefined;
    parts.log({ outcome: "failed", eventId: known?.eventId ?? null, reason: known?.reason, error: inWords(error) });
    throw error;
  }
};

async function announce({ settings, iot, publish, now }: Parts, call: CloudTrailCall) {
  const { eventId, eventName } = call;
  if (call.errorCode !== undefined) {
    return { outcome: "ignored: the call failed", eventId, eventName, errorCode: call.errorCode };
  }
  const operation = announcedOperation(settings, call);
  const { snapshot, fields } = await describe(iot, operation, call);
  const hook: Hook = {
    schemaVersion: SCHEMA_VERSION,
    eventId,
    eventTime: call.eventTime,
    observedAt: now().toISOString(),
    eventName,
    region: call.region,
    snapshot,
  };
  const topic = topicOf(settings.accountId, operation);
  const payload = JSON.stringify({ ...fields, hook });
  const check = v.safeParse(messageSchema, JSON.parse(payload));
  if (!check.success) {
    const [issue] = check.issues;
    throw new AnnounceFailure(
      "malformed message",
      eventId,
      `what ${eventName} left is not what the contract calls a message: ${v.getDotPath(issue) ?? "it"}: ` +
        `${issue.message}.`,
    );
  }
  const bytes = Buffer.byteLength(payload);
  if (bytes > MAX_PAYLOAD_BYTES) {
    throw new AnnounceFailure(
      "message too large",
      eventId,
      `the message for ${topic} has ${bytes} bytes, AWS IoT takes ${MAX_PAYLOAD_BYTES}: make what is ` +
        "registered smaller.",
    );
  }
  try {
    await publish(topic, payload);
  } catch (error) {
    throw new AnnounceFailure(
      "publish failed",
      eventId,
      `to ${topic} in ${settings.partnerRegion} as ${settings.partnerRoleArn}: ${inWords(error)}`,
      { cause: error },
    );
  }
  return { outcome: "announced", eventId, eventName, topic, snapshot, bytes };
}

function announcedOperation(settings: AnnounceSettings, { account, eventName, eventId }: CloudTrailCall): Operation {
  if (account !== settings.accountId) {
    throw new AnnounceFailure(
      "another account",
      eventId,
      `it is from account ${account}, the function is account ${settings.accountId}'s.`,
    );
  }
  const operation = operationOfEvent(eventName);
  if (operation === undefined || !settings.operations.includes(operation)) {
    throw new AnnounceFailure(
      "operation not announced",
      eventId,
      `${eventName} is none of the configured operations ${settings.operations.join(", ")}: the rule should ` +
        "not have let it through.",
    );
  }
  return operation;
}
