// One customer with a stack of its own, in the real engine: a handful of resources, and the hub stays as it is.
import { expect } from "chai";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { createThing } from "../flow/deployment.ts";
import { CUSTOMER, CUSTOMER2, PARTNER } from "embedded-aws/testing";
import { Engine, configure, refusalOf, stepsOf } from "./harness.ts";
import { deleteRole, inventory } from "./inventory.ts";
import { CUSTOMER_CONFIG, HUB_STACK, PARTNER_CONFIG, access, customer, partner } from "./projects.ts";

const PROJECT = "iot-hooks-partner-customer";
const PUBLISH = `iot-hooks-publish-${CUSTOMER}`;
const configOf = (account: string) => ({
  "aws:profile": "partner",
  [`${PROJECT}:hub`]: HUB_STACK,
  [`${PROJECT}:roles`]: [`arn:aws:iam::${account}:role/publish-to-partner-role-${PARTNER}`],
});

describe("a customer's own stack at the partner, in the real engine", () => {
  let engine: Engine;
  let hub: Stack;
  let stack: Stack;
  let before_: string[];
  const account = () => engine.clients(PARTNER);

  before(async () => {
    engine = await Engine.start();
    hub = await engine.stack(partner, { ...PARTNER_CONFIG, "iot-hooks-partner:senderCheck": "enforce" });
    stack = await engine.stack(access, configOf(CUSTOMER), { name: CUSTOMER });
    await (await engine.stack(customer, CUSTOMER_CONFIG)).up();
  });
  after(() => engine.stop());

  it("says which hub isn't deployed yet", async () => {
    expect(await refusalOf(stack.preview())).to.include(`but that stack has no output contractVersion`);
  });

  it("makes exactly a role, its policy and an item, and is heard", async () => {
    await hub.up();
    before_ = await inventory(account());
    expect(await stepsOf((opts) => stack.up(opts))).to.deep.equal([
      "create aws:dynamodb/tableItem:TableItem " + PUBLISH,
      "create aws:iam/role:Role " + PUBLISH,
      "create aws:iam/rolePolicy:RolePolicy " + PUBLISH,
      "create cross-account-iot-hooks:index:CustomerAccess iot-hooks",
      "create iot-hooks:partner:PublishRole " + PUBLISH,
      "create pulumi:providers:aws partner",
      `create pulumi:pulumi:Stack ${PROJECT}-${CUSTOMER}`,
    ]);
    const [message] = await createThing(engine.running, "lamp");
    expect(message).to.include({ accountId: CUSTOMER, thingName: "lamp" });
  });

  it("shows no change afterwards, refreshed neither, and none in the hub", async () => {
    await stack.preview({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
    await hub.preview({ expectNoChanges: true });
    await hub.refresh({ expectNoChanges: true });
  });

  it("leaves another customer's stack alone, which is updated at the same time", async () => {
    const other = await engine.stack(access, configOf(CUSTOMER2), { name: CUSTOMER2, clone: "two" });
    await Promise.all([other.up(), stack.up()]);
    await stack.preview({ expectNoChanges: true });
    await other.destroy();
    await stack.preview({ expectNoChanges: true });
  });

  it("writes the id of a role that was deleted by hand and made anew, which is heard", async () => {
    await deleteRole(account(), `publish-from-customer-role-${CUSTOMER}`);
    await stack.refresh();
    await stack.up();
    await stack.preview({ expectNoChanges: true });
    await engine.running.cloud.advance(1_000);
    const [message] = await createThing(engine.running, "bulb");
    expect(message).to.include({ accountId: CUSTOMER, thingName: "bulb" });
  });

  it("disables it by its item and a Deny, and changes nothing else", async () => {
    await configure(stack, { [`${PROJECT}:disabled`]: "true" });
    expect(await stepsOf((opts) => stack.up(opts))).to.deep.equal([
      "update aws:dynamodb/tableItem:TableItem " + PUBLISH,
      "update aws:iam/rolePolicy:RolePolicy " + PUBLISH,
    ]);
    expect(await createThing(engine.running, "pump")).to.deep.equal([]);
  });

  it("leaves nothing when it is destroyed", async () => {
    await stack.destroy();
    expect(await inventory(account())).to.deep.equal(before_);
    const dynamodb = await account().dynamodb();
    const { hub: output } = await hub.outputs();
    const { customersTableName: TableName } = output?.value as { customersTableName: string };
    expect((await dynamodb.scan({ TableName })).Items).to.deep.equal([]);
  });
});
