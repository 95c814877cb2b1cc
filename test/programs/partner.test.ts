// All that the partner's program makes, and what it puts out. Its parts have tests of their own.
import { expect } from "chai";
import { type Recorded, inputsOf, made } from "../harness/run-stack.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  CUSTOMER_STACK,
  HUB_OUTPUTS,
  PARTNER,
  customerRoleIn as customerRole,
  runPartner,
} from "../harness/stacks.ts";
import { ROLE, PUBLISH, QUEUES, customers, allBut } from "./partner.ts";

const ALARMS = [
  ...["rule-letters", "rule-letters-old", "rule-failed", "rule-lost", "rule-lost-sqs", "rule-parse", "rule-throttled"],
  "corrected",
  ...["receive-letters", "receive-letters-old", "receive-errors", "receive-throttles", "receive-dropped"],
  ...["receive-undelivered", "receive-backlog", "publish-denied", "publish-throttled"],
].map((alarm) => `iot-hooks-${alarm} MetricAlarm`);

const SHARED = [
  "iot-hooks-customers Table",
  "iot-hooks-registry Table",
  ...ALARMS,
  "iot-hooks-receive Dashboard",
  "iot-hooks-receive Role",
  "/aws/lambda/iot-hooks-receive LogGroup",
  "iot-hooks-receive-dead-letters Queue",
  "iot-hooks-receive-dead-letters QueuePolicy",
  "iot-hooks-receive RolePolicy",
  "iot-hooks-receive Function",
  "iot-hooks-receive Alias",
  "iot-hooks-receive FunctionEventInvokeConfig",
  "iot-hooks-receive-rule-dead-letters Queue",
  "iot-hooks-receive-rule-dead-letters QueuePolicy",
  "iot-hooks-receive-rule Role",
  "iot-hooks-receive-rule RolePolicy",
  "iot-hooks-receive TopicRule",
  "iot-hooks-receive Permission",
];

for (const preview of [false, true]) {
  describe(`the partner's program (${preview ? "preview" : "up"})`, () => {
    const run = (config: Record<string, string> = {}) => runPartner(config, { preview });

    it("makes a function, its registry, the rule that triggers it, queues and alarms, before there is any customer", async () => {
      const { resources, outputs } = await run();
      expect(made(resources)).to.have.members(SHARED);
      expect(outputs.publishRoleArns).to.deep.equal({});
    });

    it("adds a role, its policy and an item for each customer account, and shares everything else", async () => {
      const { resources } = await run(customers(customerRole(CUSTOMER), customerRole(CUSTOMER2)));
      expect(made(resources)).to.have.members([
        ...SHARED,
        `${PUBLISH} Role`,
        `${PUBLISH} RolePolicy`,
        `${PUBLISH} TableItem`,
        `iot-hooks-publish-${CUSTOMER2} Role`,
        `iot-hooks-publish-${CUSTOMER2} RolePolicy`,
        `iot-hooks-publish-${CUSTOMER2} TableItem`,
      ]);
    });

    it(
      "makes everything in the partner's account and Region, through a provider that refuses any other " + "account",
      async () => {
        const { resources } = await run({
          "aws:region": "eu-west-1",
          "aws:profile": "saas",
          ...customers(customerRole(CUSTOMER)),
        });
        for (const { account } of resources.filter(({ type }) => type.startsWith("aws:"))) {
          expect(account).to.deep.equal({ accountId: PARTNER, region: "eu-west-1" });
        }
        expect(inputsOf(resources, "pulumi:providers:aws")).to.include({
          profile: "saas",
          allowedAccountIds: `["${PARTNER}"]`,
        });
      },
    );

    it("leaves all that isn't a customer's as it is for one more", async () => {
      const one = await run(customers(customerRole(CUSTOMER)));
      const two = await run(customers(customerRole(CUSTOMER), customerRole(CUSTOMER2)));
      const added = ({ name }: Recorded) => name === `iot-hooks-publish-${CUSTOMER2}`;
      expect(allBut(two.resources, added)).to.have.deep.members(allBut(one.resources, () => false));
    });

    it("reads the role of a customer that is given by its stack's name", async () => {
      const { resources, outputs } = await runPartner(customers(CUSTOMER_STACK, customerRole(CUSTOMER2)), {
        preview,
        stackOutputs: { [CUSTOMER_STACK]: { contractVersion: 1, roleArn: customerRole(CUSTOMER) } },
      });
      expect(Object.keys(outputs.publishRoleArns)).to.deep.equal([CUSTOMER, CUSTOMER2]);
      expect(JSON.stringify(inputsOf(resources, ROLE, PUBLISH))).to.include(customerRole(CUSTOMER));
    });

    it("says in its outputs what customers and operators need", async () => {
      const { outputs } = await run(customers(customerRole(CUSTOMER)));
      expect(outputs).to.deep.equal({
        contractVersion: 1,
        accountId: PARTNER,
        region: "us-east-1",
        publishRoleArns: { [CUSTOMER]: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}` },
        dataEndpoint: "a1b2c3d4e5f6g7-ats.iot.us-east-1.amazonaws.com",
        ruleName: "iot_hooks_receive",
        functionName: "iot-hooks-receive-1234567",
        functionVersion: "7",
        functionArn: `arn:aws:lambda:us-east-1:${PARTNER}:function:iot-hooks-receive-1234567:7`,
        functionAliasArn: `arn:aws:lambda:us-east-1:${PARTNER}:function:iot-hooks-receive-1234567:live`,
        logGroupName: "/aws/lambda/iot-hooks-receive-1234567",
        deadLetterQueueUrls: {
          topicRule: `${QUEUES}/iot-hooks-receive-rule-dead-letters-1234567`,
          receive: `${QUEUES}/iot-hooks-receive-dead-letters-1234567`,
        },
        registryTableName: "iot-hooks-registry-1234567",
        hub: HUB_OUTPUTS.hub,
      });
    });
  });
}

describe("the partner's program (preview of an empty account)", () => {
  it("runs while nothing is known yet of what AWS will answer", async () => {
    const { resources } = await runPartner(customers(customerRole(CUSTOMER)), { preview: true, empty: true });
    expect(made(resources)).to.have.lengthOf(SHARED.length + 3);
  });
});
