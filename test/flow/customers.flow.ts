// Who is a customer changes while the receive function is warm: nothing of it is deployed anew.
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { deployStack } from "embedded-aws/pulumi";
import { expect } from "chai";
import { KEPT_AGAINST_MS, KEPT_MS } from "../../partner/lambda/customers.ts";
import { customerAccessProgram } from "../../partner/customer/program.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  PARTNER,
  type Partner,
  type RunningCloud,
  createThing,
  deployCustomer,
  deployPartner,
  environmentOf,
  roleArnOf,
  startCloud,
} from "./deployment.ts";

const HUB = "organization/iot-hooks-partner/dev";

describe("a customer with a stack of its own", () => {
  let running: RunningCloud;
  let partner: Partner;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());
  beforeEach(async () => {
    partner = await deployPartner(running, [roleArnOf(CUSTOMER2)]);
    await deployCustomer(running);
    await deployCustomer(running, {}, CUSTOMER2);
    // From here on the function is warm.
    expect(await createThing(running, "first", CUSTOMER2)).to.have.length(1);
  });
  afterEach(() => running.cloud.reset());

  const add = (config: Readonly<Record<string, string>> = {}) =>
    deployStack(environmentOf(running), {
      project: "iot-hooks-partner-customer",
      program: customerAccessProgram,
      config: { "aws:profile": PARTNER, hub: HUB, roles: JSON.stringify([roleArnOf(CUSTOMER)]), ...config },
      stackOutputs: { [HUB]: partner.outputs },
    });

  /** Sends a message of the customer's again, as a redrive does: the outcome is the function's alone. */
  async function redriven(thingName: string): Promise<string> {
    const sqs = new SQS(running.config(PARTNER));
    const message = {
      ...{ thingName, thingArn: `arn:aws:iot:us-east-1:${CUSTOMER}:thing/${thingName}`, attributes: {} },
    };
    const event = {
      data: Buffer.from(JSON.stringify(message)).toString("base64"),
      topic: `cross_account_hooks/${CUSTOMER}/create_thing`,
      accountId: CUSTOMER,
      operation: "create_thing",
      receivedAt: running.cloud.clock.now(),
      redrivenBy: `arn:aws:iam::${PARTNER}:user/operator`,
    };
    await new Lambda(running.config(PARTNER)).invoke({
      FunctionName: partner.outputs.functionAliasArn,
      Payload: Buffer.from(JSON.stringify(event)),
    });
    const QueueUrl = partner.outputs.deadLetterQueueUrls.receive;
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl });
    const [letter] = Messages;
    if (letter === undefined) return "taken";
    await sqs.deleteMessage({ QueueUrl, ReceiptHandle: letter.ReceiptHandle });
    return (JSON.parse(letter.Body ?? "") as { responsePayload: { reason: string } }).responsePayload.reason;
  }
  const disable = (disabled: boolean) =>
    new DynamoDB(running.config(PARTNER)).updateItem({
      TableName: partner.outputs.hub.customersTableName,
      Key: { accountId: { S: CUSTOMER } },
      UpdateExpression: "SET disabled = :disabled",
      ExpressionAttributeValues: { ":disabled": { BOOL: disabled } },
    });

  it("is heard as soon as its stack is there, by the function as it runs", async () => {
    expect(await redriven("early")).to.equal("unknown customer");
    await add();
    const [message, ...more] = await createThing(running, "lamp");
    expect(more).to.deep.equal([]);
    expect(message).to.include({ accountId: CUSTOMER, thingName: "lamp" });
    const { functionAliasArn: FunctionName, functionVersion } = partner.outputs;
    const { Version } = await new Lambda(running.config(PARTNER)).getFunctionConfiguration({ FunctionName });
    expect(Version).to.equal(functionVersion);
  });

  it("is refused by IAM at once when its stack is gone, and by the function a minute later at most", async () => {
    const customer = await add();
    expect(await createThing(running, "lamp")).to.have.length(1);
    await customer.destroy();
    expect(await createThing(running, "bulb")).to.deep.equal([]);
    await running.cloud.advance(KEPT_MS);
    expect(await redriven("on its way")).to.equal("unknown customer");
  });

  it("is refused by the function a minute after it was disabled at most, and heard a second after it was enabled", async () => {
    await add();
    expect(await redriven("lamp")).to.equal("taken");
    await disable(true);
    await running.cloud.advance(KEPT_MS);
    expect(await redriven("bulb")).to.equal("customer disabled");
    await disable(false);
    await running.cloud.advance(KEPT_AGAINST_MS);
    expect(await redriven("pump")).to.equal("taken");
  });

  it("publishes nothing while its stack says that it is disabled", async () => {
    await add({ disabled: "true" });
    expect(await createThing(running, "lamp")).to.deep.equal([]);
  });
});
