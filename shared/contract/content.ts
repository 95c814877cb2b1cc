// What a message has to be true to, beside its form: one check for both sides. The partner rejects what breaks it, and
// the customer's function doesn't announce it.
import type { Message, UnversionedMessage } from "./message.ts";
import { REGISTRY_NAME, partitionFor } from "./names.ts";
import { type Operation, SUBJECTS, eventNamesOf, rowOf } from "./operations.ts";
import { isPrintable } from "./printable.ts";

/** What is known of a message without believing the sender. */
export interface Known {
  readonly operation: Operation;
  readonly accountId: string;
  /** When it was taken, in milliseconds since 1970. */
  readonly at: number;
}

export interface ContentProblem {
  readonly reason: "malformed message" | "not the customer's own";
  /** A sentence. */
  readonly explanation: string;
}

/** Within a pattern. */
const NAME = REGISTRY_NAME.source.slice(1, -1);
const arnPattern = (resource: string): RegExp =>
  new RegExp(`^arn:(?<partition>[a-z-]+):iot:(?<region>[a-z0-9-]+):(?<account>[0-9]{12}):${resource}$`);
const NAME_FIELDS = [
  "thingName",
  "thingGroupName",
  "thingTypeName",
  "billingGroupName",
  "groupName",
  "parentGroupName",
];

interface ArnField {
  readonly kind: string;
  readonly pattern: RegExp;
  /** The name that stands beside it, if one does. */
  readonly nameField: string;
}
const arnField = (kind: string, nameField: string): ArnField => ({
  kind,
  pattern: arnPattern(`${kind}/${NAME}`),
  nameField,
});

/** Members of AWS's descriptions that are ARNs, wherever they are in a message. */
const ARN_FIELDS: Readonly<Record<string, ArnField>> = {
  ...Object.fromEntries(Object.values(SUBJECTS).map((of) => [of.arnField, arnField(of.arnResource, of.nameField)])),
  groupArn: arnField("thinggroup", "groupName"),
};

/** A certificate, or an identity of Cognito, which has no ARN: AWS IoT API Reference, AttachThingPrincipal. */
const CERTIFICATE = arnPattern("cert/[0-9a-fA-F]+");
const COGNITO_IDENTITY = /^([a-z0-9-]+):[0-9a-fA-F-]+$/;

/** Attributes are the customer's own texts, wherever AWS has them: only their characters are looked at. */
const FREE = "attributes";

/** Descriptions of AWS have four levels. Deeper ones would make recursive readers overflow. */
const MAX_DEPTH = 20;

/** How far a customer's clock may be ahead. */
const MAX_LEAD_MS = 5 * 60_000;
/** AWS IoT wasn't there before: no call to it is older. */
const EARLIEST = Date.parse("2015-10-08T00:00:00Z");

type Fields = Readonly<Record<string, unknown>>;

const malformed = (explanation: string): ContentProblem => ({ reason: "malformed message", explanation });

/** The first thing that is wrong with a message of the right form; undefined where nothing is. */
export function contentProblem(message: Message | UnversionedMessage, known: Known): ContentProblem | undefined {
  return (
    textProblem(message) ??
    subjectProblem(message, known.operation) ??
    (message.hook === undefined ? undefined : hookProblem(message.hook, known)) ??
    placesProblem(message, known.accountId, regionOf(message, known.operation))
  );
}

/** Where the customer's registry is: said by `hook`, or by the first ARN of a message without it. */
function regionOf({ hook, ...fields }: Message | UnversionedMessage, operation: Operation): string | undefined {
  const [subject] = rowOf(operation).subjects;
  return hook === undefined ? fields[SUBJECTS[subject].arnField]?.split(":")[3] : hook.region;
}

/** Walks without recursion: what was sent may be nested as deeply as 128 KB allow. Who looks ends it. */
function* objectsIn(message: Fields, but?: string): Generator<{ readonly object: Fields; readonly depth: number }> {
  const waiting = [{ object: message, depth: 1 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    for (const [key, value] of Object.entries(next.object)) {
      if (key !== but && typeof value === "object" && value !== null)
        waiting.push({ object: value as Fields, depth: next.depth + 1 });
    }
  }
}

function textProblem(message: Fields): ContentProblem | undefined {
  for (const { object, depth } of objectsIn(message)) {
    if (depth > MAX_DEPTH) return malformed(`it is nested more than ${MAX_DEPTH} levels deep.`);
    for (const [key, value] of Object.entries(object)) {
      if (!isPrintable(key)) return malformed(`it has a key with a character that can't be printed: ${key}.`);
      if (typeof value === "string" && !isPrintable(value)) {
        return malformed(`${key} has a character that can't be printed: ${value}.`);
      }
    }
  }
  return undefined;
}

function subjectProblem(message: Fields, operation: Operation): ContentProblem | undefined {
  const { subjects, memberField } = rowOf(operation);
  for (const subject of subjects) {
    const { arnField, arnResource } = SUBJECTS[subject];
    if (message[arnField] === undefined) {
      return malformed(`${arnField} is missing, the ARN of the ${arnResource} that a ${operation} is about.`);
    }
  }
  if (memberField !== undefined && message[memberField] === undefined) {
    return malformed(`${memberField} is missing: a ${operation} is about it too.`);
  }
  return undefined;
}

/** Names, and ARNs that agree with them and lie in this account and Region, at any depth. */
function placesProblem(
  message: Message | UnversionedMessage,
  accountId: string,
  region: string | undefined,
): ContentProblem | undefined {
  for (const { object } of objectsIn(message, FREE)) {
    for (const field of NAME_FIELDS) {
      const name = object[field];
      if (name !== undefined && !(typeof name === "string" && REGISTRY_NAME.test(name))) {
        return malformed(`${field} is ${shown(name)}, no name of AWS IoT.`);
      }
    }
    for (const [field, { kind, pattern, nameField }] of Object.entries(ARN_FIELDS)) {
      const arn = object[field];
      if (arn === undefined) continue;
      const problem = arnProblem(field, arn, pattern, kind, accountId, region);
      if (problem) return problem;
      const name = object[nameField];
      if (name !== undefined && shown(arn).split("/")[1] !== name) {
        return malformed(`${nameField} is ${shown(name)}, but ${field} is ${shown(arn)}.`);
      }
    }
  }
  return principalProblem(message.principal, accountId, region);
}

function principalProblem(
  principal: string | undefined,
  accountId: string,
  region: string | undefined,
): ContentProblem | undefined {
  if (principal === undefined) return undefined;
  const [, place] = COGNITO_IDENTITY.exec(principal) ?? [];
  if (place === undefined) return arnProblem("principal", principal, CERTIFICATE, "cert", accountId, region);
  return isRegion(place) ? undefined : malformed(`principal is ${principal}, in no Region that exists.`);
}

function arnProblem(
  field: string,
  arn: unknown,
  pattern: RegExp,
  kind: string,
  accountId: string,
  region: string | undefined,
): ContentProblem | undefined {
  const parts = typeof arn === "string" ? pattern.exec(arn)?.groups : undefined;
  if (!parts) return malformed(`${field} is ${shown(arn)}, not the ARN of a ${kind}.`);
  const place = parts as { readonly partition: string; readonly region: string; readonly account: string };
  if (place.account !== accountId) {
    return { reason: "not the customer's own", explanation: `account ${accountId} sent ${field} ${shown(arn)}.` };
  }
  if (partitionFor(place.region) !== place.partition) {
    return malformed(`${field} is ${shown(arn)}: there is no such Region in the partition ${place.partition}.`);
  }
  return place.region === region
    ? undefined
    : malformed(`${field} is ${shown(arn)}, but the message is from ${String(region)}.`);
}

function hookProblem(hook: NonNullable<Message["hook"]>, { operation, at }: Known): ContentProblem | undefined {
  if (!isRegion(hook.region)) return malformed(`hook.region is ${hook.region}: there is no such Region.`);
  const eventNames = eventNamesOf(operation);
  if (!eventNames.includes(hook.eventName)) {
    return malformed(`hook.eventName is ${hook.eventName}, but a ${operation} comes of ${eventNames.join(" or ")}.`);
  }
  for (const field of ["eventTime", "observedAt"] as const) {
    const text = hook[field];
    const time = Date.parse(text);
    // A day that the calendar hasn't is read as one of the next month.
    if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(text.slice(0, 19))) {
      return malformed(`hook.${field} is ${text}: there is no such time.`);
    }
    if (time < EARLIEST) return malformed(`hook.${field} is ${text}, before AWS IoT was there.`);
    if (time > at + MAX_LEAD_MS) {
      return malformed(`hook.${field} is ${text}, in the future: it was ${new Date(at).toISOString()}.`);
    }
  }
  return undefined;
}

const isRegion = (region: string): boolean => partitionFor(region) !== undefined;

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/**
 * A message whose times are no later than it was taken: a customer's clock that is ahead, by no more than is
 * accepted, can't outdate what comes after it.
 */
export function withTimesUntil<M extends Message | UnversionedMessage>(message: M, at: number): M {
  const { hook } = message;
  if (hook === undefined) return message;
  const capped = (time: string): string => (Date.parse(time) > at ? new Date(at).toISOString() : time);
  return { ...message, hook: { ...hook, eventTime: capped(hook.eventTime), observedAt: capped(hook.observedAt) } };
}
