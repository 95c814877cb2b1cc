// What a run of backfill is doing, and did, for a person.
import Table from "cli-table3";
import type { SyncOutcome } from "../../shared/contract/sync.ts";
import type { Progress } from "./checkpoint.ts";
import type { Outcome } from "./run.ts";

const MEANING: Readonly<Record<SyncOutcome, string>> = {
  announced: "told to the partner, which takes what is news to it",
  "deletion announced": "told to the partner as deleted",
  "not there": "deleted meanwhile; or known to the partner, which isn't told of deletions",
  failed: "see the file of failures",
  "not reached": "see the file of failures",
};

const number = (value: number): string => value.toLocaleString("en-GB");
const things = (count: number): string => `${number(count)} thing${count === 1 ? "" : "s"}`;

export function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return "less than a minute";
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What is shown while it runs. `since` is what was listed when this run began. */
export function progressText({ listed, total, isListed }: Progress, since: number, elapsedMs: number): string {
  if (isListed) return `${things(listed)} listed; comparing with what the partner knows`;
  const perSecond = ((listed - since) / Math.max(elapsedMs, 1)) * 1000;
  const left = total === undefined || perSecond === 0 ? "" : `, ${duration((total - listed) / perSecond)} left`;
  const of = total === undefined ? "" : ` of about ${number(total)}`;
  return `${number(listed)}${of} things, ${Math.round(perSecond)} a second${left}`;
}

export function reportText({ progress, isDone, failuresFile }: Outcome, what: string, checkpoint: string): string {
  const table = new Table({ style: { head: [], border: [], compact: true }, colAligns: ["right", "left", "left"] });
  for (const [outcome, meaning] of Object.entries(MEANING) as [SyncOutcome, string][])
    if (progress.counts[outcome] > 0) table.push([number(progress.counts[outcome]), outcome, meaning]);
  return [
    `${things(progress.listed)} listed (${what}).`,
    ...(table.length > 0 ? [table.toString()] : []),
    ...(failuresFile === undefined ? [] : [`What failed, and why: ${failuresFile}`]),
    ...(isDone ? [] : [`Not done: the same command goes on from ${checkpoint}.`]),
  ].join("\n");
}

/** What would be done, and how long it would take at this rate. */
export function dryRunText({ progress, isDone }: Outcome, what: string, perSecond: number, compares: boolean): string {
  const missing = progress.counts["not there"];
  return [
    `${things(progress.listed)} would be announced (${what}), in about ${duration(progress.listed / perSecond)} at ` +
      `${perSecond} a second.`,
    ...(compares ? [`${things(missing)} that the partner knows and that weren't listed would be looked at.`] : []),
    ...(isDone ? [] : ["Not all was listed: it was interrupted."]),
  ].join("\n");
}
