// GitHub's two roles, as the real engine uses them: one previews and can change nothing, the other deploys and takes
// down.
import { expect } from "chai";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { assumeWith, CUSTOMER } from "embedded-aws/testing";
import { Engine, configure, refusalOf, stepsOf } from "./harness.ts";
import { besidesKept, inventory } from "./inventory.ts";
import { CUSTOMER_SETTINGS, customer, pipeline } from "./projects.ts";

describe("the pipeline's roles in the real engine", () => {
  let engine: Engine;
  let previewing: Stack;
  let deploying: Stack;
  let empty: string[];
  const account = () => engine.clients(CUSTOMER);

  /**
   * The customer's stack, for a session with the policy of one of the roles: the roles themselves trust GitHub's
   * tokens alone.
   */
  async function stackAs(purpose: "preview" | "deploy"): Promise<Stack> {
    const iam = await account().iam();
    const { Roles = [] } = await iam.listRoles({});
    const RoleName = Roles.find(({ RoleName: name }) => name?.startsWith(`github-iot-hooks-${purpose}`))?.RoleName;
    const [PolicyName] = (await iam.listRolePolicies({ RoleName })).PolicyNames ?? [];
    const { PolicyDocument = "" } = await iam.getRolePolicy({ RoleName, PolicyName });
    const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: object[] };
    const keys = await assumeWith(engine.running, CUSTOMER, Statement, purpose);
    return engine.stack(customer, CUSTOMER_SETTINGS, { keys });
  }

  before(async () => {
    engine = await Engine.start();
    const roles = await engine.stack(pipeline, {
      "aws:region": "us-east-1",
      "aws:profile": "customer",
      "iot-hooks-pipeline:accountId": CUSTOMER,
      "iot-hooks-pipeline:side": "customer",
      "iot-hooks-pipeline:repository": "example/hooks",
      "iot-hooks-pipeline:stateBucket": "example-pulumi-state",
    });
    await roles.up();
    previewing = await stackAs("preview");
    deploying = await stackAs("deploy");
    empty = await inventory(account());
  });
  after(() => engine.stop());

  it("deploy the side, with nothing to change afterwards", async () => {
    await deploying.up();
    await deploying.preview({ expectNoChanges: true });
  });

  it("preview a change, and can't make it", async () => {
    await configure(previewing, { "iot-hooks-customer:operations": ["create_thing", "delete_thing"] });
    const before = await inventory(account());
    const change = [
      "update aws:cloudwatch/eventRule:EventRule iot-hooks-registry",
      "update aws:lambda/alias:Alias iot-hooks-announce",
      "update aws:lambda/function:Function iot-hooks-announce",
    ];
    expect(await stepsOf((opts) => previewing.preview(opts))).to.deep.equal(change);
    expect(await refusalOf(previewing.up())).to.include("is not authorized to perform");
    expect(await refusalOf(previewing.destroy())).to.include("is not authorized to perform");
    expect(await inventory(account())).to.deep.equal(before);
    expect(await stepsOf((opts) => deploying.up(opts))).to.deep.equal(change);
  });

  it("take the side down, and leave what they didn't make, and what is kept", async () => {
    await deploying.destroy();
    expect(besidesKept(await inventory(account()))).to.deep.equal(empty);
  });
});
