import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { expect } from "chai";
import { CUSTOMER, PARTNER } from "./cloud.ts";
import { failure } from "./failure.ts";
import { FUNCTION, Scene, topicArn } from "./iot-scene.ts";

const INVOKE = [{ lambda: { functionArn: FUNCTION } }];

describe("IoT data of the embedded AWS", () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.start();
  });
  beforeEach(() => scene.reset());
  after(() => scene.running.endpoint.close());

  describe("Publish", () => {
    it("reaches who listens on the topic, in this account and Region only", async () => {
      const heard = scene.hear("a/+");
      await scene.data.publish({ topic: "a/b", payload: Buffer.from([0, 255]), qos: 1 });
      await scene.data.publish({ topic: "a/b/c" });
      for (const elsewhere of [scene.running.config(CUSTOMER), scene.running.config(PARTNER, "eu-west-1")])
        await new IoTDataPlane(elsewhere).publish({ topic: "a/b" });
      heard.stop();
      await scene.data.publish({ topic: "a/b" });
      expect(heard.messages.map(({ topic, payload }) => [topic, [...payload]])).to.deep.equal([["a/b", [0, 255]]]);
    });
    it("goes on reaching them after a reset", async () => {
      const heard = scene.hear("a");
      await scene.reset();
      await scene.data.publish({ topic: "a" });
      heard.stop();
      expect(heard.messages).to.have.length(1);
    });
    it("needs iot:Publish on the topic: otherwise ForbiddenException, and the trace says why", async () => {
      const { data } = await scene.session("device", "iot:Publish", topicArn("mine"));
      await data.publish({ topic: "mine" });
      const error = await data.publish({ topic: "other" }).catch((caught: unknown) => caught);
      expect(error).to.have.property("name", "ForbiddenException");
      expect(error).to.have.nested.property("$metadata.httpStatusCode", 403);
      const denied = scene.running.cloud.trace.since().find(({ outcome }) => outcome === "denied");
      expect(denied).to.deep.include({ service: "iotdata", name: "Publish" });
      expect(denied?.permissions?.[0]).to.include({ action: "iot:Publish", resource: topicArn("other") });
    });
    it("takes + and # in a policy's resource for what they are, not for wildcards", async () => {
      const { data } = await scene.session("device", "iot:Publish", topicArn("mine/#"));
      expect(await failure(data.publish({ topic: "mine/a" }))).to.match(/^ForbiddenException: /);
    });
    it("tells rules who published: unique id and session of a role", async () => {
      await scene.rule("hooks", "SELECT principal() AS p, clientid() AS c FROM 'mine'", INVOKE);
      const { data, id } = await scene.session("device", "iot:Publish", topicArn("mine"));
      await data.publish({ topic: "mine" });
      await scene.running.cloud.settled();
      const [asked] = scene.asked;
      expect(JSON.parse(Buffer.from(asked?.input.Payload as Uint8Array).toString())).to.deep.equal({ p: id, c: "n/a" });
    });

    it("tells rules the unique id alone where the cloud is set to the other documented form", async () => {
      scene.running.cloud.delivery.set({ principal: "roleId" });
      await scene.rule("hooks", "SELECT principal() AS p FROM 'mine'", INVOKE);
      const { data, id } = await scene.session("device", "iot:Publish", topicArn("mine"));
      await data.publish({ topic: "mine" });
      await scene.running.cloud.settled();
      const text = Buffer.from(scene.asked[0]?.input.Payload as Uint8Array).toString();
      expect(JSON.parse(text)).to.deep.equal({ p: id.split(":")[0] });
    });

    const levels = (count: number) => Array.from({ length: count }, () => "x").join("/");
    for (const [what, topic] of Object.entries({
      "a wildcard +": "a/+",
      "a wildcard #": "a/#",
      NUL: "a\0b",
      "more than 7 slashes": levels(9),
      "more than 256 bytes": "ä".repeat(129),
      "a reserved beginning": "$mine/a",
      "the registry's own topic": "$aws/events/thing/lamp/created",
    }))
      it(`refuses a topic with ${what}`, async () => {
        expect(await failure(scene.data.publish({ topic }))).to.match(/^InvalidRequestException: /);
      });
    for (const [what, topic] of Object.entries({
      "7 slashes": levels(8),
      "256 bytes": "ä".repeat(128),
      "7 slashes after the prefix of Basic Ingest": `$aws/rules/hooks/${levels(8)}`,
    }))
      it(`takes a topic with ${what}`, async () => {
        await scene.data.publish({ topic });
      });
    it("takes 128 KB, and not a byte more", async () => {
      await scene.data.publish({ topic: "a", payload: Buffer.alloc(128 * 1024) });
      const error = await scene.data
        .publish({ topic: "a", payload: Buffer.alloc(128 * 1024 + 1) })
        .catch((caught: unknown) => caught);
      expect(error).to.have.nested.property("$metadata.httpStatusCode", 413);
    });
    it("refuses what isn't modelled: retained messages, shadows' topics, MQTT 5 properties", async () => {
      const refused = [
        { topic: "a", retain: true },
        { topic: "$aws/things/lamp/shadow/update" },
        { topic: "a", contentType: "x" },
      ];
      for (const input of refused) expect(await failure(scene.data.publish(input))).to.match(/^NotModelledHere: /);
    });
  });

  describe("messages of the registry", () => {
    const listen = async (...types: string[]) => {
      const eventConfigurations = Object.fromEntries(types.map((type) => [type, { Enabled: true }]));
      await scene.iot.updateEventConfigurations({ eventConfigurations });
      return scene.hear("$aws/events/#");
    };
    const timeless = (payload: unknown) => {
      const { eventId, timestamp, ...rest } = payload as Record<string, unknown>;
      expect(eventId).to.match(/^[0-9a-f-]{36}$/);
      expect(timestamp).to.be.closeTo(scene.running.cloud.clock.now(), 10_000);
      return rest;
    };

    it("are switched off until somebody switches them on", async () => {
      const { eventConfigurations } = await scene.iot.describeEventConfigurations({});
      expect(eventConfigurations?.THING).to.deep.equal({ Enabled: false });
      const heard = scene.hear("$aws/events/#");
      await scene.iot.createThing({ thingName: "lamp" });
      heard.stop();
      expect(heard.messages).to.deep.equal([]);
    });
    it("can be switched off again; other kinds stay as they were", async () => {
      await listen("THING", "THING_TYPE");
      await scene.iot.updateEventConfigurations({ eventConfigurations: { THING: { Enabled: false } } });
      const { eventConfigurations } = await scene.iot.describeEventConfigurations({});
      expect(eventConfigurations?.THING?.Enabled).to.equal(false);
      expect(eventConfigurations?.THING_TYPE?.Enabled).to.equal(true);
    });
    it("that aren't published here can't be switched on, nor ones that don't exist", async () => {
      const jobs = scene.iot.updateEventConfigurations({ eventConfigurations: { JOB: { Enabled: true } } });
      expect(await failure(jobs)).to.match(/^NotModelledHere: The event messages JOB/);
      const eventConfigurations = { BOGUS: { Enabled: true } } as never;
      const bogus = scene.iot.updateEventConfigurations({ eventConfigurations });
      expect(await failure(bogus)).to.match(/^InvalidRequestException: /);
    });
    it("tell of things created, updated, deleted", async () => {
      const heard = await listen("THING");
      const { thingId } = await scene.iot.createThing({ thingName: "lamp" });
      await scene.iot.updateThing({ thingName: "lamp", attributePayload: { attributes: { a: "1" } } });
      await scene.iot.deleteThing({ thingName: "lamp" });
      heard.stop();
      const told = heard.json().map(({ topic, payload }) => ({ topic, payload: timeless(payload) }));
      const thing = {
        eventType: "THING_EVENT",
        accountId: "222222222222",
        thingId,
        thingName: "lamp",
        thingTypeName: null,
      };
      expect(told).to.deep.equal([
        {
          topic: "$aws/events/thing/lamp/created",
          payload: { ...thing, operation: "CREATED", versionNumber: 1, attributes: {} },
        },
        {
          topic: "$aws/events/thing/lamp/updated",
          payload: { ...thing, operation: "UPDATED", versionNumber: 2, attributes: { a: "1" } },
        },
        {
          topic: "$aws/events/thing/lamp/deleted",
          payload: { ...thing, operation: "DELETED", versionNumber: 2, attributes: { a: "1" } },
        },
      ]);
    });
    it("don't tell of a creation that changed nothing", async () => {
      await scene.iot.createThing({ thingName: "lamp" });
      const heard = await listen("THING");
      await scene.iot.createThing({ thingName: "lamp" });
      heard.stop();
      expect(heard.messages).to.deep.equal([]);
    });
    it("tell of types, and of their things", async () => {
      const heard = await listen("THING_TYPE", "THING_TYPE_ASSOCIATION");
      await scene.iot.createThingType({ thingTypeName: "light" });
      await scene.iot.createThing({ thingName: "lamp", thingTypeName: "light" });
      await scene.iot.updateThing({ thingName: "lamp", removeThingType: true });
      await scene.iot.deprecateThingType({ thingTypeName: "light" });
      heard.stop();
      expect(
        heard.json().map(({ topic, payload }) => [topic, (payload as { operation: string }).operation]),
      ).to.deep.equal([
        ["$aws/events/thingType/light/created", "CREATED"],
        ["$aws/events/thingTypeAssociation/thing/lamp/thingType/light/added", "ADDED"],
        ["$aws/events/thingTypeAssociation/thing/lamp/thingType/light/removed", "REMOVED"],
        ["$aws/events/thingType/light/updated", "DEPRECATED"],
      ]);
    });
    it("tell of groups, their hierarchy, and their things", async () => {
      const heard = await listen("THING_GROUP", "THING_GROUP_HIERARCHY", "THING_GROUP_MEMBERSHIP");
      const house = await scene.iot.createThingGroup({ thingGroupName: "house" });
      const room = await scene.iot.createThingGroup({ thingGroupName: "room", parentGroupName: "house" });
      const lamp = await scene.iot.createThing({ thingName: "lamp" });
      await scene.iot.addThingToThingGroup({ thingName: "lamp", thingGroupName: "room" });
      await scene.iot.removeThingFromThingGroup({ thingName: "lamp", thingGroupName: "room" });
      await scene.iot.deleteThingGroup({ thingGroupName: "room" });
      heard.stop();
      const told = heard.json();
      expect(told.map(({ topic }) => topic)).to.deep.equal([
        "$aws/events/thingGroup/house/created",
        "$aws/events/thingGroup/room/created",
        "$aws/events/thingGroupHierarchy/thingGroup/house/childThingGroup/room/added",
        "$aws/events/thingGroupMembership/thingGroup/room/thing/lamp/added",
        "$aws/events/thingGroupMembership/thingGroup/room/thing/lamp/removed",
        "$aws/events/thingGroup/room/deleted",
        "$aws/events/thingGroupHierarchy/thingGroup/house/childThingGroup/room/removed",
      ]);
      expect(told[1]?.payload).to.deep.include({
        parentGroupName: "house",
        parentGroupId: house.thingGroupId,
        rootToParentThingGroups: [{ groupArn: house.thingGroupArn, groupId: house.thingGroupId }],
      });
      const { membershipId: added, ...membership } = timeless(told[3]?.payload);
      expect(membership).to.deep.equal({
        eventType: "THING_GROUP_MEMBERSHIP_EVENT",
        operation: "ADDED",
        accountId: "222222222222",
        groupArn: room.thingGroupArn,
        groupId: room.thingGroupId,
        thingArn: lamp.thingArn,
        thingId: lamp.thingId,
      });
      expect((told[4]?.payload as { membershipId: string }).membershipId).to.equal(added);
    });
    it("reach topic rules", async () => {
      await scene.rule("registry", "SELECT thingName FROM '$aws/events/thing/+/created'", INVOKE);
      const heard = await listen("THING");
      await scene.iot.createThing({ thingName: "lamp" });
      await scene.running.cloud.settled();
      heard.stop();
      expect(scene.asked.map(({ input }) => Buffer.from(input.Payload as Uint8Array).toString())).to.deep.equal([
        '{"thingName":"lamp"}',
      ]);
    });
  });
});
