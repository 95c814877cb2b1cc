// From an event to a message on the partner's topic.
import type { IoTClient } from "@aws-sdk/client-iot";
import * as v from "valibot";
import type { AnnounceSettings } from "./settings.ts";
import { type Known, contentProblem } from "../../shared/contract/content.ts";
import { type Hook, MAX_PAYLOAD_BYTES, SCHEMA_VERSION, messageSchema } from "../../shared/contract/message.ts";
import { topicOf } from "../../shared/contract/names.ts";
import { type Operation, operationOfEvent, recreationOf } from "../../shared/contract/operations.ts";
import { describe } from "./describe.ts";
import { type CloudTrailCall, readEvent } from "./event.ts";
import { inWords } from "../../shared/lambda/excerpt.ts";
import { AnnounceFailure } from "./failure.ts";
import type { Publish } from "./partner.ts";
import { beforeTimeout } from "../../shared/lambda/deadline.ts";
import type { Invocation } from "../../shared/lambda/letter.ts";
import type { Measure } from "../../shared/lambda/meter.ts";
import { type SetAsideParts, setAside } from "../../shared/lambda/set-aside.ts";

export interface Parts extends SetAsideParts {
  readonly settings: AnnounceSettings;
  /** The customer's own registry. */
  readonly iot: IoTClient;
  readonly publish: Publish;
  readonly measure: Measure;
  /** Takes the one line about each event; Lambda's JSON format makes it the `message` of a log record. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/**
 * The announce function. An event that no retry makes announceable goes to the failure queue; for any other that it
 * can't announce it throws AnnounceFailure, and Lambda keeps the event. It logs one line for each, whatever comes of it.
 */
export const announcer = (parts: Parts) => async (event: unknown, invocation: Invocation) => {
  try {
    const line = await announce(parts, readEvent(event), beforeTimeout(invocation));
    parts.log(line);
    parts.measure(parts.settings.accountId, line.outcome === "announced" ? { Announced: 1 } : { Ignored: 1 });
  } catch (error) {
    await conclude(parts, event, invocation, failureOf(error));
  }
};

const failureOf = (error: unknown): AnnounceFailure =>
  error instanceof AnnounceFailure
    ? error
    : new AnnounceFailure("unexpected error", undefined, inWords(error), { cause: error });

async function conclude(parts: Parts, event: unknown, invocation: Invocation, failure: AnnounceFailure) {
  const { log, measure, settings } = parts;
  const line = (outcome: "rejected" | "failed", { reason, eventId, message: error }: AnnounceFailure) => {
    log({ outcome, eventId: eventId ?? null, reason, error });
  };
  let last = failure;
  try {
    if (await setAside(failure, event, invocation, parts)) {
      line("rejected", failure);
      measure(settings.accountId, { Rejected: 1 }, failure.reason);
      return;
    }
  } catch (cause) {
    const what = `a letter about it (${failure.reason}) to the failure queue: ${inWords(cause)}`;
    last = new AnnounceFailure("failure queue refused", failure.eventId, what, { cause });
  }
  line("failed", last);
  measure(settings.accountId, { Failed: 1 });
  throw last;
}

async function announce({ settings, iot, publish, now }: Parts, call: CloudTrailCall, signal: AbortSignal) {
  const { eventId, eventName } = call;
  if (call.errorCode !== undefined) {
    return { outcome: "ignored: the call failed", eventId, eventName, errorCode: call.errorCode };
  }
  const operation = announcedOperation(settings, call);
  const observedAt = now();
  const { snapshot, fields } = await describe(iot, operation, call, signal);
  const announced = snapshot === "registry" ? (recreationOf(operation) ?? operation) : operation;
  if (!settings.operations.includes(announced)) {
    return { outcome: `ignored: it is there again, and ${announced} is not announced`, eventId, eventName };
  }
  const hook: Hook = {
    schemaVersion: SCHEMA_VERSION,
    eventId,
    eventTime: call.eventTime,
    observedAt: observedAt.toISOString(),
    eventName,
    region: call.region,
    snapshot,
  };
  const topic = topicOf(settings.accountId, announced);
  const payload = JSON.stringify({ ...fields, hook });
  const problem = problemOf(JSON.parse(payload), {
    operation: announced,
    accountId: settings.accountId,
    // CloudTrail's clock is AWS's own: whether a time is in the future is the partner's question.
    at: Math.max(now().getTime(), Date.parse(call.eventTime)),
  });
  if (problem !== undefined) {
    throw new AnnounceFailure(
      "malformed message",
      eventId,
      `what ${eventName} left is not what the contract calls a message: ${problem}`,
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
    await publish(topic, payload, signal);
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

/** The same checks as the partner's: what it would reject is not sent. */
function problemOf(message: unknown, known: Known): string | undefined {
  const form = v.safeParse(messageSchema, message);
  if (form.success) return contentProblem(form.output, known)?.explanation;
  const [issue] = form.issues;
  return `${v.getDotPath(issue) ?? "it"}: ${issue.message}.`;
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
