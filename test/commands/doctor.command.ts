// `hooks doctor` as a process: the docs' own commands, what they print, and what they end with.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { EventBridge } from "@aws-sdk/client-eventbridge";
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
const WRITTEN = new Set([...PAGE.matchAll(/^npx hooks (doctor [^#\n]*)/gm)].map(([, command = ""]) => command.trim()));

describe("hooks doctor, typed", () => {
  let running: RunningCloud;
  let customer: Customer;
  let desk: Desk;
  before(async () => {
    running = await startCloud();
    customer = await deployCustomer(running);
    const { outputs } = await deployPartner(running);
    desk = await Desk.make(running, { customer: CUSTOMER, partner: PARTNER });
    await desk.write("customer.json", customer.outputs);
    await desk.write("partner.json", outputs);
  });
  after(async () => {
    await running.endpoint.close();
    await desk.remove();
  });

  it("is in docs/operating.md for either side and for both", () => {
    expect(new Set([...WRITTEN].map((command) => command.split(" ")[1]))).to.deep.equal(
      new Set(["customer", "partner", "both"]),
    );
  });

  for (const command of WRITTEN)
    it(`does what the docs say: hooks ${command}`, async () => {
      const { code, output } = await desk.run(...command.split(" "));
      expect(output).to.match(/checks: 0 broken, 0 at risk, \d to know; 1 things not looked at\.\n$/);
      expect(code).to.equal(0);
    });

  it("ends with 1 where something is broken, and prints JSON", async () => {
    const events = new EventBridge(running.config(CUSTOMER));
    await events.disableRule({ Name: customer.outputs.ruleName });
    const args = ["doctor", "customer", "--profile", "customer", "--outputs", "customer.json", "--json"];
    const { code, output } = await desk.run(...args);
    await events.enableRule({ Name: customer.outputs.ruleName });
    expect(code).to.equal(1);
    const { findings, unseen } = JSON.parse(output) as { findings: object[]; unseen: object[] };
    expect(findings[0]).to.deep.equal({
      side: "customer",
      id: "rule.disabled",
      severity: "broken",
      what: `The rule ${customer.outputs.ruleName} is switched off.`,
      why: "What happens in the meantime is announced to nobody, later neither.",
      mend: `aws events enable-rule --name ${customer.outputs.ruleName} --region us-east-1`,
    });
    expect(unseen).to.have.length(1);
  });

  it("has examples in its help", async () => {
    const { code, output } = await desk.run("doctor", "--help");
    expect(code).to.equal(0);
    expect(output).to.contain("Examples:");
  });
});
