// CloudTrail's records of calls to AWS IoT, as EventBridge delivers them. No record of these calls is published by
// AWS: the envelope follows the CloudTrail User Guide ("record contents"), the parameters follow the API model of AWS
// IoT, and that only Create… calls have response elements is derived from its operations without output. Not compared
// with real ones.
import { type Operation, type Subject, rowOf } from "../../shared/contract/operations.ts";

// The embedded AWS's numbers for them, which isn't loaded for two numbers: it takes longer than most tests of a
// function.
export const CUSTOMER = "111111111111";
export const PARTNER = "222222222222";

export const THING_ARN = `arn:aws:iot:us-east-1:${CUSTOMER}:thing/lamp`;
export const GROUP_ARN = `arn:aws:iot:us-east-1:${CUSTOMER}:thinggroup/kitchen`;
export const TYPE_ARN = `arn:aws:iot:us-east-1:${CUSTOMER}:thingtype/bulb`;
export const BILLING_GROUP_ARN = `arn:aws:iot:us-east-1:${CUSTOMER}:billinggroup/north`;
export const ARNS: Readonly<Record<Subject, string>> = {
  thing: THING_ARN,
  thingGroup: GROUP_ARN,
  thingType: TYPE_ARN,
  billingGroup: BILLING_GROUP_ARN,
};
export const CERTIFICATE_ARN = `arn:aws:iot:us-east-1:${CUSTOMER}:cert/0123456789abcdef`;
export const EVENT_ID = "7a1c6e2f-9a3b-4c58-8d21-5e0f7b9c1d34";

type Fields = Readonly<Record<string, unknown>>;

/** What the caller asked for, and what it was answered, as far as CloudTrail tells. */
const SAID: Readonly<Record<Exclude<Operation, "sync_thing">, readonly [Fields, Fields | null]>> = {
  create_thing: [
    { thingName: "lamp", thingTypeName: "bulb", attributePayload: { attributes: { room: "kitchen" } } },
    { thingName: "lamp", thingArn: THING_ARN, thingId: "id-1" },
  ],
  update_thing: [{ thingName: "lamp", attributePayload: { attributes: { room: "hall" }, merge: true } }, null],
  delete_thing: [{ thingName: "lamp" }, null],
  create_thing_type: [
    { thingTypeName: "bulb", thingTypeProperties: { thingTypeDescription: "gives light" } },
    { thingTypeName: "bulb", thingTypeArn: TYPE_ARN, thingTypeId: "type-1" },
  ],
  update_thing_type: [{ thingTypeName: "bulb", thingTypeProperties: { mqtt5Configuration: {} } }, null],
  deprecate_thing_type: [{ thingTypeName: "bulb", undoDeprecate: false }, null],
  delete_thing_type: [{ thingTypeName: "bulb" }, null],
  create_thing_group: [
    { thingGroupName: "kitchen", parentGroupName: "home", thingGroupProperties: { thingGroupDescription: "warm" } },
    { thingGroupName: "kitchen", thingGroupArn: GROUP_ARN, thingGroupId: "group-1" },
  ],
  update_thing_group: [{ thingGroupName: "kitchen", thingGroupProperties: { thingGroupDescription: "warm" } }, null],
  delete_thing_group: [{ thingGroupName: "kitchen" }, null],
  add_thing_to_thing_group: [{ thingName: "lamp", thingGroupName: "kitchen" }, null],
  remove_thing_from_thing_group: [{ thingName: "lamp", thingGroupName: "kitchen" }, null],
  attach_thing_principal: [{ thingName: "lamp", principal: CERTIFICATE_ARN }, null],
  detach_thing_principal: [{ thingName: "lamp", principal: CERTIFICATE_ARN }, null],
  create_billing_group: [
    { billingGroupName: "north", billingGroupProperties: { billingGroupDescription: "cold" } },
    { billingGroupName: "north", billingGroupArn: BILLING_GROUP_ARN, billingGroupId: "billing-1" },
  ],
  update_billing_group: [
    { billingGroupName: "north", billingGroupProperties: { billingGroupDescription: "cold" }, expectedVersion: 1 },
    null,
  ],
  delete_billing_group: [{ billingGroupName: "north" }, null],
  add_thing_to_billing_group: [{ thingName: "lamp", billingGroupName: "north" }, null],
  remove_thing_from_billing_group: [{ thingName: "lamp", billingGroupName: "north" }, null],
};

export type EventOperation = keyof typeof SAID;
export const EVENT_OPERATIONS = Object.keys(SAID) as EventOperation[];

/** The event of one call; `detail` replaces fields of its record. */
export function recordOf(operation: EventOperation, detail: Fields = {}) {
  const [requestParameters, responseElements] = SAID[operation];
  return {
    version: "0",
    id: "5f1b0d3c-1111-4a5b-8c9d-0123456789ab",
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.iot",
    account: CUSTOMER,
    time: "2026-01-02T03:04:06Z",
    region: "us-east-1",
    resources: [],
    detail: {
      eventVersion: "1.09",
      userIdentity: { type: "IAMUser", principalId: "AIDAEXAMPLE", accountId: CUSTOMER, userName: "administrator" },
      eventTime: "2026-01-02T03:04:05Z",
      eventSource: "iot.amazonaws.com",
      eventName: rowOf(operation).eventName,
      awsRegion: "us-east-1",
      sourceIPAddress: "203.0.113.7",
      userAgent: "aws-cli/2",
      requestParameters,
      responseElements,
      requestID: "b1e2d3c4-2222-4a5b-8c9d-0123456789ab",
      eventID: EVENT_ID,
      readOnly: false,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: CUSTOMER,
      eventCategory: "Management",
      ...detail,
    },
  };
}
