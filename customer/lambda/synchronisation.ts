// Announces things as they are, for whoever lists them: each described and published as after a call, by the same
// role and the same checks. Whoever asks is answered what became of each.
import type { IoTClient } from "@aws-sdk/client-iot";
import * as v from "valibot";
import { type Hook, SCHEMA_VERSION } from "../../shared/contract/message.ts";
import { type Operation, SYNC_EVENT_NAME, publishableOperations } from "../../shared/contract/operations.ts";
import {
  SYNC_SOURCE,
  type SyncReport,
  type SyncRun,
  type SyncedThing,
  syncEventSchema,
} from "../../shared/contract/sync.ts";
import { beforeTimeout } from "../../shared/lambda/deadline.ts";
import { courseOf } from "../../shared/lambda/failure-table.ts";
import type { Invocation } from "../../shared/lambda/letter.ts";
import type { Line, Measure } from "../../shared/lambda/meter.ts";
import { type Description, describe } from "./describe.ts";
import { type RegistryCall, identify } from "./event.ts";
import { AnnounceFailure, type FailureReason } from "./failure.ts";
import { type PublicationParts, publishMessage } from "./publication.ts";

export interface SynchronisationParts extends PublicationParts {
  readonly iot: IoTClient;
  readonly measure: Measure;
  readonly log: (line: Line) => void;
}

/** Things at a time: a description and a publish take some 60 ms together, and one function has one processor. */
const AT_ONCE = 10;

/** With less time than this nothing is begun: it is enough for a thing whose calls are tried again. */
const LEAST_MS = 8_000;

export const isSyncEvent = (event: unknown): boolean =>
  (event as { readonly source?: unknown } | null)?.source === SYNC_SOURCE;

/** Throws AnnounceFailure where the event is malformed, or things are not announced at all. */
export async function synchronise(
  parts: SynchronisationParts,
  event: unknown,
  invocation: Invocation,
): Promise<SyncReport> {
  const { run, things, tombstones } = readSyncEvent(parts, event);
  const { operations: configured } = parts.settings;
  const operations = publishableOperations(configured);
  if (!operations.includes("sync_thing"))
    refuse(
      parts,
      "operation not announced",
      `create_thing is none of the configured operations ${configured.join(", ")}: things are announced as they are ` +
        "only where their creation is.",
    );
  const announcesGone = tombstones && operations.includes("delete_thing");
  const signal = beforeTimeout(invocation);
  const synced: SyncedThing[] = [];
  const waiting = things.values();
  const worker = async () => {
    for (const thing of waiting)
      synced.push(
        invocation.getRemainingTimeInMillis() < LEAST_MS
          ? { thing, outcome: "not reached", again: true }
          : await outcomeOf(parts, { run, thing, announcesGone }, signal),
      );
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  conclude(parts, { run, requestId: invocation.awsRequestId }, synced);
  return { things: synced };
}

function readSyncEvent(parts: SynchronisationParts, event: unknown) {
  const read = v.safeParse(syncEventSchema, event);
  if (read.success) return read.output;
  const [issue] = read.issues;
  return refuse(
    parts,
    "malformed event",
    `${v.getDotPath(issue) ?? "the event"}: ${issue.message}. This is what \`hooks backfill\` sends: use the release ` +
      "that is deployed.",
  );
}

function refuse({ log }: SynchronisationParts, reason: FailureReason, explanation: string): never {
  const failure = new AnnounceFailure(reason, undefined, explanation);
  log({ outcome: "failed", reason, error: failure.message });
  throw failure;
}

/** One line and one measurement for the event, and a line for each thing that failed. */
function conclude(
  { log, measure, settings }: SynchronisationParts,
  { run, requestId }: { readonly run: SyncRun; readonly requestId: string },
  synced: readonly SyncedThing[],
) {
  const counts: Partial<Record<SyncedThing["outcome"], number>> = {};
  for (const { outcome } of synced) counts[outcome] = (counts[outcome] ?? 0) + 1;
  for (const { thing, outcome, reason, error } of synced)
    if (outcome === "failed") log({ outcome: "not synchronised", run, thing, reason, error });
  const Synced = (counts.announced ?? 0) + (counts["deletion announced"] ?? 0);
  measure({ outcome: "synchronised", run, things: counts, requestId }, settings.accountId, { Synced });
}

interface Asked {
  readonly run: SyncRun;
  readonly thing: string;
  readonly announcesGone: boolean;
}

async function outcomeOf(parts: SynchronisationParts, asked: Asked, signal: AbortSignal): Promise<SyncedThing> {
  const { thing } = asked;
  try {
    return { thing, outcome: await announceAsIs(parts, asked, signal) };
  } catch (error) {
    if (!(error instanceof AnnounceFailure)) throw error;
    const { reason, message } = error;
    return { thing, outcome: "failed", reason, error: message, again: courseOf(error) !== "permanent" };
  }
}

async function announceAsIs(parts: SynchronisationParts, { run, thing, announcesGone }: Asked, signal: AbortSignal) {
  const { settings, iot, now } = parts;
  const observedAt = now().toISOString();
  const region = await iot.config.region();
  // As if it were a call's: `describe` takes from one what it is about.
  const look: RegistryCall = {
    account: settings.accountId,
    region,
    eventId: `sync:${thing}`,
    eventTime: observedAt,
    eventName: SYNC_EVENT_NAME,
    request: { thingName: thing },
    response: {},
  };
  const { snapshot, fields } = await describe(iot, "sync_thing", look, signal);
  const isThere = snapshot === "registry";
  if (!isThere && !announcesGone) return "not there";
  const operation: Operation = isThere ? "sync_thing" : "delete_thing";
  const { arn } = identify(look, "thing");
  const hook: Hook = {
    schemaVersion: SCHEMA_VERSION,
    eventId: isThere ? `sync:${arn}:${versionOf(fields)}` : `sync:${arn}:gone:${observedAt}`,
    eventTime: observedAt,
    observedAt,
    eventName: SYNC_EVENT_NAME,
    region,
    snapshot,
    run,
  };
  await publishMessage(parts, { operation, hook, fields }, signal);
  return isThere ? "announced" : "deletion announced";
}

/** Whatever an answer has there: a key `toString` of its own can't stop it. */
const versionOf = ({ version }: Description["fields"]): string => JSON.stringify(version);
