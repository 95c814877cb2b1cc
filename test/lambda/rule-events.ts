// What the partner's topic rule hands to its function: the columns of the rule's SQL.
import { topicOf } from "../../shared/contract/names.ts";
import { CUSTOMER, EVENT_ID, THING_ARN } from "./records.ts";

/** Unique id of the customer's publish role. */
export const SENDER_ID = "AROAEXAMPLE";

export const RECEIVED_AT = 1767323047123;

/** A message as the announce function sends it. */
export const MESSAGE = {
  thingName: "lamp",
  thingId: "id-1",
  thingArn: THING_ARN,
  defaultClientId: "lamp",
  attributes: { room: "kitchen" },
  version: 1,
  hook: {
    schemaVersion: 1,
    eventId: EVENT_ID,
    eventTime: "2026-01-02T03:04:05Z",
    observedAt: "2026-01-02T03:04:06.789Z",
    eventName: "CreateThing",
    region: "us-east-1",
    snapshot: "registry",
  },
};

export const base64 = (sent: unknown): string =>
  Buffer.from(typeof sent === "string" ? sent : JSON.stringify(sent)).toString("base64");

export const ruleEvent = (sent: unknown, operation = "create_thing", accountId = CUSTOMER) => ({
  data: base64(sent),
  topic: topicOf(accountId, operation),
  accountId,
  operation,
  receivedAt: RECEIVED_AT,
  principal: `${SENDER_ID}:${accountId}-announce`,
});
