import { expect } from "chai";
import { changeOf } from "../../partner/lambda/change.ts";
import type { Delivery } from "../../partner/lambda/unpack.ts";
import { OPERATIONS, OPERATION_NAMES, type Operation, SUBJECTS, rowOf } from "../../shared/contract/operations.ts";
import { BILLING_GROUP_ARN, CERTIFICATE_ARN, CUSTOMER, EVENT_ID, GROUP_ARN, THING_ARN, TYPE_ARN } from "./records.ts";
import { MESSAGE, RECEIVED_AT } from "./rule-events.ts";

type Fields = Readonly<Record<string, unknown>>;
const delivery = (operation: Operation, fields: Fields = MESSAGE): Delivery => ({
  message: { attributes: {}, ...fields, accountId: CUSTOMER, operation },
  schemaVersion: 1,
  receivedAt: RECEIVED_AT,
  principal: undefined,
});
const changed = (operation: Operation, fields: Fields = {}, hook: Fields = {}) =>
  changeOf(delivery(operation, { ...MESSAGE, ...fields, hook: { ...MESSAGE.hook, ...hook } }));
const OBSERVED_AT = Date.parse(MESSAGE.hook.observedAt);
const EVENT_TIME = Date.parse(MESSAGE.hook.eventTime);

describe("change", () => {
  it("is of a thing: its ARN, id and version, when it was looked at, and its description", () => {
    const { snapshot, ...change } = changed("create_thing");
    expect(change).to.deep.equal({
      subject: THING_ARN,
      subjectId: "id-1",
      version: 1,
      observedAt: OBSERVED_AT,
      calledAt: EVENT_TIME,
      lastOfTie: false,
      deleted: false,
      eventId: EVENT_ID,
      eventIdIsUnique: true,
    });
    const { hook: _, ...described } = MESSAGE;
    expect(JSON.parse(snapshot ?? "")).to.deep.equal(described);
  });

  it("is of a group or a type, each by its own ARN and id", () => {
    const group = { thingGroupArn: GROUP_ARN, thingGroupId: "group-1", version: 3 };
    expect(changed("update_thing_group", group)).to.include({ subject: GROUP_ARN, subjectId: "group-1", version: 3 });
    const billing = { billingGroupArn: BILLING_GROUP_ARN, billingGroupId: "billing-1", version: 2 };
    expect(changed("update_billing_group", billing)).to.include({
      ...{ subject: BILLING_GROUP_ARN, subjectId: "billing-1", version: 2 },
    });
    const type = { thingTypeArn: TYPE_ARN, thingTypeId: "type-1", version: undefined };
    const { subject, subjectId, version } = changed("deprecate_thing_type", type);
    expect({ subject, subjectId, version }).to.deep.equal({
      subject: TYPE_ARN,
      subjectId: "type-1",
      version: undefined,
    });
  });

  it("is of a membership: the thing's ARN with the group's or the principal, without the thing's id and version", () => {
    const members = { thingGroupArn: GROUP_ARN, billingGroupArn: BILLING_GROUP_ARN, principal: CERTIFICATE_ARN };
    const subjects = {
      add_thing_to_thing_group: `${THING_ARN}#${GROUP_ARN}`,
      remove_thing_from_thing_group: `${THING_ARN}#${GROUP_ARN}`,
      attach_thing_principal: `${THING_ARN}#${CERTIFICATE_ARN}`,
      detach_thing_principal: `${THING_ARN}#${CERTIFICATE_ARN}`,
      add_thing_to_billing_group: `${THING_ARN}#${BILLING_GROUP_ARN}`,
      remove_thing_from_billing_group: `${THING_ARN}#${BILLING_GROUP_ARN}`,
    } as const;
    for (const [operation, subject] of Object.entries(subjects)) {
      const change = changed(operation as Operation, members, { snapshot: "event" });
      expect(change).to.include({ subject, observedAt: EVENT_TIME, lastOfTie: true });
      expect(change.subjectId).to.equal(undefined);
      expect(change.version).to.equal(undefined);
    }
  });

  it("was called for at the time of its call, if one led to it; one without `hook` when it was received", () => {
    expect(changed("delete_thing").calledAt).to.equal(EVENT_TIME);
    expect(changed("delete_thing", {}, { eventName: "SyncThing" }).calledAt).to.equal(0);
    expect(changeOf(delivery("delete_thing", { ...MESSAGE, hook: undefined })).calledAt).to.equal(RECEIVED_AT);
  });

  it("is a deletion for each operation that deletes, removes or detaches, and for no other", () => {
    const members = { thingGroupArn: GROUP_ARN, thingTypeArn: TYPE_ARN, principal: CERTIFICATE_ARN };
    for (const operation of OPERATION_NAMES) {
      const { deleted, snapshot } = changed(operation, members);
      expect(deleted, operation).to.equal(/^(delete|remove|detach)_/.test(operation));
      expect(snapshot === undefined, operation).to.equal(deleted);
    }
  });

  it("is as old as the look at the registry, also where that found nothing after a deletion", () => {
    expect(changed("delete_thing", {}, { snapshot: "event" }).observedAt).to.equal(OBSERVED_AT);
  });

  it("is as old as the call where the thing was gone again: what the event says is no state of the registry", () => {
    expect(changed("create_thing", {}, { snapshot: "event" }).observedAt).to.equal(EVENT_TIME);
  });

  it("is as old as its receipt, and of no event, where the message has no hook", () => {
    const { hook: _, ...unversioned } = MESSAGE;
    const change = changeOf(delivery("create_thing", unversioned));
    expect(change).to.include({ observedAt: RECEIVED_AT, subjectId: "id-1", version: 1 });
    expect(change.eventId).to.equal(undefined);
  });

  it("isn't known by a backfill's event id: a thing that was made anew has the versions of the one before", () => {
    expect(changed("sync_thing").eventIdIsUnique).to.equal(false);
  });

  it("keeps no description that grew beyond what can have been sent", () => {
    const numbers = { searchableAttributes: Array.from({ length: 20_000 }, () => 1e20) };
    expect(changed("create_thing", numbers).snapshot).to.equal(undefined);
  });

  it("has a row with a first subject for every operation", () => {
    for (const operation of OPERATION_NAMES) expect(Object.keys(SUBJECTS)).to.include(rowOf(operation).subjects[0]);
    expect(Object.keys(OPERATIONS)).to.deep.equal(OPERATION_NAMES);
  });
});
