// Whatever comes in: both functions end with an outcome that somebody is told of, in bounded and printable words, and
// what the one publishes the other takes.
import { Readable } from "node:stream";
import { IoTClient } from "@aws-sdk/client-iot";
import { expect } from "chai";
import fc from "fast-check";
import { announcer } from "../../customer/lambda/announcement.ts";
import { receiver } from "../../partner/lambda/reception.ts";
import { isPrintable } from "../../shared/contract/printable.ts";
import { OPERATION_NAMES, isOperation, recreationOf } from "../../shared/contract/operations.ts";
import { GROUP, THING, TYPE } from "../lambda/descriptions.ts";
import { Gauge, LetterBox, QUEUE_URL, invocation } from "../lambda/invocation.ts";
import { CUSTOMER, EVENT_OPERATIONS, PARTNER, recordOf } from "../lambda/records.ts";
import { MESSAGE, SENDER_ID, base64, ruleEvent } from "../lambda/rule-events.ts";
import { nearly } from "./mutations.ts";

/** With what Lambda writes around it. */
const MAX_LINE = 4096;
const OUTCOMES = /^(announced|ignored: .*|received|rejected|failed)$/;

type Line = Readonly<Record<string, unknown>>;

/** What came of one event: exactly one outcome, said in one line. */
interface Ending {
  readonly line: Line;
  readonly thrown: unknown;
  readonly letters: LetterBox["letters"];
}

function check({ line, thrown, letters }: Ending, errorName: string): void {
  const { outcome } = line;
  expect(outcome).to.match(OUTCOMES);
  expect(line["reason"], JSON.stringify(line)).to.not.equal("unexpected error");
  expect(Buffer.byteLength(JSON.stringify(line))).to.be.below(MAX_LINE);
  for (const value of Object.values(line)) if (typeof value === "string") expect(isPrintable(value)).to.equal(true);
  expect(letters.length, "letters").to.equal(outcome === "rejected" ? 1 : 0);
  expect(thrown !== undefined, "thrown").to.equal(outcome === "failed");
  if (thrown === undefined) return;
  expect((thrown as Error).name).to.equal(errorName);
  expect((thrown as Error).message.length).to.be.below(2000);
  expect(isPrintable((thrown as Error).message)).to.equal(true);
}

async function ending(run: (lines: Line[], box: LetterBox) => Promise<unknown>): Promise<Ending> {
  const lines: Line[] = [];
  const box = new LetterBox();
  let thrown: unknown;
  try {
    await run(lines, box);
  } catch (error) {
    thrown = error;
  }
  const [line, ...more] = lines;
  if (!line) throw new Error("nothing was said", { cause: thrown });
  expect(more).to.deep.equal([]);
  return { line, thrown, letters: box.letters };
}

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

async function receiveOf(event: unknown, now = Date.now()) {
  const heard: unknown[] = [];
  const result = await ending((lines, box) =>
    receiver({
      settings: { debug: true, senderCheck: "enforce", failureQueueUrl: QUEUE_URL },
      customers: { [CUSTOMER]: { operations: OPERATION_NAMES, senderId: SENDER_ID } },
      onThing: (delivery) => void heard.push(delivery.message),
      publish: () => Promise.resolve(),
      measure: new Gauge().measure,
      log: (line) => lines.push(line),
      sendLetter: box.send,
      now: () => new Date(now),
    })(event, invocation()),
  );
  check(result, "HandlingFailure");
  expect(heard.length, "heard").to.equal(result.line["outcome"] === "received" ? 1 : 0);
  return { ...result, heard };
}

const DESCRIBED = [THING, GROUP, TYPE];

/** How many inputs came to which outcome: a property that takes nothing would hold too. */
export type Outcomes = Map<string, number>;
const count = (outcomes: Outcomes, { line }: Ending) => {
  const outcome = [line["outcome"], line["reason"]].join(" ").trim();
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
};

export async function announceAnything(numRuns: number, seed: number): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const event = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...EVENT_OPERATIONS).chain((name) => nearly(recordOf(name))) },
    { weight: 2, arbitrary: nearly(recordOf("create_thing", { errorCode: "AccessDenied" })) },
    { weight: 1, arbitrary: fc.anything() },
  );
  const description = fc.oneof(
    fc.constant(undefined),
    fc.constantFrom(...DESCRIBED),
    fc.constantFrom(...DESCRIBED).chain(nearly),
  );
  const property = fc.asyncProperty(event, description, async (given, described) => {
    const published: { topic: string; payload: string }[] = [];
    const result = await ending((lines, box) =>
      announcer({
        settings: {
          accountId: CUSTOMER,
          partnerRoleArn: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`,
          partnerRegion: "us-east-1",
          stsRegion: "us-east-1",
          operations: EVENT_OPERATIONS,
          failureQueueUrl: QUEUE_URL,
        },
        iot: registry(described),
        publish: (topic, payload) => Promise.resolve(void published.push({ topic, payload })),
        measure: new Gauge().measure,
        log: (line) => lines.push(line),
        sendLetter: box.send,
        now: () => new Date(),
      })(given, invocation()),
    );
    count(outcomes, result);
    check(result, "AnnounceFailure");
    expect(published.length, "published").to.equal(result.line["outcome"] === "announced" ? 1 : 0);
    for (const { topic, payload } of published) {
      const operation = topic.split("/")[2] ?? "";
      if (!isOperation(operation)) throw new Error(`published on ${topic}`);
      const { hook } = JSON.parse(payload) as typeof MESSAGE;
      if (hook.snapshot === "registry") expect(recreationOf(operation)).to.equal(undefined);
      // No later than the event says: whether that is in the future is the partner's own question.
      const receivedAt = Math.max(Date.now(), Date.parse(hook.eventTime));
      const { line } = await receiveOf({ ...ruleEvent(payload, operation), receivedAt });
      expect(line["outcome"], JSON.stringify(line)).to.equal("received");
    }
  });
  await fc.assert(property, { numRuns, seed });
  return outcomes;
}

/** Keys too. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...textsIn(member)]);
};

const deep = (levels: number): string =>
  JSON.stringify(MESSAGE).replace('"version":1', `"version":1,"more":${"[".repeat(levels)}${"]".repeat(levels)}`);

export async function receiveAnything(numRuns: number, seed: number): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const { hook: _, ...sample } = MESSAGE;
  const sent = fc.oneof(
    { weight: 8, arbitrary: nearly(MESSAGE).map((message) => base64(JSON.stringify(message))) },
    { weight: 3, arbitrary: nearly(sample).map((message) => base64(JSON.stringify(message))) },
    { weight: 1, arbitrary: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("base64")) },
    { weight: 1, arbitrary: fc.json().map(base64) },
    // Deeper than a recursive reader can go, at any size that AWS IoT carries.
    { weight: 1, arbitrary: fc.nat(65_000).map((levels) => base64(deep(levels))) },
  );
  const event = fc.oneof(
    { weight: 8, arbitrary: sent.map((data) => ({ ...ruleEvent(""), data })) },
    { weight: 4, arbitrary: nearly(ruleEvent(MESSAGE)) },
    { weight: 1, arbitrary: fc.anything() },
  );
  const property = fc.asyncProperty(event, async (given) => {
    const result = await receiveOf(given);
    count(outcomes, result);
    for (const message of result.heard as { accountId: string; operation: string }[]) {
      expect(message).to.include({ accountId: CUSTOMER, operation: "create_thing" });
      for (const text of textsIn(message)) expect(isPrintable(text), text).to.equal(true);
    }
  });
  await fc.assert(property, { numRuns, seed });
  return outcomes;
}
