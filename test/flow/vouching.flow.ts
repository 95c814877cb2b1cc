// Letters that aren't the customer's: what somebody else in the partner's account can get into its queues isn't
// believed by being sent again, unless the operator says so of that account.
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { assumeWith } from "embedded-aws/testing";
import {
  CUSTOMER,
  PARTNER,
  type Partner,
  type RunningCloud,
  createThing,
  deployCustomer,
  deployPartner,
  startCloud,
  watch,
} from "./deployment.ts";
import { redriveSide } from "./redriving.ts";
import { ofEventBridge, ofLambda } from "../hooks/letters.ts";
import { recordOf } from "../lambda/records.ts";
import { MESSAGE, ruleEvent } from "../lambda/rule-events.ts";

const RETRIES_MS = 10 * 60_000;

describe("a forged letter", () => {
  let running: RunningCloud;
  let partner: Partner;
  before(async () => {
    running = await startCloud();
    partner = await deployPartner(running, undefined, { senderCheck: "enforce" });
  });
  after(() => running.endpoint.close());
  afterEach(() => {
    running.cloud.faults.set([]);
  });

  const forged = (thingName: string) => {
    const thingArn = MESSAGE.thingArn.replace("lamp", thingName);
    return { ...MESSAGE, thingName, thingArn, hook: { ...MESSAGE.hook, eventId: `of-${thingName}` } };
  };
  /** By a redrive of the partner's: what it says of each letter, and the things that its own code was told of. */
  const redriven = async (...vouchedFor: readonly string[]) => {
    const { messages, stop } = watch(running);
    const reports = await redriveSide(running, "partner", partner.outputs, PARTNER, vouchedFor);
    await running.cloud.settled();
    stop();
    const said = reports.flatMap(({ queue, rows }) =>
      rows.map(({ outcome, reason }) => `${queue}: ${reason}: ${outcome}`),
    );
    return { said, things: messages.map(({ thingName }) => thingName) };
  };
  /** Somebody with a broad iot:Publish, at a time when the rule can't call its function. */
  const publishWhileTheRuleFails = async (thingName: string) => {
    running.cloud.faults.set([
      { service: "lambda", operation: "Invoke", caller: "iot.amazonaws.com", fault: "throttle" },
    ]);
    const topic = `cross_account_hooks/${CUSTOMER}/create_thing`;
    await new IoTDataPlane(running.config(PARTNER)).publish({ topic, payload: JSON.stringify(forged(thingName)) });
    await running.cloud.settled();
    running.cloud.faults.set([]);
  };

  it("that AWS IoT wrote of another's message stays, until the operator vouches for it", async () => {
    await publishWhileTheRuleFails("forged");
    expect(await redriven()).to.deep.equal({
      said: ["topicRule: LambdaAction failed: left: nobody vouches"],
      things: [],
    });
    expect(await redriven(CUSTOMER)).to.deep.equal({
      said: ["topicRule: LambdaAction failed: sent"],
      things: ["forged"],
    });
  });

  it("that was put into the queue stays, whatever principal or operator it names", async () => {
    const sqs = new SQS(running.config(PARTNER));
    const RoleName = `publish-from-customer-role-${CUSTOMER}`;
    const { Role } = await new IAM(running.config(PARTNER)).getRole({ RoleName });
    const event = { ...ruleEvent(forged("written")), principal: `${Role?.RoleId ?? ""}:x`, redrivenBy: "arn:operator" };
    const { body: MessageBody } = ofLambda(event);
    for (const QueueUrl of Object.values(partner.outputs.deadLetterQueueUrls))
      await sqs.sendMessage({ QueueUrl, MessageBody });
    const { said, things } = await redriven();
    expect(said).to.deep.equal(
      ["topicRule", "receive"].map((queue) => `${queue}: RetriesExhausted: AnnounceFailure: left: nobody vouches`),
    );
    expect(things).to.deep.equal([]);
    for (const QueueUrl of Object.values(partner.outputs.deadLetterQueueUrls)) await sqs.purgeQueue({ QueueUrl });
  });

  it("that the function or Lambda wrote is sent without asking, and its principal is checked again", async () => {
    await new Lambda(running.config(PARTNER)).invoke({
      FunctionName: partner.outputs.functionAliasArn,
      InvocationType: "Event",
      Payload: Buffer.from(JSON.stringify({ ...ruleEvent(forged("foreign")), principal: "AROASOMEBODY:else" })),
    });
    await running.cloud.settled();
    await running.cloud.advance(RETRIES_MS);
    // Vouching is for what nobody knows: who published this one is known, and it comes back.
    for (const vouchedFor of [[], [CUSTOMER], ["all"]]) {
      const { said, things } = await redriven(...vouchedFor);
      expect(said).to.include("receive: not the customer's role: sent");
      expect(things).to.deep.equal([]);
    }
  });
});

describe("a letter that was put into the customer's queue", () => {
  it("can say what isn't so of its own account's things, but not how they are, and nothing of another's", async () => {
    const running = await startCloud();
    try {
      const { outputs } = await deployCustomer(running);
      await deployPartner(running);
      await createThing(running, "lamp");
      const writer = await assumeWith(running, CUSTOMER, [
        { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" },
      ]);
      const attributePayload = { attributes: { forged: "yes" } };
      const written = (thingName: string, account = CUSTOMER) =>
        ofEventBridge({
          ...recordOf("create_thing", {
            eventID: `written-${thingName}-${account}`,
            requestParameters: { thingName, attributePayload },
            responseElements: null,
          }),
          account,
        }).body;
      const QueueUrl = outputs.deadLetterQueueUrls.registryRule;
      for (const MessageBody of [written("lamp"), written("ghost"), written("ghost", PARTNER)])
        await new SQS(running.config(writer)).sendMessage({ QueueUrl, MessageBody });
      // A later version, since what is known isn't told again. Nothing announces this call.
      const { messages, stop } = watch(running);
      await new IoT(running.config(CUSTOMER)).updateThing({ thingName: "lamp" });
      await redriveSide(running, "customer", outputs);
      await running.cloud.settled();
      stop();
      const heard = messages.map(({ accountId, thingName, attributes }) => ({ accountId, thingName, attributes }));
      expect(heard).to.have.deep.members([
        { accountId: CUSTOMER, thingName: "lamp", attributes: { colour: "warm-white" } },
        { accountId: CUSTOMER, thingName: "ghost", attributes: { forged: "yes" } },
      ]);
    } finally {
      await running.endpoint.close();
    }
  });
});
