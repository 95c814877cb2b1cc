// What can be set of how both sides find each other, on the embedded AWS: ids, Regions, names, debug messages.
import { expect } from "chai";
import {
  CUSTOMER,
  createThing,
  deployCustomer,
  deployPartner,
  roleArnOf,
  startCloud,
  watch,
  type RunningCloud,
} from "./deployment.ts";

describe("a thing that is created in the customer's account, by what is set", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());
  afterEach(() => running.cloud.reset());

  it("reaches the partner with an external id that both sides know", async () => {
    await deployCustomer(running, { externalId: "acme-4711" });
    await deployPartner(running, undefined, { externalIds: JSON.stringify({ [CUSTOMER]: "acme-4711" }) });
    expect(await createThing(running)).to.have.length(1);
  });

  it("does not reach a partner that asks for another external id", async () => {
    await deployCustomer(running, { externalId: "acme-4711" });
    await deployPartner(running, undefined, { externalIds: JSON.stringify({ [CUSTOMER]: "other-1234" }) });
    expect(await createThing(running)).to.deep.equal([]);
  });

  it("reaches a partner in another Region, with suffixes on both roles", async () => {
    await deployCustomer(running, { partnerRegion: "eu-central-1", nameSuffix: "two", partnerNameSuffix: "eu" });
    await deployPartner(running, [roleArnOf(CUSTOMER, "-two")], { "aws:region": "eu-central-1", nameSuffix: "eu" });
    const { messages, stop } = watch(running, "eu-central-1");
    await createThing(running);
    stop();
    expect(messages).to.have.length(1);
  });

  it("leaves no debug message behind when debug is off, and is received all the same", async () => {
    await deployCustomer(running);
    const { outputs } = await deployPartner(running, undefined, { debug: "false" });
    expect(await createThing(running)).to.deep.equal([]);
    const invoked = running.cloud.trace
      .since()
      .filter(
        ({ service, name, outcome, permissions }) =>
          service === "lambda" &&
          name === "Invoke" &&
          outcome === "ok" &&
          permissions?.[0]?.resource.includes(outputs.functionName),
      );
    expect(invoked).to.have.length(1);
  });
});
