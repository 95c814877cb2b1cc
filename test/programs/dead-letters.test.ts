// Where each hop puts what it couldn't hand on, and that nothing arrives at a hop before its queue is ready.
import { expect } from "chai";
import { type Inputs, type Recorded, inputsOf, made, resourceOf } from "../harness/run-stack.ts";
import { CUSTOMER, PARTNER, runCustomer, runPartner } from "../harness/stacks.ts";

const QUEUE = "aws:sqs/queue:Queue";
const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";
const INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";

const statementsOf = (policy: unknown) => (policy as Inputs).Statement as Inputs[];
const queueArn = (account: string, name: string) => `arn:aws:sqs:us-east-1:${account}:${name}-1234567`;
const namesOf = (resources: readonly Recorded[], type: string) =>
  resources.filter((one) => one.type === type).map(({ name }) => name);

const SIDES = [
  {
    side: "customer",
    account: CUSTOMER,
    function: "iot-hooks-announce",
    run: (preview: boolean) => runCustomer({}, { preview }),
    queues: ["iot-hooks-announce-dead-letters", "iot-hooks-registry-dead-letters"],
    trigger: "aws:cloudwatch/eventTarget:EventTarget",
  },
  {
    side: "partner",
    account: PARTNER,
    function: "iot-hooks-receive",
    run: (preview: boolean) => runPartner({}, { preview }),
    queues: ["iot-hooks-receive-dead-letters", "iot-hooks-receive-rule-dead-letters"],
    trigger: "aws:iot/topicRule:TopicRule",
  },
] as const;

for (const preview of [false, true]) {
  for (const { side, account, function: handler, run, queues, trigger } of SIDES) {
    describe(`the ${side}'s dead letters (${preview ? "preview" : "up"})`, () => {
      it("lie in encrypted queues for the two weeks that SQS keeps anything", async () => {
        const { resources } = await run(preview);
        expect(namesOf(resources, QUEUE)).to.have.members(queues);
        for (const queue of queues) {
          expect(inputsOf(resources, QUEUE, queue)).to.deep.equal({
            messageRetentionSeconds: 1_209_600,
            sqsManagedSseEnabled: true,
          });
        }
      });

      it("are nobody's without TLS", async () => {
        const { resources } = await run(preview);
        for (const queue of queues) {
          expect(statementsOf(inputsOf(resources, QUEUE_POLICY, queue).policy)[0]).to.deep.equal({
            Sid: "DenyWithoutTls",
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Resource: queueArn(account, queue),
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          });
        }
      });

      it("come from the function's alias after two retries or six hours", async () => {
        const { resources } = await run(preview);
        expect(inputsOf(resources, INVOKE_CONFIG)).to.deep.equal({
          functionName: `${handler}-1234567`,
          qualifier: "live",
          maximumRetryAttempts: 2,
          maximumEventAgeInSeconds: 21_600,
          destinationConfig: { onFailure: { destination: queueArn(account, `${handler}-dead-letters`) } },
        });
      });

      it("have a place before Lambda is told of it, and before the first event comes", async () => {
        const { resources } = await run(preview);
        const configured = resourceOf(resources, INVOKE_CONFIG);
        expect(made(configured.after)).to.include.members([`${handler} RolePolicy`, `${handler}-dead-letters Queue`]);
        const before = made(resourceOf(resources, trigger).after);
        expect(before).to.include(`${handler} FunctionEventInvokeConfig`);
        expect(before).to.include.members(queues.flatMap((queue) => [`${queue} Queue`, `${queue} QueuePolicy`]));
      });
    });
  }

  describe(`who may write dead letters (${preview ? "preview" : "up"})`, () => {
    it("is EventBridge for this one rule, and no other service anywhere", async () => {
      const { resources } = await runCustomer({}, { preview });
      const [, letters, ...rest] = statementsOf(
        inputsOf(resources, QUEUE_POLICY, "iot-hooks-registry-dead-letters").policy,
      );
      expect(letters).to.deep.equal({
        Sid: "LettersOfTheRule",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn(CUSTOMER, "iot-hooks-registry-dead-letters"),
        Condition: {
          ArnEquals: { "aws:SourceArn": `arn:aws:events:us-east-1:${CUSTOMER}:rule/iot-hooks-registry-1234567` },
        },
      });
      expect(rest).to.deep.equal([]);
      const partner = await runPartner({}, { preview });
      const others = [
        inputsOf(resources, QUEUE_POLICY, "iot-hooks-announce-dead-letters"),
        ...["iot-hooks-receive-dead-letters", "iot-hooks-receive-rule-dead-letters"].map((queue) =>
          inputsOf(partner.resources, QUEUE_POLICY, queue),
        ),
      ];
      for (const { policy } of others) expect(statementsOf(policy)).to.have.lengthOf(1);
    });

    it("is the topic rule's own role, which IoT gets for this rule of this account alone", async () => {
      const { resources } = await runPartner({ nameSuffix: "eu" }, { preview });
      const { assumeRolePolicy } = inputsOf(resources, "aws:iam/role:Role", "iot-hooks-receive-rule");
      expect(statementsOf(assumeRolePolicy)).to.deep.equal([
        {
          Effect: "Allow",
          Principal: { Service: "iot.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": PARTNER },
            ArnLike: { "aws:SourceArn": `arn:aws:iot:us-east-1:${PARTNER}:rule/iot_hooks_receive_eu` },
          },
        },
      ]);
      const policy = inputsOf(resources, "aws:iam/rolePolicy:RolePolicy", "iot-hooks-receive-rule");
      expect(policy.role).to.equal("iot-hooks-receive-rule-1234567");
      expect(statementsOf(policy.policy)).to.deep.equal([
        {
          Sid: "SendDeadLetters",
          Effect: "Allow",
          Action: "sqs:SendMessage",
          Resource: queueArn(PARTNER, "iot-hooks-receive-rule-dead-letters"),
        },
      ]);
      const rule = resourceOf(resources, "aws:iot/topicRule:TopicRule");
      expect(made(rule.after)).to.include("iot-hooks-receive-rule RolePolicy");
    });
  });
}
