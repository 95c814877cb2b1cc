// Either side may be deployed first, and events lose nothing by it: what is announced before the partner's side exists,
// or before it allows the operation, waits in the customer's queue, and arrives when it is sent again.
import { IoT } from "@aws-sdk/client-iot";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import {
  CUSTOMER,
  type Customer,
  type Message,
  type RunningCloud,
  createThing,
  deployCustomer,
  deployPartner,
  startCloud,
  watch,
} from "./deployment.ts";

describe("whichever side comes first", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());
  afterEach(() => running.cloud.reset());

  /** Until Lambda gave up. */
  const wait = () => running.cloud.advance(5 * 60_000);

  async function letters(customer: Customer) {
    const QueueUrl = customer.outputs.deadLetterQueueUrls.announce;
    const { Messages = [] } = await new SQS(running.config(CUSTOMER)).receiveMessage({
      QueueUrl,
      MaxNumberOfMessages: 10,
    });
    return Messages.map(
      ({ Body = "" }) => JSON.parse(Body) as { requestPayload: object; responsePayload: { errorType: string } },
    );
  }
  /** As the redrive does: each event once more through the alias. */
  async function sendAgain(customer: Customer): Promise<readonly Message[]> {
    const { messages, stop } = watch(running);
    for (const { requestPayload } of await letters(customer)) {
      await new Lambda(running.config(CUSTOMER)).invoke({
        FunctionName: customer.outputs.functionAliasArn,
        InvocationType: "Event",
        Payload: Buffer.from(JSON.stringify(requestPayload)),
      });
    }
    await running.cloud.settled();
    stop();
    return messages;
  }

  it("keeps in the customer's queue what is announced before the partner's side exists", async () => {
    const customer = await deployCustomer(running);
    expect(await createThing(running)).to.deep.equal([]);
    await wait();
    await deployPartner(running);
    const arrived = await sendAgain(customer);
    expect(arrived.map(({ thingName, operation }) => [thingName, operation])).to.deep.equal([["lamp", "create_thing"]]);
  });

  it("keeps there what is announced before the partner allows the operation", async () => {
    const customer = await deployCustomer(running, { operations: '["create_thing","delete_thing"]' });
    const before = await deployPartner(running, undefined, { keepOnDestroy: "false" });
    expect(await createThing(running)).to.have.lengthOf(1);
    await new IoT(running.config(CUSTOMER)).deleteThing({ thingName: "lamp" });
    await running.cloud.settled();
    await wait();
    await before.destroy();
    await deployPartner(running, undefined, { operations: '["create_thing","delete_thing"]' });
    const arrived = await sendAgain(customer);
    expect(arrived.map(({ thingName, operation }) => [thingName, operation])).to.deep.equal([["lamp", "delete_thing"]]);
  });

  it("needs no letter where the partner's side came first", async () => {
    await deployPartner(running);
    const customer = await deployCustomer(running);
    expect(await createThing(running)).to.have.lengthOf(1);
    await wait();
    expect(await letters(customer)).to.deep.equal([]);
  });
});
