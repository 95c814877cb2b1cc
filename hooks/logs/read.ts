// Reads a function's log group.
import { type CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { HookFunction } from "../../shared/contract/tags.ts";
import type { Side } from "../sides.ts";
import { type LogLine, readLine } from "./line.ts";

export interface LogGroup {
  readonly side: Side;
  readonly function: HookFunction;
  readonly logs: CloudWatchLogsClient;
  readonly logGroupName: string;
}

export interface Window {
  /** Milliseconds since 1970; the end is in it. */
  readonly startTime: number;
  readonly endTime?: number | undefined;
}

export interface Found {
  /** CloudWatch's id of the log event: the same each time it is read. */
  readonly id: string;
  readonly line: LogLine;
}

/** FilterLogEvents takes patterns of 1024 characters. */
const MAX_PATTERN = 1024;

/**
 * Patterns that find each line with any of the texts («Filter pattern syntax», unstructured log events: exact phrases).
 * That they find a part of a value in a JSON line is not confirmed.
 */
export function patternsOf(texts: readonly string[]): string[] {
  const terms = texts.map((text) => `"${text.replace(/[\\"]/g, "\\$&")}"`);
  const patterns: string[] = [];
  for (const term of terms) {
    const last = patterns.at(-1);
    if (last === undefined || last.length + term.length + 2 > MAX_PATTERN) patterns.push(`?${term}`);
    else patterns[patterns.length - 1] = `${last} ?${term}`;
  }
  // A question mark before a single term would be taken for a part of it.
  return patterns.map((pattern) => (pattern.includes('" ?"') ? pattern : pattern.slice(1)));
}

/**
 * Lines in the order of their times, a page at a time: CloudWatch searches a group bit by bit, and most pages are
 * empty.
 * @throws what the SDK throws
 */
export async function* linesOf(
  group: LogGroup,
  filterPattern: string | undefined,
  { startTime, endTime }: Window,
  signal: AbortSignal,
): AsyncGenerator<readonly Found[]> {
  const { logs, logGroupName } = group;
  let nextToken: string | undefined;
  do {
    const input = { logGroupName, filterPattern, startTime, endTime, nextToken };
    const { events = [], nextToken: next } = await logs.send(new FilterLogEventsCommand(input), {
      abortSignal: signal,
    });
    yield events.map(({ eventId = "", timestamp = 0, message = "" }) => ({
      id: eventId,
      line: readLine(group, timestamp, message),
    }));
    nextToken = next;
  } while (nextToken !== undefined && !signal.aborted);
}
