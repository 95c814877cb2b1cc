// `hooks smoke` as a process: the docs' own commands, its two halves one after the other, and a signal.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { CloudTrail } from "@aws-sdk/client-cloudtrail";
import { IoT } from "@aws-sdk/client-iot";
import {
  CUSTOMER,
  type Customer,
  PARTNER,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  startCloud,
} from "../flow/deployment.ts";
import { Desk } from "./desk.ts";

const PAGE = readFileSync(join(import.meta.dirname, "..", "..", "docs", "operating.md"), "utf8");
/** In their order, those of other ways last. */
const WRITTEN = [...PAGE.matchAll(/^npx hooks (smoke [^#\n]*)/gm)].map(([, command = ""]) => command.trim());

describe("hooks smoke, typed", () => {
  let running: RunningCloud;
  let customer: Customer;
  let desk: Desk;
  let iot: IoT;
  before(async () => {
    running = await startCloud();
    const partner = await deployPartner(running);
    customer = await deployCustomer(running);
    desk = await Desk.make(running, { customer: CUSTOMER, partner: PARTNER });
    await desk.write("customer.json", customer.outputs);
    await desk.write("partner.json", partner.outputs);
    iot = new IoT(running.config(CUSTOMER));
  });
  after(async () => {
    await running.endpoint.close();
    await desk.remove();
  });
  const things = async () => ((await iot.listThings({})).things ?? []).map(({ thingName = "" }) => thingName);

  it("does what the docs say: both, then one half after the other", async () => {
    const [both = "", first = "", second = ""] = WRITTEN;
    expect(WRITTEN).to.have.length(5);
    const whole = await desk.run(...both.split(" "));
    expect(whole.output).to.match(/senderCheck enforce passes\.\nRemoved: iot-hooks-smoke-[\da-f]{12}\.\n$/);
    expect(whole.code).to.equal(0);

    const half = await desk.run(...first.split(" "), "--json");
    expect(half.code).to.equal(0);
    const { eventId, thingName } = JSON.parse(half.output) as { eventId: string; thingName: string };
    const named = second.replace("EVENT_ID", eventId).replace("THING", thingName);
    const other = await desk.run(...named.split(" "));
    expect(other.output).to.contain("✓ the receive function takes it").and.to.contain("senderCheck enforce passes.");
    expect(other.code).to.equal(0);
    expect(await things()).to.deep.equal([]);
  });

  it("answers what came of another way, as the docs say it, with 1 where nothing did", async () => {
    const { code, output } = await desk.run(...(WRITTEN[3] ?? "").split(" "), "--timeout", "0.01");
    expect(output).to.contain("✓ the thing is made, by RegisterThing");
    expect(output).to.match(
      /^A thing made by RegisterThing was not heard of\. CloudTrail's event history has Register/m,
    );
    expect(output).to.match(/Removed: iot-hooks-smoke-[\da-f]{12}\.\n$/);
    expect(code).to.equal(1);
    expect(await things()).to.deep.equal([]);
  });

  it("ends with 1 where nothing arrives in time, the thing removed", async () => {
    const { trailArn: Name } = customer.outputs;
    const cloudtrail = new CloudTrail(running.config(CUSTOMER));
    await cloudtrail.stopLogging({ Name });
    const args = ["smoke", "customer", "--profile", "customer", "--outputs", "customer.json", "--timeout", "0.01"];
    const { code, output } = await desk.run(...args);
    await cloudtrail.startLogging({ Name });
    expect(code).to.equal(1);
    expect(output).to.contain("✗ the announce function publishes in the partner's account, not seen");
    expect(await things()).to.deep.equal([]);
  });

  it("ends at a SIGINT with 130, the thing removed", async () => {
    running.cloud.delivery.set({ delaySeconds: 3600 });
    const smoke = desk.start(["smoke", "customer", "--profile", "customer", "--outputs", "customer.json"]);
    await searched();
    expect(await things()).to.have.length(1);
    const { code, output } = await smoke.end("SIGINT");
    expect(code).to.equal(130);
    expect(output)
      .to.contain("It was interrupted.")
      .and.to.match(/Removed: iot-hooks-smoke-/);
    expect(await things()).to.deep.equal([]);
    running.cloud.delivery.set({});
  });

  for (const [what, args, sentence] of [
    ["which thing, of the partner's half", ["partner"], "--event-id ID --thing NAME"],
    ["that the customer's half makes its own", ["both", "--thing", "lamp"], "are for the partner's half"],
    ["which ways there are", ["customer", "--path", "jitp"], "Allowed choices are create-thing, register-thing, bulk."],
    [
      "that the customer's half chooses the way",
      ["partner", "--thing", "x", "--path", "register-thing"],
      "leave it out",
    ],
    [
      "what bulk registration needs",
      ["customer", "--path", "bulk", "--bucket", "b"],
      "give --bucket NAME and --role-arn",
    ],
    ["what a bucket is for", ["both", "--bucket", "b"], "add --path bulk, or leave them out"],
    ["how long may be waited", ["customer", "--timeout", "0"], "It takes minutes, up to a day."],
  ] as const)
    it(`says ${what}, and makes nothing`, async () => {
      const { code, output } = await desk.run("smoke", ...args);
      expect(code).to.equal(2);
      expect(output).to.contain(sentence);
      expect(await things()).to.deep.equal([]);
    });

  /** Resolves when a log is searched: then the thing is there. */
  async function searched(): Promise<void> {
    const { faults } = running.cloud;
    const strike = faults.strike.bind(faults);
    await new Promise<void>((resolve) => {
      faults.strike = (...call) => {
        if (call[1] === "FilterLogEvents") resolve();
        return strike(...call);
      };
    });
    faults.strike = strike;
  }
});
