// The calls that events stand for, in the customer's CloudTrail: its event history needs no trail, and has the last 90
// days («Working with CloudTrail event history»). What reached EventBridge is another question: only a trail that logs
// sends anything there.
import { type CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import * as v from "valibot";

export interface Call {
  readonly eventId: string;
  readonly eventName: string;
  readonly at: number;
  /** ARN of who called. */
  readonly principal: string | undefined;
  readonly errorCode: string | undefined;
  readonly requestParameters: unknown;
}

const RECORD = v.looseObject({
  userIdentity: v.optional(v.looseObject({ arn: v.optional(v.string()) })),
  errorCode: v.optional(v.string()),
  requestParameters: v.optional(v.unknown()),
});

/** LookupEvents takes two requests a second: the SDK waits, but an operator shouldn't for long. */
const MOST_LOOKUPS = 20;

/** @throws what the SDK throws */
export async function lookUpCalls(client: CloudTrailClient, eventIds: readonly string[]): Promise<Call[]> {
  const calls: Call[] = [];
  for (const AttributeValue of eventIds.slice(-MOST_LOOKUPS)) {
    const LookupAttributes = [{ AttributeKey: "EventId" as const, AttributeValue }];
    const { Events: [event] = [] } = await client.send(new LookupEventsCommand({ LookupAttributes }));
    if (event === undefined) continue;
    const record = v.safeParse(v.pipe(v.string(), v.parseJson(), RECORD), event.CloudTrailEvent);
    const { userIdentity, errorCode, requestParameters } = record.success ? record.output : {};
    calls.push({
      eventId: AttributeValue,
      eventName: event.EventName ?? "",
      at: event.EventTime?.getTime() ?? 0,
      principal: userIdentity?.arn,
      errorCode,
      requestParameters,
    });
  }
  return calls;
}
