// Letters that aren't the customer's: what somebody else in the partner's account can get into its queues isn't
// believed by being sent again, unless the operator says so of that account.
import { IAM } from "@aws-sdk/client-iam";
import { IoTDataPlane } from "@aws-sdk/client-iot-data-plane";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { CUSTOMER, PARTNER, type Partner, type RunningCloud, deployPartner, startCloud, watch } from "./deployment.ts";
import { redriveSide } from "./redriving.ts";
import { ofLambda } from "../hooks/letters.ts";
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
