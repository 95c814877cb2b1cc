// The receive function and the topic rule that calls it, as the partner's program makes them.
import { readFile } from "node:fs/promises";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { type Inputs, inputsOf, made, resourceOf } from "../harness/run-stack.ts";
import { CUSTOMER, CUSTOMER2, PARTNER, customerRoleIn as customerRole, runPartner } from "../harness/stacks.ts";
import { ROLE_POLICY, FUNCTION, PUBLISH, QUEUES, customers, topic, statements } from "./partner.ts";

for (const preview of [false, true]) {
  describe(`the partner's function and its rule (${preview ? "preview" : "up"})`, () => {
    const run = (config: Record<string, string> = {}) => runPartner(config, { preview });

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

    it("tells its function what customers may announce, in the order of the operations table", async () => {
      const { resources } = await run({ operations: '["update_thing","create_thing"]' });
      expect((inputsOf(resources, FUNCTION).environment as Inputs).variables).to.include({
        OPERATIONS: "create_thing,sync_thing,update_thing",
      });
    });

    for (const debug of [true, false])
      it(`with debug ${String(debug)}, gives it what publishes debug messages, the permission, and says so, or neither`, async () => {
        const { resources } = await run({ debug: String(debug) });
        const { code, environment } = inputsOf(resources, FUNCTION) as {
          code: pulumi.asset.AssetArchive;
          environment: { variables: Inputs };
        };
        const assets = (await code.assets) as Record<string, pulumi.asset.FileAsset>;
        const bundled = await readFile((await assets["index.js"]?.path) ?? "", "utf8");
        const sids = statements(inputsOf(resources, ROLE_POLICY, "iot-hooks-receive")).map(({ Sid }) => Sid as string);
        expect({
          bundled: bundled.includes("IoTDataPlane"),
          allowed: sids.includes("PublishDebugMessages"),
          said: environment.variables["DEBUG"] as unknown,
        }).to.deep.equal({ bundled: debug, allowed: debug, said: String(debug) });
      });

    it("keeps executions for the function where it is told how many", async () => {
      const executions = async (config: Record<string, string>) =>
        inputsOf((await run(config)).resources, FUNCTION).reservedConcurrentExecutions as unknown;
      expect(await executions({ reservedConcurrency: "50" })).to.equal(50);
      // The provider's word for none.
      expect(await executions({})).to.equal(-1);
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

    it("makes the rule when what it can't hand on has a place, and what the function can't do as well", async () => {
      const { resources } = await run();
      expect(made(resourceOf(resources, "aws:iot/topicRule:TopicRule").after)).to.include.members([
        "iot-hooks-receive-rule RolePolicy",
        "iot-hooks-receive FunctionEventInvokeConfig",
      ]);
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
  });
}
