// The receive function, with the partner's own code, the publish and the failure queue in memory.
import { type Parts, receiver } from "../../partner/lambda/reception.ts";
import type { Delivery } from "../../partner/lambda/unpack.ts";
import type { Line } from "../../shared/lambda/meter.ts";
import { Gauge, LetterBox } from "./invocation.ts";
import { CUSTOMERS, SETTINGS } from "./known-customers.ts";
import { CUSTOMER } from "./records.ts";
import { MESSAGE, RECEIVED_AT } from "./rule-events.ts";

/** A message as the partner's own code gets it. */
export const FLAT = { ...MESSAGE, accountId: CUSTOMER, operation: "create_thing" };

export const thrownBy = (run: Promise<unknown>): Promise<Error> =>
  run.then(
    () => {
      throw new Error("the message was dealt with");
    },
    (error: unknown) => error as Error,
  );

interface Seen {
  readonly steps: string[];
  readonly published: { readonly topic: string; readonly message: unknown }[];
  readonly lines: Line[];
}
/** The receive function with what it calls as it is given, and what became of that. */
export function receiving(replaced: Partial<Parts> = {}) {
  const seen: Seen = { steps: [], published: [], lines: [] };
  const box = new LetterBox();
  const gauge = new Gauge(seen.lines);
  const receive = receiver({
    settings: SETTINGS,
    customers: CUSTOMERS,
    onThing: ({ message }: Delivery) => {
      seen.steps.push(`onThing ${message.thingName ?? ""}`);
      return Promise.resolve();
    },
    publish: (topic, payload) => {
      seen.steps.push("debug");
      seen.published.push({ topic, message: JSON.parse(payload) as unknown });
      return Promise.resolve();
    },
    measure: gauge.measure,
    sendLetter: box.send,
    now: () => new Date(RECEIVED_AT),
    ...replaced,
  });
  return { receive, seen, box, measured: gauge.values };
}
