// What the customer's function is asked and answers when no call of the registry is announced, but what is there
// already: by `hooks backfill`, and by the schedule.
import * as v from "valibot";
import { REGISTRY_NAME } from "./names.ts";

/** EventBridge's events have `aws.iot`: a rule can't bring about one of these. */
export const SYNC_SOURCE = "iot-hooks.sync";

/** Who asks. The partner counts what a `reconcile` corrected, and not what a `backfill` brought. */
const SYNC_RUNS = ["backfill", "reconcile"] as const;
export type SyncRun = (typeof SYNC_RUNS)[number];

/** Names in one event: described and published ten at a time, they take a second or two. */
export const MAX_SYNC_THINGS = 100;

export const syncEventSchema = v.object({
  source: v.literal(SYNC_SOURCE),
  run: v.picklist(SYNC_RUNS),
  things: v.pipe(
    v.array(v.pipe(v.string(), v.regex(REGISTRY_NAME, "must be the name of a thing"))),
    v.minLength(1),
    v.maxLength(MAX_SYNC_THINGS),
  ),
  /**
   * Whether a thing that isn't there is announced as deleted: for those that the partner has. One that was listed a
   * moment ago has a DeleteThing of its own.
   */
  tombstones: v.optional(v.boolean(), false),
});
export type SyncEvent = v.InferInput<typeof syncEventSchema>;

/**
 * - announced: the partner was told of it, as `sync_thing`.
 * - deletion announced: it isn't there; the partner was told so, as `delete_thing`.
 * - not there: and the partner was not told: it wasn't asked for, or `delete_thing` is not among the operations.
 * - failed: `reason` and `error` say why.
 * - not reached: the function's time was up.
 */
export const SYNC_OUTCOMES = ["announced", "deletion announced", "not there", "failed", "not reached"] as const;
export type SyncOutcome = (typeof SYNC_OUTCOMES)[number];

const syncedThingSchema = v.object({
  thing: v.string(),
  outcome: v.picklist(SYNC_OUTCOMES),
  reason: v.optional(v.string()),
  error: v.optional(v.string()),
  /** Whether asking again may help. */
  again: v.optional(v.boolean()),
});
export type SyncedThing = v.InferOutput<typeof syncedThingSchema>;

/** The function's answer: one entry for each thing of the event. */
export const syncReportSchema = v.object({ things: v.array(syncedThingSchema) });
export type SyncReport = v.InferOutput<typeof syncReportSchema>;
