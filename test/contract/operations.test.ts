import { expect } from "chai";
import * as iot from "@aws-sdk/client-iot";
import {
  DEFAULT_OPERATIONS,
  OPERATION_NAMES,
  SUBJECTS,
  aboutOf,
  eventNamesOf,
  isOperation,
  callsOf,
  operationOfEvent,
  publishableOperations,
  rowOf,
} from "../../shared/contract/operations.ts";

const OPERATION = 9; // first item of an operation in the SDK's static schemas, whose third is its name
const calls = Object.values(iot)
  .filter((value) => Array.isArray(value) && value[0] === OPERATION)
  .map((value) => (value as unknown[])[2]);

describe("contract: operations", () => {
  it("has nineteen operations with an event, and one without", () => {
    expect(OPERATION_NAMES.filter((operation) => rowOf(operation).eventName !== undefined)).to.have.length(19);
    expect(OPERATION_NAMES.filter((operation) => rowOf(operation).eventName === undefined)).to.deep.equal([
      "sync_thing",
    ]);
  });

  for (const operation of OPERATION_NAMES) {
    const { eventName, describes } = rowOf(operation);
    if (eventName === undefined) continue;
    it(`${operation}: its event is the call of the same name in AWS IoT's API model`, () => {
      expect(calls).to.include(eventName);
      expect(eventName.replace(/(?<!^)[A-Z]/g, "_$&").toLowerCase()).to.equal(operation);
      expect(operationOfEvent(eventName)).to.equal(operation);
    });
    if (describes === undefined) continue;
    it(`${operation}: what it describes is among what it is about, by a call that exists`, () => {
      expect(rowOf(operation).subjects).to.include(describes);
      expect(calls).to.include(SUBJECTS[describes].describeAction.replace("iot:", ""));
    });
  }

  it("knows no operation by the name of an object's own machinery", () => {
    expect(isOperation("create_thing")).to.equal(true);
    for (const text of ["constructor", "__proto__", "toString", "", "Create_thing"]) {
      expect(isOperation(text), text).to.equal(false);
    }
  });

  it("names other calls that make the same change, each of the API model's, and none that is an operation itself", () => {
    const others = callsOf(OPERATION_NAMES).filter((call) => operationOfEvent(call) === undefined);
    expect(others).to.deep.equal([
      ...["CreateDynamicThingGroup", "UpdateDynamicThingGroup", "DeleteDynamicThingGroup", "UpdateThingGroupsForThing"],
    ]);
    expect(calls).to.include.members(others);
    expect(callsOf(["remove_thing_from_thing_group"])).to.deep.equal([
      ...["RemoveThingFromThingGroup", "UpdateThingGroupsForThing"],
    ]);
  });

  it("stands for nothing when a call is nobody's operation", () => {
    expect(operationOfEvent("DescribeThing")).to.equal(undefined);
  });

  it("takes a look that no call led to for nothing but that", () => {
    expect(eventNamesOf("sync_thing")).to.deep.equal(["SyncThing"]);
    expect(eventNamesOf("create_thing_group")).to.deep.equal(["CreateThingGroup", "DeleteThingGroup"]);
  });

  it("names what a message is about as the end of its ARN does, where it says it", () => {
    expect(aboutOf("create_thing", { thingName: "lamp" })).to.equal("thing/lamp");
    expect(aboutOf("add_thing_to_thing_group", { thingName: "lamp", thingGroupName: "g" })).to.equal("thing/lamp");
    expect(aboutOf("delete_thing_group", { thingGroupName: "g" })).to.equal("thinggroup/g");
    expect(aboutOf("delete_thing_type", { thingName: "lamp" })).to.equal(undefined);
  });

  it("tells of new things, and of their backfill, where nothing else is configured", () => {
    expect(publishableOperations(DEFAULT_OPERATIONS)).to.deep.equal(["create_thing", "sync_thing"]);
  });

  it("allows backfill wherever things are announced, and only there", () => {
    expect(publishableOperations(["create_thing"])).to.deep.equal(["create_thing", "sync_thing"]);
    expect(publishableOperations(["delete_thing", "delete_thing"])).to.deep.equal(["delete_thing"]);
  });
});
