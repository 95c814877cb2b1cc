// The button of `npm run local`: letters of what somebody else has deployed are sent again.
import { expect } from "chai";
import { SQS } from "@aws-sdk/client-sqs";
import { redriveByTags } from "../../start/redrive.ts";
import { rejected, ruleEventOf } from "../hooks/letters.ts";
import { CUSTOMER, PARTNER, type RunningCloud, deployPartner, startCloud, watch } from "./deployment.ts";

describe("the page's redrive, of what is deployed by then", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());

  it("says that there is nothing before somebody deploys, and sends letters again after", async () => {
    expect(await redriveByTags(running.cloud, PARTNER)).to.contain(
      "has the tag cross-account-iot-hooks:function=receive",
    );
    const { outputs } = await deployPartner(running);
    const { receive: QueueUrl } = outputs.deadLetterQueueUrls;
    const sqs = new SQS(running.config(PARTNER));
    const { body, attributes = {} } = rejected(ruleEventOf("lamp"), "unknown customer");
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
    );
    await sqs.sendMessage({ QueueUrl, MessageBody: body, MessageAttributes });
    const { messages, stop } = watch(running);
    expect(await redriveByTags(running.cloud, PARTNER)).to.contain("receive: 1 letter sent");
    await running.cloud.settled();
    stop();
    // Nobody's session of the role sent it: who presses the button vouches for it.
    expect(messages.map(({ thingName }) => thingName)).to.deep.equal(["lamp"]);
    expect(await redriveByTags(running.cloud, CUSTOMER)).to.contain("cross-account-iot-hooks:function=announce");
  });
});
