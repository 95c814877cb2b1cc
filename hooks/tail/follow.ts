// Lines as they come. CloudWatch takes lines in late and out of order, so that each look goes back a while, and what
// was shown is remembered for as long.
import { operationOfEvent } from "../../shared/contract/operations.ts";
import { type LogLine, accountIn, textIn } from "../logs/line.ts";
import { type Found, type LogGroup, linesOf } from "../logs/read.ts";

export interface Filter {
  readonly customer?: string;
  readonly operation?: string;
  readonly reason?: string;
}

export interface FollowParts {
  readonly groups: readonly LogGroup[];
  /** Account of the customer whose log is among the groups. */
  readonly customerId: string | undefined;
  readonly now: () => number;
  /** Rejects when the signal ends it. */
  readonly wait: (ms: number) => Promise<unknown>;
  readonly signal: AbortSignal;
}

/** Requests of FilterLogEvents have a quota, a few a second for the whole account: two of these take one a second. */
const PAUSE_MS = 2_000;
/** How late a line may come in. */
const LATE_MS = 60_000;

export async function* follow(parts: FollowParts, filter: Filter, since: number): AsyncGenerator<LogLine> {
  /** When a line that was shown was written, by its group and id. */
  const shown = new Map<string, number>();
  for (let from = since; !parts.signal.aborted; from = Math.max(since, parts.now() - LATE_MS)) {
    for (const [id, at] of shown) if (at < from) shown.delete(id);
    const news = await newLines(parts, from, shown);
    yield* news.filter((line) => passes(filter, line, parts.customerId)).sort((a, b) => a.at - b.at);
    await untilAborted(parts.signal, parts.wait(PAUSE_MS));
  }
}

async function newLines({ groups, signal }: FollowParts, from: number, shown: Map<string, number>): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  const take = (side: string, { id, line }: Found) => {
    const key = `${side} ${id}`;
    if (shown.has(key)) return;
    shown.set(key, line.at);
    lines.push(line);
  };
  const read = async (group: LogGroup) => {
    for await (const page of linesOf(group, undefined, { startTime: from }, signal))
      for (const found of page) take(group.side, found);
  };
  await untilAborted(signal, Promise.all(groups.map(read)));
  return lines;
}

/** What an abort cuts off is no error. */
async function untilAborted(signal: AbortSignal, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Lines about events, and runs that failed; nothing that the platform says of what went well. */
export function passes(
  { customer, operation, reason }: Filter,
  line: LogLine,
  customerId: string | undefined,
): boolean {
  if (line.kind === "noise") return false;
  const eventName = textIn(line, "eventName");
  const of = {
    customer: line.side === "customer" ? customerId : accountIn(line),
    operation: textIn(line, "operation") ?? (eventName === undefined ? undefined : operationOfEvent(eventName)),
    reason: textIn(line, "reason"),
  };
  return (
    (customer === undefined || of.customer === customer) &&
    (operation === undefined || of.operation === operation) &&
    (reason === undefined || of.reason === reason)
  );
}
