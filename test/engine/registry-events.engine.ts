// A customer that goes over from CloudTrail to AWS IoT's own events, then to both, and back: what is deployed each
// time, and what becomes of the account's setting, which others share.
import { expect } from "chai";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type { EventType } from "@aws-sdk/client-iot";
import { CUSTOMER } from "embedded-aws/testing";
import { Engine, configure, stepsOf } from "./harness.ts";
import { inventory } from "./inventory.ts";
import { CUSTOMER_CONFIG, customer } from "./projects.ts";

const CONFIGURATIONS = "aws:iot/eventConfigurations:EventConfigurations";

describe("the trigger in the real engine", () => {
  let engine: Engine;
  let stack: Stack;
  let empty: string[];
  before(async () => {
    engine = await Engine.start();
    empty = await inventory(engine.clients(CUSTOMER));
    await turn("JOB", true);
    stack = await engine.stack(customer, {
      ...CUSTOMER_CONFIG,
      "iot-hooks-customer:keepOnDestroy": "false",
      "iot-hooks-customer:operations": ["create_thing", "add_thing_to_thing_group"],
    });
    await stack.up();
  });
  after(() => engine.stop());

  async function turn(type: EventType, Enabled: boolean): Promise<void> {
    const iot = await engine.clients(CUSTOMER).iot();
    await iot.updateEventConfigurations({ eventConfigurations: { [type]: { Enabled } } });
  }
  /** Event types that are on, rules of EventBridge, and AWS IoT's, by how many there are. */
  async function found() {
    const iot = await engine.clients(CUSTOMER).iot();
    const { eventConfigurations = {} } = await iot.describeEventConfigurations({});
    const on = Object.entries(eventConfigurations).flatMap(([type, { Enabled }]) => (Enabled === true ? [type] : []));
    const names = await inventory(engine.clients(CUSTOMER));
    const count = (kind: string) => names.filter((name) => name.startsWith(`${kind} `)).length;
    return { on, rules: count("rule"), topicRules: count("topicRule") };
  }
  /** Steps of the change, of what listens and of the setting alone. */
  async function goOver(trigger: string): Promise<string[]> {
    await configure(stack, { "iot-hooks-customer:trigger": trigger });
    const steps = await stepsOf((opts) => stack.up(opts));
    await stack.preview({ expectNoChanges: true });
    // What was only read is discarded, and of no account.
    const told = steps.filter((step) => !step.startsWith("discard "));
    return told.filter(
      (step) => step.includes(CONFIGURATIONS) || / aws:(iot\/topicRule|cloudwatch\/eventRule):/.test(step),
    );
  }
  /** Who calls the announce function for a thing. */
  async function callersOf(thingName: string): Promise<(string | undefined)[]> {
    const { cloud } = engine.running;
    const since = cloud.trace.since().at(-1)?.id ?? 0;
    await (await engine.clients(CUSTOMER).iot()).createThing({ thingName });
    await cloud.settled();
    const calls = cloud.trace.since(since).filter(({ service, name }) => service === "lambda" && name === "Invoke");
    return calls.map(({ principal }) => principal).sort();
  }
  const [BY_RULE, BY_IOT] = ["events.amazonaws.com", "iot.amazonaws.com"];

  it("registry-events: turns on what it needs beside what is on, and takes EventBridge's rule away", async () => {
    expect(await callersOf("first")).to.deep.equal([BY_RULE]);
    expect(await found()).to.deep.equal({ on: ["JOB"], rules: 1, topicRules: 0 });
    expect(await goOver("registry-events")).to.deep.equal([
      `create ${CONFIGURATIONS} iot-hooks-events`,
      "create aws:iot/topicRule:TopicRule iot-hooks-events-membership",
      "create aws:iot/topicRule:TopicRule iot-hooks-events-thing",
      "delete aws:cloudwatch/eventRule:EventRule iot-hooks-registry",
    ]);
    const { on, ...rules } = await found();
    expect(on).to.have.members(["JOB", "THING", "THING_GROUP_MEMBERSHIP"]);
    expect(rules).to.deep.equal({ rules: 0, topicRules: 2 });
    expect(await callersOf("second")).to.deep.equal([BY_IOT]);
  });

  it("both: brings the rule back, and leaves on what somebody else turned on meanwhile", async () => {
    await turn("JOB_EXECUTION", true);
    const steps = await goOver("both");
    expect(steps).to.deep.equal([
      "create aws:cloudwatch/eventRule:EventRule iot-hooks-registry",
      `update ${CONFIGURATIONS} iot-hooks-events`,
    ]);
    const { on, ...rules } = await found();
    expect(on).to.have.members(["JOB", "JOB_EXECUTION", "THING", "THING_GROUP_MEMBERSHIP"]);
    expect(rules).to.deep.equal({ rules: 1, topicRules: 2 });
    expect(await callersOf("third")).to.deep.equal([BY_RULE, BY_IOT]);
    await stack.refresh({ expectNoChanges: true });
  });

  it("cloudtrail again: takes the topic rules away, and turns nothing off", async () => {
    const before = await found();
    expect(await goOver("cloudtrail")).to.deep.equal([
      `delete ${CONFIGURATIONS} iot-hooks-events`,
      "delete aws:iot/topicRule:TopicRule iot-hooks-events-membership",
      "delete aws:iot/topicRule:TopicRule iot-hooks-events-thing",
    ]);
    expect(await found()).to.deep.equal({ ...before, topicRules: 0 });
    expect(await callersOf("fourth")).to.deep.equal([BY_RULE]);
  });

  it("destroyed with its own events on: leaves nothing but the account's setting, as it was", async () => {
    await goOver("registry-events");
    const { on } = await found();
    const iot = await engine.clients(CUSTOMER).iot();
    for (const thingName of ["first", "second", "third", "fourth"]) await iot.deleteThing({ thingName });
    await stack.destroy();
    expect(await inventory(engine.clients(CUSTOMER))).to.deep.equal(empty);
    expect((await found()).on).to.deep.equal(on);
    await engine.pluginsEnd();
  });
});
