// Hands names of things to the announce function, through its alias, until each has an answer: for whoever lists them.
import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import * as v from "valibot";
import {
  SYNC_OUTCOMES,
  SYNC_SOURCE,
  type SyncEvent,
  type SyncOutcome,
  type SyncRun,
  type SyncedThing,
  syncReportSchema,
} from "../../shared/contract/sync.ts";
import { inWords } from "../../shared/lambda/excerpt.ts";
import { courseOf } from "../../shared/lambda/failure-table.ts";
import type { Pace, Time } from "./pace.ts";

export interface SenderParts {
  readonly lambda: LambdaClient;
  /** ARN of the announce function's alias. */
  readonly functionAliasArn: string;
  readonly run: SyncRun;
  /** Things a second. */
  readonly pace: Pace;
  readonly wait: Time["wait"];
}

export type SyncCounts = Record<SyncOutcome, number>;

export const noCounts = (): SyncCounts =>
  Object.fromEntries(SYNC_OUTCOMES.map((outcome) => [outcome, 0])) as SyncCounts;

export interface Sent {
  readonly counts: SyncCounts;
  /** What was given up. */
  readonly failures: readonly SyncedThing[];
}

/** The announce function took nothing, and said why: another try brings the same. */
export class SyncRefused extends Error {
  override readonly name = "SyncRefused";
}

/** The function as a whole could not be had, however often it was tried. */
export class SyncUnavailable extends Error {
  override readonly name = "SyncUnavailable";
}

/** Things in one event: five of them are a page, and each takes some 300 ms. */
const THINGS_PER_EVENT = 50;
const ROUNDS = 5;
/** Before the second round; doubled for each further one. */
const PAUSE_MS = 1_000;

/** What an Invoke answers of a function that threw (Lambda Developer Guide, "Error handling"). */
const thrown = v.fallback(v.object({ errorType: v.string(), errorMessage: v.string() }), {
  errorType: "an error",
  errorMessage: "without words",
});

/**
 * Resolves when each thing has an answer that another try doesn't change, or had as many tries as there are. Throws
 * SyncRefused, SyncUnavailable, and what the SDK says to a call that is denied.
 */
export async function sendThings(parts: SenderParts, things: readonly string[], tombstones = false): Promise<Sent> {
  const counts = noCounts();
  const failures: SyncedThing[] = [];
  const conclude = (answer: SyncedThing) => {
    counts[answer.outcome] += 1;
    if (answer.outcome === "failed" || answer.outcome === "not reached") failures.push(answer);
  };
  let waiting: readonly SyncedThing[] = things.map((thing) => ({ thing, outcome: "not reached" }));
  for (let round = 1; waiting.length > 0 && round <= ROUNDS; round++) {
    if (round > 1) await parts.wait(PAUSE_MS * 2 ** (round - 2));
    const asked = chunks(waiting.map(({ thing }) => thing));
    const answers = (await Promise.all(asked.map((chunk) => ask(parts, chunk, tombstones)))).flat();
    for (const answer of answers) if (answer.again !== true) conclude(answer);
    waiting = answers.filter(({ again }) => again === true);
    if (waiting.length > 0) parts.pace.slower();
    else parts.pace.faster();
  }
  const unavailable = waiting.find(({ reason }) => reason === UNAVAILABLE);
  if (unavailable !== undefined)
    throw new SyncUnavailable(`The announce function could not be had, in ${ROUNDS} tries: ${unavailable.error ?? ""}`);
  for (const answer of waiting) conclude(answer);
  return { counts, failures };
}

const UNAVAILABLE = "function unavailable";

const chunks = (things: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(things.length / THINGS_PER_EVENT) }, (_, index) =>
    things.slice(index * THINGS_PER_EVENT, (index + 1) * THINGS_PER_EVENT),
  );

async function ask(
  { lambda, functionAliasArn, run, pace }: SenderParts,
  things: readonly string[],
  tombstones: boolean,
): Promise<readonly SyncedThing[]> {
  const event: SyncEvent = { source: SYNC_SOURCE, run, things: [...things], tombstones };
  const unavailable = (error: string): readonly SyncedThing[] =>
    things.map((thing) => ({ thing, outcome: "not reached", reason: UNAVAILABLE, error, again: true }));
  await pace.take(things.length);
  let answer;
  try {
    answer = await lambda.send(
      new InvokeCommand({ FunctionName: functionAliasArn, Payload: Buffer.from(JSON.stringify(event)) }),
    );
  } catch (error) {
    if (isFinal(error)) throw error;
    return unavailable(inWords(error));
  }
  const payload: unknown = JSON.parse(Buffer.from(answer.Payload ?? []).toString() || "null");
  if (answer.FunctionError === undefined) return reportOf(payload, functionAliasArn);
  const { errorType, errorMessage } = v.parse(thrown, payload);
  // Its own errors about the whole event, and settings that it can't run with.
  if (["AnnounceFailure", "MisconfiguredFunction"].includes(errorType)) throw new SyncRefused(errorMessage);
  return unavailable(`${errorType}: ${errorMessage}`);
}

/** Lambda's own word for an alias that isn't there; and what `courseOf` knows to be no better the next time. */
const isFinal = (error: unknown): boolean =>
  courseOf(error) !== "transient" || (error instanceof Error && error.name === "ResourceNotFoundException");

function reportOf(payload: unknown, functionAliasArn: string): readonly SyncedThing[] {
  const report = v.safeParse(syncReportSchema, payload);
  if (report.success) return report.output.things;
  throw new SyncRefused(
    `What ${functionAliasArn} answers is no report about things: it is another function, or of another release.`,
  );
}
