// «Why did nothing arrive?»: what the trace says where a registry call has no consequence, and what came of those
// that have.
import { expect } from "chai";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { IoT } from "@aws-sdk/client-iot";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { CUSTOMER, startCloud, type RunningCloud } from "./cloud.ts";
import { LambdaScene } from "./lambda-scene.ts";
import { makeTrail } from "./trails.ts";

describe("a registry call that nothing comes of", () => {
  let running: RunningCloud;
  let events: EventBridge;
  let iot: IoT;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());
  beforeEach(async () => {
    await running.cloud.reset();
    events = new EventBridge(running.config(CUSTOMER));
    iot = new IoT(running.config(CUSTOMER));
  });

  const rule = (Name: string, eventName: string, State: "ENABLED" | "DISABLED" = "ENABLED") =>
    events.putRule({
      Name,
      State,
      EventPattern: JSON.stringify({ source: ["aws.iot"], detail: { eventName: [eventName] } }),
    });
  const trail = async () => {
    const cloudtrail = await makeTrail(running, CUSTOMER);
    await cloudtrail.startLogging({ Name: "audit" });
  };
  const said = async (call: () => Promise<unknown>): Promise<string[]> => {
    const before = running.cloud.trace.since().at(-1)?.id ?? 0;
    await call();
    await running.cloud.settled();
    return running.cloud.trace
      .since(before)
      .filter(({ name }) => name === "NoRuleMatched" || name === "NoTrail")
      .map(({ name, detail, error }) => `${name}: ${error?.message ?? String(detail?.reason)}`);
  };
  const create = () => iot.createThing({ thingName: "lamp" });
  const WHERE = "on the default event bus of account 111111111111 in us-east-1";

  it("is told that the account has no rule", async () => {
    expect(await said(create)).to.deep.equal([
      `NoRuleMatched: There is no rule ${WHERE}, so nothing comes of CreateThing: this account has no hooks.`,
    ]);
  });

  it("is told which rules there are, and what they want instead", async () => {
    await trail();
    await rule("creations", "CreateThing");
    await create();
    expect(await said(() => iot.deleteThing({ thingName: "lamp" }))).to.deep.equal([
      `NoRuleMatched: No rule ${WHERE} matches DeleteThing. creations: detail.eventName is "DeleteThing"; ` +
        'the pattern wants "CreateThing".',
    ]);
  });

  it("is told that the rule is disabled", async () => {
    await trail();
    await rule("creations", "CreateThing", "DISABLED");
    expect(await said(create)).to.deep.equal([
      `NoRuleMatched: No rule ${WHERE} matches CreateThing. creations would, but it is disabled (EnableRule).`,
    ]);
  });

  it("is told that a rule waits, but no trail logs", async () => {
    await rule("creations", "CreateThing");
    const [sentence, ...more] = await said(create);
    expect(sentence).to.match(/^NoTrail: No trail in account 111111111111 .*it has none in any Region/);
    expect(more).to.deep.equal([]);
  });

  it("is told nothing where a rule hears of it, where it failed, and where it only reads", async () => {
    await trail();
    await rule("creations", "CreateThing");
    await rule("deletions", "DeleteThing");
    expect(await said(create)).to.deep.equal([]);
    expect(await said(() => iot.describeThing({ thingName: "lamp" }))).to.deep.equal([]);
    expect(await said(() => iot.updateThing({ thingName: "none" }).catch(() => undefined))).to.deep.equal([]);
  });

  it("is the only one that is told anything: who deploys isn't", async () => {
    expect(await said(() => rule("creations", "CreateThing"))).to.deep.equal([]);
    expect(
      await said(() =>
        iot
          .createTopicRule({
            ruleName: "r",
            topicRulePayload: { sql: "SELECT * FROM 'taken/#'", actions: [], awsIotSqlVersion: "2016-03-23" },
          })
          .catch(() => undefined),
      ),
    ).to.deep.equal([]);
  });
});

describe("the trace of what arrives", () => {
  let scene: LambdaScene;
  before(async () => {
    scene = await LambdaScene.start();
  });
  after(() => scene.running.endpoint.close());
  afterEach(() => scene.reset());

  it("has what a function logged in that run, and not what the platform writes around it", async () => {
    await scene.make(`exports.handler = async ({ lamp }) => { console.log("saw " + lamp); };`);
    for (const lamp of ["one", "two"]) await scene.invoke({ lamp });
    const logged = scene.effects("FunctionRan").map(({ detail }) => detail?.logged as string[]);
    expect(logged).to.have.lengthOf(2);
    expect(logged[0]).to.have.lengthOf(1);
    expect(logged[0]?.[0]).to.contain("saw one");
    expect(logged[1]).to.have.lengthOf(1);
    expect(logged[1]?.[0]).to.contain("saw two");
  });

  it("has a message that no rule takes further, and not one that is no text", async () => {
    const iotdata = new IoTDataPlane(scene.running.config(CUSTOMER));
    await iotdata.publish({ topic: "debug/a", payload: Buffer.from('{"thingName":"lamp"}') });
    await iotdata.publish({ topic: "debug/b", payload: Buffer.from([0xff, 0xfe]) });
    const payloads = scene.effects("Publish").map(({ detail }) => detail?.payload);
    expect(payloads).to.deep.equal(['{"thingName":"lamp"}', undefined]);
  });
});
