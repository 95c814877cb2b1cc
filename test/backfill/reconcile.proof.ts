// The schedule, on both sides as deployed and the cloud's clock: what was never announced arrives when its time comes,
// is counted as corrected, and rings at the partner.
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { type Scene, fleet, knownByPartner, registered } from "./scene.ts";
import { CUSTOMER, PARTNER, watch } from "../flow/deployment.ts";

const DAY_MS = 24 * 3_600_000;

describe("the customer's setting reconcile", () => {
  let scene: Scene;
  before(async () => {
    scene = await fleet(12, { reconcile: "rate(1 day)" });
  });
  after(() => scene.running.endpoint.close());

  /** Messages that ran the partner's own code while a day went by. */
  async function aDay(): Promise<readonly unknown[]> {
    const { messages, stop } = watch(scene.running);
    await scene.running.cloud.advance(DAY_MS);
    await scene.running.cloud.settled();
    stop();
    return messages.map(({ thingName }) => thingName);
  }

  it("brings what nobody had announced, once, counts it, and rings", async () => {
    expect(await aDay()).to.have.length(12);
    expect(await knownByPartner(scene)).to.deep.equal(await registered(scene));
    const cloudWatch = new CloudWatch(scene.running.config(PARTNER));
    const now = scene.running.cloud.clock.now();
    const { Datapoints = [] } = await cloudWatch.getMetricStatistics({
      Namespace: "CrossAccountIotHooks",
      MetricName: "Corrected",
      Dimensions: [{ Name: "customer", Value: CUSTOMER }],
      StartTime: new Date(now - DAY_MS),
      EndTime: new Date(now + 60_000),
      Period: 2 * 86_400,
      Statistics: ["Sum"],
    });
    expect(Datapoints.map(({ Sum }) => Sum)).to.deep.equal([12]);
    const rang = scene.running.cloud.trace.since().filter(({ name }) => /alarm/i.test(name));
    expect(JSON.stringify(rang)).to.include("corrected");
    expect(await aDay()).to.deep.equal([]);
  });
});
