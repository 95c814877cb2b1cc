import { IoT } from "@aws-sdk/client-iot";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { expect } from "chai";
import { subscribe, type Message } from "../services/iotdata.ts";
import { CUSTOMER, DEFAULT_REGION, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";

const ID = /^[0-9a-f-]{36}$/;

describe("registry events of the embedded AWS", () => {
  let running: RunningCloud;
  let iot: IoT;
  let heard: Message[];
  before(async () => {
    running = await startCloud();
    iot = new IoT(running.config(CUSTOMER));
    subscribe(running.cloud, { account: CUSTOMER, region: DEFAULT_REGION }, "$aws/events/#", (message) =>
      heard.push(message),
    );
  });
  beforeEach(async () => {
    await running.cloud.reset();
    heard = [];
  });
  after(() => running.endpoint.close());

  const turnOn = (...types: string[]) =>
    iot.updateEventConfigurations({
      eventConfigurations: Object.fromEntries(types.map((type) => [type, { Enabled: true }])),
    });
  const topics = () => heard.map(({ topic }) => topic.replace("$aws/events/", ""));
  const payload = (index: number) => JSON.parse(Buffer.from(heard[index]?.payload ?? []).toString()) as unknown;

  it("are off until they are turned on", async () => {
    const { eventConfigurations = {} } = await iot.describeEventConfigurations({});
    expect(Object.keys(eventConfigurations)).to.have.length(11);
    expect(Object.values(eventConfigurations)).to.satisfy((all: { Enabled: boolean }[]) =>
      all.every(({ Enabled }) => !Enabled),
    );
    await iot.createThing({ thingName: "lamp" });
    expect(heard).to.deep.equal([]);
  });

  it("say what became of a thing", async () => {
    await turnOn("THING");
    const attributes = { colour: "red" };
    const { thingId } = await iot.createThing({ thingName: "lamp", attributePayload: { attributes } });
    await iot.updateThing({ thingName: "lamp", attributePayload: { attributes: { colour: "blue" } } });
    await iot.deleteThing({ thingName: "lamp" });
    expect(topics()).to.deep.equal(["thing/lamp/created", "thing/lamp/updated", "thing/lamp/deleted"]);
    const { eventId, timestamp, ...said } = payload(0) as { eventId: string; timestamp: number };
    expect(eventId).to.match(ID);
    expect(timestamp).to.be.closeTo(running.cloud.clock.now(), 60_000);
    const common = { eventType: "THING_EVENT", accountId: CUSTOMER, thingId, thingName: "lamp", thingTypeName: null };
    expect(said).to.deep.equal({ ...common, operation: "CREATED", versionNumber: 1, attributes });
    expect(payload(1)).to.deep.include({ operation: "UPDATED", versionNumber: 2, attributes: { colour: "blue" } });
    expect(payload(2)).to.deep.include({ operation: "DELETED", versionNumber: 2, thingId });
  });

  it("are not published for what changes nothing", async () => {
    await turnOn("THING", "THING_GROUP_MEMBERSHIP");
    await iot.createThing({ thingName: "lamp" });
    await iot.createThing({ thingName: "lamp" });
    await iot.deleteThing({ thingName: "never" });
    await iot.createThingGroup({ thingGroupName: "hall" });
    await iot.removeThingFromThingGroup({ thingName: "lamp", thingGroupName: "hall" });
    expect(topics()).to.deep.equal(["thing/lamp/created"]);
  });

  it("say what became of a type", async () => {
    await turnOn("THING_TYPE");
    const thingTypeProperties = { thingTypeDescription: "It shines.", searchableAttributes: ["colour"] };
    const { thingTypeId } = await iot.createThingType({ thingTypeName: "light", thingTypeProperties });
    await iot.deprecateThingType({ thingTypeName: "light" });
    await running.cloud.advance(6 * 60_000);
    await iot.deleteThingType({ thingTypeName: "light" });
    expect(topics()).to.deep.equal(["thingType/light/created", "thingType/light/updated", "thingType/light/deleted"]);
    expect(payload(0)).to.deep.include({
      ...{ eventType: "THING_TYPE_EVENT", thingTypeId, thingTypeName: "light", isDeprecated: false },
      ...{ deprecationDate: null, searchableAttributes: ["colour"], description: "It shines." },
    });
    expect(payload(1)).to.deep.include({ operation: "UPDATED", isDeprecated: true });
  });

  it("say what became of a group, and of who is in it", async () => {
    await turnOn("THING_GROUP", "THING_GROUP_MEMBERSHIP");
    const house = await iot.createThingGroup({ thingGroupName: "house" });
    const hall = await iot.createThingGroup({ thingGroupName: "hall", parentGroupName: "house" });
    const lamp = await iot.createThing({ thingName: "lamp" });
    await iot.addThingToThingGroup({ thingName: "lamp", thingGroupName: "hall" });
    await iot.removeThingFromThingGroup({ thingName: "lamp", thingGroupName: "hall" });
    const member = "thingGroupMembership/thingGroup/hall/thing/lamp";
    expect(topics().slice(1)).to.deep.equal(["thingGroup/hall/created", `${member}/added`, `${member}/removed`]);
    expect(payload(1)).to.deep.include({
      ...{ eventType: "THING_GROUP_EVENT", thingGroupId: hall.thingGroupId, thingGroupName: "hall", versionNumber: 1 },
      ...{ parentGroupName: "house", parentGroupId: house.thingGroupId, description: null, attributes: {} },
      rootToParentThingGroups: [{ groupArn: house.thingGroupArn, groupId: house.thingGroupId }],
    });
    const [added, removed] = [payload(2), payload(3)] as { membershipId: string }[];
    expect(added).to.deep.include({
      ...{ eventType: "THING_GROUP_MEMBERSHIP_EVENT", operation: "ADDED" },
      ...{ groupArn: hall.thingGroupArn, groupId: hall.thingGroupId, thingArn: lamp.thingArn, thingId: lamp.thingId },
    });
    expect(added?.membershipId).to.match(ID);
    expect(removed).to.deep.include({ operation: "REMOVED", membershipId: added?.membershipId });
  });

  it("are turned on and off each for itself, in one account alone", async () => {
    await turnOn("THING", "JOB");
    await turnOn("THING_GROUP");
    await iot.updateEventConfigurations({ eventConfigurations: { THING: { Enabled: false } } });
    const { eventConfigurations = {} } = await iot.describeEventConfigurations({});
    const on = Object.entries(eventConfigurations).filter(([, configuration]) => configuration.Enabled);
    expect(on.map(([type]) => type).sort()).to.deep.equal(["JOB", "THING_GROUP"]);
    const others = await new IoT(running.config(PARTNER)).describeEventConfigurations({});
    expect(others.eventConfigurations?.JOB?.Enabled).to.equal(false);
  });

  it("of a kind that isn't here can't be turned on", async () => {
    expect(await failure(turnOn("CERTIFICATE"))).to.match(/^NotModelledHere: The event type CERTIFICATE is/);
    expect(await failure(turnOn("LAMP"))).to.match(/^InvalidRequestException: /);
  });

  it("reach topic rules, with where they were published", async () => {
    await turnOn("THING");
    const sql = "SELECT *, topic() AS topic FROM '$aws/events/thing/+/+'";
    await iot.createTopicRule({ ruleName: "events", topicRulePayload: { sql, actions: [] } });
    await iot.createThing({ thingName: "lamp" });
    await running.cloud.settled();
    const matched = running.cloud.trace.since().find(({ name }) => name === "RuleMatched");
    expect(matched?.detail?.["output"]).to.contain('"topic":"$aws/events/thing/lamp/created"');
  });

  it("can't be published by anybody else", async () => {
    const data = new IoTDataPlane(running.config(CUSTOMER));
    const forged = data.publish({ topic: "$aws/events/thing/lamp/created", payload: Buffer.from("{}") });
    expect(await failure(forged)).to.match(/^InvalidRequestException: .*such topics are reserved/);
    expect(heard).to.deep.equal([]);
  });
});
