import { expect } from "chai";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { createThing } from "../flow/deployment.ts";
import { CUSTOMER, PARTNER } from "embedded-aws/testing";
import { Engine, STACK_TRACE, configure, refusalOf, stepsOf } from "./harness.ts";
import { besidesKept, deleteRole, inventory } from "./inventory.ts";
import { CUSTOMER_ROLE, ROOT_CONFIG, root } from "./projects.ts";

describe("both sides as one stack in the real engine", () => {
  let engine: Engine;
  let stack: Stack;
  let empty: string[][];
  const both = () =>
    Promise.all([CUSTOMER, PARTNER].map((account) => inventory(engine.clients(account)).then(besidesKept)));

  before(async () => {
    engine = await Engine.start();
    empty = await both();
    stack = await engine.stack(root, ROOT_CONFIG);
  });
  after(() => engine.stop());

  it("is previewed on empty accounts as creations only, and changes nothing", async () => {
    const { changeSummary } = await stack.preview();
    expect(Object.keys(changeSummary)).to.deep.equal(["create"]);
    expect(await both()).to.deep.equal(empty);
  });

  it("is deployed into two accounts by two providers", async () => {
    const { outputs } = await stack.up();
    expect(outputs.customer?.value).to.include({ accountId: CUSTOMER });
    expect(outputs.partner?.value).to.include({ accountId: PARTNER });
  });

  it("shows no change right afterwards, nor when it is refreshed", async () => {
    await stack.preview({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
  });

  it("shows no change from a clone in another folder", async () => {
    const cloned = await engine.programOfClone("program.ts", "program");
    const other = await engine.stack({ ...root, program: cloned }, ROOT_CONFIG, { clone: "two" });
    await other.preview({ expectNoChanges: true });
  });

  it("carries a thing across", async () => {
    const [message] = await createThing(engine.running, "lamp");
    expect(message).to.include({ accountId: CUSTOMER, operation: "create_thing", thingName: "lamp" });
    await (await engine.clients(CUSTOMER).iot()).deleteThing({ thingName: "lamp" });
  });

  it("changes exactly what both sides know of the operations for one more", async () => {
    await configure(stack, { "iot-hooks:operations": ["create_thing", "delete_thing"] });
    expect(await stepsOf((opts) => stack.up(opts))).to.deep.equal([
      "update aws:cloudwatch/eventRule:EventRule iot-hooks-registry",
      `update aws:iam/rolePolicy:RolePolicy iot-hooks-publish-${CUSTOMER}`,
      "update aws:iam/rolePolicy:RolePolicy iot-hooks-receive",
      "update aws:lambda/alias:Alias iot-hooks-announce",
      "update aws:lambda/alias:Alias iot-hooks-receive",
      "update aws:lambda/function:Function iot-hooks-announce",
      "update aws:lambda/function:Function iot-hooks-receive",
    ]);
  });

  it("makes roles of both accounts again that were deleted behind its back", async () => {
    await deleteRole(engine.clients(CUSTOMER), CUSTOMER_ROLE);
    await deleteRole(engine.clients(PARTNER), `publish-from-customer-role-${CUSTOMER}`);
    await stack.refresh();
    await stack.up();
    const [message] = await createThing(engine.running, "second-lamp");
    expect(message).to.include({ thingName: "second-lamp" });
    await (await engine.clients(CUSTOMER).iot()).deleteThing({ thingName: "second-lamp" });
  });

  it("says a mistake in the configuration in one sentence, without a stack trace", async () => {
    await configure(stack, { "iot-hooks:partnerAccountId": CUSTOMER });
    const error = await refusalOf(stack.preview());
    expect(error)
      .to.match(/partnerAccountId/)
      .and.not.match(STACK_TRACE);
    await configure(stack, ROOT_CONFIG);
  });

  it("leaves both accounts as empty as before when it is destroyed, and no plugin", async () => {
    await stack.destroy();
    expect(await both()).to.deep.equal(empty);
    await engine.pluginsEnd();
  });
});
