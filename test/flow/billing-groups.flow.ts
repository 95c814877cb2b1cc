// Billing groups, and who is in them: told of by CloudTrail alone, whatever else is listened to.
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IoT } from "@aws-sdk/client-iot";
import { expect } from "chai";
import {
  CUSTOMER,
  type Message,
  PARTNER,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  roleArnOf,
  startCloud,
  watch,
} from "./deployment.ts";

const OPERATIONS = [
  ...["create_thing", "create_billing_group", "update_billing_group", "delete_billing_group"],
  ...["add_thing_to_billing_group", "remove_thing_from_billing_group"],
];
const ARN = `arn:aws:iot:us-east-1:${CUSTOMER}`;
const [GROUP, THING] = [{ billingGroupName: "north" }, { thingName: "lamp" }];
const billingGroupProperties = { billingGroupDescription: "cold" };

describe("billing groups", () => {
  let running: RunningCloud;
  let iot: IoT;
  beforeEach(async () => {
    running = await startCloud();
    iot = new IoT(running.config(CUSTOMER));
  });
  afterEach(() => running.endpoint.close());

  const operations = JSON.stringify(OPERATIONS);
  const partner = () => deployPartner(running, [roleArnOf(CUSTOMER)], { operations });
  async function heard(...calls: readonly (() => Promise<unknown>)[]): Promise<readonly Message[]> {
    const { messages, stop } = watch(running);
    for (const call of calls) {
      await call();
      await running.cloud.settled();
    }
    stop();
    return messages;
  }
  const namesOf = (messages: readonly Message[]) => messages.map(({ operation }) => operation);

  for (const trigger of ["cloudtrail", "both"])
    it(`cross, each call of theirs once: ${trigger}`, async () => {
      const { outputs } = await partner();
      await deployCustomer(running, { trigger, operations });
      const messages = await heard(
        () => iot.createBillingGroup(GROUP),
        () => iot.updateBillingGroup({ ...GROUP, billingGroupProperties }),
        () => iot.createThing(THING),
        () => iot.addThingToBillingGroup({ thingArn: `${ARN}:thing/lamp`, ...GROUP }),
      );
      expect(namesOf(messages)).to.deep.equal([
        ...["create_billing_group", "update_billing_group", "create_thing", "add_thing_to_billing_group"],
      ]);
      const described = { ...GROUP, billingGroupArn: `${ARN}:billinggroup/north` };
      expect(messages[1]).to.deep.include({ ...described, version: 2, billingGroupProperties, attributes: {} });
      expect(messages[3]).to.deep.include({ ...described, ...THING, thingArn: `${ARN}:thing/lamp`, attributes: {} });
      const known = async () => {
        const TableName = String(outputs.registryTableName);
        const { Items = [] } = await new DynamoDB(running.config(PARTNER)).scan({ TableName });
        const state = (item: (typeof Items)[number]) => [item["version"]?.N, item["deleted"]?.BOOL];
        return new Map(Items.map((item) => [item["subject"]?.S, state(item)]));
      };
      const [group, member] = [`${ARN}:billinggroup/north`, `${ARN}:thing/lamp#${ARN}:billinggroup/north`];
      const states = async () => {
        const found = await known();
        return [found.get(group), found.get(member)];
      };
      expect(await states()).to.deep.equal([
        ["2", false],
        [undefined, false],
      ]);
      const ends = await heard(
        () => iot.removeThingFromBillingGroup({ ...THING, ...GROUP }),
        () => iot.deleteBillingGroup(GROUP),
      );
      expect(namesOf(ends)).to.deep.equal(["remove_thing_from_billing_group", "delete_billing_group"]);
      expect(await states()).to.deep.equal([
        ["2", true],
        [undefined, true],
      ]);
    });

  it("say of a thing that is made in one as much, with its creation and no more", async () => {
    await partner();
    await deployCustomer(running, { operations });
    const [, created, ...more] = await heard(
      () => iot.createBillingGroup(GROUP),
      () => iot.createThing({ ...THING, ...GROUP }),
    );
    expect(created).to.include({ operation: "create_thing", ...THING, ...GROUP });
    expect(more).to.deep.equal([]);
  });

  it("aren't announced where nobody asked for them", async () => {
    await deployPartner(running);
    await deployCustomer(running);
    const messages = await heard(
      () => iot.createBillingGroup(GROUP),
      () => iot.createThing(THING),
      () => iot.addThingToBillingGroup({ ...THING, ...GROUP }),
    );
    expect(namesOf(messages)).to.deep.equal(["create_thing"]);
  });
});
