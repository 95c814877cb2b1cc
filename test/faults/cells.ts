// Each hop, and what can go wrong on it: the matrix is generated from these two tables.
import { CUSTOMER, PARTNER } from "../flow/deployment.ts";
import type { QueueName } from "./scene.ts";

/** A fault of `/_local/faults` without its kind. */
export interface Place {
  readonly service: string;
  readonly operation: string;
  readonly account?: string;
  readonly caller?: string;
}

interface Hop {
  readonly name: string;
  readonly at: Place;
  /** Only a function notices when it is killed, and runs into its own time-out. */
  readonly by: "service" | "function";
  /** Where what can't go on has to lie. */
  readonly lasting: QueueName | "applied";
  /** Where nobody tries again: what its writer says in the trace, beside a metric, of what is lost. */
  readonly lossSaidBy?: "DeadLetterFailed" | "DestinationFailed" | "ErrorActionFailed";
  /** It isn't passed while an execution environment has credentials from before. */
  readonly cold?: boolean;
  /** Another hop that is broken for good, so that this one is reached at all. */
  readonly behind?: Place & { readonly code?: string };
}

const ANNOUNCE = `publish-to-partner-role-${PARTNER}`;
const PUBLISHER = `publish-from-customer-role-${CUSTOMER}`;
const RECEIVE = "/hooks-receive";

const RECEIVE_INVOKE: Place = { service: "lambda", operation: "Invoke", caller: "iot.amazonaws.com" };
const ANNOUNCE_INVOKE: Place = { service: "lambda", operation: "Invoke", caller: "events.amazonaws.com" };
const EFFECT: Place = { service: "dynamodb", operation: "PutItem", caller: RECEIVE };
const PUBLISH: Place = { service: "iotdata", operation: "Publish", caller: PUBLISHER };

export const HOPS: readonly Hop[] = [
  { name: "EventBridge to announce", at: ANNOUNCE_INVOKE, by: "service", lasting: "registryRule" },
  {
    name: "announce: DescribeThing",
    at: { service: "iot", operation: "DescribeThing", caller: ANNOUNCE },
    by: "function",
    lasting: "announce",
  },
  {
    name: "announce: AssumeRole",
    at: { service: "sts", operation: "AssumeRole", caller: ANNOUNCE },
    by: "function",
    lasting: "announce",
    cold: true,
  },
  { name: "announce: Publish", at: PUBLISH, by: "function", lasting: "announce" },
  { name: "topic rule to receive", at: RECEIVE_INVOKE, by: "service", lasting: "topicRule" },
  {
    name: "receive: registry write",
    at: { service: "dynamodb", operation: "UpdateItem", caller: RECEIVE },
    by: "function",
    lasting: "receive",
  },
  { name: "receive: onThing", at: EFFECT, by: "function", lasting: "receive" },
  {
    name: "receive: debug message",
    at: { service: "iotdata", operation: "Publish", caller: RECEIVE },
    by: "function",
    lasting: "applied",
  },
  {
    name: "queue of EventBridge's rule",
    at: { service: "sqs", operation: "SendMessage", caller: "events.amazonaws.com" },
    by: "service",
    lasting: "registryRule",
    lossSaidBy: "DeadLetterFailed",
    behind: ANNOUNCE_INVOKE,
  },
  {
    name: "queue of announce",
    at: { service: "sqs", operation: "SendMessage", caller: ANNOUNCE },
    by: "service",
    lasting: "announce",
    lossSaidBy: "DestinationFailed",
    behind: PUBLISH,
  },
  {
    name: "letter of announce itself",
    at: { service: "sqs", operation: "SendMessage", caller: ANNOUNCE },
    by: "service",
    lasting: "announce",
    lossSaidBy: "DestinationFailed",
    // What no retry mends.
    behind: { ...PUBLISH, code: "InvalidRequestException" },
  },
  {
    name: "queue of the topic rule",
    at: { service: "sqs", operation: "SendMessage", caller: "/rule-" },
    by: "service",
    lasting: "topicRule",
    lossSaidBy: "ErrorActionFailed",
    behind: RECEIVE_INVOKE,
  },
];

interface Fault {
  readonly name: string;
  readonly fault: "throttle" | "error" | "timeout" | "slow" | "drop" | "deny" | "lose" | "kill";
  readonly code?: string;
  /** Milliseconds of the machine. */
  readonly delayMs?: number;
  readonly onlyBy?: "function";
  /** Lasting, it hinders nobody: the answer comes in the end, or isn't needed. */
  readonly harmless?: boolean;
}

export const FAULTS: readonly Fault[] = [
  { name: "throttled", fault: "throttle" },
  { name: "5xx", fault: "error" },
  { name: "unavailable", fault: "error", code: "ServiceUnavailable" },
  { name: "no answer", fault: "timeout", delayMs: 300 },
  { name: "slow", fault: "slow", delayMs: 700, harmless: true },
  { name: "connection dropped", fault: "drop" },
  { name: "denied", fault: "deny" },
  { name: "credentials expired", fault: "deny", code: "ExpiredTokenException", onlyBy: "function" },
  { name: "answer lost", fault: "lose", onlyBy: "function" },
  { name: "killed after it was done", fault: "kill", onlyBy: "function" },
];

export interface Cell {
  readonly hop: Hop;
  readonly fault: Fault;
  /** passing: it strikes once. lasting: until it is mended, longer than every retry. */
  readonly lasts: "passing" | "lasting";
}

export const CELLS: readonly Cell[] = HOPS.flatMap((hop) =>
  FAULTS.filter(({ onlyBy }) => onlyBy === undefined || onlyBy === hop.by).flatMap((fault) =>
    (["passing", "lasting"] as const).map((lasts) => ({ hop, fault, lasts })),
  ),
);
