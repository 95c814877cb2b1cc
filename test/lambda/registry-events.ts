// AWS IoT's own events, as the AWS IoT Core Developer Guide shows them ("Registry events"), of the things that the
// records are about.
import { CUSTOMER, GROUP_ARN, THING_ARN } from "./records.ts";

const AT = Date.parse("2026-01-02T03:04:05.678Z");
const common = { eventId: "f5ae9b94-8b8e-4d8e-8c8f-b3266dd89853", timestamp: AT, accountId: CUSTOMER };

export const thingEvent = (operation: string, more: object = {}) => ({
  eventType: "THING_EVENT",
  ...common,
  operation,
  thingId: "id-1",
  thingName: "lamp",
  versionNumber: 1,
  thingTypeName: null,
  attributes: { room: "kitchen" },
  ...more,
});

export const typeEvent = (operation: string, more: object = {}) => ({
  eventType: "THING_TYPE_EVENT",
  ...common,
  operation,
  thingTypeId: "type-1",
  thingTypeName: "bulb",
  isDeprecated: false,
  deprecationDate: null,
  searchableAttributes: [],
  description: "gives light",
  ...more,
});

export const groupEvent = (operation: string) => ({
  eventType: "THING_GROUP_EVENT",
  ...common,
  operation,
  thingGroupId: "group-1",
  thingGroupName: "kitchen",
  versionNumber: 3,
  parentGroupName: null,
  parentGroupId: null,
  description: "warm",
  rootToParentThingGroups: [],
  attributes: {},
  dynamicGroupMappingId: null,
});

export const membershipEvent = (operation: string) => ({
  eventType: "THING_GROUP_MEMBERSHIP_EVENT",
  ...common,
  operation,
  groupArn: GROUP_ARN,
  groupId: "group-1",
  thingArn: THING_ARN,
  thingId: "id-1",
  membershipId: "8505ebf8-4d32-4286-80e9-c23a4a16bbd8",
});
