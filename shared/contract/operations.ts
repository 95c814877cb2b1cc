// What a customer can announce. One table for both sides: the event pattern, the policies, both functions and the
// checks are read off it.

/** What can be described in the registry. Actions and resource types: Service Authorization Reference, "AWS IoT". */
export const SUBJECTS = {
  thing: {
    describeAction: "iot:DescribeThing",
    arnResource: "thing",
    nameField: "thingName",
    arnField: "thingArn",
    idField: "thingId",
  },
  thingGroup: {
    describeAction: "iot:DescribeThingGroup",
    arnResource: "thinggroup",
    nameField: "thingGroupName",
    arnField: "thingGroupArn",
    idField: "thingGroupId",
  },
  thingType: {
    describeAction: "iot:DescribeThingType",
    arnResource: "thingtype",
    nameField: "thingTypeName",
    arnField: "thingTypeArn",
    idField: "thingTypeId",
  },
  billingGroup: {
    describeAction: "iot:DescribeBillingGroup",
    arnResource: "billinggroup",
    nameField: "billingGroupName",
    arnField: "billingGroupArn",
    idField: "billingGroupId",
  },
} as const;

export type Subject = keyof typeof SUBJECTS;

interface Row {
  /** CloudTrail's name of the call. `sync_thing` has none: it says what is there already. */
  readonly eventName?: string;
  /** Other calls that make the same change; `list`: in that member of the request they name several groups. */
  readonly alsoBy?: readonly { readonly call: string; readonly list?: string }[];
  /**
   * AWS IoT's own event of the same change: its kind, and what it calls it. Principals and billing groups have none.
   */
  readonly registryEvent?: readonly [
    "thing" | "thingType" | "thingGroup" | "membership",
    "CREATED" | "UPDATED" | "DELETED" | "ADDED" | "REMOVED",
  ];
  /** Whether it can also come of a look at the registry that no call led to. */
  readonly synced?: true;
  /** What the message is about; the ARN of each must be in it, and lie in the customer's account. */
  readonly subjects: readonly [Subject, ...Subject[]];
  /** What is read from the registry after the event. Without it the message is made of what the event says. */
  readonly describes?: Subject;
  /** Of a deletion: what it is announced as when its subject is there all the same, created anew. */
  readonly recreated?: string;
  /**
   * Where it isn't about the first subject alone, but about what that is put together with: the field that names it.
   */
  readonly memberField?: "principal" | "thingGroupArn" | "billingGroupArn";
  /** Whether the subject, or its membership, is gone afterwards. */
  readonly removes?: true;
}

/** `hook.eventName` of a message that no call of the customer's led to. */
export const SYNC_EVENT_NAME = "SyncThing";

export const OPERATIONS = {
  create_thing: {
    eventName: "CreateThing",
    registryEvent: ["thing", "CREATED"],
    subjects: ["thing"],
    describes: "thing",
  },
  // Beside create_thing, with which it comes: whatever is announced more comes after both.
  sync_thing: { subjects: ["thing"], describes: "thing", synced: true },
  update_thing: {
    eventName: "UpdateThing",
    registryEvent: ["thing", "UPDATED"],
    subjects: ["thing"],
    describes: "thing",
  },
  delete_thing: {
    eventName: "DeleteThing",
    registryEvent: ["thing", "DELETED"],
    subjects: ["thing"],
    describes: "thing",
    recreated: "create_thing",
    removes: true,
    synced: true,
  },
  create_thing_type: {
    eventName: "CreateThingType",
    registryEvent: ["thingType", "CREATED"],
    subjects: ["thingType"],
    describes: "thingType",
  },
  update_thing_type: {
    eventName: "UpdateThingType",
    registryEvent: ["thingType", "UPDATED"],
    subjects: ["thingType"],
    describes: "thingType",
  },
  deprecate_thing_type: {
    eventName: "DeprecateThingType",
    registryEvent: ["thingType", "UPDATED"],
    subjects: ["thingType"],
    describes: "thingType",
  },
  delete_thing_type: {
    eventName: "DeleteThingType",
    registryEvent: ["thingType", "DELETED"],
    subjects: ["thingType"],
    describes: "thingType",
    recreated: "create_thing_type",
    removes: true,
  },
  create_thing_group: {
    eventName: "CreateThingGroup",
    alsoBy: [{ call: "CreateDynamicThingGroup" }],
    registryEvent: ["thingGroup", "CREATED"],
    subjects: ["thingGroup"],
    describes: "thingGroup",
  },
  update_thing_group: {
    eventName: "UpdateThingGroup",
    alsoBy: [{ call: "UpdateDynamicThingGroup" }],
    registryEvent: ["thingGroup", "UPDATED"],
    subjects: ["thingGroup"],
    describes: "thingGroup",
  },
  delete_thing_group: {
    eventName: "DeleteThingGroup",
    alsoBy: [{ call: "DeleteDynamicThingGroup" }],
    registryEvent: ["thingGroup", "DELETED"],
    subjects: ["thingGroup"],
    describes: "thingGroup",
    recreated: "create_thing_group",
    removes: true,
  },
  add_thing_to_thing_group: {
    eventName: "AddThingToThingGroup",
    alsoBy: [{ call: "UpdateThingGroupsForThing", list: "thingGroupsToAdd" }],
    registryEvent: ["membership", "ADDED"],
    subjects: ["thing", "thingGroup"],
    memberField: "thingGroupArn",
  },
  remove_thing_from_thing_group: {
    eventName: "RemoveThingFromThingGroup",
    alsoBy: [{ call: "UpdateThingGroupsForThing", list: "thingGroupsToRemove" }],
    registryEvent: ["membership", "REMOVED"],
    subjects: ["thing", "thingGroup"],
    memberField: "thingGroupArn",
    removes: true,
  },
  attach_thing_principal: { eventName: "AttachThingPrincipal", subjects: ["thing"], memberField: "principal" },
  detach_thing_principal: {
    eventName: "DetachThingPrincipal",
    subjects: ["thing"],
    memberField: "principal",
    removes: true,
  },
  create_billing_group: {
    eventName: "CreateBillingGroup",
    subjects: ["billingGroup"],
    describes: "billingGroup",
  },
  update_billing_group: {
    eventName: "UpdateBillingGroup",
    subjects: ["billingGroup"],
    describes: "billingGroup",
  },
  delete_billing_group: {
    eventName: "DeleteBillingGroup",
    subjects: ["billingGroup"],
    describes: "billingGroup",
    recreated: "create_billing_group",
    removes: true,
  },
  // A thing that is made in a billing group has no such call: create_thing says it.
  add_thing_to_billing_group: {
    eventName: "AddThingToBillingGroup",
    subjects: ["thing", "billingGroup"],
    memberField: "billingGroupArn",
  },
  remove_thing_from_billing_group: {
    eventName: "RemoveThingFromBillingGroup",
    subjects: ["thing", "billingGroup"],
    memberField: "billingGroupArn",
    removes: true,
  },
} as const satisfies Record<string, Row>;

export type Operation = keyof typeof OPERATIONS;

export const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly Operation[];

export const DEFAULT_OPERATIONS: readonly Operation[] = ["create_thing"];

export const isOperation = (text: string): text is Operation => Object.hasOwn(OPERATIONS, text);

/** A row with its optional fields readable, which the table's own literal types don't allow. */
export const rowOf = (operation: Operation): Row => OPERATIONS[operation];

/** What a deletion is announced as when its subject is there all the same; undefined for what is no deletion. */
export const recreationOf = (operation: Operation): Operation | undefined =>
  rowOf(operation).recreated as Operation | undefined;

const ownEventNames = (operation: Operation): readonly string[] => {
  const { eventName } = rowOf(operation);
  return eventName === undefined ? [] : [eventName];
};

/**
 * What `hook.eventName` of an operation's messages can be: its own call, a deletion whose subject came back, or a look
 * that no call led to.
 */
export const eventNamesOf = (operation: Operation): readonly string[] => [
  ...ownEventNames(operation),
  ...(rowOf(operation).synced === true ? [SYNC_EVENT_NAME] : []),
  ...OPERATION_NAMES.filter((other) => recreationOf(other) === operation).flatMap(ownEventNames),
];

/** All calls that make these changes, by CloudTrail's names of them: first the calls' own, then the others. */
export const callsOf = (operations: readonly Operation[]): readonly string[] => [
  ...operations.flatMap(ownEventNames),
  ...new Set(operations.flatMap((operation) => (rowOf(operation).alsoBy ?? []).map(({ call }) => call))),
];

/** The operation that a CloudTrail eventName stands for; undefined for calls that nobody announces. */
export const operationOfEvent = (eventName: string): Operation | undefined =>
  OPERATION_NAMES.find((operation) => rowOf(operation).eventName === eventName);

/**
 * What may be published where `operations` are configured: `sync_thing` comes with `create_thing`. In the
 * table's order, each once.
 */
export const publishableOperations = (operations: readonly Operation[]): readonly Operation[] =>
  OPERATION_NAMES.filter(
    (operation) =>
      operations.includes(operation) || (operation === "sync_thing" && operations.includes("create_thing")),
  );

/** `thing/lamp`: what a message is about, as logs name it, so that one thing can be looked for in them. */
export function aboutOf(operation: Operation, names: Readonly<Record<string, unknown>>): string | undefined {
  const [subject] = rowOf(operation).subjects;
  const name = names[SUBJECTS[subject].nameField];
  return typeof name === "string" ? `${SUBJECTS[subject].arnResource}/${name}` : undefined;
}
