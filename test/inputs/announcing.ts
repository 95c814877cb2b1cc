// The announce function in memory, with a registry that describes what it is told to, and whatever may come to it:
// CloudTrail's events and those that ask it to announce things as they are. What it publishes, the partner takes.
import { Readable } from "node:stream";
import { IoTClient } from "@aws-sdk/client-iot";
import { expect } from "chai";
import fc from "fast-check";
import { announcer } from "../../customer/lambda/announcement.ts";
import type { Message } from "../../shared/contract/message.ts";
import { type Operation, isOperation, recreationOf, rowOf } from "../../shared/contract/operations.ts";
import { SYNC_SOURCE, type SyncEvent, type SyncReport } from "../../shared/contract/sync.ts";
import { BILLING_GROUP, GROUP, THING, TYPE } from "../lambda/descriptions.ts";
import { Gauge, QUEUE_URL, invocation } from "../lambda/invocation.ts";
import { CUSTOMER, EVENT_OPERATIONS, PARTNER, recordOf } from "../lambda/records.ts";
import { ruleEvent } from "../lambda/rule-events.ts";
import { type Outcomes, count, ending } from "./ending.ts";
import { nearly } from "./mutations.ts";
import { receiveOf } from "./receiving.ts";

/** The customer's registry, behind the real client: what it is asked for has one description, or none. */
function registry(description: unknown): IoTClient {
  const found = description !== undefined;
  const body = Buffer.from(found ? JSON.stringify(description) : '{"message":"not found"}');
  const headers = {
    "content-type": "application/json",
    ...(found ? {} : { "x-amzn-errortype": "ResourceNotFoundException" }),
  };
  return new IoTClient({
    region: "us-east-1",
    credentials: { accessKeyId: "ASIAFUNCTION", secretAccessKey: "secret" },
    cacheMiddleware: true,
    maxAttempts: 1,
    requestHandler: {
      handle: () =>
        Promise.resolve({ response: { statusCode: found ? 200 : 404, headers, body: Readable.from([body]) } }),
    } as never,
  });
}

interface Published {
  readonly operation: Operation;
  readonly payload: string;
}

async function announceOf(event: unknown, description: unknown) {
  const published: Published[] = [];
  const result = await ending("AnnounceFailure", (lines, box) =>
    announcer({
      settings: {
        accountId: CUSTOMER,
        partnerRoleArn: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`,
        partnerRegion: "us-east-1",
        stsRegion: "us-east-1",
        operations: EVENT_OPERATIONS,
        failureQueueUrl: QUEUE_URL,
      },
      iot: registry(description),
      publish: (topic, payload) => {
        const operation = topic.split("/")[2] ?? "";
        if (!isOperation(operation)) throw new Error(`published on ${topic}`);
        published.push({ operation, payload });
        return Promise.resolve();
      },
      measure: new Gauge(lines).measure,
      log: (line) => lines.push(line),
      sendLetter: box.send,
      now: () => new Date(),
    })(event, invocation()),
  );
  return { ...result, published };
}

const SYNC_EVENT: SyncEvent = { source: SYNC_SOURCE, run: "reconcile", things: ["lamp", "fan"], tombstones: true };

const EVENTS = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...EVENT_OPERATIONS).chain((name) => nearly(recordOf(name))) },
  { weight: 2, arbitrary: nearly(recordOf("create_thing", { errorCode: "AccessDenied" })) },
  { weight: 3, arbitrary: fc.boolean().chain((tombstones) => nearly({ ...SYNC_EVENT, tombstones })) },
  { weight: 1, arbitrary: fc.anything() },
);
const DESCRIBED = [THING, GROUP, TYPE, BILLING_GROUP];
const DESCRIPTIONS = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom(...DESCRIBED),
  fc.constantFrom(...DESCRIBED).chain(nearly),
);

export async function announceAnything(numRuns: number, seed: number): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const property = fc.asyncProperty(EVENTS, DESCRIPTIONS, async (event, description) => {
    const result = await announceOf(event, description);
    count(outcomes, result);
    const { line, published } = result;
    if (line["outcome"] === "synchronised") checkReport(event as SyncEvent, result);
    else expect(published.length, "published").to.equal(line["outcome"] === "announced" ? 1 : 0);
    for (const one of published) await checkTaken(one);
  });
  await fc.assert(property, { numRuns, seed });
  return outcomes;
}

/** Each thing has an answer, and what the answers say is what was published and said. */
function checkReport({ things: asked }: SyncEvent, result: Awaited<ReturnType<typeof announceOf>>): void {
  const { things } = result.answer as SyncReport;
  const having = (...outcomes: readonly string[]) => things.filter(({ outcome }) => outcomes.includes(outcome));
  expect(things.map(({ thing }) => thing).sort()).to.deep.equal([...asked].sort());
  expect(result.published.length, "published").to.equal(having("announced", "deletion announced").length);
  expect(result.failed.length, "lines of what failed").to.equal(having("failed").length);
}

async function checkTaken({ operation, payload }: Published): Promise<void> {
  const { hook } = JSON.parse(payload) as Message;
  if (hook.snapshot === "registry") expect(recreationOf(operation)).to.equal(undefined);
  // No later than the event says: whether that is in the future is the partner's own question.
  const receivedAt = Math.max(Date.now(), Date.parse(hook.eventTime));
  const { line } = await receiveOf({ ...ruleEvent(payload, operation), receivedAt });
  expect(line["outcome"], JSON.stringify(line)).to.equal("received");
}

/** What is published of each operation where nothing is wrong. */
export async function messageOf(operation: Operation): Promise<Message> {
  const isSync = operation === "sync_thing";
  const event = isSync ? { ...SYNC_EVENT, things: ["lamp"] } : recordOf(operation);
  const described = recreationOf(operation) !== undefined ? undefined : descriptionOf(operation);
  const [published] = (await announceOf(event, described)).published;
  if (published?.operation !== operation) throw new Error(`${operation} was not published`);
  return JSON.parse(published.payload) as Message;
}

const DESCRIPTION_OF = { thing: THING, thingGroup: GROUP, thingType: TYPE, billingGroup: BILLING_GROUP };
const descriptionOf = (operation: Operation) => DESCRIPTION_OF[rowOf(operation).describes ?? "thing"];
