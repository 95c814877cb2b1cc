// The AWS sample that this project follows: two Python functions and two templates. Either of its halves works with
// the other one of ours. What it does is stated anew here, as its code was read: nothing of it is run or copied.
import { expect } from "chai";
import { IoTClient } from "@aws-sdk/client-iot";
import { announcer } from "../../customer/lambda/announcement.ts";
import { receiver } from "../../partner/lambda/reception.ts";
import { recreationOf, rowOf } from "../../shared/contract/operations.ts";
import { AwsStub } from "./aws-stub.ts";
import { Gauge, LetterBox, QUEUE_URL, invocation } from "./invocation.ts";
import { CUSTOMERS, SETTINGS } from "./known-customers.ts";
import { CUSTOMER, EVENT_OPERATIONS, PARTNER, THING_ARN, recordOf } from "./records.ts";
import { ruleEvent } from "./rule-events.ts";

/**
 * DescribeThing's answer as the sample's customer function publishes it: flat, without the response's metadata, with
 * nothing added.
 */
const FROM_THE_SAMPLE = {
  defaultClientId: "lamp",
  thingName: "lamp",
  thingId: "id-1",
  thingArn: THING_ARN,
  attributes: { serial: "42" },
  version: 1,
};

/** The sample's rule: what was sent, and two keys of the topic, of which the later one wins. */
const bySampleRule = (topic: string, payload: string) => {
  const [, accountId, operation] = topic.split("/");
  return { ...(JSON.parse(payload) as Record<string, unknown>), accountId, operation };
};

/** The keys without which the sample's partner function returns, in the order in which it looks for them. */
const SAMPLE_WANTS = ["accountId", "thingName", "attributes", "operation"];

describe("wire compatibility with the sample", () => {
  describe("its customer function, our partner function", () => {
    async function receive(sent: unknown) {
      const debug: { topic: string; message: unknown }[] = [];
      const lines: Record<string, unknown>[] = [];
      const handler = receiver({
        settings: SETTINGS,
        customers: CUSTOMERS,
        onThing: () => Promise.resolve(),
        publish: (topic, payload) => {
          debug.push({ topic, message: JSON.parse(payload) as unknown });
          return Promise.resolve();
        },
        measure: new Gauge(lines).measure,
        sendLetter: new LetterBox().send,
        now: () => new Date(),
      });
      await handler(ruleEvent(sent), invocation());
      return { debug, lines };
    }

    it("takes a message without hook, as schema version 0", async () => {
      const { lines } = await receive(FROM_THE_SAMPLE);

      expect(lines[0]).to.include({ outcome: "received", schemaVersion: 0, eventId: null });
    });

    it("publishes the debug message that the sample's partner function publishes", async () => {
      const { debug } = await receive(FROM_THE_SAMPLE);

      const topic = `cross_account_hooks/${CUSTOMER}/create_thing`;
      expect(debug).to.deep.equal([
        { topic: `debug/${CUSTOMER}/create_thing`, message: bySampleRule(topic, JSON.stringify(FROM_THE_SAMPLE)) },
      ]);
    });

    it("takes a description without attributes, as having none", async () => {
      const { attributes: _, ...bare } = FROM_THE_SAMPLE;

      const { debug } = await receive(bare);

      expect(debug[0]?.message).to.deep.include({ attributes: {} });
    });
  });

  describe("our customer function, its partner function", () => {
    const aws = new AwsStub();
    let iot: IoTClient;
    before(async () => {
      const credentials = { accessKeyId: "ASIAFUNCTION", secretAccessKey: "secret" };
      iot = new IoTClient({ endpoint: await aws.start(), region: "us-east-1", credentials });
    });
    after(async () => {
      iot.destroy();
      await aws.stop();
    });
    beforeEach(() => {
      aws.reset();
      aws.answers.set("GET /things/lamp", () => ({ status: 200, body: FROM_THE_SAMPLE }));
    });

    async function announce(operation: (typeof EVENT_OPERATIONS)[number]) {
      if (recreationOf(operation) !== undefined) aws.answers.clear();
      const arrived: Record<string, unknown>[] = [];
      const handler = announcer({
        settings: {
          accountId: CUSTOMER,
          partnerRoleArn: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`,
          partnerRegion: "us-east-1",
          stsRegion: "us-east-1",
          operations: EVENT_OPERATIONS,
          failureQueueUrl: QUEUE_URL,
        },
        iot,
        publish: (topic, payload) => {
          arrived.push(bySampleRule(topic, payload));
          return Promise.resolve();
        },
        measure: () => undefined,
        sendLetter: new LetterBox().send,
        now: () => new Date(),
        log: () => undefined,
      });
      await handler(recordOf(operation), invocation());
      return arrived;
    }

    it("sends every field of the description where the sample sends it", async () => {
      const [arrived] = await announce("create_thing");

      expect(arrived).to.deep.include(FROM_THE_SAMPLE);
    });

    for (const operation of EVENT_OPERATIONS.filter((name) => rowOf(name).subjects.includes("thing"))) {
      it(`${operation}: has every key that the sample's function looks for`, async () => {
        const arrived = await announce(operation);

        expect(arrived).to.have.length(1);
        expect(arrived[0]).to.include.all.keys(...SAMPLE_WANTS);
        expect(arrived[0]).to.include({ accountId: CUSTOMER, operation, thingName: "lamp" });
      });
    }

    it("has them too when the thing was gone before it was described, which the sample loses", async () => {
      aws.answers.clear();

      const [arrived] = await announce("create_thing");

      expect(arrived).to.include.all.keys(...SAMPLE_WANTS);
    });
  });
});
