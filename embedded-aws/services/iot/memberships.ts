// Which thing is in which group.
import type { IoT } from "@aws-sdk/client-iot";
import { operations, type Call, type Permission } from "../../core/service.ts";
import { bySerial, invalid, nameIn, on, page } from "./checks.ts";
import { uuid } from "../../core/ids.ts";
import { ancestors, groupOf, kindOfGroup } from "./groups.ts";
import { publishEvent } from "./registry-events.ts";
import { REGISTRY, type Thing, type ThingGroup } from "./state.ts";
import { thingOf } from "./things.ts";

/** «AWS IoT Core endpoints and quotas»: groups that a thing can be in directly. */
const GROUPS_PER_THING = 10;

interface Names {
  readonly thingName?: string | undefined;
  readonly thingArn?: string | undefined;
  readonly thingGroupName?: string | undefined;
  readonly thingGroupArn?: string | undefined;
}
const named = (input: Names) => ({
  thing: nameIn(input.thingName, input.thingArn),
  group: nameIn(input.thingGroupName, input.thingGroupArn),
});

function permissions(action: string, input: Names, call: Call): Permission[] {
  const { thing = "", group = "" } = named(input);
  return [on(call, action, `thing/${thing}`), on(call, action, `thinggroup/${group}`)];
}

function add(call: Call, thing: Thing, group: ThingGroup): void {
  if (thing.groups.has(group.name)) return;
  if (thing.groups.size >= GROUPS_PER_THING)
    throw invalid(`The thing ${thing.name} is in ${GROUPS_PER_THING} groups already, and can't be in more.`);
  // «Static thing groups»: a thing can't be in two groups of the same hierarchy.
  const registry = call.cloud.state(REGISTRY, call);
  const rootOf = (one: ThingGroup) => ancestors(registry, one)[0]?.name ?? one.name;
  for (const name of thing.groups.keys()) {
    const other = registry.groups.get(name);
    if (other && rootOf(other) === rootOf(group))
      throw invalid(`The thing ${thing.name} is in the group ${name} already, which is in the same hierarchy.`);
  }
  thing.groups.set(group.name, uuid());
  group.things.add(thing.name);
  publish(call, thing, group, "ADDED");
}

function remove(call: Call, thing: Thing, group: ThingGroup): void {
  if (!thing.groups.has(group.name)) return;
  publish(call, thing, group, "REMOVED");
  thing.groups.delete(group.name);
  group.things.delete(thing.name);
}

/**
 * «Thing group events», added to or removed from. That nothing is published for what changes nothing is not confirmed.
 */
function publish(call: Call, thing: Thing, group: ThingGroup, operation: "ADDED" | "REMOVED"): void {
  publishEvent(call, {
    type: "THING_GROUP_MEMBERSHIP",
    topic: `thingGroupMembership/thingGroup/${group.name}/thing/${thing.name}`,
    operation,
    about: {
      groupArn: group.arn,
      groupId: group.id,
      thingArn: thing.arn,
      thingId: thing.id,
      membershipId: thing.groups.get(group.name),
    },
  });
}

export const MEMBERSHIPS = operations<IoT>({
  AddThingToThingGroup: {
    authorize: (input, call) => permissions("AddThingToThingGroup", input, call),
    run: (input, call) => {
      const { thing, group } = named(input);
      add(call, thingOf(call, thing), kindOfGroup(call, group, false));
      return {};
    },
  },
  RemoveThingFromThingGroup: {
    authorize: (input, call) => permissions("RemoveThingFromThingGroup", input, call),
    run: (input, call) => {
      const names = named(input);
      remove(call, thingOf(call, names.thing), kindOfGroup(call, names.group, false));
      return {};
    },
  },
  UpdateThingGroupsForThing: {
    authorize: ({ thingName, thingGroupsToAdd = [], thingGroupsToRemove = [] }, call) => [
      on(call, "UpdateThingGroupsForThing", `thing/${thingName ?? ""}`),
      ...[...thingGroupsToAdd, ...thingGroupsToRemove].map((group) =>
        on(call, "UpdateThingGroupsForThing", `thinggroup/${group}`),
      ),
    ],
    run: ({ thingName, thingGroupsToAdd = [], thingGroupsToRemove = [] }, call) => {
      const thing = thingOf(call, thingName);
      const [gone, come] = [thingGroupsToRemove, thingGroupsToAdd].map((names) =>
        names.map((name) => kindOfGroup(call, name, false)),
      );
      // First out, so that there is room; the order is not confirmed, nor what is done where one can't be.
      for (const group of gone ?? []) remove(call, thing, group);
      for (const group of come ?? []) add(call, thing, group);
      return {};
    },
  },
  ListThingGroupsForThing: {
    authorize: (input, call) => on(call, "ListThingGroupsForThing", `thing/${input.thingName ?? ""}`),
    run: (input, call) => {
      const { groups } = call.cloud.state(REGISTRY, call);
      const mine = [...thingOf(call, input.thingName).groups.keys()].flatMap((name) => groups.get(name) ?? []);
      const { items, nextToken } = page(bySerial(mine), input);
      return { thingGroups: items.map(({ name, arn }) => ({ groupName: name, groupArn: arn })), nextToken };
    },
  },
  ListThingsInThingGroup: {
    authorize: (input, call) => on(call, "ListThingsInThingGroup", `thinggroup/${input.thingGroupName ?? ""}`),
    run: (input, call) => {
      const registry = call.cloud.state(REGISTRY, call);
      const top = groupOf(call, input.thingGroupName);
      const groups =
        input.recursive === true
          ? [...registry.groups.values()].filter((group) => group === top || ancestors(registry, group).includes(top))
          : [top];
      const names = new Set([...groups].flatMap((group) => [...group.things]));
      const { items, nextToken } = page(bySerial([...names].flatMap((name) => registry.things.get(name) ?? [])), input);
      return { things: items.map(({ name }) => name), nextToken };
    },
  },
});
