// AWS IoT's own events of the registry, as the AWS IoT Core Developer Guide names them ("Registry events").
import { expect } from "chai";
import { OPERATION_NAMES, type Operation } from "../../shared/contract/operations.ts";
import {
  REGISTRY_EVENTS,
  REGISTRY_EVENTS_SQL_VERSION,
  byCloudTrail,
  byRegistryEvents,
  describedSubjects,
  kindsOf,
  operationsOfEvent,
  registryEventSql,
} from "../../shared/contract/registry-events.ts";

describe("AWS IoT's own events", () => {
  it("come on a reserved topic of each kind, and are turned on by its key", () => {
    const changes = (...names: string[]) => names.map((name) => `operation = '${name}'`).join(" OR ");
    const rows = kindsOf(OPERATION_NAMES).map((kind) => [
      REGISTRY_EVENTS[kind].eventType,
      registryEventSql(kind, OPERATION_NAMES),
    ]);
    expect(rows).to.deep.equal([
      ["THING", `SELECT * FROM '$aws/events/thing/+/+' WHERE ${changes("CREATED", "UPDATED", "DELETED")}`],
      ["THING_TYPE", `SELECT * FROM '$aws/events/thingType/+/+' WHERE ${changes("CREATED", "UPDATED", "DELETED")}`],
      ["THING_GROUP", `SELECT * FROM '$aws/events/thingGroup/+/+' WHERE ${changes("CREATED", "UPDATED", "DELETED")}`],
      [
        "THING_GROUP_MEMBERSHIP",
        "SELECT * FROM '$aws/events/thingGroupMembership/thingGroup/+/thing/+/+' " +
          `WHERE ${changes("ADDED", "REMOVED")}`,
      ],
    ]);
  });

  it("are selected in the version of SQL that AWS IoT gives to those who ask for it", () => {
    expect(REGISTRY_EVENTS_SQL_VERSION).to.equal("2016-03-23");
  });

  it("are asked for where one of the kind is announced, and no more than that", () => {
    expect(kindsOf(["delete_thing_type", "attach_thing_principal"])).to.deep.equal(["thingType"]);
    expect(kindsOf(["attach_thing_principal", "sync_thing"])).to.deep.equal([]);
    expect(registryEventSql("thingGroup", ["create_thing", "delete_thing_group"])).to.match(
      /WHERE operation = 'DELETED'$/,
    );
  });

  it("stand for the operations of their kind and change alone", () => {
    expect(operationsOfEvent("thing", "CREATED")).to.deep.equal(["create_thing"]);
    expect(operationsOfEvent("membership", "ADDED")).to.deep.equal(["add_thing_to_thing_group"]);
    expect(operationsOfEvent("thingType", "UPDATED")).to.have.members(["update_thing_type", "deprecate_thing_type"]);
    expect(operationsOfEvent("thing", "ADDED")).to.deep.equal([]);
    expect(operationsOfEvent(undefined, "CREATED")).to.deep.equal([]);
  });

  it("bring changes in CloudTrail's place, or beside it", () => {
    expect(
      (["cloudtrail", "registry-events", "both"] as const).map((of) => [byCloudTrail(of), byRegistryEvents(of)]),
    ).to.deep.equal([
      [true, false],
      [false, true],
      [true, true],
    ]);
  });

  it("leave groups and types that are there to be described, each once, and CloudTrail's records all", () => {
    const described = (trigger: Parameters<typeof describedSubjects>[1], ...operations: Operation[]) =>
      describedSubjects(operations, trigger);
    const types: Operation[] = ["create_thing_type", "update_thing_type", "delete_thing_type"];
    expect(described("registry-events", "update_thing", ...types, "delete_thing_group")).to.deep.equal(["thingType"]);
    expect(described("registry-events", "delete_thing_type", "add_thing_to_thing_group")).to.deep.equal([]);
    for (const trigger of ["cloudtrail", "both"] as const)
      expect(described(trigger, "update_thing", ...types, "add_thing_to_thing_group")).to.deep.equal([
        "thing",
        "thingType",
      ]);
  });
});
