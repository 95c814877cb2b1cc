// `hooks cost` of a side that is deployed: CloudWatch's counts are what the cloud itself counted for the bill.
import { expect } from "chai";
import { IoT } from "@aws-sdk/client-iot";
import { used } from "../../hooks/cost/measured.ts";
import { usedText } from "../../hooks/cost/report.ts";
import type { Deployment } from "../../hooks/deployment.ts";
import type { Side } from "../../hooks/sides.ts";
import { CUSTOMER, type RunningCloud, deployCustomer, deployPartner, startCloud } from "../flow/deployment.ts";
import { accountOf } from "../flow/redriving.ts";

const THINGS = ["lamp-1", "lamp-2", "lamp-3"];

describe("hooks cost, measured", () => {
  let running: RunningCloud;
  let outputs: Readonly<Record<Side, object>>;
  before(async () => {
    running = await startCloud();
    const partner = await deployPartner(running);
    const customer = await deployCustomer(running, { reconcile: "rate(1 day)" });
    outputs = { customer: customer.outputs, partner: partner.outputs };
    const iot = new IoT(running.config(CUSTOMER));
    // One after the other, in one execution environment.
    for (const thingName of THINGS) {
      await iot.createThing({ thingName });
      await running.cloud.settled();
    }
  });
  after(() => running.endpoint.close());

  const usedBy = async (side: Side) => {
    const client = running.config(accountOf(side)) as unknown as Deployment<Side>["client"];
    const of = { side, client, callerArn: "", outputs: outputs[side] } as unknown as Deployment<Side>;
    // Until the minute after: the metrics' minutes are whole.
    return used(of, 30, running.cloud.clock.now() + 60_000);
  };

  it("has of each side what its events made AWS count", async () => {
    const counted = { customer: await usedBy("customer"), partner: await usedBy("partner") };
    const units = (side: Side) => Object.fromEntries(counted[side].map(({ unit, units: count }) => [unit, count]));
    expect(units("customer")).to.include({ "iot:registryOperations": 3, "lambda:requests": 3 });
    expect(units("partner")).to.include({
      ...{ "iot:messages": 6, "iot:rulesTriggered": 3, "iot:actionsExecuted": 3 },
      ...{ "lambda:requests": 3, "dynamodb:writes": 6 },
    });
    // One for each execution environment that took a thing, and this command's own look at the table.
    expect(units("partner")["dynamodb:reads"]).to.be.within(1.5, THINGS.length + 1);
    for (const side of ["customer", "partner"] as const) {
      expect(units(side)["logs:bytes"]).to.be.within(1000, 20_000);
      expect(units(side)["lambda:gbSeconds"]).to.be.above(0);
    }
    const messages = counted.partner.find(({ unit }) => unit === "iot:messages");
    expect(messages?.cost).to.be.closeTo(6e-6, 1e-9);
    expect(usedText(counted.partner, 7)).to.match(/partner │ AWS IoT, messages of 5 KB +│ +6 │ +0\.00/);
  });
});
