// What both functions measure, as an operator sees it in CloudWatch.
import { expect } from "chai";
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { METRICS_NAMESPACE, type MetricName } from "../../shared/contract/metrics.ts";
import {
  CUSTOMER,
  PARTNER,
  createThing,
  deployCustomer,
  deployPartner,
  startCloud,
  type RunningCloud,
} from "./deployment.ts";

describe("what the functions measure", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
    await deployPartner(running);
    await deployCustomer(running);
  });
  after(() => running.endpoint.close());

  const since = new Date(Date.now() - 60_000);
  async function sum(account: string, MetricName: MetricName, dimensions: Readonly<Record<string, string>>) {
    const { Datapoints = [] } = await new CloudWatch(running.config(account)).getMetricStatistics({
      Namespace: METRICS_NAMESPACE,
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: since,
      EndTime: new Date(Date.now() + 3_600_000),
      Period: 86_400,
      Statistics: ["Sum"],
    });
    return Datapoints[0]?.Sum;
  }

  it("is in CloudWatch, in each side's own account, by customer", async () => {
    await createThing(running);

    expect(await sum(CUSTOMER, "Announced", { customer: CUSTOMER })).to.equal(1);
    expect(await sum(PARTNER, "Received", { customer: CUSTOMER })).to.equal(1);
    expect(await sum(PARTNER, "Applied", { customer: CUSTOMER })).to.equal(1);
    expect(await sum(PARTNER, "AgeMs", { customer: CUSTOMER })).to.be.at.least(0);
  });

  it("has what was rejected by reason", async () => {
    const topic = `cross_account_hooks/${CUSTOMER}/create_thing`;
    await new IoTDataPlane(running.config(PARTNER)).publish({ topic, payload: Buffer.from("no JSON") });
    await running.cloud.settled();

    expect(await sum(PARTNER, "Rejected", { customer: CUSTOMER })).to.equal(1);
    expect(await sum(PARTNER, "Rejected", { customer: CUSTOMER, reason: "not JSON" })).to.equal(1);
  });
});
