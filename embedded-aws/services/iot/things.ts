// Things of the registry, and where messages go.
import type { IoT } from "@aws-sdk/client-iot";
import { arn } from "../../core/arn.ts";
import { AwsError, notModelled } from "../../core/errors.ts";
import { uuid } from "../../core/ids.ts";
import { operations, type Call } from "../../core/service.ts";
import { attributesOf, checkVersion, invalid, notFound, on, page, sameAttributes } from "./checks.ts";
import { publishEvent } from "./registry-events.ts";
import { type BillingGroup, REGISTRY, type Thing } from "./state.ts";

/** «AWS IoT Core endpoints and quotas», thing registry: attributes of a thing without and with a type. */
const ATTRIBUTES_WITHOUT_TYPE = 3;
const ATTRIBUTES_WITH_TYPE = 50;

/** Throws ResourceNotFoundException. */
export function thingOf(call: Call, name: string | undefined): Thing {
  const thing = call.cloud.state(REGISTRY, call).things.get(name ?? "");
  if (!thing) throw notFound("The thing", name ?? "");
  return thing;
}

/** A type that a thing may take. Throws ResourceNotFoundException, InvalidRequestException for a deprecated one. */
function usableType(call: Call, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const type = call.cloud.state(REGISTRY, call).types.get(name);
  if (!type) throw notFound("The thing type", name);
  if (type.deprecatedAt) throw invalid(`Can not create new thing with deprecated thing type:${name}`);
  return name;
}

/** Throws ResourceNotFoundException. */
export function billingGroupOf(call: Call, name: string | undefined): BillingGroup {
  const group = call.cloud.state(REGISTRY, call).billingGroups.get(name ?? "");
  if (!group) throw notFound("The billing group", name ?? "");
  return group;
}

const limitOf = (typeName: string | undefined): number =>
  typeName === undefined ? ATTRIBUTES_WITHOUT_TYPE : ATTRIBUTES_WITH_TYPE;

const described = (thing: Thing) => ({
  thingName: thing.name,
  thingArn: thing.arn,
  ...(thing.typeName === undefined ? {} : { thingTypeName: thing.typeName }),
  attributes: thing.attributes,
  version: thing.version,
});

/** «Thing events». */
const publish = (call: Call, thing: Thing, operation: "CREATED" | "UPDATED" | "DELETED") => {
  publishEvent(call, {
    type: "THING",
    topic: `thing/${thing.name}`,
    operation,
    about: {
      thingId: thing.id,
      thingName: thing.name,
      versionNumber: thing.version,
      thingTypeName: thing.typeName ?? null,
      attributes: thing.attributes,
    },
  });
};

export interface NewThing {
  readonly name: string;
  readonly typeName: string | undefined;
  readonly billingGroup: string | undefined;
  readonly attributes: Readonly<Record<string, string>> | undefined;
}

/**
 * The same configuration again succeeds («CreateThing»). Throws ResourceAlreadyExistsException,
 * ResourceNotFoundException, InvalidRequestException.
 */
export function createThing(call: Call, { name, typeName, billingGroup, attributes: given }: NewThing): Thing {
  const registry = call.cloud.state(REGISTRY, call);
  const attributes = attributesOf(given, limitOf(typeName));
  const existing = registry.things.get(name);
  if (existing) {
    const same =
      existing.typeName === typeName &&
      (billingGroup === undefined || existing.billingGroup === billingGroup) &&
      sameAttributes(existing.attributes, attributes);
    if (same) return existing;
    // The text is one that AWS was seen to give.
    throw new AwsError(
      "ResourceAlreadyExistsException",
      `Thing ${name} already exists in account with different attributes`,
      { fields: { resourceId: existing.id, resourceArn: existing.arn } },
    );
  }
  const thing: Thing = {
    serial: registry.nextSerial(),
    name,
    id: uuid(),
    arn: arn("iot", call, `thing/${name}`),
    typeName: usableType(call, typeName),
    billingGroup: billingGroup === undefined ? undefined : billingGroupOf(call, billingGroup).name,
    attributes,
    version: 1,
    groups: new Map(),
    principals: new Set(),
  };
  registry.things.set(name, thing);
  publish(call, thing, "CREATED");
  return thing;
}

export const THINGS = operations<IoT>({
  CreateThing: {
    record: { response: (output) => output },
    authorize: ({ thingName = "", billingGroupName }, call) => [
      on(call, "CreateThing", `thing/${thingName}`),
      // The Service Authorization Reference names it as optional: where there is one.
      ...(billingGroupName === undefined ? [] : [on(call, "CreateThing", `billinggroup/${billingGroupName}`)]),
    ],
    run: ({ thingName: name = "", thingTypeName, billingGroupName, attributePayload }, call) => {
      const thing = createThing(call, {
        name,
        typeName: thingTypeName,
        billingGroup: billingGroupName,
        attributes: attributePayload?.attributes,
      });
      return { thingName: name, thingArn: thing.arn, thingId: thing.id };
    },
  },
  UpdateThing: {
    authorize: (input, call) => on(call, "UpdateThing", `thing/${input.thingName ?? ""}`),
    run: (input, call) => {
      const thing = thingOf(call, input.thingName);
      checkVersion(`The thing ${thing.name}`, thing.version, input.expectedVersion);
      if (input.removeThingType === true && input.thingTypeName !== undefined)
        throw invalid("A thing's type is either removed (removeThingType) or set (thingTypeName), not both.");
      const before = thing.typeName;
      const typeName =
        input.removeThingType === true
          ? undefined
          : input.thingTypeName === undefined || input.thingTypeName === before
            ? before
            : usableType(call, input.thingTypeName);
      const { attributes, merge } = input.attributePayload ?? {};
      const kept = merge === true || attributes === undefined ? thing.attributes : {};
      thing.attributes = attributesOf(attributes, limitOf(typeName), kept);
      thing.typeName = typeName;
      thing.version++;
      publish(call, thing, "UPDATED");
      return {};
    },
  },
  DeleteThing: {
    authorize: (input, call) => on(call, "DeleteThing", `thing/${input.thingName ?? ""}`),
    run: (input, call) => {
      const { things, groups } = call.cloud.state(REGISTRY, call);
      const thing = things.get(input.thingName ?? "");
      // «DeleteThing»: succeeds as well where there is no such thing.
      if (!thing) return {};
      checkVersion(`The thing ${thing.name}`, thing.version, input.expectedVersion);
      if (thing.principals.size > 0)
        throw invalid(`Cannot delete. Thing ${thing.name} is still attached to one or more principals`);
      for (const group of thing.groups.keys()) groups.get(group)?.things.delete(thing.name);
      things.delete(thing.name);
      publish(call, thing, "DELETED");
      return {};
    },
  },
  DescribeThing: {
    authorize: (input, call) => on(call, "DescribeThing", `thing/${input.thingName ?? ""}`),
    run: (input, call) => {
      const thing = thingOf(call, input.thingName);
      return {
        ...described(thing),
        defaultClientId: thing.name,
        thingId: thing.id,
        ...(thing.billingGroup === undefined ? {} : { billingGroupName: thing.billingGroup }),
      };
    },
  },
  ListThings: {
    authorize: (_input, call) => on(call, "ListThings"),
    run: (input, call) => {
      const { attributeName, attributeValue, thingTypeName, usePrefixAttributeValue } = input;
      if ((attributeName === undefined) !== (attributeValue === undefined))
        throw invalid("attributeName and attributeValue are given together, or not at all.");
      const wanted = (thing: Thing) => {
        if (thingTypeName !== undefined && thing.typeName !== thingTypeName) return false;
        if (attributeName === undefined || attributeValue === undefined) return true;
        const value = thing.attributes[attributeName];
        return usePrefixAttributeValue === true ? value?.startsWith(attributeValue) === true : value === attributeValue;
      };
      const things = call.cloud.state(REGISTRY, call).things.values();
      const { items, nextToken } = page(things, input, { wanted });
      return { things: items.map(described), nextToken };
    },
  },
  DescribeEndpoint: {
    authorize: (_input, call) => on(call, "DescribeEndpoint"),
    run: (input, call) => {
      const type = input.endpointType ?? "iot:Data";
      // One endpoint stands for all of AWS here, so that both kinds of the data endpoint are it.
      if (type === "iot:Data-ATS" || type === "iot:Data") return { endpointAddress: new URL(call.cloud.endpoint).host };
      if (["iot:CredentialProvider", "iot:Jobs", "iot:Data-Beta"].includes(type))
        throw notModelled(`The endpoint ${type}`);
      throw invalid(`There is no endpoint of the type "${type}"; iot:Data-ATS is the usual one.`);
    },
  },
});
