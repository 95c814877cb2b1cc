// AWS IoT's own events of the registry, as the customer's side takes them beside CloudTrail's, or in their place.
import { OPERATION_NAMES, type Operation, type Subject, rowOf } from "./operations.ts";

/** What hands a customer's changes to its announce function. */
export const TRIGGERS = ["cloudtrail", "registry-events", "both"] as const;
export type Trigger = (typeof TRIGGERS)[number];

export const byCloudTrail = (trigger: Trigger): boolean => trigger !== "registry-events";
export const byRegistryEvents = (trigger: Trigger): boolean => trigger !== "cloudtrail";

/** AWS IoT Developer Guide, "Registry events" and "Event messages": the setting's key, and the reserved topics. */
export const REGISTRY_EVENTS = {
  thing: { eventType: "THING", topicFilter: "$aws/events/thing/+/+", subjects: ["thing"] },
  thingType: { eventType: "THING_TYPE", topicFilter: "$aws/events/thingType/+/+", subjects: ["thingType"] },
  thingGroup: { eventType: "THING_GROUP", topicFilter: "$aws/events/thingGroup/+/+", subjects: ["thingGroup"] },
  membership: {
    eventType: "THING_GROUP_MEMBERSHIP",
    topicFilter: "$aws/events/thingGroupMembership/thingGroup/+/thing/+/+",
    subjects: ["thing", "thingGroup"],
  },
} as const satisfies Record<string, { eventType: string; topicFilter: string; subjects: readonly Subject[] }>;

export type RegistryEventKind = keyof typeof REGISTRY_EVENTS;
export const REGISTRY_EVENT_KINDS = Object.keys(REGISTRY_EVENTS) as readonly RegistryEventKind[];

/** Kinds of which one of `operations` is told. */
export const kindsOf = (operations: readonly Operation[]): readonly RegistryEventKind[] =>
  REGISTRY_EVENT_KINDS.filter((kind) => operations.some((operation) => rowOf(operation).registryEvent?.[0] === kind));

/** What a topic rule selects of a kind: the events of these operations, as they are. */
export function registryEventSql(kind: RegistryEventKind, operations: readonly Operation[]): string {
  const changes = operations.flatMap((operation) => {
    const event = rowOf(operation).registryEvent;
    return event?.[0] === kind ? [`operation = '${event[1]}'`] : [];
  });
  return `SELECT * FROM '${REGISTRY_EVENTS[kind].topicFilter}' WHERE ${[...new Set(changes)].join(" OR ")}`;
}

export const REGISTRY_EVENTS_SQL_VERSION = "2016-03-23";

/** The operations that an event of this kind can stand for; none where it is of no kind. */
export const operationsOfEvent = (kind: RegistryEventKind | undefined, change: string): readonly Operation[] =>
  OPERATION_NAMES.filter((operation) => {
    const event = rowOf(operation).registryEvent;
    return event?.[0] === kind && event?.[1] === change;
  });

/**
 * What the announce function describes: after CloudTrail's records, what they are about. After AWS IoT's own events
 * types and groups that are there; of things they say all, and of what is gone there is nothing more.
 */
export function describedSubjects(operations: readonly Operation[], trigger: Trigger): readonly Subject[] {
  const described = operations.flatMap((operation) => {
    const { describes, removes } = rowOf(operation);
    if (describes === undefined) return [];
    return byCloudTrail(trigger) || (describes !== "thing" && removes !== true) ? [describes] : [];
  });
  return [...new Set(described)];
}
