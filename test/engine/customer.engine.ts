import { expect } from "chai";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { IAM } from "@aws-sdk/client-iam";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";
import { customerProgram } from "../../customer/program.ts";
import { Engine, refusalOf, stepsInto, type Project } from "./harness.ts";

const CONFIG = {
  "aws:region": { value: "us-east-1" },
  "aws:profile": { value: "customer" },
  "customer:accountId": { value: "111111111111" },
  "customer:partnerAccountId": { value: "222222222222" },
  "customer:createTrail": { value: "true" },
};
const customer: Project = { name: "customer", folder: "customer", program: customerProgram };

describe("the customer's stack in the real engine", () => {
  let engine: Engine;
  let stack: Stack;
  const iam = () =>
    new IAM({
      endpoint: engine.cloud.endpoint,
      region: "us-east-1",
      credentials: engine.cloud.administrator("111111111111"),
    });

  before(async () => {
    engine = await Engine.start();
    stack = await engine.stack(customer, CONFIG);
  });
  after(() => engine.stop());

  it("is previewed on an empty account as creations only, and changes nothing", async () => {
    const { changeSummary } = await stack.preview();
    expect(Object.keys(changeSummary)).to.deep.equal(["create"]);
    expect((await iam().listRoles({})).Roles).to.deep.equal([]);
  });

  it("is deployed", async () => {
    const { outputs, summary } = await stack.up();
    expect(Object.keys(summary.resourceChanges ?? {})).to.deep.equal(["create"]);
    expect(outputs.roleArn?.value).to.equal("arn:aws:iam::111111111111:role/publish-to-partner-role-222222222222");
  });

  it("shows no change right afterwards", async () => {
    await stack.preview({ expectNoChanges: true });
  });

  it("shows no change from a clone in another folder", async () => {
    const folder = await engine.clone();
    const module = (await import(pathToFileURL(join(folder, "customer", "program.ts")).href)) as {
      customerProgram: PulumiFn;
    };
    const other = await engine.stack({ ...customer, program: module.customerProgram }, CONFIG, "two");
    await other.preview({ expectNoChanges: true });
  });

  it("is refreshed without a change", async () => {
    await stack.refresh({ expectNoChanges: true });
  });

  it("changes exactly the rule, the function, its alias for one more operation", async () => {
    await stack.setConfig("customer:operations[0]", { value: "create_thing" }, true);
    await stack.setConfig("customer:operations[1]", { value: "delete_thing" }, true);
    const changed: string[] = [];
    await stack.up({ onEvent: stepsInto(changed) });
    expect(changed.sort()).to.deep.equal([
      "update aws:cloudwatch/eventRule:EventRule",
      "update aws:lambda/alias:Alias",
      "update aws:lambda/function:Function",
    ]);
  });

  it("makes a role again that was deleted behind its back, once a refresh has seen it", async () => {
    const RoleName = "publish-to-partner-role-222222222222";
    const { PolicyNames = [] } = await iam().listRolePolicies({ RoleName });
    for (const PolicyName of PolicyNames) await iam().deleteRolePolicy({ RoleName, PolicyName });
    await iam().deleteRole({ RoleName });
    const { summary } = await stack.refresh();
    expect(summary.resourceChanges?.delete).to.be.greaterThan(0);
    await stack.up();
    expect((await iam().getRole({ RoleName })).Role?.RoleName).to.equal(RoleName);
    await stack.preview({ expectNoChanges: true });
  });

  it("leaves the account empty when it is destroyed", async () => {
    await stack.destroy();
    expect((await iam().listRoles({})).Roles).to.deep.equal([]);
  });

  it("says a mistake in the configuration in one sentence, without a stack trace", async () => {
    await stack.setConfig("customer:accountId", { value: "12" });
    const error = await refusalOf(stack.preview());
    expect(error)
      .to.match(/customer:accountId/)
      .and.not.match(/\n\s+at /);
  });

  it("refuses credentials of another account", async () => {
    await stack.setConfig("customer:accountId", { value: "111111111111" });
    await stack.setConfig("aws:profile", { value: "partner" });
    const error = await refusalOf(stack.preview());
    expect(error).to.include("AWS account ID not allowed: 222222222222");
  });

  it("leaves no plugin behind", async () => {
    expect(await engine.plugins()).to.deep.equal([]);
  });
});
