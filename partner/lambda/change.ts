// What a delivery says of the customer's registry: whose state, which state, and when it was that.
import { MAX_PAYLOAD_BYTES } from "../../shared/contract/message.ts";
import { SUBJECTS, SYNC_EVENT_NAME, rowOf } from "../../shared/contract/operations.ts";
import type { Delivery, ReceivedMessage } from "./unpack.ts";

export interface Change {
  /**
   * What changed: ARN of a thing, a group or a type. Of a membership: ARN of the thing, "#", and the group's ARN or the
   * principal.
   */
  readonly subject: string;
  /**
   * thingId, thingGroupId, thingTypeId or billingGroupId: one life under that ARN. Undefined for what has none, or
   * didn't say it.
   */
  readonly subjectId: string | undefined;
  /** Grows within one life. Types and memberships have none. */
  readonly version: number | undefined;
  /** Since when this is known to be so: milliseconds since 1970, by the customer's clock, but not after the receipt. */
  readonly observedAt: number;
  /** When the call was made; 0 where none led to it. */
  readonly calledAt: number;
  /** Whether, of two changes observed at the same time, the one that arrives later is taken for the later one. */
  readonly lastOfTie: boolean;
  readonly deleted: boolean;
  /** Undefined for a message without `hook`. */
  readonly eventId: string | undefined;
  /** Whether the event id stands for one change, as CloudTrail's do. */
  readonly eventIdIsUnique: boolean;
  /** The description as JSON; undefined of what is gone, and of what is too large to be one. */
  readonly snapshot: string | undefined;
}

export function changeOf({ message, receivedAt }: Delivery): Change {
  const { memberField, removes, subjects } = rowOf(message.operation);
  const [about] = subjects;
  const member = memberField !== undefined;
  const deleted = removes === true;
  return {
    subject: [SUBJECTS[about].arnField, ...(member ? [memberField] : [])].map((field) => message[field]).join("#"),
    subjectId: member ? undefined : message[SUBJECTS[about].idField],
    version: member ? undefined : message.version,
    observedAt: observedAt(message, receivedAt, deleted && !member),
    calledAt: calledAt(message, receivedAt),
    // Times of memberships are those of calls, by CloudTrail to the second; all others are to the millisecond.
    lastOfTie: member,
    deleted,
    eventId: message.hook?.eventId,
    // `sync:<thingArn>:<version>`: a thing that was made anew has the versions of the one before.
    eventIdIsUnique: message.operation !== "sync_thing",
    snapshot: deleted ? undefined : snapshotOf(message),
  };
}

/**
 * When the registry was looked at. Where what was found is no state of it (a thing that is gone again, announced by
 * what its event says) or nothing was looked up (memberships), when the call was made. A message without `hook` says
 * neither: then when it was received.
 */
function observedAt({ hook }: ReceivedMessage, receivedAt: number, lookedUp: boolean): number {
  if (hook === undefined) return receivedAt;
  return Date.parse(lookedUp || hook.snapshot === "registry" ? hook.observedAt : hook.eventTime);
}

/** A message without `hook` is taken for a call of its own. */
function calledAt({ hook }: ReceivedMessage, receivedAt: number): number {
  if (hook === undefined) return receivedAt;
  return hook.eventName === SYNC_EVENT_NAME ? 0 : Date.parse(hook.eventTime);
}

function snapshotOf({ hook: _, accountId: __, operation: ___, ...described }: ReceivedMessage): string | undefined {
  const snapshot = JSON.stringify(described);
  // An item has 400 KB at most (DynamoDB Developer Guide, "Quotas"). What AWS IoT describes is never this large; but
  // 1e20, spelled out, has five times the bytes that it was sent with.
  return Buffer.byteLength(snapshot) <= MAX_PAYLOAD_BYTES ? snapshot : undefined;
}
