// What travels on the topic.
import * as v from "valibot";
import { isPrintable } from "./printable.ts";

/** Version of what the two stacks tell each other through their outputs. */
export const CONTRACT_VERSION = 1;

/**
 * Version of the message. 0 is a message without `hook`: that of the AWS sample which this project stays compatible
 * with.
 */
export const SCHEMA_VERSION = 1;

/** AWS IoT, "message broker and protocol limits": a larger publish is refused. */
export const MAX_PAYLOAD_BYTES = 128 * 1024;

/** Names, ARNs and ids of AWS are shorter. The bound keeps what ends up in logs and errors short. */
export const text = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.maxLength(1024),
  v.check(isPrintable, "has a character that can't be printed"),
);
/** In UTC, as AWS writes it. */
export const time = v.pipe(v.string(), v.isoTimestamp(), v.endsWith("Z"));

/** Where the message comes from. Keys that a later version adds are let through. */
export const hookSchema = v.looseObject({
  schemaVersion: v.literal(SCHEMA_VERSION),
  /**
   * CloudTrail's `detail.eventID`, or the id of AWS IoT's own event: the same for every duplicate of it, but not for
   * what both tell of one change. Of what no call led to `sync:<thingArn>:<version>`, or, of a thing that isn't there,
   * `sync:<thingArn>:gone:<observedAt>`.
   */
  eventId: text,
  /**
   * When the call was made: ISO 8601, by CloudTrail to the second, by AWS IoT's own event to the millisecond. Where
   * there was none, `observedAt`.
   */
  eventTime: time,
  /**
   * Just before the description was read, or when the event was handled where nothing is described: ISO 8601, to the
   * millisecond. Before, so that a look that missed a change is always older than the look that the change led to.
   * `eventTime` where AWS IoT's own event is the description: of things, and of what is gone.
   */
  observedAt: time,
  /**
   * CloudTrail's name of the call, or of the one that usually brings such an event of AWS IoT's own; `SyncThing` where
   * there was none. One that the operation can come of: `eventNamesOf`.
   */
  eventName: text,
  /** The Region of the customer's registry. */
  region: text,
  /** `registry`: as described. `event`: as the event says, for what was deleted or gone again at `observedAt`. */
  snapshot: v.picklist(["registry", "event"]),
  /** Of `SyncThing`: one of `SYNC_RUNS`, or of a later release's. */
  run: v.optional(text),
});

/**
 * Fields of the Describe… answers that both sides read. Which ARNs must be there depends on the operation:
 * `OPERATIONS`.
 */
const described = {
  thingName: v.optional(text),
  thingArn: v.optional(text),
  thingId: v.optional(text),
  version: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  thingTypeName: v.optional(text),
  thingTypeArn: v.optional(text),
  thingTypeId: v.optional(text),
  thingGroupName: v.optional(text),
  thingGroupArn: v.optional(text),
  thingGroupId: v.optional(text),
  billingGroupName: v.optional(text),
  billingGroupArn: v.optional(text),
  billingGroupId: v.optional(text),
  defaultClientId: v.optional(text),
  principal: v.optional(text),
};
/** Not v.record: it leaves keys such as `constructor`, a legal attribute name, out of what it looks at. */
const attributes = v.custom<Readonly<Record<string, string>>>(
  (input) =>
    typeof input === "object" &&
    input !== null &&
    !Array.isArray(input) &&
    Object.values(input).every((value) => typeof value === "string"),
  "must be an object of texts",
);

/** Version 1: flat, as the sample sends it, and `hook`. Not strict: the answers of AWS get new members. */
export const messageSchema = v.looseObject({ ...described, attributes, hook: hookSchema });
export type Message = v.InferOutput<typeof messageSchema>;
export type Hook = v.InferOutput<typeof hookSchema>;

/**
 * Version 0. The sample passes DescribeThing's answer on, and adds keys of its own; nothing promises `attributes` for
 * a thing that has none.
 */
export const unversionedMessageSchema = v.looseObject({
  ...described,
  attributes: v.optional(attributes),
  hook: v.optional(v.undefined()),
});
export type UnversionedMessage = v.InferOutput<typeof unversionedMessageSchema>;
