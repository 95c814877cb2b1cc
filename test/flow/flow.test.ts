// The product's promise, on the embedded AWS, with the functions as bundled: a thing that is created in one account
// arrives in the other.
import { expect } from "chai";
import { IoT } from "@aws-sdk/client-iot";
import {
  CUSTOMER,
  CUSTOMER2,
  createThing,
  deployCustomer,
  deployPartner,
  deployRoot,
  lastEntry,
  roleArnOf,
  startCloud,
  watch,
  type Partner,
  type RunningCloud,
} from "./deployment.ts";

const CUSTOMER_STACK = "organization/iot-hooks-customer/dev";

describe("a thing that is created in the customer's account, by how both sides are deployed", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());
  afterEach(() => running.cloud.reset());

  it("reaches the partner exactly as the customer's registry describes it, customer deployed first", async () => {
    const customer = await deployCustomer(running);
    await deployPartner(running, [CUSTOMER_STACK], {}, { [CUSTOMER_STACK]: customer.outputs });
    const [message, ...more] = await createThing(running);
    const { $metadata: _, ...described } = await new IoT(running.config(CUSTOMER)).describeThing({ thingName: "lamp" });
    expect(more).to.deep.equal([]);
    expect(message).to.include({ accountId: CUSTOMER, operation: "create_thing" });
    expect(message).to.deep.include(described);
  });

  it("reaches the partner that was deployed before the customer, and again after the customer's role was made anew", async () => {
    await deployPartner(running);
    const customer = await deployCustomer(running);
    expect(await createThing(running)).to.have.length(1);
    await customer.destroy();
    await deployCustomer(running);
    expect(await createThing(running, "pump")).to.have.length(1);
  });

  it("reaches the partner with both sides in one stack", async () => {
    await deployRoot(running);
    expect(await createThing(running)).to.have.length(1);
  });
});

describe("a thing that is created in the customer's account", () => {
  const operations = JSON.stringify(["create_thing", "update_thing", "delete_thing"]);
  let running: RunningCloud;
  let partner: Partner;
  before(async () => {
    running = await startCloud();
    await deployCustomer(running, { operations });
    await deployCustomer(running, {}, CUSTOMER2);
    partner = await deployPartner(running, [roleArnOf(CUSTOMER), roleArnOf(CUSTOMER2)], { operations });
  });
  after(() => running.endpoint.close());
  afterEach(() => {
    running.cloud.faults.set([]);
  });

  it("arrives from two customers under their own accounts, by one rule and one function", async () => {
    const [one] = await createThing(running, "lamp", CUSTOMER);
    const [two] = await createThing(running, "pump", CUSTOMER2);
    expect([one?.accountId, two?.accountId]).to.deep.equal([CUSTOMER, CUSTOMER2]);
    const count = (type: string) => partner.resources.filter((resource) => resource.type === type).length;
    expect([count("aws:iot/topicRule:TopicRule"), count("aws:lambda/function:Function")]).to.deep.equal([1, 1]);
  });

  it("arrives from the event's own words when it is gone before it is described", async () => {
    running.cloud.faults.set([
      { service: "iot", operation: "DescribeThing", fault: "deny", code: "ResourceNotFoundException", times: 1 },
    ]);
    const [message] = await createThing(running, "gone");
    expect(message).to.deep.include({ thingName: "gone", attributes: { colour: "warm-white" } });
    expect(message?.hook).to.include({ snapshot: "event" });
  });

  it("arrives although the first publish was refused for a moment", async () => {
    running.cloud.faults.set([
      { service: "iotdata", operation: "Publish", fault: "deny", code: "ForbiddenException", times: 1 },
    ]);
    expect(await createThing(running, "refused-once")).to.have.length(1);
  });

  it("is not announced when the call failed", async () => {
    const before = lastEntry(running);
    await createThing(running, "taken");
    const { messages, stop } = watch(running);
    const other = { thingName: "taken", attributePayload: { attributes: { colour: "blue" } } };
    const failed = await new IoT(running.config(CUSTOMER)).createThing(other).catch((error: unknown) => error);
    await running.cloud.settled();
    stop();
    expect(failed).to.have.property("name", "ResourceAlreadyExistsException");
    expect(messages).to.deep.equal([]);
    const invoked = running.cloud.trace
      .since(before)
      .filter(({ service, name }) => service === "lambda" && name === "Invoke");
    expect(invoked).to.have.length(2); // announce and receive, for the call that succeeded
  });

  it("is announced with every operation that is configured, and with no other", async () => {
    const { messages, stop } = watch(running);
    const iot = new IoT(running.config(CUSTOMER));
    for (const call of [
      () => iot.createThing({ thingName: "changed" }),
      () => iot.updateThing({ thingName: "changed", attributePayload: { attributes: { colour: "blue" } } }),
      () => iot.createThingGroup({ thingGroupName: "cellar" }),
      () => iot.deleteThing({ thingName: "changed" }),
    ]) {
      await call();
      await running.cloud.settled();
    }
    stop();
    expect(messages.map(({ operation }) => operation)).to.deep.equal(["create_thing", "update_thing", "delete_thing"]);
  });

  it("is announced as created when it is there again by the time that its deletion is looked at", async () => {
    await createThing(running, "again");
    const { messages, stop } = watch(running);
    running.cloud.delivery.set({ delaySeconds: 5 });
    const iot = new IoT(running.config(CUSTOMER));
    await iot.deleteThing({ thingName: "again" });
    const { thingId } = await iot.createThing({ thingName: "again" });
    await running.cloud.advance(6_000);
    stop();
    running.cloud.delivery.set({ delaySeconds: 0 });
    expect(messages).to.not.deep.equal([]);
    expect(new Set(messages.map((message) => message.thingId))).to.deep.equal(new Set([thingId]));
    expect(new Set(messages.map(({ operation }) => operation))).to.deep.equal(new Set(["create_thing"]));
  });
});
