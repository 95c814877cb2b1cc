// Thing types.
import type { IoT } from "@aws-sdk/client-iot";
import { arn } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import { uuid } from "../../core/ids.ts";
import { operations, type Call } from "../../core/service.ts";
import { invalid, notFound, on, page } from "./checks.ts";
import { publishEvent } from "./registry-events.ts";
import { REGISTRY, type ThingType } from "./state.ts";
import { newTags } from "./tags.ts";

/** «DeleteThingType»: a type can be deleted five minutes after its deprecation at the earliest. */
const DEPRECATED_FOR_MS = 5 * 60_000;

function typeOf(call: Call, name: string | undefined): ThingType {
  const type = call.cloud.state(REGISTRY, call).types.get(name ?? "");
  if (!type) throw notFound("The thing type", name ?? "");
  return type;
}

const described = (type: ThingType) => ({
  thingTypeName: type.name,
  thingTypeArn: type.arn,
  thingTypeProperties: {
    ...(type.description === undefined ? {} : { thingTypeDescription: type.description }),
    searchableAttributes: [...type.searchableAttributes],
  },
  thingTypeMetadata: {
    deprecated: type.deprecatedAt !== undefined,
    ...(type.deprecatedAt ? { deprecationDate: type.deprecatedAt } : {}),
    creationDate: type.createdAt,
  },
});

/** «Thing type events»: deprecated, or no longer, is an update. */
const publish = (call: Call, type: ThingType, operation: "CREATED" | "UPDATED" | "DELETED") => {
  publishEvent(call, {
    type: "THING_TYPE",
    topic: `thingType/${type.name}`,
    operation,
    about: {
      thingTypeId: type.id,
      thingTypeName: type.name,
      isDeprecated: type.deprecatedAt !== undefined,
      deprecationDate: type.deprecatedAt?.getTime() ?? null,
      searchableAttributes: type.searchableAttributes,
      description: type.description ?? null,
    },
  });
};

export const TYPES = operations<IoT>({
  CreateThingType: {
    authorize: (input, call) => on(call, "CreateThingType", `thingtype/${input.thingTypeName ?? ""}`, input.tags),
    run: (input, call) => {
      const { types, nextSerial } = call.cloud.state(REGISTRY, call);
      const name = input.thingTypeName ?? "";
      const { thingTypeDescription: description, searchableAttributes = [] } = input.thingTypeProperties ?? {};
      if (searchableAttributes.length > 3) throw invalid("A thing type has at most 3 searchable attributes.");
      const existing = types.get(name);
      if (existing) {
        const same =
          existing.description === description &&
          JSON.stringify([...existing.searchableAttributes].sort()) ===
            JSON.stringify([...searchableAttributes].sort());
        if (same) return { thingTypeName: name, thingTypeArn: existing.arn, thingTypeId: existing.id };
        throw new AwsError(
          "ResourceAlreadyExistsException",
          `Thing type ${name} already exists in account with different properties`,
          { fields: { resourceId: existing.id, resourceArn: existing.arn } },
        );
      }
      const type: ThingType = {
        serial: nextSerial(),
        name,
        id: uuid(),
        arn: arn("iot", call, `thingtype/${name}`),
        description,
        searchableAttributes,
        createdAt: call.time,
        deprecatedAt: undefined,
        tags: newTags(input.tags),
      };
      types.set(name, type);
      publish(call, type, "CREATED");
      return { thingTypeName: name, thingTypeArn: type.arn, thingTypeId: type.id };
    },
  },
  DescribeThingType: {
    authorize: (input, call) => on(call, "DescribeThingType", `thingtype/${input.thingTypeName ?? ""}`),
    run: (input, call) => {
      const type = typeOf(call, input.thingTypeName);
      return { ...described(type), thingTypeId: type.id };
    },
  },
  /** «UpdateThingType». That what isn't given stays, and whether a deprecated type can be updated, is not confirmed. */
  UpdateThingType: {
    authorize: (input, call) => on(call, "UpdateThingType", `thingtype/${input.thingTypeName ?? ""}`),
    run: (input, call) => {
      const type = typeOf(call, input.thingTypeName);
      const { thingTypeDescription, searchableAttributes } = input.thingTypeProperties ?? {};
      type.description = thingTypeDescription ?? type.description;
      type.searchableAttributes = searchableAttributes ?? type.searchableAttributes;
      publish(call, type, "UPDATED");
      return {};
    },
  },
  DeprecateThingType: {
    authorize: (input, call) => on(call, "DeprecateThingType", `thingtype/${input.thingTypeName ?? ""}`),
    run: (input, call) => {
      const type = typeOf(call, input.thingTypeName);
      type.deprecatedAt = input.undoDeprecate === true ? undefined : (type.deprecatedAt ?? call.time);
      publish(call, type, "UPDATED");
      return {};
    },
  },
  DeleteThingType: {
    authorize: (input, call) => on(call, "DeleteThingType", `thingtype/${input.thingTypeName ?? ""}`),
    run: (input, call) => {
      const type = typeOf(call, input.thingTypeName);
      const { types, things } = call.cloud.state(REGISTRY, call);
      if (!type.deprecatedAt || call.time.getTime() - type.deprecatedAt.getTime() < DEPRECATED_FOR_MS)
        // As the AWS CLI showed it to users, space and all; terraform-provider-aws tries again on its second half.
        throw invalid(
          `Cannot delete thing type : ${type.name}. Please wait for 5 minutes after deprecation and then retry`,
        );
      if ([...things.values()].some((thing) => thing.typeName === type.name))
        throw invalid(`Cannot delete thing type ${type.name}: things are still associated with it.`);
      types.delete(type.name);
      publish(call, type, "DELETED");
      return {};
    },
  },
  ListThingTypes: {
    authorize: (_input, call) => on(call, "ListThingTypes"),
    run: (input, call) => {
      const types = call.cloud.state(REGISTRY, call).types.values();
      const { thingTypeName } = input;
      const wanted = ({ name }: ThingType) => thingTypeName === undefined || name === thingTypeName;
      const { items, nextToken } = page(types, input, { wanted });
      return { thingTypes: items.map(described), nextToken };
    },
  },
});
