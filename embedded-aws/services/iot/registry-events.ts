// Messages that the registry publishes about itself on $aws/events/… («Registry events» of the developer guide),
// where they are switched on: one setting per account and Region.
import type { IoT } from "@aws-sdk/client-iot";
import { notModelled } from "../../core/errors.ts";
import { uuid } from "../../core/ids.ts";
import { operations, type Call } from "../../core/service.ts";
import { invalid, on } from "./checks.ts";
import { publishMessage } from "./messages.ts";
import { REGISTRY, type Thing, type ThingGroup, type ThingType } from "./state.ts";

const PUBLISHED = [
  "THING",
  "THING_GROUP",
  "THING_TYPE",
  "THING_GROUP_MEMBERSHIP",
  "THING_GROUP_HIERARCHY",
  "THING_TYPE_ASSOCIATION",
] as const;
type EventType = (typeof PUBLISHED)[number];
/** What the setting knows besides; nothing here could publish it. */
const UNPUBLISHED = ["JOB", "JOB_EXECUTION", "POLICY", "CERTIFICATE", "CA_CERTIFICATE"];

function publish(call: Call, type: EventType, topic: string, operation: string, body: Record<string, unknown>): void {
  if (!call.cloud.state(REGISTRY, call).events.enabled.has(type)) return;
  const event = { eventType: `${type}_EVENT`, eventId: uuid(), timestamp: call.cloud.clock.now(), operation, ...body };
  call.cloud.effect({
    span: call.span,
    account: call.account,
    region: call.region,
    service: "iot",
    name: "RegistryEvent",
    detail: { topic, operation },
  });
  publishMessage(call.cloud, call, { topic, payload: Buffer.from(JSON.stringify(event)), hops: 0 }, call.span);
}

export function thingChanged(call: Call, operation: "CREATED" | "UPDATED" | "DELETED", thing: Thing): void {
  publish(call, "THING", `$aws/events/thing/${thing.name}/${operation.toLowerCase()}`, operation, {
    accountId: call.account,
    thingId: thing.id,
    thingName: thing.name,
    versionNumber: thing.version,
    thingTypeName: thing.typeName ?? null,
    attributes: thing.attributes,
  });
}

export function typeChanged(
  call: Call,
  operation: "CREATED" | "DEPRECATED" | "UNDEPRECATED" | "DELETED",
  type: ThingType,
): void {
  // The guide has three topics for four operations: a deprecation is an update.
  const happened = operation === "CREATED" ? "created" : operation === "DELETED" ? "deleted" : "updated";
  publish(call, "THING_TYPE", `$aws/events/thingType/${type.name}/${happened}`, operation, {
    accountId: call.account,
    thingTypeId: type.id,
    thingTypeName: type.name,
    isDeprecated: type.deprecatedAt !== undefined,
    deprecationDate: type.deprecatedAt?.getTime() ?? null,
    searchableAttributes: type.searchableAttributes,
    propagatingAttributes: [],
    description: type.description ?? null,
  });
}

/** The guide's older editions end this topic in the type's name; this is the form of the newer ones. */
export function typeAssociation(call: Call, operation: "ADDED" | "REMOVED", thing: Thing, typeName: string): void {
  const topic = `$aws/events/thingTypeAssociation/thing/${thing.name}/thingType/${typeName}/${operation.toLowerCase()}`;
  publish(call, "THING_TYPE_ASSOCIATION", topic, operation, {
    thingId: thing.id,
    thingName: thing.name,
    thingTypeName: typeName,
  });
}

export function groupChanged(
  call: Call,
  operation: "CREATED" | "UPDATED" | "DELETED",
  group: ThingGroup,
  above: readonly ThingGroup[],
): void {
  publish(call, "THING_GROUP", `$aws/events/thingGroup/${group.name}/${operation.toLowerCase()}`, operation, {
    accountId: call.account,
    thingGroupId: group.id,
    thingGroupName: group.name,
    versionNumber: group.version,
    parentGroupName: group.parent ?? null,
    parentGroupId: above.at(-1)?.id ?? null,
    description: group.description ?? null,
    rootToParentThingGroups: above.map(({ arn, id }) => ({ groupArn: arn, groupId: id })),
    attributes: group.attributes,
    dynamicGroupMappingId: null,
  });
}

const MEMBERSHIP = "$aws/events/thingGroupMembership/thingGroup";
const HIERARCHY = "$aws/events/thingGroupHierarchy/thingGroup";

export function groupMembership(call: Call, operation: "ADDED" | "REMOVED", thing: Thing, group: ThingGroup): void {
  const topic = `${MEMBERSHIP}/${group.name}/thing/${thing.name}/${operation.toLowerCase()}`;
  publish(call, "THING_GROUP_MEMBERSHIP", topic, operation, {
    accountId: call.account,
    groupArn: group.arn,
    groupId: group.id,
    thingArn: thing.arn,
    thingId: thing.id,
    membershipId: thing.groups.get(group.name),
  });
}

export function groupHierarchy(
  call: Call,
  operation: "ADDED" | "REMOVED",
  parent: ThingGroup,
  child: ThingGroup,
): void {
  const topic = `${HIERARCHY}/${parent.name}/childThingGroup/${child.name}/${operation.toLowerCase()}`;
  publish(call, "THING_GROUP_HIERARCHY", topic, operation, {
    accountId: call.account,
    thingGroupId: parent.id,
    thingGroupName: parent.name,
    childGroupId: child.id,
    childGroupName: child.name,
  });
}

export const EVENT_CONFIGURATIONS = operations<IoT>({
  DescribeEventConfigurations: {
    authorize: (_input, call) => on(call, "DescribeEventConfigurations"),
    run: (_input, call) => {
      const { enabled, createdAt, updatedAt } = call.cloud.state(REGISTRY, call).events;
      const types = [...PUBLISHED, ...UNPUBLISHED];
      return {
        eventConfigurations: Object.fromEntries(types.map((type) => [type, { Enabled: enabled.has(type) }])),
        ...(createdAt ? { creationDate: createdAt } : {}),
        ...(updatedAt ? { lastModifiedDate: updatedAt } : {}),
      };
    },
  },
  UpdateEventConfigurations: {
    authorize: (_input, call) => on(call, "UpdateEventConfigurations"),
    run: (input, call) => {
      const { events } = call.cloud.state(REGISTRY, call);
      const changes = Object.entries(input.eventConfigurations ?? {});
      for (const [type, { Enabled } = {}] of changes) {
        if (UNPUBLISHED.includes(type)) {
          if (Enabled === true) throw notModelled(`The event messages ${type}`);
        } else if (!(PUBLISHED as readonly string[]).includes(type))
          throw invalid(`There are no event messages "${type}"; there are ${PUBLISHED.join(", ")}.`);
      }
      for (const [type, { Enabled } = {}] of changes) {
        if (Enabled === true) events.enabled.add(type);
        else events.enabled.delete(type);
      }
      events.createdAt ??= call.time;
      events.updatedAt = call.time;
      return {};
    },
  },
});
