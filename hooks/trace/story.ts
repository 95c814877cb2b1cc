// Puts together what logs, queues, the registry and CloudTrail say about one thing or event.
import type { LogLine } from "../logs/line.ts";
import { accountIn, textIn } from "../logs/line.ts";
import { type LogGroup, type Window, linesOf, patternsOf } from "../logs/read.ts";
import type { SeenLetter } from "../letters/look.ts";
import type { Side } from "../sides.ts";
import { type Call, lookUpCalls } from "./calls.ts";
import { type Known, readRegistry, subjectsOf } from "./registry.ts";
import type { Sources } from "./sources.ts";
import { type Wanted, isWanted, isWantedLine, termsOf } from "./wanted.ts";

export interface WaitingLetter extends SeenLetter {
  readonly side: Side;
  readonly queue: string;
}

export interface Story {
  readonly calls: readonly Call[];
  /** In the order of their times. */
  readonly lines: readonly LogLine[];
  readonly letters: readonly WaitingLetter[];
  readonly known: readonly Known[];
  /** What could not be looked at, and why; what was looked at in part. */
  readonly gaps: readonly string[];
}

/** Each round finds ids by which the next one finds more: the thing, its events, their invocations, and once more. */
const MOST_ROUNDS = 4;
const MOST_LINES = 5_000;

/** What a step said when it could not be done: AWS's refusal is a gap in the story, and not its end. */
type Attempt = <T>(what: string, step: () => Promise<T>, otherwise: T) => Promise<T>;

export async function tell(wanted: Wanted, sources: Sources, window: Window, signal: AbortSignal): Promise<Story> {
  const gaps = [...sources.gaps];
  const attempt: Attempt = async (what, step, otherwise) => {
    try {
      return await step();
    } catch (error) {
      if (signal.aborted) throw error;
      gaps.push(`${what} could not be read: ${sources.inWords(error)}`);
      return otherwise;
    }
  };
  const known = await attempt("the registry", () => registryOf(wanted, sources), []);
  for (const { eventIds, claim } of known)
    for (const id of [...eventIds, claim?.eventId]) if (id !== undefined) wanted.eventIds.add(id);
  const letters = await lettersOf(wanted, sources, attempt, gaps);
  for (const { eventId } of letters) if (eventId !== undefined) wanted.eventIds.add(eventId);
  const lines = await logsOf(wanted, sources, { window, signal }, attempt, gaps);
  const { cloudTrail } = sources;
  const calls =
    cloudTrail === undefined
      ? []
      : await attempt("CloudTrail's event history", () => lookUpCalls(cloudTrail, uuidsIn(wanted)), []);
  return { calls, lines, letters, known, gaps };
}

/** Events of backfill stand for no call. */
const uuidsIn = ({ eventIds }: Wanted): string[] => [...eventIds].filter((id) => !id.startsWith("sync:"));

async function registryOf(wanted: Wanted, { registry, customers, region }: Sources): Promise<Known[]> {
  if (registry === undefined) return [];
  const whose = wanted.accountId === undefined ? await customers() : [];
  return readRegistry(registry.client, registry.tableName, subjectsOf(wanted, { customers: whose, region }));
}

/** Whose things of that name the story is about, by account. */
export function whose({ lines, letters, known }: Story, customerId: string | undefined): string[] {
  const accounts = [
    ...lines.map((line) => (line.side === "customer" ? customerId : accountIn(line))),
    ...letters.map(({ accountId }) => accountId),
    ...known.map(({ subject }) => subject.split(":")[4]),
  ];
  return [...new Set(accounts.filter((account) => account !== undefined))].sort();
}

async function lettersOf(
  wanted: Wanted,
  { queues }: Sources,
  attempt: Attempt,
  gaps: string[],
): Promise<readonly WaitingLetter[]> {
  const found = await Promise.all(
    queues.map(async ({ side, name, look }) => {
      const seen = await attempt(`the ${side}'s queue ${name}`, look, { letters: [], all: true });
      if (!seen.all) gaps.push(`the ${side}'s queue ${name} has more letters than the ${seen.letters.length} read`);
      return seen.letters
        .filter((letter) => isWanted(wanted, letter))
        .map((letter) => ({ ...letter, side, queue: name }));
    }),
  );
  return found.flat();
}

interface Reading {
  readonly window: Window;
  readonly signal: AbortSignal;
}

async function logsOf(
  wanted: Wanted,
  { groups, customerId }: Sources,
  reading: Reading,
  attempt: Attempt,
  gaps: string[],
): Promise<readonly LogLine[]> {
  const lines = new Map<string, LogLine>();
  const asked = new Set<string>();
  const requests = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS && !reading.signal.aborted; round++) {
    const terms = [...termsOf(wanted), ...requests].filter((term) => !asked.has(term));
    if (terms.length === 0) break;
    for (const term of terms) asked.add(term);
    for (const group of groups) {
      const candidates = await attempt(
        `the log of the ${group.function} function`,
        () => search(group, terms, reading),
        [],
      );
      for (const [id, line] of candidates) {
        if (isWantedLine(wanted, line, line.side === "customer" ? customerId : undefined)) {
          const eventId = textIn(line, "eventId");
          if (eventId !== undefined) wanted.eventIds.add(eventId);
          if (line.requestId !== undefined) requests.add(line.requestId);
        } else if (line.requestId === undefined || !requests.has(line.requestId) || line.kind === "noise") continue;
        lines.set(id, line);
      }
    }
  }
  if (lines.size >= MOST_LINES) gaps.push(`the logs have more about it than the ${MOST_LINES} lines read`);
  return [...lines.values()].sort((a, b) => a.at - b.at);
}

/** Lines with any of the terms, by their id; those of outcomes first, which say whose the others are. */
async function search(group: LogGroup, terms: readonly string[], { window, signal }: Reading) {
  const found: (readonly [string, LogLine])[] = [];
  for (const pattern of patternsOf(terms))
    for await (const page of linesOf(group, pattern, window, signal)) {
      found.push(...page.map(({ id, line }) => [`${group.side} ${id}`, line] as const));
      if (found.length >= MOST_LINES) break;
    }
  return found.sort(([, a], [, b]) => Number(b.kind === "outcome") - Number(a.kind === "outcome"));
}
