import { expect } from "chai";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { CUSTOMER, PARTNER } from "embedded-aws/testing";
import { Engine, STACK_TRACE, configure, refusalOf, stepsOf } from "./harness.ts";
import { besidesKept, deleteRole, inventory, kept } from "./inventory.ts";
import { CUSTOMER_CONFIG, CUSTOMER_ROLE, customer } from "./projects.ts";

describe("the customer's stack in the real engine", () => {
  let engine: Engine;
  let stack: Stack;
  let empty: string[];
  const account = () => engine.clients(CUSTOMER);

  before(async () => {
    engine = await Engine.start();
    empty = await inventory(account());
    stack = await engine.stack(customer, CUSTOMER_CONFIG);
  });
  after(() => engine.stop());

  it("is previewed on an empty account as creations only, and changes nothing", async () => {
    const { changeSummary } = await stack.preview();
    expect(Object.keys(changeSummary)).to.deep.equal(["create"]);
    expect(await inventory(account())).to.deep.equal(empty);
  });

  it("is deployed", async () => {
    const { outputs, summary } = await stack.up();
    expect(Object.keys(summary.resourceChanges ?? {})).to.deep.equal(["create"]);
    expect(outputs.roleArn?.value).to.equal(`arn:aws:iam::${CUSTOMER}:role/${CUSTOMER_ROLE}`);
  });

  it("has the hash of the function's code in its state, and not the code", async () => {
    expect(JSON.stringify(await stack.exportStack()))
      .to.match(/"hash":"[0-9a-f]{64}"/)
      .and.not.to.include('"text":');
  });

  it("shows no change right afterwards", async () => {
    await stack.preview({ expectNoChanges: true });
  });

  it("shows no change from a clone in another folder", async () => {
    const program = await engine.programOfClone("customer/program.ts", "customerProgram");
    const other = await engine.stack({ ...customer, program }, CUSTOMER_CONFIG, { clone: "two" });
    await other.preview({ expectNoChanges: true });
  });

  it("is refreshed without a change", async () => {
    await stack.refresh({ expectNoChanges: true });
  });

  it("changes exactly the rule, the function, its alias for one more operation", async () => {
    await configure(stack, { "iot-hooks-customer:operations": ["create_thing", "delete_thing"] });
    expect(await stepsOf((opts) => stack.up(opts))).to.deep.equal([
      "update aws:cloudwatch/eventRule:EventRule iot-hooks-registry",
      "update aws:lambda/alias:Alias iot-hooks-announce",
      "update aws:lambda/function:Function iot-hooks-announce",
    ]);
  });

  it("runs on another architecture after an update in place", async () => {
    const lambda = await account().lambda();
    const architectures = async () => {
      const { functionName } = await stack.outputs();
      const FunctionName = functionName?.value as string;
      return (await lambda.getFunctionConfiguration({ FunctionName })).Architectures;
    };
    expect(await architectures()).to.deep.equal(["arm64"]);
    await configure(stack, { "iot-hooks-customer:architecture": "x86_64" });
    expect(await stepsOf((opts) => stack.up(opts))).to.deep.equal([
      "update aws:lambda/alias:Alias iot-hooks-announce",
      "update aws:lambda/function:Function iot-hooks-announce",
    ]);
    expect(await architectures()).to.deep.equal(["x86_64"]);
    await stack.preview({ expectNoChanges: true });
  });

  it("says in the preview of another name suffix what the partner must do", async () => {
    await configure(stack, { "iot-hooks-customer:nameSuffix": "eu" });
    const { stdout: table } = await stack.preview({ color: "never" });
    expect(table).to.match(/AnnounceFunction .*~partnerMust/);
    const { stdout: details } = await stack.preview({ color: "never", diff: true });
    const trust = (role: string) => `"trust arn:aws:iam::${CUSTOMER}:role/${role}, by its setting customers"`;
    expect(details).to.include(`~ partnerMust: ${trust(CUSTOMER_ROLE)} => ${trust(`${CUSTOMER_ROLE}-eu`)}`);
  });

  it("replaces the role for another name of it: the new one is made before the old one is deleted", async () => {
    await configure(stack, { "iot-hooks-customer:nameSuffix": "eu" });
    const order: string[] = [];
    await stack.up({
      onEvent: ({ resourcePreEvent: step }) => {
        if (step?.metadata.type !== "aws:iam/role:Role" || step.metadata.op === "same") return;
        order.push(step.metadata.op);
      },
    });
    expect(order).to.deep.equal(["create-replacement", "replace", "delete-replaced"]);
    expect(await inventory(account()))
      .to.include(`role ${CUSTOMER_ROLE}-eu`)
      .and.not.include(`role ${CUSTOMER_ROLE}`);
    await stack.removeConfig("iot-hooks-customer:nameSuffix");
    await stack.up();
    await stack.preview({ expectNoChanges: true });
  });

  it("makes a role again that was deleted behind its back, once a refresh has seen it", async () => {
    await deleteRole(account(), CUSTOMER_ROLE);
    const { summary } = await stack.refresh();
    expect(summary.resourceChanges?.delete).to.equal(2); // the role, and its policy
    await stack.up();
    expect(await inventory(account())).to.include(`role ${CUSTOMER_ROLE}`);
    await stack.preview({ expectNoChanges: true });
  });

  it("puts back what was changed behind its back, once a refresh has seen it", async () => {
    const events = await account().events();
    const { Rules: [rule] = [] } = await events.listRules({});
    await events.disableRule({ Name: rule?.Name });
    await stack.refresh();
    expect(await stepsOf((opts) => stack.up(opts))).to.deep.equal([
      "update aws:cloudwatch/eventRule:EventRule iot-hooks-registry",
    ]);
    expect((await events.describeRule({ Name: rule?.Name })).State).to.equal("ENABLED");
  });

  it("leaves the account as empty as before when it is destroyed, but for its dead-letter queues", async () => {
    await stack.destroy();
    const left = await inventory(account());
    expect(besidesKept(left)).to.deep.equal(empty);
    expect(kept(left)).to.deep.equal([
      "queue iot-hooks-announce-dead-letters",
      "queue iot-hooks-registry-dead-letters",
    ]);
  });

  it("says a mistake in the configuration in one sentence, without a stack trace", async () => {
    await configure(stack, { "iot-hooks-customer:accountId": "12" });
    const error = await refusalOf(stack.preview());
    expect(error)
      .to.match(/customer:accountId/)
      .and.not.match(STACK_TRACE);
  });

  it("refuses credentials of another account", async () => {
    await configure(stack, { "iot-hooks-customer:accountId": CUSTOMER, "aws:profile": "partner" });
    const error = await refusalOf(stack.preview());
    expect(error).to.include(`AWS account ID not allowed: ${PARTNER}`).and.not.match(STACK_TRACE);
  });

  it("leaves no plugin behind", async () => {
    await engine.pluginsEnd();
  });
});
