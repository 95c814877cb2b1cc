// Log groups: made, described, deleted, with a retention and tags.
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { Place } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import { pageByKey } from "../../core/paging.ts";
import { operations } from "../../core/service.ts";
import { creating, mergedTags, tagging } from "../../core/tags.ts";
import { bytesOf, groupArn, groupOf, invalid, onGroup, stateFor, type Group } from "./state.ts";

/** PutRetentionPolicy, retentionInDays. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const shownGroup = (place: Place, { name, createdAt, retentionInDays, streams }: Group) => ({
  logGroupName: name,
  creationTime: createdAt,
  ...(retentionInDays === undefined ? {} : { retentionInDays }),
  metricFilterCount: 0,
  arn: `${groupArn(place, name)}:*`,
  logGroupArn: groupArn(place, name),
  logGroupClass: "STANDARD" as const,
  deletionProtectionEnabled: false,
  storedBytes: [...streams.values()].reduce((sum, { events }) => sum + bytesOf(events), 0),
});

const { add, remove, list } = tagging<{ readonly resourceArn?: string | undefined }>({
  // The ARN of a group for these actions ends without `:*`.
  permission: (action, { resourceArn = "" }, call) => ({
    ...onGroup(action)({ logGroupIdentifier: resourceArn }, call),
    resource: resourceArn.replace(/:\*$/, ""),
  }),
  tags: ({ resourceArn }, call) => groupOf({ logGroupIdentifier: resourceArn ?? "" }, call).tags,
  merged: (present, given) => mergedTags(present, given, invalid),
});

export const groups = operations<CloudWatchLogs>({
  CreateLogGroup: {
    // Seen from AWS: tags at creation need logs:TagResource too.
    authorize: (input, call) => creating(onGroup("CreateLogGroup")(input, call), "logs:TagResource", input.tags),
    run: ({ logGroupName: name = "", tags }, call) => {
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
  TagResource: add("TagResource"),
  UntagResource: remove("UntagResource"),
  ListTagsForResource: list("ListTagsForResource", (tags) => ({ tags: Object.fromEntries(tags) })),
});
