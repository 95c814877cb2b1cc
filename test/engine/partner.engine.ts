import { expect } from "chai";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { createThing } from "../flow/deployment.ts";
import { CUSTOMER, CUSTOMER2, PARTNER } from "embedded-aws/testing";
import { Engine, STACK_TRACE, configure, refusalOf, stepsOf } from "./harness.ts";
import { besidesKept, deleteRole, inventory, kept } from "./inventory.ts";
import { CUSTOMER_CONFIG, CUSTOMER_STACK, PARTNER_CONFIG, customer, partner } from "./projects.ts";

const roleOf = (account: string) => `arn:aws:iam::${account}:role/publish-to-partner-role-${PARTNER}`;

describe("the partner's stack in the real engine", () => {
  let engine: Engine;
  let stack: Stack;
  let other: Stack;
  let empty: string[];
  const list = (...customers: readonly string[]) => configure(stack, { "iot-hooks-partner:customers": customers });
  const account = () => engine.clients(PARTNER);

  before(async () => {
    engine = await Engine.start();
    empty = await inventory(account());
    stack = await engine.stack(partner, PARTNER_CONFIG);
    other = await engine.stack(customer, CUSTOMER_CONFIG);
  });
  after(() => engine.stop());

  it("says which stack of a customer is unknown, or not deployed yet", async () => {
    await list("organization/iot-hooks-customer/nobody");
    const unknown = await refusalOf(stack.preview());
    expect(unknown)
      .to.include("unknown stack")
      .and.include("organization/iot-hooks-customer/nobody")
      .and.not.match(STACK_TRACE);
    await list(CUSTOMER_STACK);
    const undeployed = await refusalOf(stack.preview());
    expect(undeployed)
      .to.include(`iot-hooks-partner:customers[0] is "${CUSTOMER_STACK}", but that stack has no output contractVersion`)
      .and.not.match(STACK_TRACE);
  });

  it(
    "is previewed before its customer, whose role is named by its ARN, as creations only, and changes " + "nothing",
    async () => {
      await list(roleOf(CUSTOMER));
      const { changeSummary } = await stack.preview();
      expect(Object.keys(changeSummary)).to.deep.equal(["create"]);
      expect(await inventory(account())).to.deep.equal(empty);
    },
  );

  it("is deployed before its customer, and shows no change afterwards, refreshed neither", async () => {
    await stack.up();
    await stack.preview({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
  });

  it("says in the preview of another name suffix what each customer must do", async () => {
    await configure(stack, { "iot-hooks-partner:nameSuffix": "eu" });
    const { stdout } = await stack.preview({ color: "never", diff: true });
    expect(stdout).to.include('~ customerMust: "leave partnerNameSuffix unset" => "set partnerNameSuffix to \\"eu\\""');
    await stack.removeConfig("iot-hooks-partner:nameSuffix");
  });

  it("shows no change from a clone in another folder", async () => {
    const program = await engine.programOfClone("partner/program.ts", "partnerProgram");
    const clone = await engine.stack({ ...partner, program }, PARTNER_CONFIG, { clone: "two" });
    await configure(clone, { "iot-hooks-partner:customers": [roleOf(CUSTOMER)] });
    await clone.preview({ expectNoChanges: true });
  });

  it("hears of a thing once the customer has deployed", async () => {
    await other.up();
    const [message] = await createThing(engine.running, "lamp");
    expect(message).to.include({ accountId: CUSTOMER, operation: "create_thing", thingName: "lamp" });
  });

  it(
    "needs no update when it names the customer's stack instead, nor after that was destroyed and " + "deployed again",
    async () => {
      await list(CUSTOMER_STACK);
      await stack.preview({ expectNoChanges: true });
      await other.destroy();
      await other.up();
      await stack.preview({ expectNoChanges: true });
      const [message] = await createThing(engine.running, "second-lamp");
      expect(message).to.include({ accountId: CUSTOMER, thingName: "second-lamp" });
    },
  );

  it("makes exactly a role, its policy and an item for one more customer, and leaves the function alone", async () => {
    await list(CUSTOMER_STACK, roleOf(CUSTOMER2));
    expect(await stepsOf((opts) => stack.up(opts))).to.deep.equal([
      `create aws:dynamodb/tableItem:TableItem iot-hooks-publish-${CUSTOMER2}`,
      `create aws:iam/role:Role iot-hooks-publish-${CUSTOMER2}`,
      `create aws:iam/rolePolicy:RolePolicy iot-hooks-publish-${CUSTOMER2}`,
      `create iot-hooks:partner:PublishRole iot-hooks-publish-${CUSTOMER2}`,
    ]);
  });

  it("changes exactly the customers' permissions, the function's and the function for one more operation", async () => {
    await configure(stack, { "iot-hooks-partner:operations": ["create_thing", "delete_thing"] });
    expect(await stepsOf((opts) => stack.up(opts))).to.deep.equal([
      `update aws:iam/rolePolicy:RolePolicy iot-hooks-publish-${CUSTOMER}`,
      `update aws:iam/rolePolicy:RolePolicy iot-hooks-publish-${CUSTOMER2}`,
      "update aws:iam/rolePolicy:RolePolicy iot-hooks-receive",
      "update aws:lambda/alias:Alias iot-hooks-receive",
      "update aws:lambda/function:Function iot-hooks-receive",
    ]);
  });

  it("changes only the function, its alias, its permissions when debug messages are switched off", async () => {
    await configure(stack, { "iot-hooks-partner:debug": "false" });
    expect(await stepsOf((opts) => stack.up(opts))).to.deep.equal([
      "update aws:iam/rolePolicy:RolePolicy iot-hooks-receive",
      "update aws:lambda/alias:Alias iot-hooks-receive",
      "update aws:lambda/function:Function iot-hooks-receive",
    ]);
    await configure(stack, { "iot-hooks-partner:debug": "true" });
    await stack.up();
  });

  it(
    "makes a customer's role again that was deleted behind its back, and the customer is heard again " +
      "without doing anything",
    async () => {
      await deleteRole(account(), `publish-from-customer-role-${CUSTOMER}`);
      await stack.refresh();
      await stack.up();
      await stack.preview({ expectNoChanges: true });
      const [message] = await createThing(engine.running, "third-lamp");
      expect(message).to.include({ accountId: CUSTOMER, thingName: "third-lamp" });
    },
  );

  it("says a mistake in the configuration in one sentence, without a stack trace", async () => {
    await list(CUSTOMER_STACK, "arn:aws:iam::333333333333:role/*");
    const error = await refusalOf(stack.preview());
    expect(error)
      .to.match(/partner:customers\[1\]/)
      .and.not.match(STACK_TRACE);
    await list(CUSTOMER_STACK, roleOf(CUSTOMER2));
  });

  it("leaves its dead-letter queues and its table when it is destroyed, nothing else, and no plugin", async () => {
    await stack.destroy();
    const left = await inventory(account());
    expect(besidesKept(left)).to.deep.equal(empty);
    expect(kept(left)).to.deep.equal([
      "queue iot-hooks-receive-dead-letters",
      "queue iot-hooks-receive-rule-dead-letters",
      "table iot-hooks-registry",
    ]);
    await engine.pluginsEnd();
  });
});
