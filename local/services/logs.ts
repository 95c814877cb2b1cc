// CloudWatch Logs: groups, streams, events. Bounded: a stream keeps its last events, as a retention in small.
import { AWS_JSON } from "../core/common-errors.ts";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { arn, parseArn, type Place } from "../core/arn.ts";
import { AwsError, notModelled } from "../core/errors.ts";
import { pageByKey } from "../core/paging.ts";
import { operations, type Call, type Permission, type Service } from "../core/service.ts";
import { stateOf } from "../core/state.ts";
import { creating, mergedTags, resourceTagKeys, tagging } from "../core/tags.ts";

interface LogEvent {
  readonly order: number;
  readonly timestamp: number;
  readonly ingestedAt: number;
  readonly message: string;
}
interface Stream {
  readonly name: string;
  readonly createdAt: number;
  events: LogEvent[];
}
interface Group {
  readonly name: string;
  readonly createdAt: number;
  retentionInDays: number | undefined;
  readonly tags: Map<string, string>;
  readonly streams: Map<string, Stream>;
}
const STATE = stateOf("logs", () => ({ groups: new Map<string, Group>(), nextOrder: 1 }));

const EVENTS_PER_STREAM = 5_000;
const STREAMS_PER_GROUP = 500;
const DAY_MS = 86_400_000;
/** PutRetentionPolicy, retentionInDays. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const invalid = (message: string) => new AwsError("InvalidParameterException", message);
const groupArn = (place: Place, name: string) => arn("logs", place, `log-group:${name}`);
const stateFor = (call: Call) => call.cloud.state(STATE, call);

/** The group's name, from a name or an ARN as logGroupIdentifier takes either. */
function nameOf(input: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined }): string {
  const identifier = input.logGroupName ?? input.logGroupIdentifier;
  if (identifier === undefined) throw invalid("Either logGroupName or logGroupIdentifier has to be given.");
  return /^log-group:([^:]+)/.exec(parseArn(identifier)?.resource ?? "")?.[1] ?? identifier;
}
function groupOf(input: Parameters<typeof nameOf>[0], call: Call): Group {
  const group = stateFor(call).groups.get(nameOf(input));
  if (!group) throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  return group;
}
function streamOf(group: Group, name: string | undefined): Stream {
  const stream = group.streams.get(name ?? "");
  if (!stream) throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  return stream;
}
// Service Authorization Reference: actions on a group name it with `:*` only where they reach into its streams.
const onGroup =
  (action: string) =>
  (input: Parameters<typeof nameOf>[0], call: Call): Permission => ({
    action: `logs:${action}`,
    resource: `${groupArn(call, nameOf(input))}:*`,
    context: resourceTagKeys(stateFor(call).groups.get(nameOf(input))?.tags),
  });
const onStream =
  (action: string) =>
  (input: { logGroupName?: string | undefined; logStreamName?: string | undefined }, call: Call): Permission => ({
    action: `logs:${action}`,
    resource: `${groupArn(call, nameOf(input))}:log-stream:${input.logStreamName ?? ""}`,
  });
function kept(group: Group, now: number): (event: LogEvent) => boolean {
  const since = group.retentionInDays === undefined ? -Infinity : now - group.retentionInDays * DAY_MS;
  return ({ timestamp }) => timestamp >= since;
}
const within =
  ({ startTime, endTime }: { startTime?: number | undefined; endTime?: number | undefined }, endIsIn: boolean) =>
  ({ timestamp }: LogEvent): boolean =>
    (startTime === undefined || timestamp >= startTime) &&
    (endTime === undefined || timestamp < endTime || (endIsIn && timestamp === endTime));

/** «Filter and pattern syntax», unstructured events: words that must all be there, `?word` for any of them, `-word` for none, quotes. */
function matcher(pattern: string): (message: string) => boolean {
  if (/^\s*[{[%]/.test(pattern))
    throw notModelled(`The filter pattern ${pattern} (JSON, columns, regular expressions)`);
  const terms = [...pattern.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, quoted, word]) => ({
    sign,
    text: quoted?.replace(/\\(.)/g, "$1") ?? word ?? "",
  }));
  const any = terms.filter(({ sign }) => sign === "?");
  return (message) =>
    terms.every(({ sign, text }) => sign === "?" || message.includes(text) === (sign !== "-")) &&
    (any.length === 0 || any.some(({ text }) => message.includes(text)));
}

function checkGroupName(name: string): void {
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name))
    throw invalid(`The log group name "${name}" has to be 1 to 512 of a-z, A-Z, 0-9, '_', '-', '/', '.' and '#'.`);
}
const shownGroup = (place: Place, { name, createdAt, retentionInDays, streams }: Group) => ({
  logGroupName: name,
  creationTime: createdAt,
  ...(retentionInDays === undefined ? {} : { retentionInDays }),
  metricFilterCount: 0,
  arn: `${groupArn(place, name)}:*`,
  logGroupArn: groupArn(place, name),
  logGroupClass: "STANDARD" as const,
  storedBytes: [...streams.values()].reduce((sum, { events }) => sum + bytesOf(events), 0),
});
/** PutLogEvents: the UTF-8 bytes of all messages, and 26 for each event. */
const bytesOf = (events: readonly { message?: string | undefined }[]): number =>
  events.reduce((sum, { message = "" }) => sum + Buffer.byteLength(message) + 26, 0);

function shownStream(place: Place, group: Group, { name, createdAt, events }: Stream) {
  const last = events.at(-1);
  return {
    logStreamName: name,
    creationTime: createdAt,
    ...(events[0] ? { firstEventTimestamp: events[0].timestamp } : {}),
    ...(last ? { lastEventTimestamp: last.timestamp, lastIngestionTime: last.ingestedAt } : {}),
    uploadSequenceToken: "49545295115971876468408574808222338",
    arn: `${groupArn(place, group.name)}:log-stream:${name}`,
    storedBytes: 0, // AWS always says 0 since 2019
  };
}
const { add, remove, list } = tagging<{ readonly resourceArn?: string | undefined }>({
  // The ARN of a group for these actions ends without `:*`.
  permission: (action, { resourceArn = "" }, call) => ({
    ...onGroup(action)({ logGroupIdentifier: resourceArn }, call),
    resource: resourceArn.replace(/:\*$/, ""),
  }),
  tags: ({ resourceArn }, call) => groupOf({ logGroupIdentifier: resourceArn ?? "" }, call).tags,
  merged: (present, given) => mergedTags(present, given, invalid),
});

export const logs: Service = {
  name: "logs",
  signingNames: ["logs"],
  eventSource: "logs.amazonaws.com",
  model: () => import("@aws-sdk/client-cloudwatch-logs"),
  errors: AWS_JSON,
  operations: operations<CloudWatchLogs>({
    CreateLogGroup: {
      // Seen from AWS: tags at creation need logs:TagResource too.
      authorize: (input, call) => creating(onGroup("CreateLogGroup")(input, call), "logs:TagResource", input.tags),
      run: ({ logGroupName: name = "", kmsKeyId, tags, logGroupClass = "STANDARD", ...rest }, call) => {
        checkGroupName(name);
        if (kmsKeyId !== undefined) throw notModelled("kmsKeyId of a log group");
        if (logGroupClass !== "STANDARD") throw notModelled(`The log group class ${logGroupClass}`);
        if (rest.deletionProtectionEnabled) throw notModelled("deletionProtectionEnabled of a log group");
        const { groups } = stateFor(call);
        if (groups.has(name))
          throw new AwsError("ResourceAlreadyExistsException", "The specified log group already exists");
        const createdAt = call.time.getTime();
        groups.set(name, {
          name,
          createdAt,
          retentionInDays: undefined,
          tags: mergedTags(new Map(), tags, invalid),
          streams: new Map(),
        });
        return {};
      },
    },
    DeleteLogGroup: {
      authorize: onGroup("DeleteLogGroup"),
      run: (input, call) => {
        stateFor(call).groups.delete(groupOf(input, call).name);
        return {};
      },
    },
    DescribeLogGroups: {
      authorize: (_input, call) => ({
        action: "logs:DescribeLogGroups",
        resource: `${groupArn(call, "")}:log-stream:`,
      }),
      run: (input, call) => {
        const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, limit = 50, nextToken: token } = input;
        if (prefix !== undefined && pattern !== undefined)
          throw invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        if (input.includeLinkedAccounts || input.accountIdentifiers) throw notModelled("Linked accounts");
        if (input.logGroupIdentifiers) throw notModelled("logGroupIdentifiers of DescribeLogGroups");
        const found = [...stateFor(call).groups.values()].filter(
          ({ name }) => name.startsWith(prefix ?? "") && name.toLowerCase().includes((pattern ?? "").toLowerCase()),
        );
        const page = pageByKey(found, ({ name }) => name, { token, limit, code: "InvalidParameterException" });
        return {
          logGroups: page.items.map((group) => shownGroup(call, group)),
          ...(page.next === undefined ? {} : { nextToken: page.next }),
        };
      },
    },
    PutRetentionPolicy: {
      authorize: onGroup("PutRetentionPolicy"),
      run: (input, call) => {
        const { retentionInDays = 0 } = input;
        if (!RETENTIONS.includes(retentionInDays))
          throw invalid(`retentionInDays can't be ${retentionInDays}: it is one of ${RETENTIONS.join(", ")}.`);
        groupOf(input, call).retentionInDays = retentionInDays;
        return {};
      },
    },
    DeleteRetentionPolicy: {
      authorize: onGroup("DeleteRetentionPolicy"),
      run: (input, call) => {
        groupOf(input, call).retentionInDays = undefined;
        return {};
      },
    },
    CreateLogStream: {
      authorize: onStream("CreateLogStream"),
      run: (input, call) => {
        const group = groupOf(input, call);
        const { logStreamName: name = "" } = input;
        if (!/^[^:*]{1,512}$/.test(name))
          throw invalid(`The log stream name "${name}" has to be 1 to 512 characters without ':' and '*'.`);
        if (group.streams.has(name))
          throw new AwsError("ResourceAlreadyExistsException", "The specified log stream already exists");
        group.streams.set(name, { name, createdAt: call.time.getTime(), events: [] });
        const [oldest] = group.streams.keys();
        if (group.streams.size > STREAMS_PER_GROUP && oldest !== undefined) group.streams.delete(oldest);
        return {};
      },
    },
    DeleteLogStream: {
      authorize: onStream("DeleteLogStream"),
      run: (input, call) => {
        const group = groupOf(input, call);
        group.streams.delete(streamOf(group, input.logStreamName).name);
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
          nextToken,
          logStreamNamePrefix = "",
        } = input;
        const streams = [...group.streams.values()].filter(({ name }) => name.startsWith(logStreamNamePrefix));
        const last = ({ events }: Stream) => events.at(-1)?.timestamp ?? 0;
        streams.sort((a, b) => (orderBy === "LastEventTime" ? last(a) - last(b) : a.name < b.name ? -1 : 1));
        if (descending) streams.reverse();
        const from = offsetIn(nextToken);
        const more = streams.length > from + limit;
        return {
          logStreams: streams.slice(from, from + limit).map((stream) => shownStream(call, group, stream)),
          ...(more ? { nextToken: tokenAt(from + limit) } : {}),
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
        if (logEvents.length === 0 || logEvents.length > 10_000 || bytesOf(logEvents) > 1_048_576)
          throw invalid("A batch has 1 to 10,000 log events and at most 1,048,576 bytes.");
        const ingestedAt = call.time.getTime();
        const times = logEvents.map(({ timestamp = 0 }) => timestamp);
        if (times.some((time, index) => time < (times[index - 1] ?? time)))
          throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
        // Two hours ahead, 14 days back: what lies outside is left out, and told.
        const isIn = (time: number) => time <= ingestedAt + 7_200_000 && time >= ingestedAt - 14 * DAY_MS;
        for (const { timestamp = 0, message = "" } of logEvents)
          if (isIn(timestamp)) stream.events.push({ order: state.nextOrder++, timestamp, ingestedAt, message });
        if (stream.events.length > EVENTS_PER_STREAM * 1.25) stream.events = stream.events.slice(-EVENTS_PER_STREAM);
        call.cloud.trace.count(call.account, "logs:bytes", bytesOf(logEvents));
        const tooNew = times.findIndex((time) => time > ingestedAt + 7_200_000);
        const tooOld = times.filter((time) => time < ingestedAt - 14 * DAY_MS).length;
        return {
          nextSequenceToken: "49545295115971876468408574808222338",
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
    GetLogEvents: {
      authorize: onStream("GetLogEvents"),
      run: (input, call) => {
        const group = groupOf(input, call);
        const { limit = 10_000, nextToken, startFromHead = false } = input;
        const events = streamOf(group, input.logStreamName)
          .events.filter(kept(group, call.time.getTime()))
          .filter(within(input, false));
        // Tokens say a position and a direction; at either end they come back unchanged, which is how readers know that they are there.
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
        const { limit = 10_000, nextToken, logStreamNames, logStreamNamePrefix, filterPattern = "" } = input;
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
        const from = offsetIn(nextToken);
        const more = found.length > from + limit;
        return {
          events: found.slice(from, from + limit).map(({ name, event }) => ({
            logStreamName: name,
            timestamp: event.timestamp,
            message: event.message,
            ingestionTime: event.ingestedAt,
            eventId: String(event.order).padStart(56, "0"),
          })),
          searchedLogStreams: [],
          ...(more ? { nextToken: tokenAt(from + limit) } : {}),
        };
      },
    },
    TagResource: add("TagResource"),
    UntagResource: remove("UntagResource"),
    ListTagsForResource: list("ListTagsForResource", (tags) => ({ tags: Object.fromEntries(tags) })),
  }),
};

// Positions in lists that only grow at their end.
const tokenAt = (offset: number): string => Buffer.from(`from ${offset}`).toString("base64url");
function offsetIn(token: string | undefined): number {
  if (token === undefined) return 0;
  const match = /^from (\d+)$/.exec(Buffer.from(token, "base64url").toString());
  if (!match) throw invalid("The specified nextToken is invalid.");
  return Number(match[1]);
}
