// Reading log events: stream by stream, or over all of a group.
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { pageInOrder } from "../../core/paging.ts";
import { operations } from "../../core/service.ts";
import { matcher } from "./filter-pattern.ts";
import { DAY_MS, groupOf, invalid, onGroup, onStream, streamOf, type Group, type LogEvent } from "./state.ts";

const EVENTS_PER_PAGE = 10_000;

function kept(group: Group, now: number): (event: LogEvent) => boolean {
  const since = group.retentionInDays === undefined ? -Infinity : now - group.retentionInDays * DAY_MS;
  return ({ timestamp }) => timestamp >= since;
}
const within =
  ({ startTime, endTime }: { startTime?: number | undefined; endTime?: number | undefined }, endIsIn: boolean) =>
  ({ timestamp }: LogEvent): boolean =>
    (startTime === undefined || timestamp >= startTime) &&
    (endTime === undefined || timestamp < endTime || (endIsIn && timestamp === endTime));

/** Events in the order of their times; within one, in that of their arrival. */
const keyOf = ({ event }: { readonly event: LogEvent }): string =>
  `${String(event.timestamp).padStart(16, "0")} ${String(event.order).padStart(16, "0")}`;

export const events = operations<CloudWatchLogs>({
  GetLogEvents: {
    authorize: onStream("GetLogEvents"),
    run: (input, call) => {
      const group = groupOf(input, call);
      const { limit = EVENTS_PER_PAGE, nextToken, startFromHead = false } = input;
      const events = streamOf(group, input.logStreamName)
        .events.filter(kept(group, call.time.getTime()))
        .filter(within(input, false));
      // Tokens say a position and a direction; at either end they come back unchanged, which is how readers know that
      // they are there.
      const [, direction, at] = /^([fb])\/(\d+)$/.exec(nextToken ?? "") ?? [];
      if (nextToken !== undefined && at === undefined) throw invalid("The specified nextToken is invalid.");
      const position = Number(at ?? 0);
      const forward = direction === undefined ? startFromHead : direction === "f";
      const candidates = events.filter(
        ({ order }) => at === undefined || (forward ? order > position : order < position),
      );
      const page = forward ? candidates.slice(0, limit) : candidates.slice(-limit);
      return {
        events: page.map(({ timestamp, message, ingestedAt }) => ({ timestamp, message, ingestionTime: ingestedAt })),
        nextForwardToken: `f/${page.at(-1)?.order ?? position}`,
        nextBackwardToken: `b/${page[0]?.order ?? position}`,
      };
    },
  },
  FilterLogEvents: {
    authorize: onGroup("FilterLogEvents"),
    run: (input, call) => {
      const group = groupOf(input, call);
      const {
        limit = EVENTS_PER_PAGE,
        nextToken: token,
        logStreamNames,
        logStreamNamePrefix,
        filterPattern = "",
      } = input;
      if (logStreamNames && logStreamNamePrefix !== undefined)
        throw invalid("logStreamNames and logStreamNamePrefix can't be given together.");
      const matches = matcher(filterPattern);
      const isKept = kept(group, call.time.getTime());
      const isWithin = within(input, true);
      const found = [...group.streams.values()]
        .filter(({ name }) => logStreamNames?.includes(name) ?? name.startsWith(logStreamNamePrefix ?? ""))
        .flatMap(({ name, events }) => events.map((event) => ({ name, event })))
        .filter(({ event }) => isKept(event) && isWithin(event) && matches(event.message))
        .sort((a, b) => a.event.timestamp - b.event.timestamp || a.event.order - b.event.order);
      const { items, next } = pageInOrder(found, keyOf, { token, limit, code: "InvalidParameterException" });
      return {
        events: items.map(({ name, event }) => ({
          logStreamName: name,
          timestamp: event.timestamp,
          message: event.message,
          ingestionTime: event.ingestedAt,
          eventId: String(event.order).padStart(56, "0"),
        })),
        searchedLogStreams: [],
        ...(next === undefined ? {} : { nextToken: next }),
      };
    },
  },
});
