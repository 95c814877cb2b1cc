// From an event on the bus to the targets of the rules that match it, with retries and dead letters
// («How EventBridge retries delivering events», «Using dead-letter queues to process undelivered events», user guide).
import type { Target } from "@aws-sdk/client-eventbridge";
import { parseArn, type Place } from "../../core/arn.ts";
import { ConnectionDropped, Stopped } from "../../core/errors.ts";
import type { Cloud } from "../../core/service.ts";
import { AwsError, messageOf } from "../../core/errors.ts";
import { serviceCaller } from "../../core/identity.ts";
import { emitMetric } from "../../core/metrics.ts";
import { childSpan, type Span } from "../../core/trace.ts";
import { explain, matches } from "../../language/pattern/index.ts";
import type { BusEvent } from "./event.ts";
import { RULES, type Rule } from "./state.ts";

const DEFAULT_ATTEMPTS = 185;
const DEFAULT_AGE_SECONDS = 86_400;
// 1, 2, 4, … seconds up to eight minutes: 185 of them take almost the 24 hours. AWS's own steps are documented
// nowhere but as «exponential».
const LONGEST_PAUSE_SECONDS = 480;

/** Rules of the default bus that the event would trigger. */
export const matchingRules = (cloud: Cloud, place: Place, event: BusEvent): Rule[] =>
  [...cloud.state(RULES, place).values()].filter(
    ({ state, pattern }) => state === "ENABLED" && pattern !== undefined && matches(pattern, event),
  );

/** Why no rule of the default bus hears of an event, for somebody who waits for one; undefined where one does. */
export function whyNoRule(cloud: Cloud, place: Place, event: BusEvent, what: string): string | undefined {
  const rules = [...cloud.state(RULES, place).values()].flatMap(({ name, state, pattern }) =>
    pattern === undefined ? [] : [{ name, state, pattern }],
  );
  const where = `on the default event bus of account ${place.account} in ${place.region}`;
  if (rules.length === 0) return `There is no rule ${where}, so nothing comes of ${what}: this account has no hooks.`;
  const reasons = rules.map(({ name, state, pattern }) => {
    const differs = explain(pattern, event);
    if (differs !== undefined) return `${name}: ${differs}`;
    return state === "ENABLED" ? undefined : `${name} would, but it is disabled (EnableRule).`;
  });
  if (reasons.includes(undefined)) return undefined;
  return `No rule ${where} matches ${what}. ${reasons.slice(0, MOST_REASONS).join(" ")}`;
}
/** An account may have 300 rules. */
const MOST_REASONS = 5;

/** Gives an event to the default bus. Resolves when each target of each matching rule was tried once. Never throws. */
export const deliverEvent = (cloud: Cloud, place: Place, event: BusEvent, cause: Span): Promise<void> =>
  trigger(cloud, place, matchingRules(cloud, place, event), event, cause);

/** Gives an event to the targets of these rules. Never throws. */
export async function trigger(
  cloud: Cloud,
  place: Place,
  rules: readonly Rule[],
  event: BusEvent,
  cause: Span | undefined,
): Promise<void> {
  const attempts = rules.flatMap((rule) => {
    const span = childSpan(cause);
    cloud.effect({
      ...place,
      span,
      service: "events",
      name: "RuleMatched",
      detail: { rule: rule.arn, eventId: event.id, detailType: event["detail-type"], targets: rule.targets.size },
    });
    measure(cloud, place, rule, "TriggeredRules");
    const since = cloud.clock.now();
    const delivery = { cloud, place, rule, span, since, input: JSON.stringify(event), eventId: event.id };
    return [...rule.targets.values()].map((target) => attempt({ ...delivery, target }, 0));
  });
  await Promise.all(attempts);
}

/**
 * «Monitoring Amazon EventBridge», user guide: metrics by rule. Invocations leaves out attempts that are tried again;
 * zeros aren't sent. Some pages spell the last two …DLQ.
 */
type Metric =
  | "TriggeredRules"
  | "Invocations"
  | "InvocationAttempts"
  | "SuccessfulInvocationAttempts"
  | "FailedInvocations"
  | "RetryInvocationAttempts"
  | "InvocationsSentToDlq"
  | "InvocationsFailedToBeSentToDlq";
const measure = (cloud: Cloud, place: Place, rule: Rule, metric: Metric): void => {
  emitMetric(cloud, place, "AWS/Events", metric, { RuleName: rule.name }, 1);
};

interface TargetDelivery {
  readonly cloud: Cloud;
  readonly place: Place;
  readonly rule: Rule;
  readonly target: Target;
  readonly span: Span;
  /** When the event came, milliseconds since 1970. */
  readonly since: number;
  readonly input: string;
  readonly eventId: string;
}

async function attempt(delivery: TargetDelivery, retries: number): Promise<void> {
  const { cloud, place, rule, target, span } = delivery;
  measure(cloud, place, rule, "InvocationAttempts");
  if (retries > 0) measure(cloud, place, rule, "RetryInvocationAttempts");
  try {
    await send(delivery, target.Arn ?? "", delivery.input, undefined);
    measure(cloud, place, rule, "SuccessfulInvocationAttempts");
    measure(cloud, place, rule, "Invocations");
  } catch (error) {
    const failure = failureOf(error);
    const next = failure.again ? retryAfter(delivery, retries) : undefined;
    const effect = { ...place, span: childSpan(span), service: "events", outcome: "failed" as const };
    const detail = { rule: rule.arn, target: target.Arn, eventId: delivery.eventId, retries };
    if (typeof next === "number") {
      cloud.effect({
        ...effect,
        name: "TargetRetry",
        error: { code: failure.code, message: failure.message },
        detail: { ...detail, nextInSeconds: next },
      });
      cloud.clock.after(next * 1000, () => {
        cloud.background(() => attempt(delivery, retries + 1), { ...effect, name: "TargetFailed" });
      });
      return;
    }
    cloud.effect({ ...effect, name: "TargetFailed", error: { code: failure.code, message: failure.message }, detail });
    measure(cloud, place, rule, "Invocations");
    measure(cloud, place, rule, "FailedInvocations");
    await bury(delivery, failure, retries, next);
  }
}

type Exhausted = "MaximumRetryAttempts" | "MaximumEventAgeInSeconds";

/** Seconds until the next retry, or which limit forbids it. */
function retryAfter({ cloud, target, since }: TargetDelivery, retries: number): number | Exhausted {
  const { MaximumRetryAttempts: attempts = DEFAULT_ATTEMPTS, MaximumEventAgeInSeconds: age = DEFAULT_AGE_SECONDS } =
    target.RetryPolicy ?? {};
  if (retries >= attempts) return "MaximumRetryAttempts";
  const pause = Math.min(2 ** retries, LONGEST_PAUSE_SECONDS);
  return cloud.clock.now() + pause * 1000 > since + age * 1000 ? "MaximumEventAgeInSeconds" : pause;
}

interface Failure {
  /** One of EventBridge's codes for dead letters. */
  readonly code: string;
  readonly message: string;
  readonly again: boolean;
}

/**
 * Missing permissions and targets are not tried again: «Rather than retrying, EventBridge sends these events directly
 * to the DLQ».
 */
function failureOf(error: unknown): Failure {
  if (error instanceof Stopped) throw error;
  const message = messageOf(error);
  if (error instanceof ConnectionDropped) return { code: "CONNECTION_FAILURE", message, again: true };
  if (!(error instanceof AwsError)) return { code: "INTERNAL_ERROR", message, again: true };
  if (/AccessDenied/.test(error.code)) return { code: "NO_PERMISSIONS", message, again: false };
  if (/NotFound|DoesNotExist/.test(error.code)) return { code: "NO_RESOURCE", message, again: false };
  if (/Throttl|TooManyRequests/.test(error.code)) return { code: "THROTTLING", message, again: true };
  if (error.code === "NotModelledHere") return { code: "SDK_CLIENT_ERROR", message, again: false };
  const server = (error.status ?? 400) >= 500;
  return { code: server ? "INTERNAL_ERROR" : "ERROR_FROM_TARGET", message, again: server };
}

type Attributes = Readonly<Record<string, string>>;

/** One call to a function or a queue, as events.amazonaws.com on behalf of the rule. */
function send(
  { cloud, place, rule, span }: TargetDelivery,
  to: string,
  body: string,
  attributes: Attributes | undefined,
) {
  const queue = parseArn(to);
  const call = {
    ...place,
    caller: serviceCaller("events.amazonaws.com", rule.arn, place.account),
    cause: span,
    sourceIp: "events.amazonaws.com",
    userAgent: "events.amazonaws.com",
  };
  if (queue?.service !== "sqs") {
    const input = { FunctionName: to, InvocationType: "Event", Payload: Buffer.from(body) };
    return cloud.call({ ...call, service: "lambda", operation: "Invoke", input });
  }
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes ?? {}).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
  );
  const QueueUrl = `${cloud.endpoint}/${queue.account}/${queue.resource}`;
  const input = { QueueUrl, MessageBody: body, ...(attributes ? { MessageAttributes } : {}) };
  return cloud.call({ ...call, service: "sqs", operation: "SendMessage", input });
}

/** Says in the trace that nobody will get the event. */
function lose(delivery: TargetDelivery, name: "EventDropped" | "DeadLetterFailed", code: string, why: string): void {
  const { cloud, place, rule, target, span, eventId } = delivery;
  const queue = target.DeadLetterConfig?.Arn;
  const detail = { rule: rule.arn, target: target.Arn, eventId, ...(queue === undefined ? {} : { queue }) };
  const of = { ...place, span: childSpan(span), service: "events", name, outcome: "failed" as const };
  cloud.effect({ ...of, error: { code, message: `Event ${eventId} is lost: ${why}` }, detail });
}

/** Sends an event that can't be delivered to the target's dead-letter queue, or says that it is lost. */
async function bury(delivery: TargetDelivery, failure: Failure, retries: number, exhausted: Exhausted | undefined) {
  const { cloud, place, rule, target, input } = delivery;
  const queue = target.DeadLetterConfig?.Arn;
  if (queue === undefined) {
    const why = `target ${target.Arn ?? ""} of rule ${rule.name} has no dead-letter queue.`;
    lose(delivery, "EventDropped", failure.code, why);
    return;
  }
  try {
    await send(delivery, queue, input, {
      RULE_ARN: rule.arn,
      TARGET_ARN: target.Arn ?? "",
      ERROR_CODE: failure.code,
      ERROR_MESSAGE: failure.message,
      // Absent for what isn't retried.
      ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted, RETRY_ATTEMPTS: String(retries) }),
    });
    measure(cloud, place, rule, "InvocationsSentToDlq");
  } catch (error) {
    measure(cloud, place, rule, "InvocationsFailedToBeSentToDlq");
    const code = error instanceof AwsError ? error.code : "InternalFailure";
    const why = `the dead-letter queue ${queue} of rule ${rule.name} doesn't take it. ${messageOf(error)}`;
    lose(delivery, "DeadLetterFailed", code, why);
  }
}
