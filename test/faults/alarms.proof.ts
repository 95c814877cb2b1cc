// One hop broken at a time, in both accounts with all their alarms: exactly those ring that should.
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import {
  CUSTOMER,
  PARTNER,
  changeRolePolicy,
  createThing,
  deployCustomer,
  deployPartner,
  startCloud,
  watch,
  type Customer,
  type Partner,
  type RunningCloud,
} from "../flow/deployment.ts";
import { documentOf } from "embedded-aws/testing";

const PUBLISH_ROLE = `publish-from-customer-role-${CUSTOMER}`;
const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;

describe("the alarms of both sides", () => {
  let running: RunningCloud;
  let customer: Customer;
  let partner: Partner;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());
  beforeEach(async () => {
    customer = await deployCustomer(running);
    partner = await deployPartner(running);
  });
  afterEach(() => running.cloud.reset());

  /** Those that rang at some time, by the keys of their names. */
  const rang = () =>
    [
      ...new Set(
        running.cloud.trace
          .since()
          .filter(({ name, detail }) => name === "AlarmStateChanged" && detail?.to === "ALARM")
          .map(({ detail }) => String(detail?.alarm).replace(/^iot-hooks-(.*)-[0-9a-f]{7}$/, "$1")),
      ),
    ].sort();
  /** Until Lambda has tried twice more, and the alarms were looked at. */
  const wait = (minutes = 5) => running.cloud.advance(minutes * MINUTE_MS);
  const ringing = async (account: string) =>
    (await new CloudWatch(running.config(account)).describeAlarms({ StateValue: "ALARM" })).MetricAlarms ?? [];

  async function removePermission(account: string, { resources, outputs }: Customer | Partner) {
    const permission = resources.find(({ type }) => type === "aws:lambda/permission:Permission");
    const { qualifier } = permission?.state as { qualifier: string };
    const removal = { FunctionName: outputs.functionName, Qualifier: qualifier, StatementId: permission?.id };
    await new Lambda(running.config(account)).removePermission(removal);
  }
  const forbidLetters = (account: string, role: string) =>
    changeRolePolicy(running, account, role, (statements) =>
      statements.map((statement) =>
        statement.Action === "sqs:SendMessage" ? { ...statement, Action: "sqs:GetQueueUrl" } : statement,
      ),
    );
  const roleOf = ({ resources }: Partner, name: string) => {
    const role = resources.find((made) => made.type === "aws:iam/role:Role" && made.name === name);
    return role?.state.name as string;
  };
  const publishNonsense = async () => {
    await new IoTDataPlane(running.config(PARTNER)).publish({
      topic: `cross_account_hooks/${CUSTOMER}/create_thing`,
      payload: Buffer.from("no JSON"),
    });
    await running.cloud.settled();
  };

  it("are silent while things cross", async () => {
    expect(await createThing(running)).to.have.lengthOf(1);
    await wait();
    expect(rang()).to.deep.equal([]);
  });

  it("ring for an event that EventBridge may not hand over, and go on while its letter lies there", async () => {
    await removePermission(CUSTOMER, customer);
    await createThing(running);
    await wait();
    expect(rang()).to.deep.equal(["registry-failed", "registry-letters", "registry-to-queue"]);
    await wait(60);
    expect((await ringing(CUSTOMER)).map(({ MetricName }) => MetricName)).to.deep.equal([
      "ApproximateNumberOfMessagesVisible",
    ]);
    const QueueUrl = customer.outputs.deadLetterQueueUrls.registryRule;
    await new SQS(running.config(CUSTOMER)).purgeQueue({ QueueUrl });
    await wait(4);
    expect(await ringing(CUSTOMER)).to.deep.equal([]);
  });

  it("ring for an event that EventBridge can't even put into its queue: that one is lost", async () => {
    await removePermission(CUSTOMER, customer);
    const QueueUrl = customer.outputs.deadLetterQueueUrls.registryRule;
    await new SQS(running.config(CUSTOMER)).setQueueAttributes({ QueueUrl, Attributes: { Policy: "" } });
    await createThing(running);
    await wait();
    expect(rang()).to.deep.equal(["registry-failed", "registry-lost"]);
  });

  it("ring for a message that the topic rule may not hand over", async () => {
    await removePermission(PARTNER, partner);
    await createThing(running);
    await wait();
    expect(rang()).to.deep.equal(["rule-failed", "rule-letters"]);
  });

  it("ring for a message that the topic rule can't even put into its queue: that one is lost", async () => {
    await removePermission(PARTNER, partner);
    await forbidLetters(PARTNER, roleOf(partner, "iot-hooks-receive-rule"));
    await createThing(running);
    await wait();
    expect(rang()).to.deep.equal(["rule-failed", "rule-lost"]);
  });

  it("ring for a message that is refused, and for its letter alone: no retry was burnt", async () => {
    await publishNonsense();
    await wait();
    expect(rang()).to.deep.equal(["receive-letters"]);
  });

  it("ring for a refused message whose letter is refused too: Lambda tries, gives up, and can't deliver it", async () => {
    await forbidLetters(PARTNER, roleOf(partner, "iot-hooks-receive"));
    await publishNonsense();
    await wait();
    expect(rang()).to.deep.equal(["receive-dropped", "receive-errors", "receive-undelivered"]);
  });

  it("ring on both sides for a customer that may not publish", async () => {
    await changeRolePolicy(running, PARTNER, PUBLISH_ROLE, () => [
      { Action: "iot:Publish", Resource: "*", ...{ Effect: "Deny" } },
    ]);
    await createThing(running);
    await wait();
    // A denial may be one that IAM hasn't heard the end of: Lambda tries twice more.
    expect(rang()).to.deep.equal(["announce-dropped", "announce-errors", "announce-letters", "publish-denied"]);
  });

  it("ring for an event of a function that may not run at all", async () => {
    const lambda = new Lambda(running.config(CUSTOMER));
    const FunctionName = customer.outputs.functionName;
    await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 0 });
    await createThing(running);
    await wait();
    expect(rang()).to.deep.equal(["announce-dropped", "announce-letters"]);
  });

  it("ring for an event that finds the function busy, and for nothing else when it is run after all", async () => {
    const lambda = new Lambda(running.config(CUSTOMER));
    const FunctionName = customer.outputs.functionName;
    await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 1 });
    // The first is at work while the second comes.
    running.cloud.faults.set([{ service: "iot", operation: "DescribeThing", fault: "slow", delayMs: 2_000, times: 1 }]);
    const { messages } = watch(running);
    const iot = new IoT(running.config(CUSTOMER));
    await Promise.all(["lamp", "bulb"].map((thingName) => iot.createThing({ thingName })));
    await wait();
    expect(messages).to.have.length(2);
    expect(rang()).to.deep.equal(["announce-throttles"]);
  });

  it("ring for events that wait for a function whose role is broken, and fall silent when it is mended", async () => {
    const RoleName = `publish-to-partner-role-${PARTNER}`;
    const trust = (Effect: string) =>
      new IAM(running.config(CUSTOMER)).updateAssumeRolePolicy({
        RoleName,
        PolicyDocument: documentOf({
          Effect,
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        }),
      });
    await trust("Deny");
    const { messages } = watch(running);
    await createThing(running);
    await wait(30);
    expect(rang()).to.deep.equal(["announce-backlog"]);
    await trust("Allow");
    await wait(10);
    expect(messages).to.have.length(1);
    expect(rang()).to.deep.equal(["announce-backlog"]);
    expect(await ringing(CUSTOMER)).to.deep.equal([]);
  });

  it("ring for a message that AWS IoT throttles the topic rule for: that one is lost", async () => {
    running.cloud.faults.set([{ service: "iot", operation: "RuleMessage", fault: "throttle", times: 1 }]);
    await createThing(running);
    await wait();
    expect(rang()).to.deep.equal(["rule-throttled"]);
  });

  it("ring for publishes that are throttled, and for nothing else when the function tries again", async () => {
    const caller = PUBLISH_ROLE;
    running.cloud.faults.set([{ service: "iotdata", operation: "Publish", caller, fault: "throttle", times: 1 }]);
    expect(await createThing(running)).to.have.length(1);
    await wait();
    expect(rang()).to.deep.equal(["publish-throttled"]);
  });

  it("ring for a message that the topic rule can't read, once somebody has changed what it selects", async () => {
    const iot = new IoT(running.config(PARTNER));
    const { rule: { createdAt: _, ruleName, ...rule } = {} } = await iot.getTopicRule({
      ruleName: partner.outputs.ruleName,
    });
    const { actions, sql = "", ...rest } = rule;
    await iot.replaceTopicRule({
      ruleName,
      topicRulePayload: { ...rest, actions, sql: sql.replace("SELECT ", "SELECT thingName AS thing, ") },
    });
    await publishNonsense();
    await wait();
    expect(rang()).to.deep.equal(["receive-letters", "rule-parse"]);
  });

  it("ring once more when a letter is a week old", async () => {
    await publishNonsense();
    await wait();
    await running.cloud.advance(WEEK_MS);
    expect(rang()).to.deep.equal(["receive-letters", "receive-letters-old"]);
  });

  it("ring on the customer's side alone when the partner doesn't trust it", async () => {
    await new IAM(running.config(PARTNER)).updateAssumeRolePolicy({
      RoleName: PUBLISH_ROLE,
      PolicyDocument: documentOf({ Effect: "Deny", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }),
    });
    await createThing(running);
    await wait();
    expect(rang()).to.deep.equal(["announce-dropped", "announce-errors", "announce-letters"]);
  });
});
