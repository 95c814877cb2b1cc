// Changes that AWS IoT's own events bring, without a trail, and beside one.
import { IoT } from "@aws-sdk/client-iot";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { deployStack } from "embedded-aws/pulumi";
import { CustomerHooks } from "../../customer/customer-hooks.ts";
import { depthOf } from "../../hooks/letters/queue.ts";
import type { OutputsOf } from "../../hooks/outputs.ts";
import {
  CUSTOMER,
  DEFAULT_REGION,
  type Message,
  PARTNER,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  environmentOf,
  roleArnOf,
  startCloud,
  watch,
} from "./deployment.ts";
import { redriveSide } from "./redriving.ts";

const OPERATIONS = [
  ...["create_thing", "update_thing", "delete_thing", "create_thing_type"],
  ...[
    "update_thing_type",
    "deprecate_thing_type",
    "delete_thing_type",
    "create_thing_group",
    "update_thing_group",
    "delete_thing_group",
  ],
  ...["add_thing_to_thing_group", "remove_thing_from_thing_group"],
];

/** A call for each operation, in their order as far as one needs another. */
async function everything(running: RunningCloud): Promise<void> {
  const { cloud } = running;
  const iot = new IoT(running.config(CUSTOMER));
  const [thing, group, type] = [{ thingName: "lamp" }, { thingGroupName: "hall" }, { thingTypeName: "bulb" }];
  const settled = () => cloud.settled();
  const calls: (() => Promise<unknown>)[] = [
    () => iot.createThingType(type),
    () => iot.updateThingType({ ...type, thingTypeProperties: { thingTypeDescription: "gives light" } }),
    () => iot.createThingGroup(group),
    () => iot.createThing({ ...thing, attributePayload: { attributes: { colour: "red" } } }),
    () => iot.updateThing({ ...thing, attributePayload: { attributes: { colour: "blue" } } }),
    () => iot.updateThingGroup({ ...group, thingGroupProperties: { thingGroupDescription: "long" } }),
    () => iot.addThingToThingGroup({ ...thing, ...group }),
    () => iot.removeThingFromThingGroup({ ...thing, ...group }),
    () => iot.deleteThing(thing),
    () => iot.deleteThingGroup(group),
    () => iot.deprecateThingType(type),
    () => cloud.advance(6 * 60_000),
    () => iot.deleteThingType(type),
  ];
  for (const call of calls) {
    await call();
    await settled();
  }
}

describe("AWS IoT's own events", () => {
  let running: RunningCloud;
  beforeEach(async () => {
    running = await startCloud();
  });
  afterEach(() => running.endpoint.close());

  const operations = JSON.stringify(OPERATIONS);
  const partner = () => deployPartner(running, [roleArnOf(CUSTOMER)], { operations });

  it("cross without a trail, each operation that has one, and things are never described", async () => {
    await partner();
    await deployCustomer(running, { trigger: "registry-events", createTrail: "false", operations });
    const { messages, stop } = watch(running);
    await everything(running);
    stop();
    expect(messages.map(({ operation }) => operation)).to.have.members(OPERATIONS);
    const created = messages.find(({ operation }) => operation === "create_thing") as Message;
    expect(created).to.deep.include({ thingName: "lamp", version: 1, attributes: { colour: "red" } });
    const asked = running.cloud.trace.since().filter(({ kind, name }) => kind === "call" && name === "DescribeThing");
    expect(asked).to.deep.equal([]);
  });

  it("and CloudTrail's records of the same calls run the partner's own code once", async () => {
    await partner();
    await deployCustomer(running, { trigger: "both", operations });
    const { messages, stop } = watch(running);
    await everything(running);
    stop();
    expect(messages.map(({ operation }) => operation)).to.have.members(OPERATIONS);
    const published = running.cloud.trace
      .since()
      .filter(({ name, account, detail }) => name === "Publish" && account === PARTNER && detail?.["topic"])
      .filter(({ detail }) => String(detail?.["topic"]).startsWith("cross_account_hooks/"));
    expect(published).to.have.length(2 * OPERATIONS.length);
  });

  for (const trigger of ["cloudtrail", "registry-events", "both"])
    it(`and calls that make the changes of others cross: ${trigger}`, async () => {
      await partner();
      await deployCustomer(running, { trigger, operations });
      const iot = new IoT(running.config(CUSTOMER));
      const { messages, stop } = watch(running);
      const [hall, cellar, bright] = ["hall", "cellar", "bright"].map((thingGroupName) => ({ thingGroupName }));
      await iot.createThing({ thingName: "lamp" });
      for (const group of [hall, cellar]) await iot.createThingGroup(group as { thingGroupName: string });
      await iot.addThingToThingGroup({ thingName: "lamp", ...cellar });
      await iot.createDynamicThingGroup({ thingGroupName: "bright", queryString: "attributes.colour:white" });
      await running.cloud.settled();
      messages.length = 0;
      await iot.updateThingGroupsForThing({
        ...{ thingName: "lamp", thingGroupsToAdd: ["hall"], thingGroupsToRemove: ["cellar"] },
      });
      await iot.updateDynamicThingGroup({
        ...{ thingGroupName: "bright", queryString: "attributes.colour:red", thingGroupProperties: {} },
      });
      await running.cloud.settled();
      await iot.deleteDynamicThingGroup(bright as { thingGroupName: string });
      await running.cloud.settled();
      stop();
      expect(
        messages.map(({ operation, thingGroupName }) => `${String(operation)} ${String(thingGroupName)}`),
      ).to.have.members([
        ...["add_thing_to_thing_group hall", "remove_thing_from_thing_group cellar"],
        ...["update_thing_group bright", "delete_thing_group bright"],
      ]);
      const updated = messages.find(({ operation }) => operation === "update_thing_group");
      expect(updated).to.include({ queryString: "attributes.colour:red", version: 2 });
    });

  it("that a rule can't hand over lie in its queue, and are sent again", async () => {
    const { outputs } = await deployCustomer(running, { trigger: "registry-events", createTrail: "false", operations });
    await partner();
    const given = outputs as unknown as OutputsOf["customer"];
    const lambda = new Lambda(running.config(CUSTOMER));
    const at = { FunctionName: given.functionName, Qualifier: "live" };
    const { Policy = "{}" } = await lambda.getPolicy(at);
    const statements = (JSON.parse(Policy) as { Statement: Record<string, never>[] }).Statement;
    const ofThings = statements.find((one) => JSON.stringify(one).includes('_thing"')) as unknown as {
      readonly Sid: string;
      readonly Condition: { readonly ArnLike?: { readonly "AWS:SourceArn": string } };
    };
    await lambda.removePermission({ ...at, StatementId: ofThings.Sid });
    const { messages, stop } = watch(running);
    await new IoT(running.config(CUSTOMER)).createThing({ thingName: "lamp" });
    await running.cloud.settled();
    const queue = given.deadLetterQueueUrls.registryEvents ?? "";
    expect(await depthOf(new SQS(running.config(CUSTOMER)), queue)).to.include({ visible: 1 });
    const [report] = await redriveSide(running, "customer", given);
    await running.cloud.settled();
    stop();
    expect(report).to.include({ queue: "registryEvents", inQueue: 0 });
    expect(report?.rows).to.deep.include({
      ...{ outcome: "sent", form: "iot", reason: "LambdaAction failed", letters: 1 },
      explanation: report?.rows[0]?.explanation,
    });
    expect(messages.map(({ thingName }) => thingName)).to.deep.equal(["lamp"]);
  });

  describe("and the account's setting", () => {
    const on = async () => {
      const { eventConfigurations = {} } = await new IoT(running.config(CUSTOMER)).describeEventConfigurations({});
      return Object.entries(eventConfigurations).flatMap(([type, { Enabled }]) => (Enabled === true ? [type] : []));
    };
    const turnOnJobs = () =>
      new IoT(running.config(CUSTOMER)).updateEventConfigurations({ eventConfigurations: { JOB: { Enabled: true } } });
    const inProgram = (program: (provider: aws.Provider) => unknown) =>
      deployStack(environmentOf(running), {
        ...{ project: "factory", config: {} },
        program: () =>
          Promise.resolve(program(new aws.Provider("account", { region: DEFAULT_REGION, profile: CUSTOMER }))),
      });

    it("leave on what was on, and stay on when the stack goes", async () => {
      await turnOnJobs();
      const { destroy } = await deployCustomer(running, { trigger: "registry-events", keepOnDestroy: "false" });
      expect(await on()).to.have.members(["JOB", "THING"]);
      await destroy();
      expect(await on()).to.have.members(["JOB", "THING"]);
      const { rules } = await new IoT(running.config(CUSTOMER)).listTopicRules({});
      expect(rules).to.deep.equal([]);
    });

    it("leave on what somebody turns on while the stack is deployed", async () => {
      await inProgram((provider) => {
        const hooks = new CustomerHooks(
          "hooks",
          { partnerAccountId: PARTNER, trigger: "registry-events" },
          { provider },
        );
        return { turnedOn: hooks.functionName.apply(turnOnJobs).apply(() => true) };
      });
      expect(await on()).to.have.members(["JOB", "THING"]);
    });

    it("are on for each of two deployments in one program, which need others", async () => {
      await inProgram((provider) => {
        for (const [nameSuffix, operation] of [
          ["one", "create_thing"],
          ["two", "create_thing_group"],
          ["three", "create_thing_type"],
        ] as const)
          new CustomerHooks(
            `hooks-${nameSuffix}`,
            { partnerAccountId: PARTNER, nameSuffix, trigger: "registry-events", operations: [operation] },
            { provider },
          );
        return {};
      });
      expect(await on()).to.have.members(["THING", "THING_GROUP", "THING_TYPE"]);
    });
  });
});
