// "Either side first" is true of events too, and each hop that was broken for a while: what could not go on waits in
// that hop's queue, with a reason, and arrives after a redrive.
import { expect } from "chai";
import { IoT } from "@aws-sdk/client-iot";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import {
  CUSTOMER,
  type Customer,
  PARTNER,
  type Partner,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  startCloud,
  watch,
} from "./deployment.ts";
import { redriveSide } from "./redriving.ts";

/** Longer than Lambda's retries, and shorter than what EventBridge takes to give up. */
const RETRIES_MS = 10 * 60_000;

describe("what could not go on", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());
  afterEach(() => running.cloud.reset());

  const create = async (thingName: string) => {
    await new IoT(running.config(CUSTOMER)).createThing({ thingName });
    await running.cloud.settled();
    await running.cloud.advance(RETRIES_MS);
  };
  const depths = async (account: string, urls: object) => {
    const sqs = new SQS(running.config(account));
    const depth = async ([name, QueueUrl]: [string, string]) => {
      const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] });
      return [name, Number(Attributes?.ApproximateNumberOfMessages)] as const;
    };
    return Object.fromEntries(await Promise.all((Object.entries(urls) as [string, string][]).map(depth)));
  };
  /** Things that arrive by a redrive of that side, and by which reasons their letters were sent again. */
  const redriven = async (side: "customer" | "partner", { outputs }: Customer | Partner) => {
    const { messages, stop } = watch(running);
    const reports = await redriveSide(running, side, outputs);
    await running.cloud.settled();
    stop();
    const sent = reports.flatMap(({ queue, rows }) =>
      rows.map(({ outcome, reason }) => `${queue}: ${reason}: ${outcome}`),
    );
    return { things: messages.map(({ thingName }) => thingName), sent };
  };
  const permission = async (account: string, { resources, outputs }: Customer | Partner) => {
    const { id, state } = resources.find(({ type }) => type === "aws:lambda/permission:Permission") ?? {};
    const lambda = new Lambda(running.config(account));
    const given = state as { qualifier: string; principal: string; sourceArn: string; sourceAccount?: string };
    const at = { FunctionName: outputs.functionName, Qualifier: given.qualifier, StatementId: id };
    await lambda.removePermission(at);
    return () =>
      lambda.addPermission({
        ...at,
        Action: "lambda:InvokeFunction",
        Principal: given.principal,
        SourceArn: given.sourceArn,
        ...(given.sourceAccount === undefined ? {} : { SourceAccount: given.sourceAccount }),
      });
  };

  it("EventBridge to announce: in the rule's queue", async () => {
    const customer = await deployCustomer(running);
    await deployPartner(running);
    const restore = await permission(CUSTOMER, customer);
    await create("lamp");
    expect(await depths(CUSTOMER, customer.outputs.deadLetterQueueUrls)).to.deep.equal({
      registryRule: 1,
      announce: 0,
    });
    await restore();
    expect(await redriven("customer", customer)).to.deep.equal({
      things: ["lamp"],
      sent: ["registryRule: NO_PERMISSIONS: sent"],
    });
  });

  it("announced before the partner's side was there: in the customer's queue", async () => {
    const customer = await deployCustomer(running);
    await create("lamp");
    expect(await depths(CUSTOMER, customer.outputs.deadLetterQueueUrls)).to.deep.equal({
      registryRule: 0,
      announce: 1,
    });
    await deployPartner(running);
    expect(await redriven("customer", customer)).to.deep.equal({
      things: ["lamp"],
      sent: ["announce: RetriesExhausted: AnnounceFailure: sent"],
    });
  });

  it("announced before the partner allows the operation: in the customer's queue", async () => {
    const operations = JSON.stringify(["create_thing", "update_thing"]);
    const customer = await deployCustomer(running, { operations });
    const before = await deployPartner(running, undefined, { keepOnDestroy: "false" });
    await create("lamp");
    await new IoT(running.config(CUSTOMER)).updateThing({
      thingName: "lamp",
      attributePayload: { attributes: { colour: "red" } },
    });
    await running.cloud.settled();
    await running.cloud.advance(RETRIES_MS);
    expect(await depths(CUSTOMER, customer.outputs.deadLetterQueueUrls)).to.deep.equal({
      registryRule: 0,
      announce: 1,
    });
    await before.destroy();
    await deployPartner(running, undefined, { operations });
    expect((await redriven("customer", customer)).things).to.deep.equal(["lamp"]);
  });

  it("the topic rule to receive: in the rule's queue, and taken although nobody is named as its sender", async () => {
    await deployCustomer(running);
    const partner = await deployPartner(running, undefined, { senderCheck: "enforce" });
    const restore = await permission(PARTNER, partner);
    await create("lamp");
    expect(await depths(PARTNER, partner.outputs.deadLetterQueueUrls)).to.deep.equal({ topicRule: 1, receive: 0 });
    await restore();
    expect(await redriven("partner", partner)).to.deep.equal({
      things: ["lamp"],
      sent: ["topicRule: LambdaAction failed: sent"],
    });
  });

  it("what receive can't take: in its queue, and there again after a redrive that changes nothing", async () => {
    const partner = await deployPartner(running);
    const lambda = new Lambda(running.config(PARTNER));
    const data = Buffer.from(JSON.stringify({ thingName: "lamp" })).toString("base64");
    const event = { data, topic: "cross_account_hooks/1/create_thing", accountId: "1", operation: "create_thing" };
    await lambda.invoke({
      FunctionName: partner.outputs.functionAliasArn,
      InvocationType: "Event",
      Payload: Buffer.from(JSON.stringify({ ...event, receivedAt: Date.now() })),
    });
    await running.cloud.settled();
    expect(await depths(PARTNER, partner.outputs.deadLetterQueueUrls)).to.deep.equal({ topicRule: 0, receive: 1 });
    const { things, sent } = await redriven("partner", partner);
    expect(things).to.deep.equal([]);
    // Read once more by the same run, or not.
    expect(sent).to.include("receive: unknown customer: sent");
    expect(await depths(PARTNER, partner.outputs.deadLetterQueueUrls)).to.deep.equal({ topicRule: 0, receive: 1 });
  });
});
