// Calls that make the changes of others: announced as those, so that no partner has to know of them.
import { expect } from "chai";
import { announcing } from "./announcing.ts";
import { CUSTOMER, GROUP_ARN, THING_ARN, recordOf } from "./records.ts";
import { typeEvent } from "./registry-events.ts";

const topic = (operation: string) => `cross_account_hooks/${CUSTOMER}/${operation}`;
const ADD = "add_thing_to_thing_group";
const REMOVE = "remove_thing_from_thing_group";

describe("the announce function, of calls that make the changes of others", () => {
  const { aws, load, lines, metrics, announce, rejectionOf, failureOf } = announcing();
  const memberships = (requestParameters: object) =>
    recordOf(ADD, { eventName: "UpdateThingGroupsForThing", requestParameters });

  it("announces each membership that UpdateThingGroupsForThing changes", async () => {
    await announce(
      memberships({ thingName: "lamp", thingGroupsToAdd: ["kitchen", "hall"], thingGroupsToRemove: ["cellar"] }),
    );

    expect(aws.published.map(({ topic: on, message }) => [on, message["thingGroupName"]])).to.deep.equal([
      [topic(ADD), "kitchen"],
      [topic(ADD), "hall"],
      [topic(REMOVE), "cellar"],
    ]);
    const [first] = aws.published;
    expect(first?.message).to.deep.include({ thingArn: THING_ARN, thingGroupArn: GROUP_ARN, attributes: {} });
    expect(first?.message["hook"]).to.include({ eventName: "AddThingToThingGroup" });
    expect(lines.map(({ outcome, about }) => [outcome, about])).to.deep.equal(
      Array.from({ length: 3 }, () => ["announced", "thing/lamp"]),
    );
    expect(metrics).to.have.length(3);
  });

  it("announces of it what is configured alone, and nothing where that is none of it", async () => {
    await load({ OPERATIONS: REMOVE });
    await announce(memberships({ thingName: "lamp", thingGroupsToAdd: ["hall"], thingGroupsToRemove: ["cellar"] }));
    await announce(memberships({ thingName: "lamp", thingGroupsToAdd: ["hall"] }));

    expect(aws.published.map(({ topic: on }) => on)).to.deep.equal([topic(REMOVE)]);
    expect(lines[1]).to.include({ outcome: "ignored: nothing that it changed is announced" });
    expect(aws.sent).to.deep.equal([]);
  });

  it("begins again with all of them where one fails: the partner knows those that it has", async () => {
    const event = memberships({ thingName: "lamp", thingGroupsToAdd: ["hall"], thingGroupsToRemove: ["cellar"] });
    aws.answers.set(`POST /topics/${topic(REMOVE)}`, () => ({ status: 403, code: "ForbiddenException" }));
    expect((await failureOf(event)).reason).to.equal("publish failed");
    aws.answers.delete(`POST /topics/${topic(REMOVE)}`);
    await announce(event);

    expect(aws.published.filter(({ topic: on }) => on === topic(ADD))).to.have.length(2);
  });

  it("sets lists aside that are none", async () => {
    const { reason, errorMessage } = await rejectionOf(memberships({ thingName: "lamp", thingGroupsToAdd: "hall" }));
    expect(reason).to.equal("malformed event");
    expect(errorMessage).to.contain("thingGroupsToAdd of UpdateThingGroupsForThing is no list of names");
  });

  for (const [call, operation] of [
    ["CreateDynamicThingGroup", "create_thing_group"],
    ["UpdateDynamicThingGroup", "update_thing_group"],
    ["DeleteDynamicThingGroup", "delete_thing_group"],
  ] as const)
    it(`announces ${call} as ${operation}, with what describes the group`, async () => {
      const gone = operation === "delete_thing_group";
      if (gone)
        aws.answers.set("GET /thing-groups/kitchen", () => ({ status: 404, code: "ResourceNotFoundException" }));
      await announce(recordOf(operation, { eventName: call }));

      const [published] = aws.published;
      expect(published?.topic).to.equal(topic(operation));
      expect(published?.message).to.deep.include({ thingGroupArn: GROUP_ARN });
      expect(published?.message["hook"]).to.include({ snapshot: gone ? "event" : "registry" });
    });

  it("ignores such a call that failed, once", async () => {
    const { detail, ...event } = memberships({ thingName: "lamp", thingGroupsToAdd: ["hall", "kitchen"] });
    await announce({ ...event, detail: { ...detail, errorCode: "AccessDenied" } });

    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ outcome: "ignored: the call failed" });
  });

  for (const [isDeprecated, operations, operation] of [
    [true, "update_thing_type,deprecate_thing_type", "deprecate_thing_type"],
    [false, "update_thing_type,deprecate_thing_type", "update_thing_type"],
    [false, "deprecate_thing_type", "deprecate_thing_type"],
    [true, "update_thing_type", "update_thing_type"],
  ] as const)
    it(`takes an update of a type that is ${isDeprecated ? "" : "not "}deprecated for ${operation} of ${operations}`, async () => {
      await load({ OPERATIONS: operations });
      await announce(typeEvent("UPDATED", { isDeprecated }));
      expect(aws.published.map(({ topic: on }) => on)).to.deep.equal([topic(operation)]);
    });
});
