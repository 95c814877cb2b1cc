// The product's promise, on the embedded AWS, with the functions as bundled: a thing that is created in one account
// arrives in the other.
import { expect } from "chai";
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { SQS } from "@aws-sdk/client-sqs";
import { STS } from "@aws-sdk/client-sts";
import type { Letter } from "../../shared/lambda/letter.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  PARTNER,
  createThing,
  deployCustomer,
  deployPartner,
  deployRoot,
  roleArnOf,
  startCloud,
  watch,
  type Partner,
  type RunningCloud,
} from "./deployment.ts";
import { documentOf } from "embedded-aws/testing";

const CUSTOMER_STACK = "organization/iot-hooks-customer/dev";
const PUBLISH_ROLE = `publish-from-customer-role-${CUSTOMER}`;

describe("a thing that is created in the customer's account", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());
  afterEach(() => running.cloud.reset());

  /**
   * Keys of the publish role, by way of the trust policy being opened to the administrator: what a customer's
   * function has at run time.
   */
  async function publishSession() {
    const iam = new IAM(running.config(PARTNER));
    const trust = { Effect: "Allow", Principal: { AWS: PARTNER }, Action: "sts:AssumeRole" };
    const PolicyDocument = documentOf(trust);
    await iam.updateAssumeRolePolicy({ RoleName: PUBLISH_ROLE, PolicyDocument });
    const RoleArn = `arn:aws:iam::${PARTNER}:role/${PUBLISH_ROLE}`;
    const { Credentials } = await new STS(running.config(PARTNER)).assumeRole({ RoleArn, RoleSessionName: "test" });
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
    return new IoTDataPlane(
      running.config({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }),
    );
  }

  it("reaches the partner exactly as the customer's registry describes it, customer deployed first", async () => {
    const customer = await deployCustomer(running);
    await deployPartner(running, [CUSTOMER_STACK], {}, { [CUSTOMER_STACK]: customer.outputs });
    const [message, ...more] = await createThing(running);
    const { $metadata: _, ...described } = await new IoT(running.config(CUSTOMER)).describeThing({ thingName: "lamp" });
    expect(more).to.deep.equal([]);
    expect(message).to.include({ accountId: CUSTOMER, operation: "create_thing" });
    expect(message).to.deep.include(described);
  });

  it("reaches the partner that was deployed before the customer", async () => {
    await deployPartner(running);
    await deployCustomer(running);
    expect(await createThing(running)).to.have.length(1);
  });

  it("reaches the partner after the customer's role was deleted and created anew", async () => {
    const customer = await deployCustomer(running);
    await deployPartner(running);
    await customer.destroy();
    await deployCustomer(running);
    expect(await createThing(running)).to.have.length(1);
  });

  it("reaches the partner with both sides in one stack", async () => {
    await deployRoot(running);
    expect(await createThing(running)).to.have.length(1);
  });

  it("reaches the partner with an external id that both sides know", async () => {
    await deployCustomer(running, { externalId: "acme-4711" });
    await deployPartner(running, undefined, { externalIds: JSON.stringify({ [CUSTOMER]: "acme-4711" }) });
    expect(await createThing(running)).to.have.length(1);
  });

  it("does not reach a partner that asks for another external id", async () => {
    await deployCustomer(running, { externalId: "acme-4711" });
    await deployPartner(running, undefined, { externalIds: JSON.stringify({ [CUSTOMER]: "other-1234" }) });
    expect(await createThing(running)).to.deep.equal([]);
  });

  it("reaches a partner in another Region, with suffixes on both roles", async () => {
    await deployCustomer(running, { partnerRegion: "eu-central-1", nameSuffix: "two", partnerNameSuffix: "eu" });
    await deployPartner(running, [roleArnOf(CUSTOMER, "-two")], { "aws:region": "eu-central-1", nameSuffix: "eu" });
    const { messages, stop } = watch(running, "eu-central-1");
    await createThing(running);
    stop();
    expect(messages).to.have.length(1);
  });

  it("arrives from two customers under their own accounts, by one rule and one function", async () => {
    await deployCustomer(running);
    await deployCustomer(running, {}, CUSTOMER2);
    const partner = await deployPartner(running, [roleArnOf(CUSTOMER), roleArnOf(CUSTOMER2)]);
    const [one] = await createThing(running, "lamp", CUSTOMER);
    const [two] = await createThing(running, "pump", CUSTOMER2);
    expect([one?.accountId, two?.accountId]).to.deep.equal([CUSTOMER, CUSTOMER2]);
    const count = (type: string) => partner.resources.filter((resource) => resource.type === type).length;
    expect([count("aws:iot/topicRule:TopicRule"), count("aws:lambda/function:Function")]).to.deep.equal([1, 1]);
  });

  it("arrives from the event's own words when it is gone before it is described", async () => {
    await deployCustomer(running);
    await deployPartner(running);
    running.cloud.faults.set([
      { service: "iot", operation: "DescribeThing", fault: "deny", code: "ResourceNotFoundException", times: 1 },
    ]);
    const [message] = await createThing(running);
    expect(message).to.deep.include({ thingName: "lamp", attributes: { colour: "warm-white" } });
    expect(message?.hook).to.include({ snapshot: "event" });
  });

  it("arrives although the first publish was refused for a moment", async () => {
    await deployCustomer(running);
    await deployPartner(running);
    running.cloud.faults.set([
      { service: "iotdata", operation: "Publish", fault: "deny", code: "ForbiddenException", times: 1 },
    ]);
    expect(await createThing(running)).to.have.length(1);
  });

  it("is not announced when the call failed", async () => {
    await deployCustomer(running);
    await deployPartner(running);
    await createThing(running);
    const { messages, stop } = watch(running);
    const other = { thingName: "lamp", attributePayload: { attributes: { colour: "blue" } } };
    const failed = await new IoT(running.config(CUSTOMER)).createThing(other).catch((error: unknown) => error);
    await running.cloud.settled();
    stop();
    expect(failed).to.have.property("name", "ResourceAlreadyExistsException");
    expect(messages).to.deep.equal([]);
    const invoked = running.cloud.trace
      .since()
      .filter(({ service, name }) => service === "lambda" && name === "Invoke");
    expect(invoked).to.have.length(2); // announce and receive, for the call that succeeded
  });

  it("is announced with every operation that is configured, and with no other", async () => {
    const operations = JSON.stringify(["create_thing", "update_thing", "delete_thing"]);
    await deployCustomer(running, { operations });
    await deployPartner(running, undefined, { operations });
    const { messages, stop } = watch(running);
    const iot = new IoT(running.config(CUSTOMER));
    for (const call of [
      () => iot.createThing({ thingName: "lamp" }),
      () => iot.updateThing({ thingName: "lamp", attributePayload: { attributes: { colour: "blue" } } }),
      () => iot.createThingGroup({ thingGroupName: "cellar" }),
      () => iot.deleteThing({ thingName: "lamp" }),
    ]) {
      await call();
      await running.cloud.settled();
    }
    stop();
    expect(messages.map(({ operation }) => operation)).to.deep.equal(["create_thing", "update_thing", "delete_thing"]);
  });

  it("is announced as created when it is there again by the time that its deletion is looked at", async () => {
    const operations = JSON.stringify(["create_thing", "delete_thing"]);
    await deployCustomer(running, { operations });
    await deployPartner(running, undefined, { operations });
    await createThing(running);
    const { messages, stop } = watch(running);
    running.cloud.delivery.set({ delaySeconds: 5 });
    const iot = new IoT(running.config(CUSTOMER));
    await iot.deleteThing({ thingName: "lamp" });
    const { thingId } = await iot.createThing({ thingName: "lamp" });
    await running.cloud.advance(6_000);
    stop();
    expect(messages).to.not.deep.equal([]);
    expect(new Set(messages.map((message) => message.thingId))).to.deep.equal(new Set([thingId]));
    expect(new Set(messages.map(({ operation }) => operation))).to.deep.equal(new Set(["create_thing"]));
  });

  it("leaves no debug message behind when debug is off, and is received all the same", async () => {
    await deployCustomer(running);
    const { outputs } = await deployPartner(running, undefined, { debug: "false" });
    expect(await createThing(running)).to.deep.equal([]);
    const invoked = running.cloud.trace
      .since()
      .filter(
        ({ service, name, outcome, permissions }) =>
          service === "lambda" &&
          name === "Invoke" &&
          outcome === "ok" &&
          permissions?.[0]?.resource.includes(outputs.functionName),
      );
    expect(invoked).to.have.length(1);
  });

  describe("forged", () => {
    const payload = (fields: object) =>
      Buffer.from(
        JSON.stringify({
          thingName: "lamp",
          thingArn: `arn:aws:iot:us-east-1:${CUSTOMER}:thing/lamp`,
          thingId: "0",
          attributes: {},
          version: 1,
          ...fields,
        }),
      );

    it("account and operation in the payload are replaced by those of the topic", async () => {
      await deployPartner(running);
      const { messages, stop } = watch(running);
      const data = await publishSession();
      await data.publish({
        topic: `cross_account_hooks/${CUSTOMER}/create_thing`,
        payload: payload({ accountId: CUSTOMER2, operation: "delete_thing" }),
      });
      await running.cloud.settled();
      stop();
      expect(messages).to.have.length(1);
      expect(messages[0]).to.include({ accountId: CUSTOMER, operation: "create_thing" });
    });

    it("ARNs of another customer's account are rejected", async () => {
      await deployPartner(running);
      const { messages, stop } = watch(running);
      const data = await publishSession();
      const thingArn = `arn:aws:iot:us-east-1:${CUSTOMER2}:thing/lamp`;
      await data.publish({ topic: `cross_account_hooks/${CUSTOMER}/create_thing`, payload: payload({ thingArn }) });
      await running.cloud.settled();
      stop();
      expect(messages).to.deep.equal([]);
    });

    /** What lies in the receive function's queue: letters, by their reason. */
    async function reasons({ outputs }: Partner): Promise<string[]> {
      const sqs = new SQS(running.config(PARTNER));
      const QueueUrl = outputs.deadLetterQueueUrls.receive;
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
      return Messages.map(({ Body = "" }) => (JSON.parse(Body) as Letter).responsePayload.reason);
    }
    /** As anybody in the partner's account can who may publish on any topic, an administrator here. */
    const stranger = () => new IoTDataPlane(running.config(PARTNER));
    const TOPIC = `cross_account_hooks/${CUSTOMER}/create_thing`;

    it("a message of somebody else in the partner's account is rejected, by way of Basic Ingest too", async () => {
      const partner = await deployPartner(running);
      const { messages, stop } = watch(running);
      await stranger().publish({ topic: TOPIC, payload: payload({}) });
      await stranger().publish({ topic: `$aws/rules/${partner.outputs.ruleName}/${TOPIC}`, payload: payload({}) });
      await running.cloud.settled();
      stop();
      expect(messages).to.deep.equal([]);
      expect(await reasons(partner)).to.deep.equal(["not the customer's role", "not the customer's role"]);
    });

    it("a topic that only Basic Ingest brings to the rule is no hook topic", async () => {
      const partner = await deployPartner(running);
      const topic = `$aws/rules/${partner.outputs.ruleName}/elsewhere/${CUSTOMER}/create_thing/more`;
      await stranger().publish({ topic, payload: payload({}) });
      await running.cloud.settled();
      expect(await reasons(partner)).to.deep.equal(["not a hook topic"]);
    });

    it("a message of somebody else is taken where senders are only observed", async () => {
      await deployPartner(running, undefined, { senderCheck: "observe" });
      const { messages, stop } = watch(running);
      await stranger().publish({ topic: TOPIC, payload: payload({}) });
      await running.cloud.settled();
      stop();
      expect(messages).to.have.length(1);
    });

    for (const [what, topic] of [
      ["another customer's topic", `cross_account_hooks/${CUSTOMER2}/create_thing`],
      ["an operation that the partner doesn't allow", `cross_account_hooks/${CUSTOMER}/invented`],
      ["a longer topic", `cross_account_hooks/${CUSTOMER}/create_thing/more`],
      ["Basic Ingest past the topic", `$aws/rules/any/cross_account_hooks/${CUSTOMER}/create_thing`],
    ] as const) {
      it(`${what} can't be published on`, async () => {
        await deployPartner(running);
        const data = await publishSession();
        const refused = await data.publish({ topic, payload: payload({}) }).catch((error: unknown) => error);
        expect(refused).to.have.property("name", "ForbiddenException");
      });
    }
  });
});
