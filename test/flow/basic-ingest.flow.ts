// Messages that go straight to the partner's rule, past the message broker.
import { expect } from "chai";
import { subscribe } from "embedded-aws";
import {
  CUSTOMER,
  DEFAULT_REGION,
  PARTNER,
  type RunningCloud,
  createThing,
  deployCustomer,
  deployPartner,
  refusals,
  roleArnOf,
  startCloud,
} from "./deployment.ts";

describe("a customer that publishes by Basic Ingest", () => {
  let running: RunningCloud;
  beforeEach(async () => {
    running = await startCloud();
  });
  afterEach(() => running.endpoint.close());

  it("is heard as by the topic, its role checked; nobody can subscribe, and no message is billed", async () => {
    const { outputs } = await deployPartner(running, [roleArnOf(CUSTOMER)], { basicIngest: "true" });
    await deployCustomer(running, { partnerTopicRule: outputs.ruleName });
    const overheard: string[] = [];
    const stop = subscribe(running.cloud, { account: PARTNER, region: DEFAULT_REGION }, "#", ({ topic }) => {
      overheard.push(topic);
    });
    const [message] = await createThing(running);
    stop();
    expect(message).to.deep.include({ accountId: CUSTOMER, operation: "create_thing", thingName: "lamp" });
    // The partner's own debug message is all.
    expect(overheard).to.deep.equal([`debug/${CUSTOMER}/create_thing`]);
    expect(running.cloud.trace.usage()[PARTNER]?.["iot:messages"]).to.equal(1);
  });

  it("is refused where the partner hasn't switched it on, and says on which topic", async () => {
    const { outputs } = await deployPartner(running);
    await deployCustomer(running, { partnerTopicRule: outputs.ruleName });
    expect(await createThing(running)).to.deep.equal([]);
    const [refusal] = refusals(running.cloud, 0).filter(({ action }) => action === "iot:Publish");
    expect(JSON.stringify(refusal?.missing)).to.contain(
      `topic/$aws/rules/${outputs.ruleName}/cross_account_hooks/${CUSTOMER}/create_thing`,
    );
  });

  it("is one among others, which publish on the topic as before", async () => {
    await deployPartner(running, [roleArnOf(CUSTOMER)], { basicIngest: "true" });
    await deployCustomer(running);
    expect(await createThing(running)).to.have.length(1);
  });
});
