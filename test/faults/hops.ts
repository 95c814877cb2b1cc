// Each hop: where it can be broken, where what can't go on has to lie, and what rings then.
import { CUSTOMER, PARTNER } from "../flow/deployment.ts";
import type { QueueName } from "./scene.ts";

/** A fault of `/_local/faults` without its kind. */
export interface Place {
  readonly service: string;
  readonly operation: string;
  readonly account?: string;
  readonly caller?: string;
}

export interface Hop {
  readonly name: string;
  readonly at: Place;
  /** Only a function notices when it is killed, and runs into its own time-out. */
  readonly by: "service" | "function";
  /** Whose alarms ring when an invocation fails. */
  readonly of: "announce" | "receive" | undefined;
  /** Where what can't go on has to lie, and what rings then; undefined where it goes on all the same. */
  readonly aside: { readonly queue: QueueName; readonly rings: readonly string[] } | undefined;
  /**
   * Where nobody tries again: what its writer says in the trace of what is lost, and what rings instead of the alarm on
   * letters.
   */
  readonly loss?: {
    readonly said: "DeadLetterFailed" | "DestinationFailed" | "ErrorActionFailed";
    readonly rings: readonly string[];
  };
  /** A denial is answered with fresh credentials, within the invocation. */
  readonly refreshes?: boolean;
  /** A call that is waited for in vain is given up in time for another one. */
  readonly impatient?: boolean;
  /** Its callers publish: what AWS IoT counts of refused publishes rings, too. */
  readonly publishes?: boolean;
  /** It isn't passed while an execution environment has credentials from before. */
  readonly cold?: boolean;
  /**
   * It is passed while the environment starts: one that dies of it is started once more, and no invocation has failed.
   */
  readonly starting?: boolean;
  /** Another hop that is broken for good, so that this one is reached at all. */
  readonly behind?: Place & { readonly code?: string };
}

export const ANNOUNCE_ROLE = `publish-to-partner-role-${PARTNER}`;
export const PUBLISH_ROLE = `publish-from-customer-role-${CUSTOMER}`;
const RECEIVE = "/hooks-receive";

const RECEIVE_INVOKE: Place = { service: "lambda", operation: "Invoke", caller: "iot.amazonaws.com" };
const ANNOUNCE_INVOKE: Place = { service: "lambda", operation: "Invoke", caller: "events.amazonaws.com" };
const REGISTRY: Place = { service: "dynamodb", operation: "UpdateItem", caller: RECEIVE };
const PUBLISH: Place = { service: "iotdata", operation: "Publish", caller: PUBLISH_ROLE };
const LETTER = { service: "sqs", operation: "SendMessage" };

const GIVEN_UP = {
  announce: { queue: "announce", rings: ["announce-dropped", "announce-errors", "announce-letters"] },
  receive: { queue: "receive", rings: ["receive-dropped", "receive-errors", "receive-letters"] },
} as const;
const undelivered = (of: "announce" | "receive", ...more: readonly string[]) => ({
  said: "DestinationFailed" as const,
  rings: [`${of}-dropped`, `${of}-errors`, `${of}-undelivered`, ...more],
});

export const HOPS: readonly Hop[] = [
  {
    name: "EventBridge to announce",
    at: ANNOUNCE_INVOKE,
    by: "service",
    of: undefined,
    aside: { queue: "registryRule", rings: ["registry-failed", "registry-letters", "registry-to-queue"] },
  },
  {
    name: "announce: DescribeThing",
    at: { service: "iot", operation: "DescribeThing", caller: ANNOUNCE_ROLE },
    by: "function",
    of: "announce",
    aside: GIVEN_UP.announce,
  },
  {
    name: "announce: AssumeRole",
    at: { service: "sts", operation: "AssumeRole", caller: ANNOUNCE_ROLE },
    by: "function",
    of: "announce",
    aside: GIVEN_UP.announce,
    refreshes: true,
    cold: true,
    starting: true,
  },
  {
    name: "announce: Publish",
    at: PUBLISH,
    by: "function",
    of: "announce",
    aside: GIVEN_UP.announce,
    refreshes: true,
    publishes: true,
  },
  {
    name: "topic rule to receive",
    at: RECEIVE_INVOKE,
    by: "service",
    of: undefined,
    aside: { queue: "topicRule", rings: ["rule-failed", "rule-letters"] },
  },
  {
    name: "receive: customer's item",
    at: { service: "dynamodb", operation: "GetItem", caller: RECEIVE },
    by: "function",
    of: "receive",
    aside: GIVEN_UP.receive,
    impatient: true,
    // What it knows of a customer, it keeps for a minute.
    cold: true,
  },
  {
    name: "receive: registry write",
    at: REGISTRY,
    by: "function",
    of: "receive",
    aside: GIVEN_UP.receive,
    impatient: true,
  },
  {
    name: "receive: onThing",
    at: { service: "dynamodb", operation: "PutItem", caller: RECEIVE },
    by: "function",
    of: "receive",
    aside: GIVEN_UP.receive,
  },
  {
    name: "receive: debug message",
    at: { service: "iotdata", operation: "Publish", caller: RECEIVE },
    by: "function",
    of: "receive",
    aside: undefined,
    publishes: true,
  },
  {
    name: "queue of EventBridge's rule",
    at: { ...LETTER, caller: "events.amazonaws.com" },
    by: "service",
    of: undefined,
    aside: { queue: "registryRule", rings: ["registry-failed", "registry-letters", "registry-to-queue"] },
    loss: { said: "DeadLetterFailed", rings: ["registry-failed", "registry-lost"] },
    behind: ANNOUNCE_INVOKE,
  },
  {
    name: "queue of announce",
    at: { ...LETTER, caller: ANNOUNCE_ROLE },
    by: "service",
    of: undefined,
    aside: { queue: "announce", rings: [...GIVEN_UP.announce.rings, "publish-denied"] },
    loss: undelivered("announce", "publish-denied"),
    behind: PUBLISH,
  },
  {
    name: "letter of announce itself",
    at: { ...LETTER, caller: ANNOUNCE_ROLE },
    by: "function",
    of: "announce",
    aside: { queue: "announce", rings: ["announce-letters"] },
    loss: undelivered("announce"),
    // What no retry mends.
    behind: { ...PUBLISH, code: "InvalidRequestException" },
  },
  {
    name: "queue of the topic rule",
    at: { ...LETTER, caller: "/rule-" },
    by: "service",
    of: undefined,
    aside: { queue: "topicRule", rings: ["rule-failed", "rule-letters"] },
    loss: { said: "ErrorActionFailed", rings: ["rule-failed", "rule-lost"] },
    behind: RECEIVE_INVOKE,
  },
  {
    name: "queue of receive",
    at: { ...LETTER, caller: RECEIVE },
    by: "service",
    of: undefined,
    aside: GIVEN_UP.receive,
    loss: undelivered("receive"),
    behind: REGISTRY,
  },
  {
    name: "letter of receive itself",
    at: { ...LETTER, caller: RECEIVE },
    by: "function",
    of: "receive",
    aside: { queue: "receive", rings: ["receive-letters"] },
    loss: undelivered("receive"),
    // What no retry mends: the table of failures has this name from STS, and asks nobody whose it is.
    behind: { ...REGISTRY, code: "ValidationError" },
  },
];
