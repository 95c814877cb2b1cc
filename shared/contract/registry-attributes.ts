/** Names of the attributes of the device registry's table. */
export const ATTRIBUTES = {
  /**
   * The key. ARN of a thing, a group or a type; of a membership, that of the thing, "#", and the group or principal.
   */
  subject: "subject",
  /** thingId, thingGroupId, thingTypeId or billingGroupId. */
  subjectId: "subjectId",
  version: "version",
  /** Milliseconds since 1970. */
  observedAt: "observedAt",
  deleted: "deleted",
  /** Of the changes that were applied last. */
  eventIds: "eventIds",
  /** The description, as JSON. */
  snapshot: "snapshot",
  /** Of a tombstone: the second in which it may go. */
  expiresAt: "expiresAt",
  /** Of the invocation that is at work on it: event id, token, and the millisecond in which that ends. */
  claim: "claim",
  /** There, where the partner's own code was begun for a change and failed: what it was told last isn't known. */
  unsettled: "unsettled",
} as const;
