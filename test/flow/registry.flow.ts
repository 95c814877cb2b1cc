// The device registry in the flow, with the functions as bundled: what the partner's account knows of a thing.
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { IoT } from "@aws-sdk/client-iot";
import { Lambda } from "@aws-sdk/client-lambda";
import { ruleEvent } from "../lambda/rule-events.ts";
import { CUSTOMER, PARTNER, createThing, deployCustomer, deployPartner, startCloud, watch } from "./deployment.ts";
import type { RunningCloud } from "embedded-aws/testing";

const operations = JSON.stringify(["create_thing", "update_thing", "delete_thing"]);
const THING_ARN = `arn:aws:iot:us-east-1:${CUSTOMER}:thing/lamp`;

describe("the partner's device registry", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());

  it("follows a thing from its creation to its deletion, and applies a message that comes twice once", async () => {
    await deployCustomer(running, { operations });
    const { outputs } = await deployPartner(running, undefined, { operations, senderCheck: "observe" });
    const TableName = outputs.registryTableName;
    const item = async () => {
      const { Items = [] } = await new DynamoDB(running.config(PARTNER)).scan({ TableName });
      expect(Items).to.have.length(1);
      return Items[0] ?? {};
    };
    const iot = new IoT(running.config(CUSTOMER));

    const [created] = await createThing(running);
    expect(await item()).to.deep.include({ subject: { S: THING_ARN }, version: { N: "1" }, deleted: { BOOL: false } });

    const told = watch(running);
    const again = { ...created, accountId: undefined, operation: undefined };
    await new Lambda(running.config(PARTNER)).invoke({
      FunctionName: outputs.functionAliasArn,
      Payload: Buffer.from(JSON.stringify({ ...ruleEvent(again), receivedAt: Date.now() })),
    });
    await running.cloud.settled();
    told.stop();
    expect(told.messages).to.deep.equal([]);

    await iot.updateThing({ thingName: "lamp", attributePayload: { attributes: { room: "hall" } } });
    await running.cloud.settled();
    const updated = await item();
    expect(updated).to.deep.include({ version: { N: "2" } });
    expect(JSON.parse(updated["snapshot"]?.S ?? "")).to.deep.include({ attributes: { room: "hall" } });

    await iot.deleteThing({ thingName: "lamp" });
    await running.cloud.settled();
    const gone = await item();
    expect(gone).to.deep.include({ deleted: { BOOL: true } });
    expect(gone).to.include.keys("expiresAt").and.not.include.keys("claim");
    expect(gone["eventIds"]?.L).to.have.length(3);
  });

  it("tells of a membership anew whose thing was made anew: that it ended no call says", async () => {
    await running.cloud.reset();
    const memberships = JSON.stringify(["add_thing_to_thing_group", "create_thing", "delete_thing"]);
    await deployCustomer(running, { operations: memberships });
    await deployPartner(running, undefined, { operations: memberships });
    const iot = new IoT(running.config(CUSTOMER));
    const [thing, group] = [{ thingName: "lamp" }, { thingGroupName: "hall" }];
    await iot.createThingGroup(group);
    const { messages, stop } = watch(running);
    for (let life = 0; life < 2; life++) {
      await iot.createThing(thing);
      await iot.addThingToThingGroup({ ...thing, ...group });
      await running.cloud.settled();
      await iot.deleteThing(thing);
      await running.cloud.settled();
      await running.cloud.advance(60_000);
    }
    stop();
    const once = ["create_thing", "add_thing_to_thing_group", "delete_thing"];
    expect(messages.map(({ operation }) => operation)).to.have.members([...once, ...once]);
  });

  it("tells of each deletion where nothing else is announced", async () => {
    await running.cloud.reset();
    const deletions = JSON.stringify(["delete_thing"]);
    await deployCustomer(running, { operations: deletions });
    await deployPartner(running, undefined, { operations: deletions });
    const iot = new IoT(running.config(CUSTOMER));
    const { messages, stop } = watch(running);
    for (let life = 0; life < 2; life++) {
      await iot.createThing({ thingName: "lamp" });
      await iot.deleteThing({ thingName: "lamp" });
      await running.cloud.settled();
      await running.cloud.advance(60_000);
    }
    stop();
    expect(messages.map(({ operation }) => operation)).to.deep.equal(["delete_thing", "delete_thing"]);
  });
});
