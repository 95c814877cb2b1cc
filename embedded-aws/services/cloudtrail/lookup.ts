// The event history: management events of the last 90 days, without any trail («Working with CloudTrail event
// history»).
import type { CloudTrail } from "@aws-sdk/client-cloudtrail";
import { AwsError } from "../../core/errors.ts";
import { operations } from "../../core/service.ts";
import type { CloudTrailRecord } from "./record.ts";
import { resourcesOf } from "./resources.ts";
import { HISTORY } from "./state.ts";

const KEPT_MS = 90 * 86_400_000;
const MAX_RESULTS = 50;

const userName = ({ userIdentity }: CloudTrailRecord): string | undefined => {
  const { userName, principalId } = userIdentity as { userName?: string; principalId?: string };
  // For a session its name («Viewing recent management events with the AWS CLI»).
  return userName ?? principalId?.split(":")[1];
};
const accessKey = ({ userIdentity }: CloudTrailRecord) => (userIdentity as { accessKeyId?: string }).accessKeyId;

/** Values of an event by which it is found. */
const ATTRIBUTES: Readonly<Record<string, (record: CloudTrailRecord) => readonly (string | undefined)[]>> = {
  EventId: ({ eventID }) => [eventID],
  EventName: ({ eventName }) => [eventName],
  EventSource: ({ eventSource }) => [eventSource],
  ReadOnly: ({ readOnly }) => [String(readOnly)],
  Username: (record) => [userName(record)],
  AccessKeyId: (record) => [accessKey(record)],
  ResourceName: (record) => resourcesOf(record).map(({ ResourceName }) => ResourceName),
  ResourceType: (record) => resourcesOf(record).map(({ ResourceType }) => ResourceType),
};

export const lookup = operations<CloudTrail>({
  LookupEvents: {
    authorize: () => ({ action: "cloudtrail:LookupEvents", resource: "*" }),
    run: (input, call) => {
      const { LookupAttributes = [], MaxResults = MAX_RESULTS, NextToken, StartTime, EndTime } = input;
      if (StartTime && EndTime && StartTime > EndTime)
        throw new AwsError("InvalidTimeRangeException", "StartTime is after EndTime.");
      if (LookupAttributes.length > 1)
        throw new AwsError("InvalidLookupAttributesException", "You can only specify one lookup attribute.");
      const [attribute] = LookupAttributes;
      const valuesOf = attribute && ATTRIBUTES[attribute.AttributeKey ?? ""];
      const from = Math.max(StartTime?.getTime() ?? 0, call.cloud.clock.now() - KEPT_MS);
      const until = EndTime?.getTime() ?? Number.POSITIVE_INFINITY;
      const found = call.cloud
        .state(HISTORY, call)
        .records.filter((record) => {
          const at = Date.parse(record.eventTime);
          return at >= from && at <= until && (!valuesOf || valuesOf(record).includes(attribute.AttributeValue));
        })
        .reverse();
      const start = NextToken === undefined ? 0 : found.findIndex(({ eventID }) => eventID === NextToken) + 1;
      if (NextToken !== undefined && start === 0)
        throw new AwsError("InvalidNextTokenException", "The token isn't one that an earlier page gave out.");
      const page = found.slice(start, start + MaxResults);
      const last = page.at(-1);
      return {
        Events: page.map((record) => ({
          EventId: record.eventID,
          EventName: record.eventName,
          ReadOnly: String(record.readOnly),
          EventTime: new Date(record.eventTime),
          EventSource: record.eventSource,
          ...(accessKey(record) === undefined ? {} : { AccessKeyId: accessKey(record) }),
          ...(userName(record) === undefined ? {} : { Username: userName(record) }),
          Resources: resourcesOf(record),
          CloudTrailEvent: JSON.stringify(record),
        })),
        ...(last && start + MaxResults < found.length ? { NextToken: last.eventID } : {}),
      };
    },
  },
});
