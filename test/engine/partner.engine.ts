import { expect } from "chai";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { customerProgram } from "../../customer/program.ts";
import { partnerProgram } from "../../partner/program.ts";
import { Engine, refusalOf, stepsInto, type Project } from "./harness.ts";

const customer: Project = { name: "customer", folder: "customer", program: customerProgram };
const partner: Project = { name: "partner", folder: "partner", program: partnerProgram };
const CUSTOMER = {
  "aws:region": { value: "us-east-1" },
  "aws:profile": { value: "customer" },
  "customer:accountId": { value: "111111111111" },
  "customer:partnerAccountId": { value: "222222222222" },
};
const PARTNER = {
  "aws:region": { value: "us-east-1" },
  "aws:profile": { value: "partner" },
  "partner:accountId": { value: "222222222222" },
};

describe("the partner's stack in the real engine", () => {
  let engine: Engine;
  let stack: Stack;
  const listCustomer = (value: string) => stack.setConfig("partner:customers[0]", { value }, true);

  before(async () => {
    engine = await Engine.start();
    stack = await engine.stack(partner, PARTNER);
  });
  after(() => engine.stop());

  it("says which stack of a customer is unknown", async () => {
    await listCustomer("organization/customer/dev");
    const error = await refusalOf(stack.preview());
    expect(error).to.include("unknown stack").and.include("organization/customer/dev");
  });

  it("is deployed before its customer, whose role is named by its ARN", async () => {
    await listCustomer("arn:aws:iam::111111111111:role/publish-to-partner-role-222222222222");
    await stack.up();
    await stack.preview({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
  });

  it("needs no update when it names the customer's stack instead, nor after that was destroyed and deployed again", async () => {
    const other = await engine.stack(customer, CUSTOMER);
    await other.up();
    await listCustomer("organization/customer/dev");
    const steps: string[] = [];
    await stack.preview({ onEvent: stepsInto(steps) });
    expect(steps).to.deep.equal([]);
    await other.destroy();
    await other.up();
    await stack.preview({ onEvent: stepsInto(steps) });
    expect(steps).to.deep.equal([]);
    await other.destroy();
  });

  it("changes only the function, its alias, its permissions when debug messages are switched off", async () => {
    await listCustomer("arn:aws:iam::111111111111:role/publish-to-partner-role-222222222222");
    await stack.setConfig("partner:debug", { value: "false" });
    const steps: string[] = [];
    await stack.up({ onEvent: stepsInto(steps) });
    expect(steps.sort()).to.deep.equal([
      "update aws:iam/rolePolicy:RolePolicy",
      "update aws:lambda/alias:Alias",
      "update aws:lambda/function:Function",
    ]);
  });

  it("is destroyed, and leaves no plugin behind", async () => {
    const { summary } = await stack.destroy();
    expect(Object.keys(summary.resourceChanges ?? {})).to.deep.equal(["delete"]);
    expect(await engine.plugins()).to.deep.equal([]);
  });
});
