import { IoT } from "@aws-sdk/client-iot";
import { expect } from "chai";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { program } from "../../program.ts";
import { Engine, type Project } from "./harness.ts";

const root: Project = { name: "cross-account-iot-hooks", folder: ".", program };
const CONFIG = {
  "aws:region": { value: "us-east-1" },
  "cross-account-iot-hooks:customerAccountId": { value: "111111111111" },
  "cross-account-iot-hooks:customerProfile": { value: "customer" },
  "cross-account-iot-hooks:partnerAccountId": { value: "222222222222" },
  "cross-account-iot-hooks:partnerProfile": { value: "partner" },
  "cross-account-iot-hooks:createTrail": { value: "true" },
};

describe("both sides as one stack in the real engine", () => {
  let engine: Engine;
  let stack: Stack;
  before(async () => {
    engine = await Engine.start();
    stack = await engine.stack(root, CONFIG);
  });
  after(() => engine.stop());

  it("is deployed into two accounts by two providers, and shows no change afterwards", async () => {
    const { outputs } = await stack.up();
    expect(outputs.customer?.value).to.include({ accountId: "111111111111" });
    expect(outputs.partner?.value).to.include({ accountId: "222222222222" });
    await stack.preview({ expectNoChanges: true });
  });

  it("is destroyed, and leaves no plugin behind", async () => {
    await stack.destroy();
    const credentials = engine.cloud.administrator("222222222222");
    const iot = new IoT({ endpoint: engine.cloud.endpoint, region: "us-east-1", credentials });
    expect((await iot.listTopicRules({})).rules).to.deep.equal([]);
    expect(await engine.plugins()).to.deep.equal([]);
  });
});
