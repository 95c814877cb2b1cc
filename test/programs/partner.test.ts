import { expect } from "chai";
import { CREATED, uniqueIdOf } from "../harness/aws-outputs.ts";
import { type Inputs, type Recorded, inputsOf, made, resourceOf } from "../harness/run-stack.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  CUSTOMER_STACK,
  HUB_OUTPUTS,
  PARTNER,
  customerRoleIn as customerRole,
  runPartner,
} from "../harness/stacks.ts";

const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const FUNCTION = "aws:lambda/function:Function";
const ITEM = "aws:dynamodb/tableItem:TableItem";
const PUBLISH = `iot-hooks-publish-${CUSTOMER}`;

const QUEUES = `https://sqs.us-east-1.amazonaws.com/${PARTNER}`;

const customers = (...entries: string[]) => ({ customers: JSON.stringify(entries) });
const topic = (name: string) => `arn:aws:iot:us-east-1:${PARTNER}:topic/${name}`;
const statements = (inputs: Inputs) => (inputs.policy as Inputs).Statement as Inputs[];

/** All but some, with inputs. The archive's promise is compared elsewhere. */
const allBut = (resources: readonly Recorded[], leftOut: (resource: Recorded) => boolean) =>
  resources
    .filter((resource) => !leftOut(resource))
    .map(({ type, name, inputs: { code: _, ...inputs } }) => ({ type, name, inputs }));

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

    it("trusts the customer's role by its name, as a condition on its account", async () => {
      const { resources } = await run(customers(customerRole(CUSTOMER)));
      expect(inputsOf(resources, ROLE, PUBLISH)).to.deep.equal({
        name: `publish-from-customer-role-${CUSTOMER}`,
        description: `Lets customer ${CUSTOMER} announce its things`,
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: `arn:aws:iam::${CUSTOMER}:root` },
              Action: "sts:AssumeRole",
              Condition: { ArnEquals: { "aws:PrincipalArn": [customerRole(CUSTOMER)] } },
            },
          ],
        },
      });
    });

    it("asks a customer for its external id where one is configured, and others for none", async () => {
      const { resources } = await run({
        ...customers(customerRole(CUSTOMER), customerRole(CUSTOMER2)),
        externalIds: JSON.stringify({ [CUSTOMER]: "customer-17" }),
      });
      const condition = (account: string) => {
        const { assumeRolePolicy } = inputsOf(resources, ROLE, `iot-hooks-publish-${account}`);
        return ((assumeRolePolicy as Inputs).Statement as Inputs[])[0]?.Condition as Inputs;
      };
      expect(condition(CUSTOMER).StringEquals).to.deep.equal({ "sts:ExternalId": "customer-17" });
      expect(condition(CUSTOMER2)).to.not.have.property("StringEquals");
    });

    it("trusts several roles of one account with one publish role, in an order of its own", async () => {
      const roles = [customerRole(CUSTOMER, "-line-2"), customerRole(CUSTOMER)];
      const { resources } = await run(customers(...roles));
      const trusted = (inputs: Inputs) =>
        ((inputs.assumeRolePolicy as Inputs).Statement as Inputs[])[0]?.Condition as Inputs;
      expect(trusted(inputsOf(resources, ROLE, PUBLISH))).to.deep.equal({
        ArnEquals: { "aws:PrincipalArn": roles.toReversed() },
      });
    });

    it(
      "lets a customer publish its own operations' topics, backfill's with " + "create_thing, and nothing else",
      async () => {
        const { resources } = await run(customers(customerRole(CUSTOMER)));
        expect(inputsOf(resources, ROLE_POLICY, PUBLISH)).to.deep.equal({
          role: `publish-from-customer-role-${CUSTOMER}`,
          policy: {
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "PublishOperations",
                Effect: "Allow",
                Action: "iot:Publish",
                Resource: [
                  topic(`cross_account_hooks/${CUSTOMER}/create_thing`),
                  topic(`cross_account_hooks/${CUSTOMER}/sync_thing`),
                ],
              },
            ],
          },
        });
      },
    );

    it("lets it publish the same straight to the rule where basicIngest is on", async () => {
      const { resources } = await run({ ...customers(customerRole(CUSTOMER)), basicIngest: "true" });
      const published = (operation: string) => `cross_account_hooks/${CUSTOMER}/${operation}`;
      expect(statements(inputsOf(resources, ROLE_POLICY, PUBLISH))[0]?.Resource).to.deep.equal([
        topic(published("create_thing")),
        topic(published("sync_thing")),
        topic(`$aws/rules/iot_hooks_receive/${published("create_thing")}`),
        topic(`$aws/rules/iot_hooks_receive/${published("sync_thing")}`),
      ]);
    });

    it("allows no backfill where creations aren't announced", async () => {
      const { resources } = await run({ ...customers(customerRole(CUSTOMER)), operations: '["delete_thing"]' });
      expect(statements(inputsOf(resources, ROLE_POLICY, PUBLISH))[0]?.Resource).to.deep.equal([
        topic(`cross_account_hooks/${CUSTOMER}/delete_thing`),
      ]);
    });

    it("gives its function the debug topics of its operations, and its own log group, queue and registry", async () => {
      const { resources } = await run({ debug: "true" });
      expect(inputsOf(resources, ROLE_POLICY, "iot-hooks-receive").policy).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "WriteLogs",
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: `arn:aws:logs:us-east-1:${PARTNER}:log-group:/aws/lambda/iot-hooks-receive-1234567:*`,
          },
          {
            Sid: "SendDeadLetters",
            Effect: "Allow",
            Action: "sqs:SendMessage",
            Resource: `arn:aws:sqs:us-east-1:${PARTNER}:iot-hooks-receive-dead-letters-1234567`,
          },
          {
            Sid: "FindCustomer",
            Effect: "Allow",
            Action: "dynamodb:GetItem",
            Resource: `arn:aws:dynamodb:us-east-1:${PARTNER}:table/iot-hooks-customers-1234567`,
          },
          {
            Sid: "KeepDeviceRegistry",
            Effect: "Allow",
            Action: ["dynamodb:DeleteItem", "dynamodb:UpdateItem"],
            Resource: `arn:aws:dynamodb:us-east-1:${PARTNER}:table/iot-hooks-registry-1234567`,
          },
          {
            Sid: "PublishDebugMessages",
            Effect: "Allow",
            Action: "iot:Publish",
            Resource: [topic("debug/????????????/create_thing"), topic("debug/????????????/sync_thing")],
          },
        ],
      });
    });

    it("lets its function publish nothing by default, and what is configured beside it", async () => {
      const silent = await run();
      const policy = inputsOf(silent.resources, ROLE_POLICY, "iot-hooks-receive");
      expect(statements(policy).map(({ Sid }) => Sid as string)).to.deep.equal([
        "WriteLogs",
        "SendDeadLetters",
        "FindCustomer",
        "KeepDeviceRegistry",
      ]);
      expect(inputsOf(silent.resources, FUNCTION).environment).to.deep.equal({
        variables: {
          OPERATIONS: "create_thing,sync_thing",
          CUSTOMERS_TABLE: "iot-hooks-customers-1234567",
          DEBUG: "false",
          SENDER_CHECK: "observe",
          FAILURE_QUEUE_URL: `${QUEUES}/iot-hooks-receive-dead-letters-1234567`,
          REGISTRY_TABLE: "iot-hooks-registry-1234567",
        },
      });
      const configured = await run({ publishTopics: '["fleet/*","desk/?"]' });
      expect(statements(inputsOf(configured.resources, ROLE_POLICY, "iot-hooks-receive"))[4]).to.deep.equal({
        Sid: "PublishAsConfigured",
        Effect: "Allow",
        Action: "iot:Publish",
        Resource: [topic("fleet/*"), topic("desk/?")],
      });
    });

    it("has one rule for all customers, of the contract's SQL and version, call the alias", async () => {
      const { resources } = await run(customers(customerRole(CUSTOMER), customerRole(CUSTOMER2)));
      expect(inputsOf(resources, "aws:iot/topicRule:TopicRule")).to.deep.equal({
        name: "iot_hooks_receive",
        description: "What customers announce of their things",
        enabled: true,
        sql:
          "SELECT encode(*, 'base64') AS data, topic() AS topic, topic(2) AS accountId, topic(3) AS operation, " +
          "timestamp() AS receivedAt, principal() AS principal FROM 'cross_account_hooks/+/+'",
        sqlVersion: "2016-03-23",
        lambdas: [{ functionArn: `arn:aws:lambda:us-east-1:${PARTNER}:function:iot-hooks-receive-1234567:live` }],
        errorAction: {
          sqs: {
            queueUrl: `${QUEUES}/iot-hooks-receive-rule-dead-letters-1234567`,
            roleArn: `arn:aws:iam::${PARTNER}:role/iot-hooks-receive-rule-1234567`,
            useBase64: false,
          },
        },
      });
    });

    it("gives the rule a name that AWS IoT takes, with the suffix that tells two deployments apart", async () => {
      for (const nameSuffix of ["", "eu", "a-b-c-d-e-f-g-h-i-j"]) {
        const { outputs } = await run({ nameSuffix });
        expect(outputs.ruleName).to.match(/^[a-zA-Z0-9_]{1,128}$/);
        expect(outputs.ruleName).to.equal(
          nameSuffix === "" ? "iot_hooks_receive" : `iot_hooks_receive_${nameSuffix.replaceAll("-", "_")}`,
        );
      }
    });

    it("lets this one rule of this one account invoke the alias", async () => {
      const { resources } = await run();
      expect(inputsOf(resources, "aws:lambda/permission:Permission")).to.deep.equal({
        action: "lambda:InvokeFunction",
        principal: "iot.amazonaws.com",
        sourceArn: `arn:aws:iot:us-east-1:${PARTNER}:rule/iot_hooks_receive`,
        sourceAccount: PARTNER,
        function: "iot-hooks-receive-1234567",
        qualifier: "live",
      });
    });

    it("opens the door to customers last, when the rule may invoke the function", async () => {
      const { resources } = await run(customers(customerRole(CUSTOMER)));
      expect(made(resourceOf(resources, ROLE_POLICY, PUBLISH).after)).to.include.members([
        "iot-hooks-receive Permission",
        "iot-hooks-receive TopicRule",
        `${PUBLISH} Role`,
      ]);
    });

    it("opens it when the function can find the customer", async () => {
      const { resources } = await run(customers(customerRole(CUSTOMER)));
      expect(made(resourceOf(resources, ROLE_POLICY, PUBLISH).after)).to.include(`${PUBLISH} TableItem`);
    });

    it("tells the function of each customer by an item: its role's id, whether it is disabled, since when", async () => {
      const { resources } = await run({
        ...customers(customerRole(CUSTOMER), customerRole(CUSTOMER2)),
        disabledCustomers: JSON.stringify([CUSTOMER2]),
      });
      for (const [account, disabled] of [
        [CUSTOMER, false],
        [CUSTOMER2, true],
      ] as const) {
        const name = `publish-from-customer-role-${account}`;
        const { item, ...rest } = inputsOf(resources, ITEM, `iot-hooks-publish-${account}`);
        expect(rest).to.deep.equal({ tableName: "iot-hooks-customers-1234567", hashKey: "accountId" });
        expect(JSON.parse(item as string)).to.deep.equal({
          accountId: { S: account },
          roleId: { S: uniqueIdOf(name) },
          roleArn: { S: `arn:aws:iam::${PARTNER}:role/${name}` },
          disabled: { BOOL: disabled },
          since: { S: CREATED },
        });
      }
    });

    it("denies a disabled customer everything at once, and leaves all else as it is", async () => {
      const listed = customers(customerRole(CUSTOMER), customerRole(CUSTOMER2));
      const before = await run(listed);
      const { resources } = await run({ ...listed, disabledCustomers: JSON.stringify([CUSTOMER]) });
      const [allowed] = statements(inputsOf(before.resources, ROLE_POLICY, PUBLISH));
      expect(statements(inputsOf(resources, ROLE_POLICY, PUBLISH))).to.deep.equal([
        allowed,
        { Sid: "CustomerDisabled", Effect: "Deny", Action: "*", Resource: "*" },
      ]);
      const changed = ({ type, name }: Recorded) => name === PUBLISH && [ROLE_POLICY, ITEM].includes(type);
      expect(allBut(resources, changed)).to.have.deep.members(allBut(before.resources, changed));
    });

    it("leaves all that isn't a customer's as it is for one more", async () => {
      const one = await run(customers(customerRole(CUSTOMER)));
      const two = await run(customers(customerRole(CUSTOMER), customerRole(CUSTOMER2)));
      const added = ({ name }: Recorded) => name === `iot-hooks-publish-${CUSTOMER2}`;
      expect(allBut(two.resources, added)).to.have.deep.members(allBut(one.resources, () => false));
    });

    it("keeps executions for the function where it is told how many", async () => {
      const executions = async (config: Record<string, string>) =>
        inputsOf((await run(config)).resources, FUNCTION).reservedConcurrentExecutions as unknown;
      expect(await executions({ reservedConcurrency: "50" })).to.equal(50);
      // The provider's word for none.
      expect(await executions({})).to.equal(-1);
    });

    it("tells its function what customers may announce, in the order of the operations table", async () => {
      const { resources } = await run({ operations: '["update_thing","create_thing"]' });
      expect((inputsOf(resources, FUNCTION).environment as Inputs).variables).to.include({
        OPERATIONS: "create_thing,sync_thing,update_thing",
      });
    });

    it("reads the role of a customer that is given by its stack's name", async () => {
      const { resources, outputs } = await runPartner(customers(CUSTOMER_STACK, customerRole(CUSTOMER2)), {
        preview,
        stackOutputs: { [CUSTOMER_STACK]: { contractVersion: 1, roleArn: customerRole(CUSTOMER) } },
      });
      expect(Object.keys(outputs.publishRoleArns)).to.deep.equal([CUSTOMER, CUSTOMER2]);
      expect(JSON.stringify(inputsOf(resources, ROLE, PUBLISH))).to.include(customerRole(CUSTOMER));
    });

    it("ends its roles' names with its suffix", async () => {
      const { outputs } = await run({ ...customers(customerRole(CUSTOMER)), nameSuffix: "eu" });
      expect(outputs.publishRoleArns).to.deep.equal({
        [CUSTOMER]: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}-eu`,
      });
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
