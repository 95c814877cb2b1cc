// Events of one's own, and trying out a pattern.
import type { EventBridge, PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { arn } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import { uuid } from "../../core/ids.ts";
import { operations, type Call } from "../../core/service.ts";
import { matches } from "../../language/pattern/index.ts";
import { deliverEvent } from "./delivery.ts";
import type { BusEvent } from "./event.ts";
import { readPattern } from "./rules.ts";
import { busExists } from "./state.ts";

// API reference, PutEvents: less than 1 MB in all.
const MAX_BYTES = 1024 * 1024;
// «Amazon EventBridge pricing»: each 64 KB of an event are one.
const PRICED_BYTES = 64 * 1024;
const TIME_BYTES = 14;

const invalid = (message: string) => new AwsError("ValidationException", message, { status: 400 });

/** «Calculating PutEvents event entry size», user guide. */
function sizeOf({ Time, Source = "", DetailType = "", Detail = "", Resources = [] }: PutEventsRequestEntry): number {
  const texts = [Source, DetailType, Detail, ...Resources].map((text) => Buffer.byteLength(text));
  return (Time ? TIME_BYTES : 0) + texts.reduce((sum, bytes) => sum + bytes, 0);
}

/** The event's detail, an object. Undefined for anything else. */
function detailOf(text: string): object | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === "object" && detail !== null && !Array.isArray(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}

type Refusal = readonly [code: string, message: string];

function refusalOf(entry: PutEventsRequestEntry): Refusal | undefined {
  for (const name of ["Source", "DetailType", "Detail"] as const)
    if (!entry[name])
      return ["InvalidArgument", `Parameter ${name} is not valid. Reason: ${name} is a required argument.`];
  // What AWS's services say can't be forged.
  if (entry.Source?.startsWith("aws.")) return ["NotAuthorizedForSourceException", "Not authorized for the source."];
  return detailOf(entry.Detail ?? "") ? undefined : ["MalformedDetail", "Detail is malformed."];
}

function put(entry: PutEventsRequestEntry, call: Call) {
  const refusal = refusalOf(entry);
  if (refusal) return { ErrorCode: refusal[0], ErrorMessage: refusal[1] };
  const { Source = "", DetailType = "", Detail = "", Resources = [], Time = call.time } = entry;
  const { cloud, account, region } = call;
  const event: BusEvent = {
    version: "0",
    id: uuid(),
    "detail-type": DetailType,
    source: Source,
    account,
    time: `${Time.toISOString().slice(0, 19)}Z`,
    region,
    resources: Resources,
    detail: detailOf(Detail),
  };
  cloud.trace.count(account, "events:custom", Math.max(1, Math.ceil(sizeOf(entry) / PRICED_BYTES)));
  const place = { account, region };
  const of = { ...place, span: call.span, service: "events", name: "EventDelivery" };
  // An event for a bus that isn't there is taken, and gone (recorded on AWS by another project's tests).
  if (entry.EventBusName !== undefined && !busExists(call, entry.EventBusName)) {
    const message = `Event ${event.id} is lost: there is no event bus ${entry.EventBusName}.`;
    const error = { code: "ResourceNotFoundException", message };
    cloud.effect({ ...of, name: "EventDropped", outcome: "failed", error });
    return { EventId: event.id };
  }
  cloud.background(() => deliverEvent(cloud, place, event, call.span), of);
  return { EventId: event.id };
}

/**
 * The API reference lists `resources` too, but AWS takes an event without (recorded on AWS by another project's
 * tests).
 */
const EVENT_FIELDS = ["id", "account", "source", "time", "region", "detail-type"];

export const putEvents = operations<EventBridge>({
  PutEvents: {
    record: { data: true },
    authorize: ({ Entries = [] }, call) => {
      const buses = new Set(Entries.map(({ EventBusName = "default" }) => EventBusName));
      return [...buses].map((bus) => ({
        action: "events:PutEvents",
        resource: bus.startsWith("arn:") ? bus : arn("events", call, `event-bus/${bus}`),
      }));
    },
    run: ({ Entries = [] }, call) => {
      if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) >= MAX_BYTES)
        throw invalid("Total size of the entries in the request is over the limit.");
      for (const { EventBusName } of Entries) if (EventBusName !== undefined) busExists(call, EventBusName);
      const entries = Entries.map((entry) => put(entry, call));
      return { Entries: entries, FailedEntryCount: entries.filter(({ ErrorCode }) => ErrorCode !== undefined).length };
    },
  },
  TestEventPattern: {
    record: { readOnly: true },
    authorize: () => ({ action: "events:TestEventPattern", resource: "*" }),
    run: (input) => {
      const event = detailOf(input.Event ?? "") as Readonly<Record<string, unknown>> | undefined;
      if (!event || EVENT_FIELDS.some((field) => !Object.hasOwn(event, field)))
        throw invalid("Parameter Event is not valid.");
      return { Result: matches(readPattern(input.EventPattern ?? ""), event) };
    },
  },
});
