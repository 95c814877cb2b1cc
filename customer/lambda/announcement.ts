// From an event to a message on the partner's topic.
import type { IoTClient } from "@aws-sdk/client-iot";
import type { AnnounceSettings } from "./settings.ts";
import { type Hook, SCHEMA_VERSION } from "../../shared/contract/message.ts";
import type { SyncReport } from "../../shared/contract/sync.ts";
import {
  type Operation,
  SUBJECTS,
  aboutOf,
  operationOfEvent,
  recreationOf,
  rowOf,
} from "../../shared/contract/operations.ts";
import { describe } from "./describe.ts";
import { type RegistryCall, identify, readEvent, singleCalls } from "./event.ts";
import { isRegistryEvent, readRegistryEvent } from "./registry-event.ts";
import { excerpt, inWords } from "../../shared/lambda/excerpt.ts";
import { AnnounceFailure } from "./failure.ts";
import { type PublicationParts, publishMessage } from "./publication.ts";
import { isSyncEvent, synchronise } from "./synchronisation.ts";
import { beforeTimeout } from "../../shared/lambda/deadline.ts";
import type { Invocation } from "../../shared/lambda/letter.ts";
import type { Line, Measure, Measured } from "../../shared/lambda/meter.ts";
import { type SetAsideParts, setAside } from "../../shared/lambda/set-aside.ts";

export interface Parts extends SetAsideParts, PublicationParts {
  /** The customer's own registry. */
  readonly iot: IoTClient;
  /** Takes the one line about each event. */
  readonly measure: Measure;
  /** Takes any other line; Lambda's JSON format makes it the `message` of a log record. */
  readonly log: (line: Line) => void;
}

/**
 * The announce function. An event that no retry makes announceable goes to the failure queue; for any other that it
 * can't announce it throws AnnounceFailure, and Lambda keeps the event. It logs one line for each, whatever comes of
 * it. Whoever asks it to announce things as they are waits for the answer: no retry of Lambda's, and no queue.
 */
export const announcer =
  (parts: Parts) =>
  async (event: unknown, invocation: Invocation): Promise<SyncReport | undefined> => {
    if (isSyncEvent(event)) return synchronise(parts, event, invocation);
    await announceCall(parts, event, invocation);
    return undefined;
  };

async function announceCall(parts: Parts, event: unknown, invocation: Invocation) {
  const read = await readerOf(event, parts);
  const about = aboutIn(read);
  const tell: Tell = (line, values) => {
    parts.measure({ ...line, about, requestId: invocation.awsRequestId }, parts.settings.accountId, values);
  };
  try {
    const { eventId, eventName, calls } = read();
    const signal = beforeTimeout(invocation);
    // One after the other: where one fails all are tried again, and the partner knows those that it has.
    for (const call of calls) {
      const line = await announce(parts, call, signal);
      tell(line, line.outcome === "announced" ? { Announced: 1 } : { Ignored: 1 });
    }
    if (calls.length === 0)
      tell(
        { outcome: "ignored: nothing that it changed is announced", ...said({ eventId, eventName }) },
        { Ignored: 1 },
      );
  } catch (error) {
    await conclude({ parts, event, invocation, tell }, failureOf(error));
  }
}

/** Says what came of the event. */
type Tell = (line: Line, values: Readonly<Measured>) => void;

/** An event, and the changes that it stands for. */
interface Read extends Pick<RegistryCall, "eventId" | "eventName"> {
  readonly calls: readonly RegistryCall[];
}

/** Reads what either trigger brings. What it returns throws AnnounceFailure for what is neither's. */
async function readerOf(event: unknown, { iot, settings: { operations } }: Parts): Promise<() => Read> {
  if (isRegistryEvent(event)) {
    const region = await iot.config.region();
    return () => {
      const call = readRegistryEvent(event, region, operations);
      return { ...call, calls: [call] };
    };
  }
  return () => {
    const call = readEvent(event);
    return { ...call, calls: singleCalls(call, operations) };
  };
}

/** What the call was about; undefined where the event doesn't say it, which comes to light where it is dealt with. */
function aboutIn(read: () => Read): string | undefined {
  try {
    const [call] = read().calls;
    const operation = call && operationOfEvent(call.eventName);
    if (call === undefined || operation === undefined) return undefined;
    const [subject] = rowOf(operation).subjects;
    return aboutOf(operation, { [SUBJECTS[subject].nameField]: identify(call, subject).name });
  } catch {
    return undefined;
  }
}

const failureOf = (error: unknown): AnnounceFailure =>
  error instanceof AnnounceFailure
    ? error
    : new AnnounceFailure("unexpected error", undefined, inWords(error), { cause: error });

interface Concluding {
  readonly parts: Parts;
  readonly event: unknown;
  readonly invocation: Invocation;
  readonly tell: Tell;
}

async function conclude({ parts, event, invocation, tell }: Concluding, failure: AnnounceFailure) {
  const line = (outcome: "rejected" | "failed", { reason, eventId, message: error }: AnnounceFailure) => ({
    outcome,
    eventId: eventId ?? null,
    reason,
    error,
  });
  let last = failure;
  try {
    if (await setAside(failure, event, invocation, parts)) {
      tell(line("rejected", failure), { Rejected: 1 });
      return;
    }
  } catch (cause) {
    const what = `a letter about it (${failure.reason}) to the failure queue: ${inWords(cause)}`;
    last = new AnnounceFailure("failure queue refused", failure.eventId, what, { cause });
  }
  tell(line("failed", last), { Failed: 1 });
  throw last;
}

async function announce(parts: Parts, call: RegistryCall, signal: AbortSignal) {
  const { settings, iot, now } = parts;
  const { eventId, eventName } = call;
  checkAccount(settings, call);
  await checkRegion(iot, call);
  if (call.errorCode !== undefined) {
    return { outcome: "ignored: the call failed", ...said(call), errorCode: excerpt(call.errorCode) };
  }
  const operation = announcedOperation(settings, call);
  const observedAt = call.told === undefined ? now().toISOString() : call.eventTime;
  const { snapshot, fields } = await describe(iot, operation, call, signal);
  const announced = snapshot === "registry" ? (recreationOf(operation) ?? operation) : operation;
  if (!settings.operations.includes(announced)) {
    return { outcome: `ignored: it is there again, and ${announced} is not announced`, ...said(call) };
  }
  const hook: Hook = {
    schemaVersion: SCHEMA_VERSION,
    eventId,
    eventTime: call.eventTime,
    observedAt,
    eventName,
    region: call.region,
    snapshot,
  };
  await publishMessage(parts, { operation: announced, hook, fields }, signal);
  return { outcome: "announced", ...said(call), operation: announced, snapshot };
}

/** What an event says of itself, as a line has it. */
const said = ({ eventId, eventName }: Pick<RegistryCall, "eventId" | "eventName">) => ({
  eventId: excerpt(eventId),
  eventName: excerpt(eventName),
});

function checkAccount(settings: AnnounceSettings, { account, eventId }: RegistryCall): void {
  if (account !== settings.accountId) {
    throw new AnnounceFailure(
      "another account",
      eventId,
      `it is from account ${account}, the function is account ${settings.accountId}'s.`,
    );
  }
}

/**
 * A bus may get events of other Regions by a rule there. What they are about would be looked for here, and announced
 * as gone, or as another thing of its name.
 */
async function checkRegion(iot: IoTClient, { region, eventId }: RegistryCall): Promise<void> {
  const own = await iot.config.region();
  if (region === own) return;
  throw new AnnounceFailure(
    "another Region",
    eventId,
    `it is from ${region}, the function looks into the registry of ${own}: deploy the customer's side in ${region} too.`,
  );
}

function announcedOperation(settings: AnnounceSettings, { eventName, eventId }: RegistryCall): Operation {
  const called = operationOfEvent(eventName);
  const operation = settings.operations.find((announced) => announced === called);
  if (operation === undefined) {
    throw new AnnounceFailure(
      "operation not announced",
      eventId,
      `${eventName} is none of the configured operations ${settings.operations.join(", ")}: the rule should ` +
        "not have let it through.",
    );
  }
  return operation;
}
