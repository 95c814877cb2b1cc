// From what the rule hands over to a message that can be trusted as far as the sender's account goes.
import * as v from "valibot";
import { contentProblem, withTimesUntil } from "../../shared/contract/content.ts";
import {
  type Message,
  SCHEMA_VERSION,
  type UnversionedMessage,
  messageSchema,
  unversionedMessageSchema,
} from "../../shared/contract/message.ts";
import { topicOf } from "../../shared/contract/names.ts";
import { type Operation, isOperation } from "../../shared/contract/operations.ts";
import { escaped } from "../../shared/contract/printable.ts";
import { type RuleEvent, ruleEventSchema } from "./rule-event.ts";
import { RejectedMessage } from "./rejected-message.ts";

/**
 * The flat form that the partner's code and the debug message see: all that was sent, and whose it is, which the
 * topic says.
 */
export type ReceivedMessage = (Message | UnversionedMessage) & {
  readonly accountId: string;
  readonly operation: Operation;
  readonly attributes: Readonly<Record<string, string>>;
};

export interface Delivery {
  readonly message: ReceivedMessage;
  /** 0 for a message without `hook`. */
  readonly schemaVersion: 0 | typeof SCHEMA_VERSION;
  /** When the partner's rule took it, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** Who published, as AWS IoT's `principal()` gives it. */
  readonly principal: string | undefined;
  /** ARN of who sent it again out of the topic rule's dead-letter queue; then there is no principal. */
  readonly redrivenBy?: string;
}

/**
 * The partner's own code: called once for each change of a thing that is news, by one invocation at a time for each
 * thing (group, type, membership). What it has to live with:
 *
 * - A change runs again when it threw, when the invocation crashed or ran out of time before the registry was written,
 *   and when the registry couldn't be written: with the same `hook.eventId`, and nearly always as the same message. An
 *   event that the customer's side delivered twice may carry a later description the second time. So take what it says
 *   instead of passing over a known `eventId`, and let doing so twice be as good as once.
 * - An older change may run between a failed run and its repetition. The repetition then says the later state again.
 * - Where a run failed and something later makes its repetition needless, the state before it is said again, if that is
 *   what there is: by another `hook.eventId`.
 * - Some changes never run: what a later one outdated, and what came to be and went within moments. An update may be
 *   the first that is heard of a thing, a deletion the only thing. A creation with another `thingId` replaces what was
 *   known under the name, without a deletion before it.
 * - `hook.snapshot: "event"` of a creation or an update: the thing was gone when it was looked at, and its deletion
 *   follows if deletions are announced.
 * - Memberships and principals are ordered by the time of the call, which CloudTrail gives to the second; of two at the
 *   same time, the later arrival is taken. One that is there already runs for each call that makes it again: it ends
 *   with its thing or its group, and no call says so. So does a deletion of what was known to be gone then. A message
 *   without `hook` is ordered by its version, or by when it was received.
 * - It ends within the function's timeout: until then nobody else is let at the thing, and what it leaves running
 *   behind its promise isn't waited for.
 *
 * With `registry: false` it runs for every delivery: duplicates, late and outdated ones, several at a time.
 */
export type OnThing = (delivery: Delivery) => Promise<void> | void;

/**
 * What the rule handed over, of a topic on which a customer may publish. Throws RejectedMessage, and nothing else,
 * whatever `event` is.
 */
export function hookEvent(event: unknown): RuleEvent {
  const rule = parsed(ruleEventSchema, event, "malformed rule event");
  const { topic, accountId, operation } = rule;
  // Basic Ingest doesn't look at the rule's FROM (AWS IoT, "Basic Ingest"): any topic may come with these columns.
  if (topic === topicOf(accountId, operation)) return rule;
  throw new RejectedMessage("not a hook topic", `${topic} is not where account ${accountId} announces ${operation}.`);
}

/** Throws RejectedMessage, and nothing else. */
export function unpack(rule: RuleEvent, allowed: readonly Operation[]): Delivery {
  const { accountId, receivedAt, principal, redrivenBy } = rule;
  const operation = allowedOperation(rule, allowed);
  const sent = decode(rule.data);
  const schemaVersion = versionOf(sent);
  const content: Message | UnversionedMessage =
    schemaVersion === 0
      ? parsed(unversionedMessageSchema, sent, "malformed message")
      : parsed(messageSchema, sent, "malformed message");
  const problem = contentProblem(content, { operation, accountId, at: receivedAt });
  if (problem) throw new RejectedMessage(problem.reason, problem.explanation);
  const own = withTimesUntil(content, receivedAt);
  return {
    // The topic's account and operation come last: a sender's own claims are gone.
    message: { ...own, attributes: own.attributes ?? {}, accountId, operation },
    schemaVersion,
    receivedAt,
    principal,
    ...(redrivenBy === undefined ? {} : { redrivenBy }),
  };
}

/** Searched as text: what is rejected may not be JSON at all. */
export function eventIdIn(event: unknown): string | undefined {
  const { data } = (event ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof data !== "string") return undefined;
  const found = /"eventId"\s*:\s*"([^"\\]{1,100})"/.exec(Buffer.from(data, "base64").toString())?.[1];
  return found === undefined ? undefined : escaped(found);
}

function allowedOperation({ accountId, operation }: RuleEvent, allowed: readonly Operation[]): Operation {
  if (!isOperation(operation)) {
    throw new RejectedMessage("unknown operation", `${operation} from ${accountId} is no operation of the contract.`);
  }
  if (allowed.includes(operation)) return operation;
  const problem = `${operation} from ${accountId}; configured are ${allowed.join(", ")}.`;
  throw new RejectedMessage("operation not allowed", problem);
}

function decode(data: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(data, "base64"));
  } catch (cause) {
    throw new RejectedMessage("not UTF-8", "what was published is not a text.", { cause });
  }
  let sent: unknown;
  try {
    sent = JSON.parse(text);
  } catch (cause) {
    throw new RejectedMessage("not JSON", `what was published starts with ${JSON.stringify(text.slice(0, 100))}.`, {
      cause,
    });
  }
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) {
    throw new RejectedMessage("malformed message", "what was published is JSON, but no object.");
  }
  return sent as Readonly<Record<string, unknown>>;
}

const versioned = v.object({ schemaVersion: v.number() });

function versionOf({ hook }: Readonly<Record<string, unknown>>): Delivery["schemaVersion"] {
  if (hook === undefined) return 0;
  if (v.is(versioned, hook) && hook.schemaVersion !== SCHEMA_VERSION) {
    throw new RejectedMessage(
      "unknown schema version",
      `${hook.schemaVersion}; this function reads up to ${SCHEMA_VERSION}: deploy the partner's program ` +
        "from a newer release.",
    );
  }
  return SCHEMA_VERSION;
}

/** Checks only: what comes back is what was sent, keys that the schema doesn't know included. */
function parsed<S extends v.GenericSchema>(
  schema: S,
  input: unknown,
  reason: "malformed rule event" | "malformed message",
): v.InferOutput<S> {
  const result = v.safeParse(schema, input);
  if (result.success) return input;
  const [issue] = result.issues;
  throw new RejectedMessage(reason, `${v.getDotPath(issue) ?? "the whole"}: ${issue.message}`);
}
