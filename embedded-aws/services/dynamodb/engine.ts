// dynalite keeps the items and understands the expressions: one server per account and Region, started by the first
// call that needs it. It speaks DynamoDB's protocol on loopback, so that the SDK's own client reads and writes its
// wire format. Each runs in a thread of its own: its parser of expressions takes years over a few brackets in each
// other, which then holds up nobody but the account that sent them.
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import type { Place } from "../../core/arn.ts";
import type { Cloud } from "../../core/service.ts";
import { AwsError, notModelled } from "../../core/errors.ts";
import { stateOf } from "../../core/state.ts";

interface Engine {
  readonly thread: Worker;
  readonly client: DynamoDB;
  /** Requests under way, which are let end before the thread is. */
  readonly pending: Set<Promise<unknown>>;
}

const ENGINES = stateOf("dynamodb engines", (): { started?: Promise<Engine> } => ({}));

/** Of the answers, what the SDK adds to AWS's. */
type Answer<Output> = Omit<Output, "$metadata">;

const SETTINGS = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
/** Connections idle until the thread ends: a time-out would cut one just as it is used again. */
const SERVER = `
  const { parentPort, workerData } = require("node:worker_threads");
  const server = require("node:module").createRequire(workerData.from)("dynalite")(workerData.settings);
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));`;
/** How long an answer may take: far beyond what any does whose expression can be read in finite time. */
const ANSWER_MS = 20_000;
/** What requests under way have to end in when the cloud stops. */
const END_MS = 1_000;

async function start(region: string): Promise<Engine> {
  const thread = new Worker(SERVER, { eval: true, workerData: { from: import.meta.url, settings: SETTINGS } });
  // Whatever ends it, asking it fails from then on: nobody listens there any more.
  thread.on("error", () => undefined);
  thread.unref();
  const [port] = (await once(thread, "message")) as [number];
  const { DynamoDB } = await import("@aws-sdk/client-dynamodb");
  const client = new DynamoDB({
    endpoint: `http://127.0.0.1:${port}`,
    region,
    maxAttempts: 1,
    requestHandler: { requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
    // dynalite wants a signature and never checks it: who calls was settled before.
    credentials: { accessKeyId: "unchecked", secretAccessKey: "unchecked" },
  });
  return { thread, client, pending: new Set() };
}

/**
 * Asks the engine of an account and Region.
 * @throws AwsError with what dynalite answered, in DynamoDB's own codes
 */
export async function ask<Output extends object>(
  cloud: Cloud,
  place: Place,
  question: (client: DynamoDB) => Promise<Output>,
): Promise<Answer<Output>> {
  const engines = cloud.state(ENGINES, place);
  const { client, pending } = await (engines.started ??= start(place.region));
  const answer = question(client);
  pending.add(answer);
  try {
    const { $metadata: _, ...output } = (await answer) as Output & { $metadata: unknown };
    return output;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === undefined) throw error;
    throw new AwsError(name, message, { status: $metadata.httpStatusCode });
  } finally {
    pending.delete(answer);
  }
}

/** Ends the servers of all accounts and Regions, after what is under way. */
export async function stopEngines(cloud: Cloud): Promise<void> {
  const stopping = [...cloud.states(ENGINES)].map(async (engines) => {
    const started = engines.started;
    delete engines.started;
    if (!started) return;
    const { thread, client, pending } = await started;
    const late = new AbortController();
    await Promise.race([Promise.allSettled(pending), delay(END_MS, undefined, { signal: late.signal }).catch(() => 0)]);
    late.abort();
    await thread.terminate();
    client.destroy();
  });
  await Promise.all(stopping);
}

/** Whether a null stands anywhere in a list or a map: dynalite would end this process over it. */
const hasNull = (value: unknown): boolean =>
  value === null ||
  (typeof value === "object" &&
    !(value instanceof Uint8Array) &&
    Object.values(value).some((member) => hasNull(member)));

/**
 * dynalite drops parameters that it doesn't know without a word: here they are refused.
 * @param own those that this service takes care of itself
 * @throws AwsError NotModelledHere; SerializationException for a null, which no member of DynamoDB's requests can be
 */
export async function checkParameters(operation: string, input: object, own: readonly string[] = []): Promise<void> {
  if (Object.values(input).some(hasNull))
    throw new AwsError("SerializationException", `${operation} can't be asked with null in a parameter.`);
  const file = `${operation.charAt(0).toLowerCase()}${operation.slice(1)}`;
  // What dynalite checks requests by. Inside the package, whose version is pinned.
  const { default: request } = (await import(`dynalite/validations/${file}.js`)) as {
    default: { types: Readonly<Record<string, unknown>> };
  };
  for (const [parameter, value] of Object.entries(input))
    if (value !== undefined && !(parameter in request.types) && !own.includes(parameter))
      throw notModelled(`The parameter ${parameter} of dynamodb:${operation}`);
}
