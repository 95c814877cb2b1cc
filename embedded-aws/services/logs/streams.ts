// Log streams, and what is written to them.
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { Place } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import { addValues, emitMetric } from "../../core/metrics.ts";
import { pageByKey } from "../../core/paging.ts";
import { operations } from "../../core/service.ts";
import { embeddedMetrics } from "./embedded-metrics.ts";
import {
  DAY_MS,
  bytesOf,
  groupArn,
  groupOf,
  invalid,
  onGroup,
  onStream,
  stateFor,
  streamOf,
  type Group,
  type Stream,
} from "./state.ts";

const EVENTS_PER_STREAM = 5_000;
const STREAMS_PER_GROUP = 500;

function shownStream(place: Place, group: Group, { name, createdAt, events }: Stream) {
  const last = events.at(-1);
  return {
    logStreamName: name,
    creationTime: createdAt,
    ...(events[0] ? { firstEventTimestamp: events[0].timestamp } : {}),
    ...(last ? { lastEventTimestamp: last.timestamp, lastIngestionTime: last.ingestedAt } : {}),
    arn: `${groupArn(place, group.name)}:log-stream:${name}`,
    storedBytes: 0, // AWS always says 0 since 2019
  };
}

/** Milliseconds since 1970, so that their order is that of texts. */
const padded = (time: number): string => String(time).padStart(16, "0");

export const streams = operations<CloudWatchLogs>({
  CreateLogStream: {
    authorize: onStream("CreateLogStream"),
    run: (input, call) => {
      const group = groupOf(input, call);
      const { logStreamName: name = "" } = input;
      if (group.streams.has(name))
        throw new AwsError("ResourceAlreadyExistsException", "The specified log stream already exists");
      group.streams.set(name, { name, createdAt: call.time.getTime(), events: [] });
      const [oldest] = group.streams.keys();
      if (group.streams.size > STREAMS_PER_GROUP && oldest !== undefined) group.streams.delete(oldest);
      return {};
    },
  },
  DescribeLogStreams: {
    authorize: onGroup("DescribeLogStreams"),
    run: (input, call) => {
      const group = groupOf(input, call);
      const {
        orderBy = "LogStreamName",
        descending = false,
        limit = 50,
        nextToken: token,
        logStreamNamePrefix,
      } = input;
      const byTime = orderBy === "LastEventTime";
      if (byTime && logStreamNamePrefix !== undefined)
        throw invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
      const found = [...group.streams.values()].filter(({ name }) => name.startsWith(logStreamNamePrefix ?? ""));
      const keyOf = ({ name, events }: Stream) => (byTime ? `${padded(events.at(-1)?.timestamp ?? 0)} ${name}` : name);
      const page = pageByKey(found, keyOf, { token, limit, descending, code: "InvalidParameterException" });
      return {
        logStreams: page.items.map((stream) => shownStream(call, group, stream)),
        ...(page.next === undefined ? {} : { nextToken: page.next }),
      };
    },
  },
  PutLogEvents: {
    authorize: onStream("PutLogEvents"),
    record: { data: true },
    run: (input, call) => {
      const state = stateFor(call);
      const stream = streamOf(groupOf(input, call), input.logStreamName);
      const { logEvents = [] } = input;
      if (bytesOf(logEvents) > 1_048_576) throw invalid("A batch of log events has at most 1,048,576 bytes.");
      const ingestedAt = call.time.getTime();
      const times = logEvents.map(({ timestamp = 0 }) => timestamp);
      if (times.some((time, index) => time < (times[index - 1] ?? time)))
        throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
      // «A batch of log events in a single request cannot span more than 24 hours» (API reference, PutLogEvents; the
      // words of the refusal are not confirmed).
      if ((times.at(-1) ?? 0) - (times[0] ?? 0) > DAY_MS)
        throw invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
      // Two hours ahead, 14 days back: what lies outside is left out, and told.
      const isIn = (time: number) => time <= ingestedAt + 7_200_000 && time >= ingestedAt - 14 * DAY_MS;
      for (const { timestamp = 0, message = "" } of logEvents)
        if (isIn(timestamp)) {
          stream.events.push({ order: state.nextOrder++, timestamp, ingestedAt, message });
          for (const { of, values } of embeddedMetrics(message, ingestedAt)) addValues(call.cloud, call, of, values);
        }
      if (stream.events.length > EVENTS_PER_STREAM * 1.25) stream.events = stream.events.slice(-EVENTS_PER_STREAM);
      const bytes = bytesOf(logEvents);
      call.cloud.trace.count(call.account, "logs:bytes", bytes);
      emitMetric(
        call.cloud,
        call,
        "AWS/Logs",
        "IncomingBytes",
        { LogGroupName: input.logGroupName ?? "" },
        bytes,
        "Bytes",
      );
      const tooNew = times.findIndex((time) => time > ingestedAt + 7_200_000);
      const tooOld = times.filter((time) => time < ingestedAt - 14 * DAY_MS).length;
      return {
        // Still given, and of no use: any token is taken since 2023 (API reference, PutLogEvents).
        nextSequenceToken: String(state.nextOrder).padStart(56, "0"),
        ...(tooNew < 0 && tooOld === 0
          ? {}
          : {
              rejectedLogEventsInfo: {
                ...(tooNew < 0 ? {} : { tooNewLogEventStartIndex: tooNew }),
                ...(tooOld === 0 ? {} : { tooOldLogEventEndIndex: tooOld }),
              },
            }),
      };
    },
  },
});
