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
});
