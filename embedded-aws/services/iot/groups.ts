// Static thing groups and their hierarchy. Dynamic groups need the fleet index, which isn't modelled.
import type { IoT } from "@aws-sdk/client-iot";
import { arn } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import { uuid } from "../../core/ids.ts";
import { operations, type Call } from "../../core/service.ts";
import { attributesOf, checkVersion, invalid, notFound, on, page, sameAttributes } from "./checks.ts";
import { publishEvent } from "./registry-events.ts";
import { REGISTRY, type Registry, type ThingGroup } from "./state.ts";
import { newTags } from "./tags.ts";

/** «AWS IoT Core endpoints and quotas», thing groups. */
const ATTRIBUTES = 50;
const DEPTH = 7;

export function groupOf(call: Call, name: string | undefined): ThingGroup {
  const group = call.cloud.state(REGISTRY, call).groups.get(name ?? "");
  if (!group) throw notFound("The thing group", name ?? "");
  return group;
}

/** The groups above one, from the root down to its parent. */
export function ancestors({ groups }: Registry, group: ThingGroup): ThingGroup[] {
  const found: ThingGroup[] = [];
  for (let above = group.parent; above !== undefined;) {
    const parent = groups.get(above);
    if (parent) found.unshift(parent);
    above = parent?.parent;
  }
  return found;
}

/** «Thing group events». */
const publish = (call: Call, group: ThingGroup, operation: "CREATED" | "UPDATED" | "DELETED") => {
  const registry = call.cloud.state(REGISTRY, call);
  publishEvent(call, {
    type: "THING_GROUP",
    topic: `thingGroup/${group.name}`,
    operation,
    about: {
      thingGroupId: group.id,
      thingGroupName: group.name,
      versionNumber: group.version,
      parentGroupName: group.parent ?? null,
      parentGroupId: registry.groups.get(group.parent ?? "")?.id ?? null,
      description: group.description ?? null,
      rootToParentThingGroups: ancestors(registry, group).map((above) => ({ groupArn: above.arn, groupId: above.id })),
      attributes: group.attributes,
      dynamicGroupMappingId: null,
    },
  });
};

const named = ({ name, arn: groupArn }: ThingGroup) => ({ groupName: name, groupArn });

export const GROUPS = operations<IoT>({
  CreateThingGroup: {
    record: { response: (output) => output },
    authorize: (input, call) => on(call, "CreateThingGroup", `thinggroup/${input.thingGroupName ?? ""}`, input.tags),
    run: (input, call) => {
      const registry = call.cloud.state(REGISTRY, call);
      const name = input.thingGroupName ?? "";
      const description = input.thingGroupProperties?.thingGroupDescription;
      const attributes = attributesOf(input.thingGroupProperties?.attributePayload?.attributes, ATTRIBUTES);
      const existing = registry.groups.get(name);
      if (existing) {
        const same =
          existing.parent === input.parentGroupName &&
          existing.description === description &&
          sameAttributes(existing.attributes, attributes);
        if (same) return { thingGroupName: name, thingGroupArn: existing.arn, thingGroupId: existing.id };
        throw new AwsError(
          "ResourceAlreadyExistsException",
          `Thing Group ${name} already exists in current account with different properties`,
          { fields: { resourceId: existing.id, resourceArn: existing.arn } },
        );
      }
      const parent = input.parentGroupName === undefined ? undefined : groupOf(call, input.parentGroupName);
      if (parent && ancestors(registry, parent).length + 2 > DEPTH)
        throw invalid(`A hierarchy of thing groups has at most ${DEPTH} levels.`);
      const group: ThingGroup = {
        serial: registry.nextSerial(),
        name,
        id: uuid(),
        arn: arn("iot", call, `thinggroup/${name}`),
        parent: parent?.name,
        description,
        attributes,
        version: 1,
        createdAt: call.time,
        things: new Set(),
        tags: newTags(input.tags),
      };
      registry.groups.set(name, group);
      publish(call, group, "CREATED");
      return { thingGroupName: name, thingGroupArn: group.arn, thingGroupId: group.id };
    },
  },
  UpdateThingGroup: {
    authorize: (input, call) => on(call, "UpdateThingGroup", `thinggroup/${input.thingGroupName ?? ""}`),
    run: (input, call) => {
      const group = groupOf(call, input.thingGroupName);
      checkVersion(`The thing group ${group.name}`, group.version, input.expectedVersion);
      const { thingGroupDescription, attributePayload } = input.thingGroupProperties ?? {};
      const { attributes, merge } = attributePayload ?? {};
      const kept = merge === true || attributes === undefined ? group.attributes : {};
      group.attributes = attributesOf(attributes, ATTRIBUTES, kept);
      group.description = thingGroupDescription ?? group.description;
      group.version++;
      publish(call, group, "UPDATED");
      return { version: group.version };
    },
  },
  DeleteThingGroup: {
    authorize: (input, call) => on(call, "DeleteThingGroup", `thinggroup/${input.thingGroupName ?? ""}`),
    run: (input, call) => {
      const registry = call.cloud.state(REGISTRY, call);
      const group = registry.groups.get(input.thingGroupName ?? "");
      // «DeleteThingGroup»: succeeds as well where there is no such group.
      if (!group) return {};
      checkVersion(`The thing group ${group.name}`, group.version, input.expectedVersion);
      if ([...registry.groups.values()].some(({ parent }) => parent === group.name))
        throw invalid(`Cannot delete thing group : ${group.name} when there are still child groups attached to it`);
      for (const name of group.things) registry.things.get(name)?.groups.delete(group.name);
      registry.groups.delete(group.name);
      publish(call, group, "DELETED");
      return {};
    },
  },
  DescribeThingGroup: {
    authorize: (input, call) => on(call, "DescribeThingGroup", `thinggroup/${input.thingGroupName ?? ""}`),
    run: (input, call) => {
      const group = groupOf(call, input.thingGroupName);
      return {
        thingGroupName: group.name,
        thingGroupId: group.id,
        thingGroupArn: group.arn,
        version: group.version,
        thingGroupProperties: {
          ...(group.description === undefined ? {} : { thingGroupDescription: group.description }),
          attributePayload: { attributes: group.attributes },
        },
        thingGroupMetadata: {
          ...(group.parent === undefined ? {} : { parentGroupName: group.parent }),
          rootToParentThingGroups: ancestors(call.cloud.state(REGISTRY, call), group).map(named),
          creationDate: group.createdAt,
        },
      };
    },
  },
  ListThingGroups: {
    authorize: (_input, call) => on(call, "ListThingGroups"),
    run: (input, call) => {
      const registry = call.cloud.state(REGISTRY, call);
      const { parentGroup, namePrefixFilter = "", recursive = true } = input;
      if (parentGroup !== undefined) groupOf(call, parentGroup);
      const wanted = (group: ThingGroup) => {
        if (!group.name.startsWith(namePrefixFilter)) return false;
        if (!recursive) return group.parent === parentGroup;
        return parentGroup === undefined || ancestors(registry, group).some(({ name }) => name === parentGroup);
      };
      const { items, nextToken } = page(registry.groups.values(), input, { wanted });
      return { thingGroups: items.map(named), nextToken };
    },
  },
});
