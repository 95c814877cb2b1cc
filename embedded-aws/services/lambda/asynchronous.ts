// Asynchronous invocation: the event is accepted first, run then, tried again after 1 and 2 minutes, and sent to a
// destination at its end. «How Lambda handles errors and retries with asynchronous invocation», «Capturing records of
// Lambda asynchronous invocations».
import { parseArn } from "../../core/arn.ts";
import type { Cloud } from "../../core/service.ts";
import { AwsError, ConnectionDropped, messageOf } from "../../core/errors.ts";
import type { Span } from "../../core/trace.ts";
import { assumeRole, measuring, run, type Ran } from "./running.ts";
import { functionArn, STATE, versionOf, type LambdaFunction, type Version } from "./state.ts";

const RETRY_AFTER_MS = [60_000, 120_000];
const DEFAULT_AGE_S = 21_600;
/**
 * After throttling and errors of Lambda itself: 1 second, doubled each time, 5 minutes at most; until the event is
 * too old.
 */
const BACK_OFF_MS = 1_000;
const MAX_BACK_OFF_MS = 300_000;

export interface Event {
  readonly of: LambdaFunction;
  readonly qualifier: string | undefined;
  readonly requestId: string;
  readonly payload: Uint8Array;
  readonly cause: Span;
  readonly acceptedAt: number;
}
interface Attempts {
  /** How often the function ran for this event. */
  readonly runs: number;
  /** How often it could not be run. */
  readonly refusals: number;
  readonly last?: { readonly ran: Ran; readonly version: string };
}

/** Takes the event; the caller has its answer already. */
export function accept(cloud: Cloud, event: Event): void {
  measuring(cloud, event.of, event.qualifier)("AsyncEventsReceived", 1);
  attempt(cloud, event, { runs: 0, refusals: 0 });
}

function attempt(cloud: Cloud, event: Event, attempts: Attempts): void {
  const { of, cause } = event;
  cloud.background(() => process(cloud, event, attempts), {
    span: cause,
    account: of.account,
    region: of.region,
    service: "lambda",
    name: "AsynchronousInvocation",
  });
}

async function process(cloud: Cloud, event: Event, attempts: Attempts): Promise<void> {
  const { of, qualifier, acceptedAt } = event;
  // The function may have been deleted since; then nobody is left to run it, or to say so.
  if (cloud.state(STATE, of).functions.get(of.name) !== of) {
    measuring(cloud, of, qualifier)("AsyncEventsDropped", 1);
    lose(cloud, event, "The function was deleted before the event was processed.");
    return;
  }
  const config = of.eventInvokeConfigs.get(qualifier ?? "$LATEST");
  const maximumAge = (config?.maximumEventAge ?? DEFAULT_AGE_S) * 1000;
  const age = cloud.clock.now() - acceptedAt;
  measuring(cloud, of, qualifier)("AsyncEventAge", age);
  if (age > maximumAge) return conclude(cloud, event, attempts, "EventAgeExceeded");
  if (of.reservedConcurrency === 0) return conclude(cloud, event, attempts, "ZeroReservedConcurrency");
  const again = (delayMs: number, next: Attempts) => {
    // An event that would be too old by then ends when its age is reached.
    cloud.clock.after(Math.min(delayMs, Math.max(0, acceptedAt + maximumAge + 1 - cloud.clock.now())), () => {
      attempt(cloud, event, next);
    });
  };
  let ran: Ran;
  let version: Version;
  try {
    version = versionOf(of, qualifier);
    ran = await run(cloud, { ...event, version, patient: true });
  } catch (error) {
    if (!isAnswer(error)) throw error;
    const { refusals } = attempts;
    waits(cloud, event, error);
    again(Math.min(BACK_OFF_MS * 2 ** refusals, MAX_BACK_OFF_MS), { ...attempts, refusals: refusals + 1 });
    return;
  }
  const after: Attempts = { ...attempts, runs: attempts.runs + 1, last: { ran, version: version.version } };
  if (!ran.functionError) return;
  const delay = RETRY_AFTER_MS[attempts.runs];
  if (delay === undefined || attempts.runs >= (config?.maximumRetryAttempts ?? RETRY_AFTER_MS.length))
    return conclude(cloud, event, after, "RetriesExhausted");
  again(delay, after);
}

type Condition = "RetriesExhausted" | "EventAgeExceeded" | "ZeroReservedConcurrency";

async function conclude(cloud: Cloud, event: Event, attempts: Attempts, condition: Condition): Promise<void> {
  const { of, qualifier } = event;
  const destination = of.eventInvokeConfigs.get(qualifier ?? "$LATEST")?.onFailure;
  // Those that go to a destination, too: «Types of metrics for Lambda functions», AsyncEventsDropped.
  measuring(cloud, of, qualifier)("AsyncEventsDropped", 1);
  if (destination === undefined) {
    lose(cloud, event, `${EXPLAINED[condition]} There is no on-failure destination, so the event is lost.`);
    return;
  }
  try {
    await send(cloud, event, destination, recordOf(cloud, event, attempts, condition));
    effect(cloud, event, "DestinationDelivered", { condition, destination });
  } catch (error) {
    if (!isAnswer(error)) throw error;
    measuring(cloud, of, qualifier)("DestinationDeliveryFailures", 1);
    effect(cloud, event, "DestinationFailed", { condition, destination }, error);
  }
}
const EXPLAINED: Record<Condition, string> = {
  RetriesExhausted: "The function failed at each attempt.",
  EventAgeExceeded: "The event grew too old.",
  ZeroReservedConcurrency: "The function's reserved concurrency is zero.",
};

function recordOf(cloud: Cloud, event: Event, { runs, last }: Attempts, condition: Condition): object {
  const json = (bytes: Uint8Array): unknown => {
    const text = Buffer.from(bytes).toString();
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // A custom runtime may answer with any text.
      return text;
    }
  };
  return {
    version: "1.0",
    timestamp: cloud.clock.date().toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: functionArn(event.of, event.qualifier ?? "$LATEST"),
      condition,
      approximateInvokeCount: runs,
    },
    requestPayload: json(event.payload),
    ...(last
      ? {
          responseContext: {
            statusCode: 200,
            executedVersion: last.version,
            functionError: last.ran.functionError,
          },
          responsePayload: json(last.ran.payload),
        }
      : {}),
  };
}

/** As the execution role: it needs sqs:SendMessage, a queue of another account its own policy too. */
async function send(cloud: Cloud, { of, qualifier, cause }: Event, queueArn: string, record: object): Promise<void> {
  const queue = parseArn(queueArn);
  if (!queue) throw new AwsError("InvalidParameterValueException", `${queueArn} is no queue's ARN.`);
  const { keys, caller } = await assumeRole(cloud, of, versionOf(of, qualifier).settings.role, cause);
  cloud.identities.take(keys.accessKeyId);
  await cloud.call({
    service: "sqs",
    operation: "SendMessage",
    input: { QueueUrl: `${cloud.endpoint}/${queue.account}/${queue.resource}`, MessageBody: JSON.stringify(record) },
    caller,
    account: of.account,
    region: queue.region,
    cause,
  });
}

function lose(cloud: Cloud, event: Event, reason: string): void {
  effect(cloud, event, "EventDropped", {}, new AwsError("EventDropped", reason));
}
const codeOf = (error: AwsError | ConnectionDropped): string =>
  error instanceof AwsError ? error.code : "ConnectionDropped";

/** What another service answered, or that it didn't: no defect of this one. */
const isAnswer = (error: unknown): error is AwsError | ConnectionDropped =>
  error instanceof AwsError || error instanceof ConnectionDropped;

function waits(cloud: Cloud, event: Event, error: AwsError | ConnectionDropped): void {
  effect(cloud, event, "EventWaits", {}, error);
}
function effect(cloud: Cloud, event: Event, name: string, detail: object, error?: AwsError | ConnectionDropped): void {
  const { of, qualifier, requestId, cause } = event;
  cloud.effect({
    span: cause,
    account: of.account,
    region: of.region,
    service: "lambda",
    name,
    detail: { functionArn: functionArn(of, qualifier), requestId, ...detail },
    ...(error ? { outcome: "failed" as const, error: { code: codeOf(error), message: messageOf(error) } } : {}),
  });
}
