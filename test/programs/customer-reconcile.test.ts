// The customer's program with a schedule by which all things are announced as they are.
import { expect } from "chai";
import { type Inputs, made, resourceOf } from "../harness/run-stack.ts";
import { CUSTOMER, runCustomer } from "../harness/stacks.ts";

for (const preview of [false, true])
  describe(`the customer's program with reconcile (${preview ? "preview" : "up"})`, () => {
    it("makes a rule for that time, and a function that lists things and asks the announce function, no more", async () => {
      const { resources, outputs } = await runCustomer({ reconcile: "rate(1 day)" }, { preview });
      expect(made(resources)).to.include.members([
        "iot-hooks-reconcile EventRule",
        "iot-hooks-reconcile Function",
        "iot-hooks-reconcile-rule EventTarget",
        "iot-hooks-reconcile-rule-dead-letters Queue",
        "iot-hooks-reconcile-errors MetricAlarm",
      ]);
      const queue = "https://sqs.us-east-1.amazonaws.com/111111111111/iot-hooks-reconcile";
      expect(outputs.reconciliation).to.deep.include({
        functionName: "iot-hooks-reconcile-1234567",
        ruleName: "iot-hooks-reconcile-1234567",
        deadLetterQueueUrls: {
          reconcileRule: `${queue}-rule-dead-letters-1234567`,
          reconcile: `${queue}-dead-letters-1234567`,
        },
      });
      const named = (type: string, name: string) => resourceOf(resources, type, name).inputs;
      expect(named("aws:cloudwatch/eventRule:EventRule", "iot-hooks-reconcile")).to.include({
        scheduleExpression: "rate(1 day)",
      });
      expect(named("aws:lambda/function:Function", "iot-hooks-reconcile")).to.include({ timeout: 900 });
      const statements = (named("aws:iam/rolePolicy:RolePolicy", "iot-hooks-reconcile").policy as Inputs)
        .Statement as Inputs[];
      expect(statements.flatMap(({ Action }) => Action as string | string[])).to.have.members([
        ...["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage", "iot:ListThings", "lambda:InvokeFunction"],
      ]);
      const { Resource } = statements.find(({ Sid }) => Sid === "AnnounceThings") ?? {};
      const functions = `arn:aws:lambda:us-east-1:${CUSTOMER}:function`;
      expect(Resource).to.deep.equal([
        `${functions}:iot-hooks-announce-1234567:live`,
        `${functions}:iot-hooks-reconcile-1234567:live`,
      ]);
    });
  });
