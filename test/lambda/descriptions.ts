// What AWS IoT answers to the describe calls of the announce function, as it stands on the wire.
import { BILLING_GROUP_ARN, GROUP_ARN, THING_ARN, TYPE_ARN } from "./records.ts";

export const THING = {
  defaultClientId: "lamp",
  thingName: "lamp",
  thingId: "id-1",
  thingArn: THING_ARN,
  thingTypeName: "bulb",
  attributes: { room: "kitchen" },
  version: 3,
};
export const GROUP = {
  thingGroupName: "kitchen",
  thingGroupId: "group-1",
  thingGroupArn: GROUP_ARN,
  version: 1,
  thingGroupProperties: { thingGroupDescription: "warm" },
  thingGroupMetadata: { parentGroupName: "home", creationDate: 1767323045 },
};
export const TYPE = {
  thingTypeName: "bulb",
  thingTypeId: "type-1",
  thingTypeArn: TYPE_ARN,
  thingTypeProperties: { thingTypeDescription: "gives light" },
  thingTypeMetadata: { deprecated: false, creationDate: 1767323045 },
};
export const BILLING_GROUP = {
  billingGroupName: "north",
  billingGroupId: "billing-1",
  billingGroupArn: BILLING_GROUP_ARN,
  version: 2,
  billingGroupProperties: { billingGroupDescription: "cold" },
  billingGroupMetadata: { creationDate: 1767323045 },
};
