// What AWS IoT itself says about a change of the registry: an event of its own («Registry events», AWS IoT Core
// Developer Guide), as a topic rule hands it over. Of things it says all that a description would, but for their
// billing group and default client id.
import * as v from "valibot";
import { text } from "../../shared/contract/message.ts";
import { type Operation, SUBJECTS, type Subject, rowOf } from "../../shared/contract/operations.ts";
import { REGISTRY_EVENTS, REGISTRY_EVENT_KINDS, operationsOfEvent } from "../../shared/contract/registry-events.ts";
import type { RegistryCall } from "./event.ts";
import { AnnounceFailure } from "./failure.ts";

const optionalText = v.nullish(text);

const schema = v.looseObject({
  eventType: text,
  eventId: text,
  /** Milliseconds since 1970. */
  timestamp: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(8.64e15)),
  operation: text,
  accountId: text,
  ...Object.fromEntries(
    Object.values(SUBJECTS).flatMap(({ nameField, idField }) => [
      [nameField, optionalText],
      [idField, optionalText],
    ]),
  ),
  thingArn: optionalText,
  groupArn: optionalText,
  versionNumber: v.nullish(v.number()),
  isDeprecated: v.nullish(v.boolean()),
});
type RegistryEvent = v.InferOutput<typeof schema>;

/** CloudTrail's records have no such member. */
export const isRegistryEvent = (event: unknown): boolean =>
  typeof (event as { readonly eventType?: unknown } | null)?.eventType === "string";

/**
 * As if it were the record of the call that brings such an event: which one it was, and who made it, isn't said. Throws
 * AnnounceFailure for what is no event of a kind that is announced.
 */
export function readRegistryEvent(given: unknown, region: string, announced: readonly Operation[]): RegistryCall {
  const result = v.safeParse(schema, given);
  if (!result.success) {
    const [issue] = result.issues;
    throw malformed(given, `${v.getDotPath(issue) ?? "it"}: ${issue.message}.`);
  }
  const event = result.output;
  const kind = REGISTRY_EVENT_KINDS.find((one) => `${REGISTRY_EVENTS[one].eventType}_EVENT` === event.eventType);
  const candidates = operationsOfEvent(kind, event.operation);
  // Of a type that was updated: whether it is deprecated is all that tells what was done to it.
  const isLikely = (one: Operation) => (one === "deprecate_thing_type") === (event.isDeprecated === true);
  const byLikelihood = [...candidates.filter(isLikely), ...candidates];
  const operation = byLikelihood.find((one) => announced.includes(one)) ?? byLikelihood[0];
  if (kind === undefined || operation === undefined)
    throw malformed(event, `nothing is announced of ${event.operation} of a ${event.eventType}.`);
  return {
    account: event.accountId,
    region,
    eventId: event.eventId,
    eventTime: new Date(event.timestamp).toISOString(),
    // Only what a call leads to has an event.
    eventName: rowOf(operation).eventName as string,
    ...(kind === "membership" ? membership(event) : single(event, kind, operation)),
  };
}

type Said = Pick<RegistryCall, "request" | "response" | "told">;

const membership = ({ thingArn, groupArn }: RegistryEvent): Said => ({
  request: { thingArn, thingGroupArn: groupArn },
  response: {},
});

/** A thing needs no description, and what is gone has none. */
function single(event: RegistryEvent, kind: Subject, operation: Operation): Said {
  const { nameField, idField } = SUBJECTS[kind];
  const said: Readonly<Record<string, unknown>> = event;
  const [id, version, typeName] = [idField, "versionNumber", "thingTypeName"].map((field) => said[field] ?? undefined);
  const removes = rowOf(operation).removes === true;
  const fields = {
    [idField]: id,
    version,
    ...(kind === "thing" ? { thingTypeName: typeName, attributes: said["attributes"] } : {}),
  };
  return {
    request: { [nameField]: said[nameField] },
    response: { [idField]: id },
    ...(kind === "thing" || removes ? { told: { snapshot: removes ? "event" : "registry", fields } } : {}),
  };
}

const malformed = (event: unknown, problem: string): AnnounceFailure => {
  const { eventId } = event as { readonly eventId?: unknown };
  return new AnnounceFailure(
    "malformed event",
    typeof eventId === "string" ? eventId : undefined,
    `${problem} Of AWS IoT's own events the function takes those of things, types, groups and memberships.`,
  );
};
