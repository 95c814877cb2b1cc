// How a thing that was made in another way than by CreateThing was heard of: by CloudTrail's records, by AWS IoT's own
// event, or not at all. It is what such a run is for.
import { type CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import type { OutputsOf } from "../outputs.ts";
import { inWords } from "../printable.ts";
import type { Made, Path } from "./paths.ts";

export interface Recorded {
  readonly eventName: string;
  readonly eventId: string;
}

/**
 * Records about the thing in the customer's event history, of these calls, since a time; each entry also finds what has
 * the thing's name in its request alone. @throws what the SDK throws
 */
export type History = (thingName: string, calls: readonly string[], since: number) => Promise<readonly Recorded[]>;

/** Event history: two requests a second, of which one call's are few («LookupEvents», CloudTrail API reference). */
export const historyIn =
  (client: CloudTrailClient): History =>
  async (thingName, calls, since) => {
    const records: Recorded[] = [];
    for (const eventName of calls) {
      const LookupAttributes = [{ AttributeKey: "EventName" as const, AttributeValue: eventName }];
      const { Events = [] } = await client.send(
        new LookupEventsCommand({ LookupAttributes, StartTime: new Date(since) }),
      );
      for (const { EventId: eventId = "", CloudTrailEvent = "" } of Events)
        if (CloudTrailEvent.includes(thingName)) records.push({ eventName, eventId });
    }
    return records;
  };

/** What hands changes to the announce function, as deployed. */
export const triggersOf = ({ ruleName, registryEventRuleNames }: OutputsOf["customer"]): Triggers => ({
  cloudTrail: ruleName !== undefined,
  registryEvents: registryEventRuleNames !== undefined,
});
export interface Triggers {
  readonly cloudTrail: boolean;
  readonly registryEvents: boolean;
}

export interface Heard {
  readonly eventId: string | undefined;
  readonly eventName: string | undefined;
}

export interface Answer {
  /** The call that made the thing. */
  readonly call: string;
  /** Which call the announce function took it for; undefined where it heard nothing. */
  readonly heardAs: string | undefined;
  readonly by: "CloudTrail" | "AWS IoT's own event" | "one of the two" | undefined;
  /** Records about the thing in CloudTrail's event history by now; undefined where nobody lets us look. */
  readonly recorded: readonly Recorded[] | undefined;
  /** Why the event history could not be looked at. */
  readonly problem?: string;
  /** What AWS says became of the call, where it goes on after its answer. */
  readonly state?: string;
}

/** @param heard undefined where nothing came */
export async function answerOf(
  { call }: Path,
  { state }: Made,
  heard: Heard | undefined,
  triggers: Triggers,
  lookUp: () => Promise<readonly Recorded[]>,
): Promise<Answer> {
  const known = await recordsOf(lookUp);
  return {
    ...{ call, heardAs: heard?.eventName, by: heard && byWhat(heard, triggers, known.recorded), ...known },
    ...(state === undefined ? {} : { state: await orWhyNot(state) }),
  };
}

async function orWhyNot(state: () => Promise<string>): Promise<string> {
  try {
    return await state();
  } catch (error) {
    if (!(error instanceof Error && "$metadata" in error)) throw error;
    return `What became of the call isn't known: ${inWords(error)}.`;
  }
}

async function recordsOf(lookUp: () => Promise<readonly Recorded[]>): Promise<Pick<Answer, "recorded" | "problem">> {
  try {
    return { recorded: await lookUp() };
  } catch (error) {
    if (!(error instanceof Error && "$metadata" in error)) throw error;
    return { recorded: undefined, problem: `needs cloudtrail:LookupEvents: ${inWords(error)}` };
  }
}

/** AWS IoT's own events have ids that CloudTrail doesn't know; its records may come before its history has them. */
function byWhat({ eventId }: Heard, triggers: Triggers, recorded: readonly Recorded[] | undefined): Answer["by"] {
  if (!triggers.registryEvents) return "CloudTrail";
  if (!triggers.cloudTrail) return "AWS IoT's own event";
  return recorded?.some((record) => record.eventId === eventId) === true ? "CloudTrail" : "one of the two";
}

const BY = {
  CloudTrail: "by CloudTrail's record",
  "AWS IoT's own event": "by AWS IoT's own event",
  "one of the two": "by AWS IoT's own event, or by a record that CloudTrail's event history doesn't have yet",
};

export function answerText({ call, heardAs, by, recorded, problem, state }: Answer): string {
  const heard =
    by === undefined
      ? `A thing made by ${call} was not heard of.`
      : `A thing made by ${call} was heard of as ${heardAs ?? "a call without a name"}, ${BY[by]}.`;
  const records = recorded?.map(({ eventName, eventId }) => `${eventName} (${eventId})`).join(", ");
  const history =
    records === undefined
      ? `CloudTrail's event history was not looked at: ${problem ?? ""}`
      : `CloudTrail's event history has ${records === "" ? "nothing" : records} about it by now.`;
  const advice = "`hooks backfill` announces such things; `trigger: both` may hear of them at once.";
  return [heard, ...(state === undefined ? [] : [state]), history, ...(by === undefined ? [advice] : [])].join(" ");
}
