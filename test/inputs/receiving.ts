// The receive function in memory, with and without the device registry, and whatever may come to it: each operation's
// message, nearly, and what is none.
import { expect } from "chai";
import fc from "fast-check";
import { DeviceRegistry } from "../../partner/lambda/registry.ts";
import { receiver } from "../../partner/lambda/reception.ts";
import type { Message } from "../../shared/contract/message.ts";
import { isPrintable } from "../../shared/contract/printable.ts";
import type { Operation } from "../../shared/contract/operations.ts";
import { Table } from "../histories/table.ts";
import { Gauge, invocation } from "../lambda/invocation.ts";
import { CUSTOMERS, SETTINGS } from "../lambda/known-customers.ts";
import { CUSTOMER } from "../lambda/records.ts";
import { MESSAGE, base64, ruleEvent } from "../lambda/rule-events.ts";
import { type Outcomes, count, ending } from "./ending.ts";
import { nearly } from "./mutations.ts";

export async function receiveOf(event: unknown, registry?: DeviceRegistry) {
  const heard: unknown[] = [];
  const result = await ending("HandlingFailure", (lines, box) =>
    receiver({
      settings: SETTINGS,
      customers: CUSTOMERS,
      onThing: (delivery) => void heard.push(delivery.message),
      registry,
      publish: () => Promise.resolve(),
      measure: new Gauge(lines).measure,
      sendLetter: box.send,
      now: () => new Date(),
    })(event, invocation()),
  );
  const { outcome } = result.line;
  const expected = registry === undefined ? ["received"] : ["applied"];
  expect(heard.length, "heard").to.equal(expected.includes(String(outcome)) ? 1 : 0);
  return { ...result, heard };
}

/** Keys too. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...textsIn(member)]);
};

const deep = (levels: number): string =>
  JSON.stringify(MESSAGE).replace('"version":1', `"version":1,"more":${"[".repeat(levels)}${"]".repeat(levels)}`);

/** The same, told by another event, and of another time: most of them would be duplicates else. */
const another = (message: Message): fc.Arbitrary<Message> =>
  fc.tuple(fc.uuid(), fc.nat(1_500)).map(([eventId, later]) => ({
    ...message,
    ...(message.version === undefined ? {} : { version: later }),
    hook: {
      ...message.hook,
      ...(message.hook.eventId.startsWith("sync:") ? {} : { eventId }),
      eventTime: MESSAGE.hook.eventTime,
      observedAt: new Date(Date.parse(MESSAGE.hook.eventTime) + later).toISOString(),
    },
  }));

type Messages = ReadonlyMap<Operation, Message>;

const eventsOf = (messages: Messages) => {
  const { hook: _, ...sample } = MESSAGE;
  const sent = fc.oneof(
    { weight: 3, arbitrary: nearly(sample).map((message) => base64(JSON.stringify(message))) },
    { weight: 1, arbitrary: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("base64")) },
    { weight: 1, arbitrary: fc.json().map(base64) },
    // Deeper than a recursive reader can go, at any size that AWS IoT carries.
    { weight: 1, arbitrary: fc.nat(65_000).map((levels) => base64(deep(levels))) },
  );
  const ofAnOperation = fc.constantFrom(...messages).chain(([operation, message]) =>
    another(message)
      .chain(nearly)
      .map((given) => ruleEvent(JSON.stringify(given), operation)),
  );
  return fc.oneof(
    { weight: 10, arbitrary: ofAnOperation },
    { weight: 4, arbitrary: sent.map((data) => ({ ...ruleEvent(""), data })) },
    { weight: 4, arbitrary: nearly(ruleEvent(MESSAGE)) },
    { weight: 1, arbitrary: fc.anything() },
  );
};

const registryOf = (table: Table): DeviceRegistry =>
  new DeviceRegistry({
    client: { send: table.send },
    tableName: table.name,
    now: Date.now,
    wait: () => Promise.resolve(),
    random: Math.random,
    log: (line) => {
      throw new Error(`said by the registry: ${JSON.stringify(line)}`);
    },
  });

/** @param messages of each operation, where nothing is wrong */
export async function receiveAnything(messages: Messages, numRuns: number, seed: number): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const table = new Table();
  const property = fc.asyncProperty(eventsOf(messages), fc.boolean(), async (given, keeps) => {
    const result = await receiveOf(given, keeps ? registryOf(table) : undefined);
    count(outcomes, result);
    for (const message of result.heard as { accountId: string; operation: string }[]) {
      const { topic } = given as { topic: string };
      expect(`cross_account_hooks/${message.accountId}/${message.operation}`).to.equal(topic);
      expect(message.accountId).to.equal(CUSTOMER);
      for (const text of textsIn(message)) expect(isPrintable(text), text).to.equal(true);
    }
  });
  await fc.assert(property, { numRuns, seed });
  for (const { subject, claim } of await table.items()) {
    expect(subject?.S).to.match(new RegExp(`^arn:aws:iot:[a-z0-9-]+:${CUSTOMER}:`));
    expect(claim, `a claim that is left on ${subject?.S ?? ""}`).to.equal(undefined);
  }
  return outcomes;
}
