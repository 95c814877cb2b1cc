// dynalite keeps the items and understands the expressions: one server per account and Region, in this process, started by the first call that
// needs it. It speaks DynamoDB's protocol on loopback, so that the SDK's own client reads and writes its wire format.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import type { Place } from "../../core/arn.ts";
import type { Cloud } from "../../core/service.ts";
import { AwsError, notModelled } from "../../core/errors.ts";
import { stateOf } from "../../core/state.ts";

interface Engine {
  readonly server: Server;
  readonly client: DynamoDB;
  /** Requests under way: cutting one would end this process, since dynalite throws what its sockets report. */
  readonly pending: Set<Promise<unknown>>;
}

const ENGINES = stateOf("dynamodb engines", (): { started?: Promise<Engine> } => ({}));

/** Of the answers, what the SDK adds to AWS's. */
type Answer<Output> = Omit<Output, "$metadata">;

async function start(region: string): Promise<Engine> {
  const [{ default: dynalite }, { DynamoDB }] = await Promise.all([
    import("dynalite"),
    import("@aws-sdk/client-dynamodb"),
  ]);
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // Connections idle until they are closed below: a time-out would cut one just as it is used again.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const client = new DynamoDB({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region,
    maxAttempts: 1,
    // dynalite wants a signature and never checks it: who calls was settled before.
    credentials: { accessKeyId: "unchecked", secretAccessKey: "unchecked" },
  });
  return { server, client, pending: new Set() };
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
    const { server, client, pending } = await started;
    await Promise.allSettled(pending);
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
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
