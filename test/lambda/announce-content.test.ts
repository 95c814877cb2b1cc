// What is announced of each call: the registry's description, or what the event says.
import { expect } from "chai";
import { aboutOf, recreationOf, rowOf } from "../../shared/contract/operations.ts";
import { announcing } from "./announcing.ts";
import { setEnvironment } from "./aws-stub.ts";
import { BILLING_GROUP, GROUP, THING, TYPE } from "./descriptions.ts";
import {
  BILLING_GROUP_ARN,
  CERTIFICATE_ARN,
  CUSTOMER,
  EVENT_ID,
  EVENT_OPERATIONS,
  type EventOperation,
  GROUP_ARN,
  THING_ARN,
  TYPE_ARN,
  recordOf,
} from "./records.ts";

describe("what is announced", () => {
  const { aws, lines, load, announce, onlyMessage } = announcing();

  const names = { thingName: "lamp", thingArn: THING_ARN };
  const group = { thingGroupName: "kitchen", thingGroupArn: GROUP_ARN };
  const creationDate = "2026-01-02T03:04:05.000Z";
  const describedGroup = { ...GROUP, thingGroupMetadata: { parentGroupName: "home", creationDate }, attributes: {} };
  const describedType = { ...TYPE, thingTypeMetadata: { deprecated: false, creationDate }, attributes: {} };
  const describedBillingGroup = { ...BILLING_GROUP, billingGroupMetadata: { creationDate }, attributes: {} };
  const billing = { billingGroupName: "north", billingGroupArn: BILLING_GROUP_ARN };
  const contents: Readonly<Record<(typeof EVENT_OPERATIONS)[number], object>> = {
    create_thing: THING,
    update_thing: THING,
    delete_thing: { ...names, attributes: {} },
    create_thing_type: describedType,
    update_thing_type: describedType,
    deprecate_thing_type: describedType,
    delete_thing_type: { thingTypeName: "bulb", thingTypeArn: TYPE_ARN, attributes: {} },
    create_thing_group: describedGroup,
    update_thing_group: describedGroup,
    delete_thing_group: { ...group, attributes: {} },
    add_thing_to_thing_group: { ...names, ...group, attributes: {} },
    remove_thing_from_thing_group: { ...names, ...group, attributes: {} },
    attach_thing_principal: { ...names, principal: CERTIFICATE_ARN, attributes: {} },
    detach_thing_principal: { ...names, principal: CERTIFICATE_ARN, attributes: {} },
    create_billing_group: describedBillingGroup,
    update_billing_group: describedBillingGroup,
    delete_billing_group: { ...billing, attributes: {} },
    add_thing_to_billing_group: { ...names, ...billing, attributes: {} },
    remove_thing_from_billing_group: { ...names, ...billing, attributes: {} },
  };
  for (const operation of EVENT_OPERATIONS) {
    it(`${operation}: sends what the contract lists, on the operation's own topic`, async () => {
      const isDeletion = recreationOf(operation) !== undefined;
      if (isDeletion) aws.answers.clear();

      await announce(recordOf(operation));

      const { topic, content, hook } = onlyMessage();
      expect(topic).to.equal(`cross_account_hooks/${CUSTOMER}/${operation}`);
      expect(content).to.deep.equal(contents[operation]);
      expect(hook["snapshot"]).to.equal(rowOf(operation).describes && !isDeletion ? "registry" : "event");
    });
  }

  const recreations = EVENT_OPERATIONS.flatMap((deletion) => {
    const creation = recreationOf(deletion) as EventOperation | undefined;
    return creation === undefined ? [] : [[deletion, creation] as const];
  });
  for (const [deletion, creation] of recreations) {
    it(`${deletion}: what is there again goes as ${creation}, as the registry describes it`, async () => {
      await announce(recordOf(deletion));

      const { topic, content, hook } = onlyMessage();
      expect(topic).to.equal(`cross_account_hooks/${CUSTOMER}/${creation}`);
      expect(content).to.deep.equal(contents[creation]);
      expect(hook).to.include({ snapshot: "registry", eventName: rowOf(deletion).eventName, eventId: EVENT_ID });
    });

    it(`${deletion}: what is there again is left out where ${creation} isn't announced, and the line says so`, async () => {
      await load({ OPERATIONS: deletion });

      await announce(recordOf(deletion));

      expect(aws.published).to.deep.equal([]);
      expect(lines).to.deep.equal([
        {
          outcome: `ignored: it is there again, and ${creation} is not announced`,
          eventId: EVENT_ID,
          eventName: rowOf(deletion).eventName,
          about: aboutOf(deletion, {
            ...{ thingName: "lamp", thingTypeName: "bulb", thingGroupName: "kitchen", billingGroupName: "north" },
          }),
        },
      ]);
    });
  }

  it("makes names of ARNs where a membership's event has only those", async () => {
    const requestParameters = { thingArn: THING_ARN, thingGroupArn: GROUP_ARN };

    await announce(recordOf("add_thing_to_thing_group", { requestParameters }));

    expect(onlyMessage().content).to.deep.equal({ ...names, ...group, attributes: {} });
  });

  it("builds ARNs of the event's own Region and its partition", async () => {
    aws.answers.clear();
    const restore = setEnvironment({ AWS_REGION: "cn-north-1" });
    try {
      await load();
      await announce(recordOf("delete_thing", { awsRegion: "cn-north-1" }));
    } finally {
      restore();
    }

    expect(onlyMessage().content["thingArn"]).to.equal(`arn:aws-cn:iot:cn-north-1:${CUSTOMER}:thing/lamp`);
  });

  it("sends what the event says when the thing is gone before it is described", async () => {
    aws.answers.delete("GET /things/lamp");

    await announce(recordOf("create_thing"));

    const { content, hook } = onlyMessage();
    expect(content).to.deep.equal({
      ...names,
      thingId: "id-1",
      thingTypeName: "bulb",
      attributes: { room: "kitchen" },
    });
    expect(hook["snapshot"]).to.equal("event");
  });

  it("says which billing group a thing was made in that is gone before it is described", async () => {
    aws.answers.delete("GET /things/lamp");
    const requestParameters = { thingName: "lamp", billingGroupName: "house" };
    await announce(recordOf("create_thing", { requestParameters }));
    expect(onlyMessage().content).to.include({ billingGroupName: "house" });
  });

  it("sends what the event says when a group or a type is gone before it is described", async () => {
    aws.answers.delete("GET /thing-groups/kitchen");
    aws.answers.delete("GET /thing-types/bulb");
    aws.answers.delete("GET /billing-groups/north");

    await announce(recordOf("create_thing_group"));
    await announce(recordOf("create_thing_type"));
    await announce(recordOf("create_billing_group"));

    const [first, second, third] = aws.published.map(({ message: { hook: _, ...content } }) => content);
    expect(first).to.deep.equal({
      ...group,
      thingGroupId: "group-1",
      thingGroupProperties: { thingGroupDescription: "warm" },
      thingGroupMetadata: { parentGroupName: "home" },
      attributes: {},
    });
    expect(second).to.deep.equal({
      thingTypeName: "bulb",
      thingTypeArn: TYPE_ARN,
      thingTypeId: "type-1",
      thingTypeProperties: { thingTypeDescription: "gives light" },
      attributes: {},
    });
    expect(third).to.deep.equal({
      ...billing,
      billingGroupId: "billing-1",
      billingGroupProperties: { billingGroupDescription: "cold" },
      attributes: {},
    });
  });

  it("sends attributes as an empty object when the thing has none", async () => {
    const { attributes: _, ...bare } = THING;
    aws.answers.set("GET /things/lamp", () => ({ status: 200, body: bare }));

    await announce(recordOf("create_thing"));

    expect(onlyMessage().content["attributes"]).to.deep.equal({});
  });
});
