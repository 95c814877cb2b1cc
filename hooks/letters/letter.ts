// What lies in a dead-letter queue, in each of its three forms, and what the function gets when it is sent again.
import * as v from "valibot";
import { TOPIC_PREFIX } from "../../shared/contract/names.ts";
import { printable } from "../printable.ts";
import type { Side } from "../sides.ts";

/** Who wrote a letter. */
export const FORMS = {
  /** EventBridge, of an event that it could not hand over: the event itself («Using dead-letter queues»). */
  eventBridge: "EventBridge's event",
  /** Lambda, of an event whose function failed each time; or the function itself, of one that it turned away. */
  lambda: "Lambda's record",
  /** AWS IoT, of a message whose rule's action failed («Error handling (error action)»). */
  iot: "AWS IoT's error record",
} as const;
export type Form = keyof typeof FORMS;

export interface DeadLetter {
  readonly form: Form;
  /** Why the letter was written, in few words: what letters are counted by. */
  readonly reason: string;
  /** What whoever wrote it had to say, in its words. */
  readonly explanation: string | undefined;
  /** The event that the function gets: JSON. */
  readonly event: string;
  /** AWS IoT's client id of who published it: its own word, and no principal. */
  readonly publisher?: string | undefined;
}

/** Says why a letter can't be sent again. */
export class UnreadableLetter extends Error {
  override readonly name = "UnreadableLetter";
}

/** What SQS hands out. */
export interface Received {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  /** When it was sent to the queue, in milliseconds since 1970. */
  readonly sentAt: number;
}

const object = v.custom<Readonly<Record<string, unknown>>>(
  (input) => typeof input === "object" && input !== null && !Array.isArray(input),
);
const optionalText = v.optional(v.string());

/** «AWS service events delivered via CloudTrail»: what the rule of the customer's registry takes. */
const CLOUDTRAIL_EVENT = v.looseObject({ "detail-type": v.string(), detail: object });
/** The columns of the partner's rule. */
const RULE_EVENT = v.looseObject({ data: v.string(), topic: v.string(), accountId: v.string(), operation: v.string() });
/** What the topic rules of the customer's registry events take. */
const REGISTRY_EVENT = v.looseObject({ eventType: v.string(), eventId: v.string() });
/** Whose function an event is for: a side's own, or the schedule's, whose letters nobody sends again. */
export type Taker = Side | "reconcile";
const EVENTS: Readonly<Record<Taker, v.GenericSchema>> = {
  customer: v.union([CLOUDTRAIL_EVENT, REGISTRY_EVENT]),
  partner: RULE_EVENT,
  reconcile: object,
};

const LAMBDA = v.object({
  requestContext: v.object({ condition: v.string() }),
  requestPayload: v.unknown(),
  responsePayload: v.optional(v.unknown()),
});
const SAID = v.object({ errorType: optionalText, errorMessage: optionalText, reason: optionalText });
const CUT = v.object({ cut: v.literal(true), bytes: v.number(), start: v.string() });

const IOT = v.object({
  topic: v.string(),
  clientId: optionalText,
  base64OriginalPayload: v.pipe(v.string(), v.base64()),
  failures: v.optional(v.array(v.object({ failedAction: optionalText, errorMessage: optionalText }))),
});

/** @throws UnreadableLetter for what is none, or of the other side, or was cut when it was written */
export function readLetter(taker: Taker, received: Received): DeadLetter {
  let body: unknown;
  try {
    body = JSON.parse(received.body);
  } catch {
    throw new UnreadableLetter("it is not JSON");
  }
  const letter = byForm(taker, body, received);
  if (letter === undefined) throw new UnreadableLetter(`it is neither ${Object.values(FORMS).join(", nor ")}`);
  if (!v.is(v.pipe(v.string(), v.parseJson(), EVENTS[taker]), letter.event))
    throw new UnreadableLetter(`the event in it is none that the ${taker}'s function takes`);
  return { ...letter, reason: printable(letter.reason, 100) };
}

function byForm(taker: Taker, body: unknown, received: Received): DeadLetter | undefined {
  const lambda = v.safeParse(LAMBDA, body);
  if (lambda.success) return lambdaLetter(lambda.output);
  const iot = v.safeParse(IOT, body);
  if (iot.success) return iotLetter(iot.output, EVENT_OF_RULE[taker](iot.output, received));
  if (v.is(CLOUDTRAIL_EVENT, body))
    return {
      form: "eventBridge",
      reason: received.attributes["ERROR_CODE"] ?? "no ERROR_CODE",
      explanation: received.attributes["ERROR_MESSAGE"],
      event: received.body,
    };
  return undefined;
}

/** Its own reason, where a function turned the event away; else Lambda's condition and the error of the last try. */
function lambdaLetter({ requestContext, requestPayload, responsePayload }: v.InferOutput<typeof LAMBDA>): DeadLetter {
  const cut = v.safeParse(CUT, requestPayload);
  if (cut.success)
    throw new UnreadableLetter(`its event of ${cut.output.bytes} bytes was too large for a letter, and was cut`);
  const said = v.safeParse(SAID, responsePayload);
  const { errorType, errorMessage, reason } = said.success ? said.output : {};
  const { condition } = requestContext;
  return {
    form: "lambda",
    reason: reason ?? (errorType === undefined ? condition : `${condition}: ${errorType}`),
    explanation: errorMessage,
    event: JSON.stringify(requestPayload),
  };
}

/** Basic Ingest's prefix is no part of the topic that topic(n) counts («Reducing messaging costs»). */
const TOPIC = new RegExp(`^(?:\\$aws/rules/[^/]+/)?(${TOPIC_PREFIX}/([^/]+)/([^/]+))$`);

type IotRecord = v.InferOutput<typeof IOT>;

/**
 * What the rule would have handed over: a customer's rules what was published, as it is; the partner's, its columns.
 */
const EVENT_OF_RULE: Readonly<Record<Taker, (record: IotRecord, received: Received) => string>> = {
  customer: ({ base64OriginalPayload }) => Buffer.from(base64OriginalPayload, "base64").toString(),
  partner: partnersEvent,
  reconcile: () => {
    throw new UnreadableLetter("AWS IoT writes none about the schedule");
  },
};

/** The error record has no principal. */
function partnersEvent(record: IotRecord, { sentAt }: Received): string {
  const [, topic, accountId, operation] = TOPIC.exec(record.topic) ?? [];
  if (topic === undefined)
    throw new UnreadableLetter(
      `its topic "${printable(record.topic, 60)}" is not ${TOPIC_PREFIX}/<account>/<operation>`,
    );
  const data = record.base64OriginalPayload;
  return JSON.stringify({ data, topic, accountId, operation, receivedAt: sentAt });
}

function iotLetter({ failures, clientId }: IotRecord, event: string): DeadLetter {
  const failed = failures?.map(({ failedAction }) => failedAction ?? "an action").join(", ") ?? "";
  return {
    form: "iot",
    reason: failed === "" ? "no failure named" : `${failed} failed`,
    explanation: failures?.find(({ errorMessage }) => errorMessage !== undefined)?.errorMessage,
    event,
    publisher: clientId === undefined ? undefined : printable(clientId, 60),
  };
}
