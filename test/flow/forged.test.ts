// What is published on the hooks' topics by whom it should not be, or about what it should not be.
import { expect } from "chai";
import { IAM } from "@aws-sdk/client-iam";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { SQS } from "@aws-sdk/client-sqs";
import { STS } from "@aws-sdk/client-sts";
import { documentOf } from "embedded-aws/testing";
import type { Letter } from "../../shared/lambda/letter.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  PARTNER,
  deployPartner,
  startCloud,
  watch,
  type Message,
  type Partner,
  type RunningCloud,
} from "./deployment.ts";

const PUBLISH_ROLE = `publish-from-customer-role-${CUSTOMER}`;
const TOPIC = `cross_account_hooks/${CUSTOMER}/create_thing`;

describe("a message that is forged", () => {
  let running: RunningCloud;
  let partner: Partner;
  /** With the publish role's keys. */
  let customer: IoTDataPlane;
  /** As anybody in the partner's account can who may publish on any topic, an administrator here. */
  let stranger: IoTDataPlane;
  before(async () => {
    running = await startCloud();
    partner = await deployPartner(running);
    customer = await publishSession();
    stranger = new IoTDataPlane(running.config(PARTNER));
  });
  after(() => running.endpoint.close());

  /**
   * Keys of the publish role, by way of the trust policy being opened to the administrator: what a customer's
   * function has at run time.
   */
  async function publishSession(): Promise<IoTDataPlane> {
    const iam = new IAM(running.config(PARTNER));
    const trust = { Effect: "Allow", Principal: { AWS: PARTNER }, Action: "sts:AssumeRole" };
    await iam.updateAssumeRolePolicy({ RoleName: PUBLISH_ROLE, PolicyDocument: documentOf(trust) });
    const RoleArn = `arn:aws:iam::${PARTNER}:role/${PUBLISH_ROLE}`;
    const { Credentials } = await new STS(running.config(PARTNER)).assumeRole({ RoleArn, RoleSessionName: "test" });
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
    return new IoTDataPlane(
      running.config({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }),
    );
  }

  const payload = (thingName: string, fields: object = {}) =>
    Buffer.from(
      JSON.stringify({
        thingName,
        thingArn: `arn:aws:iot:us-east-1:${CUSTOMER}:thing/${thingName}`,
        thingId: thingName,
        attributes: {},
        version: 1,
        ...fields,
      }),
    );

  /** What the partner's code sees when it is published, and everything that follows has happened. */
  async function seen(data: IoTDataPlane, ...published: { topic: string; payload: Uint8Array }[]): Promise<Message[]> {
    const { messages, stop } = watch(running);
    for (const one of published) await data.publish(one);
    await running.cloud.settled();
    stop();
    return messages;
  }

  /** Takes out what lies in the receive function's queue: letters, by their reason. */
  async function reasons(): Promise<string[]> {
    const sqs = new SQS(running.config(PARTNER));
    const QueueUrl = partner.outputs.deadLetterQueueUrls.receive;
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
    for (const { ReceiptHandle } of Messages) await sqs.deleteMessage({ QueueUrl, ReceiptHandle });
    return Messages.map(({ Body = "" }) => (JSON.parse(Body) as Letter).responsePayload.reason);
  }

  it("has its account and operation replaced by those of the topic", async () => {
    const forged = payload("lamp", { accountId: CUSTOMER2, operation: "delete_thing" });
    const messages = await seen(customer, { topic: TOPIC, payload: forged });
    expect(messages).to.have.length(1);
    expect(messages[0]).to.include({ accountId: CUSTOMER, operation: "create_thing" });
  });

  it("is rejected for an ARN of another customer's account", async () => {
    const thingArn = `arn:aws:iot:us-east-1:${CUSTOMER2}:thing/pump`;
    expect(await seen(customer, { topic: TOPIC, payload: payload("pump", { thingArn }) })).to.deep.equal([]);
    expect(await reasons()).to.have.length(1);
  });

  it("is rejected where somebody else in the partner's account sent it, by way of Basic Ingest too", async () => {
    const ingest = `$aws/rules/${partner.outputs.ruleName}/${TOPIC}`;
    const messages = await seen(
      stranger,
      { topic: TOPIC, payload: payload("strange") },
      { topic: ingest, payload: payload("stranger") },
    );
    expect(messages).to.deep.equal([]);
    expect(await reasons()).to.deep.equal(["not the customer's role", "not the customer's role"]);
  });

  it("is rejected on a topic that only Basic Ingest brings to the rule", async () => {
    const topic = `$aws/rules/${partner.outputs.ruleName}/elsewhere/${CUSTOMER}/create_thing/more`;
    expect(await seen(stranger, { topic, payload: payload("elsewhere") })).to.deep.equal([]);
    expect(await reasons()).to.deep.equal(["not a hook topic"]);
  });

  for (const [what, topic] of [
    ["another customer's topic", `cross_account_hooks/${CUSTOMER2}/create_thing`],
    ["an operation that the partner doesn't allow", `cross_account_hooks/${CUSTOMER}/invented`],
    ["a longer topic", `cross_account_hooks/${CUSTOMER}/create_thing/more`],
    ["Basic Ingest past the topic", `$aws/rules/any/cross_account_hooks/${CUSTOMER}/create_thing`],
  ] as const)
    it(`can't be published on ${what}`, async () => {
      const refused = await customer.publish({ topic, payload: payload("any") }).catch((error: unknown) => error);
      expect(refused).to.have.property("name", "ForbiddenException");
    });

  it("is taken from somebody else where senders are only observed", async () => {
    const observing = await startCloud();
    await deployPartner(observing, undefined, { senderCheck: "observe" });
    const { messages, stop } = watch(observing);
    await new IoTDataPlane(observing.config(PARTNER)).publish({ topic: TOPIC, payload: payload("observed") });
    await observing.cloud.settled();
    stop();
    await observing.endpoint.close();
    expect(messages).to.have.length(1);
  });
});
