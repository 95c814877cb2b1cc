// The customer's program where AWS IoT's own events bring changes, in CloudTrail's place or beside it.
import { expect } from "chai";
import { type Inputs, made, resourceOf } from "../harness/run-stack.ts";
import { CUSTOMER, PARTNER, runCustomer } from "../harness/stacks.ts";

const OPERATIONS = JSON.stringify(["create_thing", "delete_thing", "add_thing_to_thing_group"]);
const RULE = `iot_hooks_events_${PARTNER}`;

for (const preview of [false, true])
  describe(`the customer's program with registry-events (${preview ? "preview" : "up"})`, () => {
    const run = (config: Readonly<Record<string, string>> = {}) =>
      runCustomer({ trigger: "registry-events", operations: OPERATIONS, ...config }, { preview });

    it("makes a topic rule for each kind of event, and nothing of EventBridge's", async () => {
      const { resources, outputs } = await run();
      const all = made(resources);
      expect(all.filter((one) => /Event(Rule|Target)$/.test(one))).to.deep.equal([]);
      expect(all.filter((one) => one.endsWith(" TopicRule"))).to.have.members([
        "iot-hooks-events-thing TopicRule",
        "iot-hooks-events-membership TopicRule",
      ]);
      const { inputs } = resourceOf(resources, "aws:iot/topicRule:TopicRule", "iot-hooks-events-thing");
      expect(inputs).to.include({
        name: `${RULE}_thing`,
        sql: "SELECT * FROM '$aws/events/thing/+/+' WHERE operation = 'CREATED' OR operation = 'DELETED'",
        sqlVersion: "2016-03-23",
        enabled: true,
      });
      expect(outputs).to.not.have.property("ruleName");
      expect(outputs.registryEventRuleNames).to.deep.equal({
        thing: `${RULE}_thing`,
        membership: `${RULE}_membership`,
      });
      expect(Object.keys(outputs.deadLetterQueueUrls)).to.deep.equal(["registryEvents", "announce"]);
    });

    it("turns on the types that it needs, and leaves the others as a look at the account finds them", async () => {
      const { resources } = await run();
      const { inputs, after } = resourceOf(
        resources,
        "aws:iot/eventConfigurations:EventConfigurations",
        "iot-hooks-events",
      );
      expect(inputs.eventConfigurations).to.deep.equal({
        ...{ JOB: true, THING: true, POLICY: false, THING_GROUP_MEMBERSHIP: true },
      });
      expect(after.map(({ name }) => name)).to.include.members([
        "iot-hooks-events-now",
        "iot-hooks-events-thing",
        "iot-hooks-events-membership",
      ]);
    });

    it("makes the rules when what they can't hand on has a place, and what the function can't do as well", async () => {
      const { resources } = await run();
      for (const kind of ["thing", "membership"])
        expect(
          made(resourceOf(resources, "aws:iot/topicRule:TopicRule", `iot-hooks-events-${kind}`).after),
        ).to.include.members(["iot-hooks-events-rules RolePolicy", "iot-hooks-announce FunctionEventInvokeConfig"]);
    });

    it("lets each rule call the function, and these rules alone write to their queue", async () => {
      const { resources } = await run();
      for (const kind of ["thing", "membership"]) {
        const { inputs } = resourceOf(resources, "aws:lambda/permission:Permission", `iot-hooks-events-${kind}`);
        expect(inputs).to.include({
          principal: "iot.amazonaws.com",
          sourceArn: `arn:aws:iot:us-east-1:${CUSTOMER}:rule/${RULE}_${kind}`,
          sourceAccount: CUSTOMER,
        });
      }
      const role = resourceOf(resources, "aws:iam/role:Role", "iot-hooks-events-rules").inputs;
      const [trust] = (role.assumeRolePolicy as Inputs).Statement as Inputs[];
      expect(trust?.Condition).to.deep.equal({
        StringEquals: { "aws:SourceAccount": CUSTOMER },
        ArnLike: {
          "aws:SourceArn": ["thing", "membership"].map(
            (kind) => `arn:aws:iot:us-east-1:${CUSTOMER}:rule/${RULE}_${kind}`,
          ),
        },
      });
    });

    it("may describe no thing, but where a schedule asks for things as they are", async () => {
      const actions = async (config: Readonly<Record<string, string>>) => {
        const { resources } = await run(config);
        const { inputs } = resourceOf(resources, "aws:iam/rolePolicy:RolePolicy", "iot-hooks-announce");
        return ((inputs.policy as Inputs).Statement as Inputs[]).flatMap(({ Action }) => Action as string | string[]);
      };
      expect(await actions({})).to.not.include("iot:DescribeThing");
      expect(await actions({ reconcile: "rate(1 day)" })).to.include("iot:DescribeThing");
      expect(await actions({ trigger: "both" })).to.include("iot:DescribeThing");
    });

    it("rings for what its rules can't hand over, and for what is lost", async () => {
      const alarms = made((await run()).resources).filter((one) => one.endsWith(" MetricAlarm"));
      expect(alarms).to.include.members(
        ["letters", "letters-old", "thing-failed", "thing-lost", "membership-throttled"].map(
          (key) => `iot-hooks-events-${key} MetricAlarm`,
        ),
      );
      expect(alarms.filter((one) => one.startsWith("iot-hooks-registry"))).to.deep.equal([]);
    });

    it("has both where both are asked for, under rule names that end in the suffix", async () => {
      const { outputs } = await run({ trigger: "both", nameSuffix: "line-2" });
      expect(outputs.ruleName).to.equal("iot-hooks-registry-1234567");
      expect(outputs.registryEventRuleNames).to.include({ thing: `${RULE}_thing_line_2` });
      expect(Object.keys(outputs.deadLetterQueueUrls)).to.have.members(["registryRule", "registryEvents", "announce"]);
    });
  });
