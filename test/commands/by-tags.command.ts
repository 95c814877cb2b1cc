// What is found by tags is what a stack puts out: a command that is typed with either prints the same.
import { IoT } from "@aws-sdk/client-iot";
import { deployStack } from "embedded-aws/pulumi";
import { expect } from "chai";
import { customerAccessProgram } from "../../partner/customer/program.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  PARTNER,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  environmentOf,
  roleArnOf,
  startCloud,
} from "../flow/deployment.ts";
import { Desk } from "./desk.ts";

const HUB = "organization/iot-hooks-partner/dev";

describe("--by-tags, typed", () => {
  let running: RunningCloud;
  let desk: Desk;
  before(async () => {
    running = await startCloud();
    desk = await Desk.make(running, { customer: CUSTOMER, partner: PARTNER });
    const partner = await deployPartner(running, [roleArnOf(CUSTOMER)]);
    // A customer with a stack of its own, which no output of the hub's names.
    await deployStack(environmentOf(running), {
      project: "iot-hooks-partner-customer",
      program: customerAccessProgram,
      config: {
        ...{ "aws:profile": PARTNER, hub: HUB, roles: JSON.stringify([roleArnOf(CUSTOMER2)]) },
        ...{ externalId: "customer-2", disabled: "true" },
      },
      stackOutputs: { [HUB]: partner.outputs },
    });
    const customer = await deployCustomer(running, { reconcile: "rate(1 day)" });
    await desk.write("customer.json", customer.outputs);
    await desk.write("partner.json", partner.outputs);
    await new IoT(running.config(CUSTOMER)).createThing({ thingName: "lamp" });
    await running.cloud.settled();
  });
  after(async () => {
    await running.endpoint.close();
    await desk.remove();
  });

  /** The same words, once with the outputs and once by tags. */
  async function typed(...args: readonly string[]) {
    const byOutputs = await desk.run(...args);
    const byTags = await desk.run(
      ...args.map((arg) => arg.replace(/outputs$/, "by-tags").replace(/^\w+\.json$/, "us-east-1")),
    );
    return { byOutputs, byTags };
  }
  const PARTNERS = ["--outputs", "partner.json", "--profile", "partner"];
  const CUSTOMERS = ["--outputs", "customer.json", "--profile", "customer"];
  const BOTH = [
    ...["--partner-outputs", "partner.json", "--partner-profile", "partner"],
    ...["--customer-outputs", "customer.json", "--customer-profile", "customer"],
  ];

  for (const args of [
    ["doctor", "partner", "--json", ...PARTNERS],
    ["doctor", "both", "--json", ...BOTH],
    ["customer", "list", ...PARTNERS],
    ["customer", "show", CUSTOMER2, ...PARTNERS],
    ["customer", "add", "444444444444", "--no-external-id", ...PARTNERS],
    ["customer", "add", CUSTOMER2, "--name-suffix", "eu", "--apart", HUB, ...PARTNERS],
    ["customer", "remove", CUSTOMER2, ...PARTNERS],
    ["trace", "lamp", "--json", ...BOTH],
    ["trace", "lamp", "--only", "partner", "--json", ...BOTH],
    ["queues", "customer", ...CUSTOMERS],
    ["queues", "partner", ...PARTNERS],
    ["cost", "customer", "--json", ...CUSTOMERS],
    ["known", "--customer", CUSTOMER, ...PARTNERS],
  ])
    it(`says the same by tags as by outputs: hooks ${args.join(" ")}`, async () => {
      const { byOutputs, byTags } = await typed(...args);
      expect(byOutputs.code, byOutputs.output).to.be.below(2);
      expect(byTags).to.deep.equal(byOutputs);
    });
});
