// Both components as a program in any language uses them: the engine asks the plugin's process to construct them.
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { CUSTOMER, DEFAULT_REGION, PARTNER } from "embedded-aws/testing";
import { createThing } from "../flow/deployment.ts";
import { Engine, refusalOf } from "./harness.ts";
import { besidesKept, inventory } from "./inventory.ts";

/** What `pulumi package add` generates for each component, in whichever language: a resource that is made elsewhere. */
class Remote extends pulumi.ComponentResource {
  declare readonly roleArn: pulumi.Output<string>;
  declare readonly functionName: pulumi.Output<string>;
  declare readonly publishRoleArns: pulumi.Output<Record<string, string>>;

  constructor(component: string, name: string, args: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
    const outputs = { roleArn: undefined, functionName: undefined, publishRoleArns: undefined };
    super(`cross-account-iot-hooks:index:${component}`, name, { ...outputs, ...args }, opts, true);
  }
}

const providerOf = (accountId: string, profile: string) =>
  new aws.Provider(profile, { allowedAccountIds: [accountId], region: DEFAULT_REGION, profile });

const deployed = (customerArgs: pulumi.Inputs) => () => {
  const inCustomer = { providers: { aws: providerOf(CUSTOMER, "customer") } };
  const inPartner = { providers: { aws: providerOf(PARTNER, "partner") } };
  const customer = new Remote("CustomerHooks", "customer", { createTrail: true, ...customerArgs }, inCustomer);
  const onThing = { entry: join(import.meta.dirname, "..", "..", "partner", "on-thing.ts"), timeout: 20 };
  // What one side puts out is what the other takes: known or not, a value has to pass through the engine.
  const customers = [{ accountId: CUSTOMER, roleArns: [customer.roleArn] }];
  const partner = new Remote("PartnerHooks", "partner", { customers, onThing, debug: true }, inPartner);
  return Promise.resolve({
    roleArn: customer.roleArn,
    functionName: partner.functionName,
    publishRoleArns: partner.publishRoleArns,
  });
};

describe("the plugin in the real engine", () => {
  let engine: Engine;
  let stack: Stack;
  let empty: string[][];
  const both = () =>
    Promise.all([CUSTOMER, PARTNER].map((account) => inventory(engine.clients(account)).then(besidesKept)));
  const stackOf = (program: () => Promise<object>, name: string) =>
    engine.stack({ name: "other-language", program }, {}, { name });

  before(async () => {
    engine = await Engine.start();
    empty = await both();
    stack = await stackOf(deployed({ partnerAccountId: PARTNER }), "dev");
  });
  after(() => engine.stop());

  it("is previewed on empty accounts without a change to them", async () => {
    await stack.preview();
    expect(await both()).to.deep.equal(empty);
  });

  it("constructs both components, each in the account of its provider", async () => {
    const { outputs } = await stack.up();
    expect(outputs.roleArn?.value).to.equal(`arn:aws:iam::${CUSTOMER}:role/publish-to-partner-role-${PARTNER}`);
    expect(outputs.publishRoleArns?.value).to.deep.equal({
      [CUSTOMER]: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`,
    });
    expect(outputs.functionName?.value).to.match(/^partner-receive-[0-9a-f]{7}$/);
  });

  it("carries a thing across", async () => {
    const [message] = await createThing(engine.running, "lamp");
    expect(message).to.include({ accountId: CUSTOMER, operation: "create_thing", thingName: "lamp" });
    await (await engine.clients(CUSTOMER).iot()).deleteThing({ thingName: "lamp" });
  });

  it("shows no change right afterwards", async () => {
    await stack.preview({ expectNoChanges: true });
  });

  it("says a mistake in the arguments in the component's own sentence", async () => {
    const wrong = await stackOf(deployed({ partnerAccountId: CUSTOMER }), "wrong");
    expect(await refusalOf(wrong.preview())).to.match(
      /partnerAccountId of CustomerHooks "customer" is "111111111111", but so is accountId/,
    );
  });

  it("leaves both accounts as empty as before when it is destroyed", async () => {
    await stack.destroy();
    expect(await both()).to.deep.equal(empty);
  });
});
