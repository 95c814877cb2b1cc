// Which things a run is about: all, those of a type or a group, or those that calls of late were about.
import { CloudTrailClient, type Event, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { type IoTClient, ListThingsInThingGroupCommand } from "@aws-sdk/client-iot";
import * as v from "valibot";
import { THINGS_PER_PAGE, type ThingPages, allThings } from "../../customer/lambda/thing-pages.ts";
import type { ClientOptions } from "../access.ts";
import { LIST_THINGS, LIST_THINGS_IN_GROUP, type Quota } from "../quotas.ts";

export interface Selection {
  readonly type?: string;
  readonly group?: string;
  /** Calls since then. */
  readonly since?: Date;
}

export interface Listing {
  readonly pages: ThingPages;
  /** Calls a second, at most: what the account has, or what AWS gives every account. */
  readonly perSecond: Quota | number;
  /** For a person, and to tell one run from another. */
  readonly what: string;
  /** Whether it has each thing there is: then one that isn't in it may be gone. */
  readonly isComplete: boolean;
}

export function listingOf({ type, group, since }: Selection, iot: IoTClient, client: ClientOptions): Listing {
  if (group !== undefined)
    return {
      pages: thingsOfGroup(iot, group),
      perSecond: LIST_THINGS_IN_GROUP,
      what: `things of the group ${group}`,
      isComplete: false,
    };
  if (since !== undefined)
    return {
      pages: thingsOfCalls(new CloudTrailClient(client), since),
      perSecond: LOOKUPS_PER_SECOND,
      what: `things that were created or updated since ${since.toISOString()}`,
      isComplete: false,
    };
  return {
    pages: allThings(iot, type),
    perSecond: LIST_THINGS,
    what: type === undefined ? "all things" : `things of the type ${type}`,
    isComplete: type === undefined,
  };
}

const thingsOfGroup =
  (iot: IoTClient, thingGroupName: string): ThingPages =>
  async (nextToken) => {
    const input = { thingGroupName, recursive: true, maxResults: THINGS_PER_PAGE, nextToken };
    const { things = [], nextToken: next } = await iot.send(new ListThingsInThingGroupCommand(input));
    return { things, next };
  };

/** CloudTrail API Reference, LookupEvents: two a second, per account and Region. */
const LOOKUPS_PER_SECOND = 2;
const CALLS = ["CreateThing", "UpdateThing"] as const;

const position = v.object({ call: v.number(), token: v.optional(v.string()) });
const record = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ errorCode: v.optional(v.string()), requestParameters: v.object({ thingName: v.string() }) }),
);

/**
 * CloudTrail's event history, which needs no trail and goes back ninety days. It asks for one call after the other:
 * LookupEvents takes one attribute.
 */
const thingsOfCalls =
  (cloudTrail: CloudTrailClient, since: Date): ThingPages =>
  async (at) => {
    const { call, token } = at === undefined ? { call: 0 } : v.parse(position, JSON.parse(at));
    const { Events = [], NextToken } = await cloudTrail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: CALLS[call] }],
        StartTime: since,
        NextToken: token,
      }),
    );
    const rest = call + 1 < CALLS.length ? { call: call + 1 } : undefined;
    const next = NextToken === undefined ? rest : { call, token: NextToken };
    return {
      things: [...new Set(Events.flatMap(thingOf))],
      next: next === undefined ? undefined : JSON.stringify(next),
    };
  };

function thingOf({ CloudTrailEvent = "" }: Event): readonly string[] {
  const read = v.safeParse(record, CloudTrailEvent);
  return read.success && read.output.errorCode === undefined ? [read.output.requestParameters.thingName] : [];
}
