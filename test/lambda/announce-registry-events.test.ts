// What the announce function makes of AWS IoT's own events: the same messages, with what CloudTrail would have said.
import { expect } from "chai";
import { describedSubjects, kindsOf, registryEventSql } from "../../shared/contract/registry-events.ts";
import { OPERATION_NAMES, rowOf } from "../../shared/contract/operations.ts";
import { announcing } from "./announcing.ts";
import { GROUP, TYPE } from "./descriptions.ts";
import { CUSTOMER, GROUP_ARN, THING_ARN, TYPE_ARN, recordOf } from "./records.ts";
import { groupEvent, membershipEvent, thingEvent, typeEvent } from "./registry-events.ts";

const TIME = "2026-01-02T03:04:05.678Z";
const topic = (operation: string) => `cross_account_hooks/${CUSTOMER}/${operation}`;

describe("the announce function, of AWS IoT's own events", () => {
  const { aws, announce, lines, failureOf, rejectionOf, onlyMessage } = announcing();
  const described = () => aws.calls.filter(({ path }) => /^\/thing/.test(path)).length;

  it("announces a new thing as the event has it, without describing it", async () => {
    await announce(thingEvent("CREATED", { thingTypeName: "bulb" }));

    const { topic: on, content, hook } = onlyMessage();
    expect(on).to.equal(topic("create_thing"));
    expect(content).to.deep.equal({
      ...{ thingName: "lamp", thingArn: THING_ARN, thingId: "id-1", version: 1, thingTypeName: "bulb" },
      attributes: { room: "kitchen" },
    });
    expect(hook).to.deep.equal({
      ...{ schemaVersion: 1, eventId: thingEvent("").eventId, eventName: "CreateThing", region: "us-east-1" },
      ...{ eventTime: TIME, observedAt: TIME, snapshot: "registry" },
    });
    expect(described()).to.equal(0);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ outcome: "announced", about: "thing/lamp", eventId: hook["eventId"] });
  });

  it("says of a deletion whose it was: by id and version a late one is known from a new life", async () => {
    await announce(thingEvent("DELETED", { versionNumber: 4 }));

    const { topic: on, content, hook } = onlyMessage();
    expect(on).to.equal(topic("delete_thing"));
    expect(content).to.deep.include({ thingArn: THING_ARN, thingId: "id-1", version: 4 });
    expect(hook).to.include({ snapshot: "event", observedAt: TIME, eventName: "DeleteThing" });
    expect(described()).to.equal(0);
  });

  it("describes groups and types that are there, as after CloudTrail's records", async () => {
    await announce(groupEvent("UPDATED"));
    await announce(typeEvent("UPDATED", { isDeprecated: true }));

    const [group, type] = aws.published;
    expect(group?.topic).to.equal(topic("update_thing_group"));
    expect(group?.message).to.deep.include({ thingGroupArn: GROUP_ARN, version: GROUP.version });
    expect(type?.topic).to.equal(topic("deprecate_thing_type"));
    expect(type?.message).to.deep.include({ thingTypeArn: TYPE_ARN, thingTypeId: TYPE.thingTypeId });
    for (const one of [group, type]) expect(one?.message["hook"]).to.include({ snapshot: "registry" });
    expect(described()).to.equal(2);
  });

  it("describes no group or type that is gone, nor a membership", async () => {
    for (const event of [groupEvent("DELETED"), typeEvent("DELETED"), membershipEvent("ADDED")]) await announce(event);

    expect(aws.published.map((one) => one.topic)).to.deep.equal(
      ["delete_thing_group", "delete_thing_type", "add_thing_to_thing_group"].map(topic),
    );
    expect(aws.published[2]?.message).to.deep.include({ thingArn: THING_ARN, thingGroupArn: GROUP_ARN });
    expect(described()).to.equal(0);
  });

  it("announces a membership in the words that it has for CloudTrail's record of it", async () => {
    await announce(membershipEvent("REMOVED"));
    await announce(recordOf("remove_thing_from_thing_group"));

    const [event, record] = aws.published.map(({ topic: on, message: { hook: _, ...content } }) => ({ on, content }));
    expect(JSON.stringify(event)).to.equal(JSON.stringify(record));
    expect(aws.published[0]?.message["hook"]).to.include({ eventTime: TIME });
  });

  it("says what a group was where it is gone before it could be described", async () => {
    aws.answers.set("GET /thing-groups/kitchen", () => ({ status: 404, code: "ResourceNotFoundException" }));
    await announce(groupEvent("CREATED"));

    expect(onlyMessage().content).to.deep.include({ thingGroupArn: GROUP_ARN, thingGroupId: "group-1" });
  });

  for (const [what, event, explanation] of [
    [
      "of another kind",
      { ...thingEvent("CREATED"), eventType: "JOB_EVENT" },
      "nothing is announced of CREATED of a JOB",
    ],
    ["of an unknown change", thingEvent("RENAMED"), "nothing is announced of RENAMED"],
    ["without a time", { ...thingEvent("CREATED"), timestamp: "today" }, "timestamp"],
    ["with an id that a terminal obeys", thingEvent("CREATED", { thingId: "\u001b[2J" }), "thingId: has a character"],
    ["without a name", { ...thingEvent("CREATED"), thingName: null }, "has neither thingName"],
    ["with a name that AWS IoT hasn't", thingEvent("CREATED", { thingName: "a/b" }), "no name of AWS IoT"],
  ] as const)
    it(`sets an event ${what} aside`, async () => {
      const { reason, errorMessage, eventId } = await rejectionOf(event);
      expect([reason, eventId]).to.deep.equal(["malformed event", event.eventId]);
      expect(errorMessage).to.contain(explanation);
    });

  it("sets an event without an id aside, and makes none up", async () => {
    const rejection = await rejectionOf({ ...thingEvent("CREATED"), eventId: 7 });
    expect(rejection.reason).to.equal("malformed event");
    expect(rejection.eventId).to.equal(undefined);
  });

  it("says nothing of a group that is gone as if it were a thing's", async () => {
    await announce({ ...groupEvent("DELETED"), attributes: { colour: "red" }, thingTypeName: "bulb" });
    expect(onlyMessage().content).to.deep.include({ thingGroupArn: GROUP_ARN, attributes: {} });
    expect(onlyMessage().content).to.not.have.property("thingTypeName");
  });

  it("sets an event of another account aside", async () => {
    expect((await rejectionOf({ ...thingEvent("CREATED"), accountId: "333333333333" })).reason).to.equal(
      "another account",
    );
  });

  it("leaves what can't be published to Lambda's retries, by the event's id", async () => {
    aws.answers.set(`POST /topics/${topic("create_thing")}`, () => ({ status: 403, code: "ForbiddenException" }));
    const failure = await failureOf(thingEvent("CREATED"));
    expect(failure).to.include({ reason: "publish failed", eventId: thingEvent("").eventId });
  });
});

describe("the table of registry events", () => {
  it("has one for each operation but those on principals and billing groups, and backfill's", () => {
    const without = OPERATION_NAMES.filter((operation) => rowOf(operation).registryEvent === undefined);
    expect(without).to.deep.equal([
      ...["sync_thing", "attach_thing_principal", "detach_thing_principal"],
      ...["create_billing_group", "update_billing_group", "delete_billing_group"],
      ...["add_thing_to_billing_group", "remove_thing_from_billing_group"],
    ]);
  });

  it("asks a topic rule for no more than is announced", () => {
    const operations = ["create_thing", "delete_thing", "add_thing_to_thing_group"] as const;
    expect(kindsOf(operations)).to.deep.equal(["thing", "membership"]);
    expect(registryEventSql("thing", operations)).to.equal(
      "SELECT * FROM '$aws/events/thing/+/+' WHERE operation = 'CREATED' OR operation = 'DELETED'",
    );
  });

  it("lets the function describe what its triggers don't say, and nothing else", () => {
    expect(describedSubjects(["create_thing", "delete_thing_type"], "registry-events")).to.deep.equal([]);
    expect(describedSubjects(["create_thing", "create_thing_group"], "registry-events")).to.deep.equal(["thingGroup"]);
    for (const trigger of ["cloudtrail", "both"] as const)
      expect(describedSubjects(["create_thing", "delete_thing_type"], trigger)).to.deep.equal(["thing", "thingType"]);
  });
});
