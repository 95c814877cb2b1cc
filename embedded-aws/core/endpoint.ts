// The HTTP endpoint: reads a request, finds out who signed it and what it asks, and answers in the protocol that the
// caller speaks.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { BodyBudget, readBody, type Unkept } from "./body.ts";
import { DEFAULT_REGION } from "./accounts.ts";
import type { EmbeddedAws } from "./cloud.ts";
import { control } from "./control.ts";
import { AwsError, ConnectionDropped, messageOf, notModelled, Stopped } from "./errors.ts";
import { refusal } from "./gate.ts";
import { uuid } from "./ids.ts";
import type { Service } from "./service.ts";
import { claimedBy, clockOf, scopeOf, verifySignature } from "./signature.ts";
import { parseTraceHeader } from "./trace.ts";
import {
  awsQuery,
  modelOf,
  protocolOf,
  type Fields,
  type Model,
  type Protocol,
  type WireReply,
  type WireRequest,
} from "./wire/index.ts";

/** Bytes of a request. A function's archive may have 50 MB, base64 a third more («Lambda quotas»). */
const MAX_BODY = 70 * 1024 * 1024;
/** Bytes of all requests that are being read or answered: two of the largest at a time, and many small ones. */
const MAX_BODIES = 160 * 1024 * 1024;
const BUDGET = new BodyBudget(MAX_BODIES);
const REQUEST_TIMEOUT_MS = 60_000;
/**
 * Node looks at this before it reads what has come: a process that is busy for so long would cut off who is not slow.
 */
const HEAD_TIMEOUT_MS = 60_000;

export interface Endpoint {
  readonly url: string;
  close(): Promise<void>;
}

/** What else answers on this port, to all paths below one. The gate stands before it, too. */
export interface Site {
  readonly path: string;
  respond(incoming: IncomingMessage, outgoing: ServerResponse): void;
}

/**
 * Listens on loopback. Port 0 takes a free one. Throws a sentence where the port is taken.
 * @param headMs how long a client may take over the head of a request: one that sends it drop by drop is cut off
 */
export async function listen(cloud: EmbeddedAws, port = 0, site?: Site, headMs = HEAD_TIMEOUT_MS): Promise<Endpoint> {
  const models = new Map<Service, Promise<Model>>();
  const modelFor = (service: Service): Promise<Model> => {
    let model = models.get(service);
    if (!model) models.set(service, (model = service.model().then(modelOf)));
    return model;
  };
  const bySigningName = new Map(
    [...cloud.services.values()].flatMap((service) => service.signingNames.map((name) => [name, service] as const)),
  );
  // Once it listens: each request is held against it, and asking the system takes a call.
  let listening = 0;
  const server = createServer(
    {
      ...{ requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: 30_000 },
      ...{ headersTimeout: headMs, connectionsCheckingInterval: headMs },
    },
    (incoming, outgoing) => {
      if (site && incoming.url?.startsWith(site.path) && refusal(incoming.headers, listening) === undefined) {
        site.respond(incoming, outgoing);
        return;
      }
      void respond(incoming, outgoing, listening, async (head, body) =>
        head.url.pathname.startsWith("/_local/")
          ? control(cloud, head, body)
          : answer(cloud, bySigningName, modelFor, head, body),
      );
    },
  );
  await start(server, port);
  listening = (server.address() as AddressInfo).port;
  const url = `http://127.0.0.1:${listening}`;
  cloud.endpoint = url;
  return {
    url,
    async close() {
      await cloud.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function start(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      reject(taken ? new PortTaken(port) : error);
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}

/** The port is in use, most likely by another embedded AWS. */
export class PortTaken extends Error {
  constructor(port: number) {
    super(
      `Port ${port} is taken, perhaps by another embedded AWS. Stop that one, or choose another port with --port N.`,
    );
  }
}

/** What can be said before anything of the body is read. */
type Head = Omit<WireRequest, "body">;

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: number,
  handle: (head: Head, body: () => Promise<Buffer>) => Promise<WireReply>,
): Promise<void> {
  let release = (): void => undefined;
  const body = async (): Promise<Buffer> => {
    const read = await readBody(incoming, MAX_BODY, BUDGET);
    if (!("body" in read)) throw new BodyRefused(read.unkept);
    release = () => {
      read.release();
    };
    return read.body;
  };
  try {
    const refused = refusal(incoming.headers, port);
    const head = headOf(incoming);
    const reply =
      refused !== undefined
        ? plain(403, refused)
        : head
          ? await handle(head, body).catch((error: unknown) => {
              if (error instanceof BodyRefused) return plain(error.status, error.message);
              throw error;
            })
          : plain(400, "The request's path can't be decoded.");
    // What is left of a body that nobody wanted.
    incoming.resume();
    outgoing.writeHead(reply.status, {
      "content-length": String(Buffer.byteLength(reply.body)),
      ...reply.headers,
    });
    outgoing.end(incoming.method === "HEAD" ? undefined : reply.body);
  } catch (error) {
    // A client that went away, a fault that cuts the connection, a cloud that closes: there is nobody to answer.
    // Anything else would be a defect: 500.
    const isCut = error instanceof ConnectionDropped || error instanceof Stopped;
    if (isCut || incoming.socket.destroyed || outgoing.headersSent) incoming.socket.destroy();
    else outgoing.writeHead(500, { "content-type": "text/plain" }).end(messageOf(error));
  } finally {
    release();
  }
}

const plain = (status: number, body: string): WireReply => ({
  status,
  headers: { "content-type": "text/plain" },
  body,
});

class BodyRefused extends Error {
  readonly status: number;

  constructor(because: Unkept) {
    super(
      because === "too large"
        ? `A request may have at most ${MAX_BODY} bytes.`
        : `Requests that are read just now have ${MAX_BODIES} bytes together: try again.`,
    );
    this.status = because === "too large" ? 413 : 503;
  }
}

/**
 * Undefined for a path that is no percent-encoding, and for what isn't a path: a proxy's or a server's target (RFC
 * 9112, 3.2).
 */
function headOf(incoming: IncomingMessage): Head | undefined {
  if (!incoming.url?.startsWith("/")) return undefined;
  // Not by a base: «//» would be read as a host.
  const url = new URL(`http://localhost${incoming.url}`);
  const path = incoming.url.replace(/[?#].*$/s, "");
  try {
    decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const repeated = Object.entries(incoming.headersDistinct).filter(([, values]) => (values?.length ?? 0) > 1);
  return {
    method: incoming.method ?? "GET",
    url,
    path,
    headers: incoming.headers,
    ...(repeated.length > 0 ? { repeated: Object.fromEntries(repeated) as Record<string, string[]> } : {}),
  };
}

async function answer(
  cloud: EmbeddedAws,
  services: ReadonlyMap<string, Service>,
  modelFor: (service: Service) => Promise<Model>,
  head: Head,
  body: () => Promise<Buffer>,
): Promise<WireReply> {
  const requestId = uuid();
  const scope = scopeOf(head);
  const service = scope && services.get(scope.service);
  const protocol = protocolOf(head, service?.name);
  let model: Model | undefined;
  try {
    if (!scope) throw new AwsError("MissingAuthenticationToken", "Missing Authentication Token", { status: 403 });
    if (!service) throw notModelled(`The service that signs as "${scope.service}"`);
    if (service.name === "sqs" && protocol === awsQuery)
      throw notModelled("SQS's query protocol, which clients spoke until November 2023,");
    model = await modelFor(service);
    const find = (key: string) => cloud.identities.credential(key);
    const credential = claimedBy(head, scope, find, cloud.clock.now(), service.errors);
    const sent = { ...head, body: await body() };
    verifySignature(sent, scope, credential, service.errors);
    const request = service.name === "s3" ? sent : expanded(sent);
    // S3 Control, which signs as S3 does, has an account in this header and no bucket in its paths.
    const bucketInPath = service.name === "s3" && request.headers["x-amz-account-id"] === undefined;
    const addressed = bucketInPath ? withoutBucket(request) : request;
    const name = protocol.find(model, addressed);
    const operation = name === undefined ? undefined : model.operations.get(name);
    if (!operation) throw protocol.unknown(service.name, request, name);
    const input = await readInput(protocol, operation, addressed);
    const cause = parseTraceHeader(request.headers["x-amzn-trace-id"] as string | undefined);
    const output = await cloud.call({
      service: service.name,
      operation: operation.name,
      input,
      caller: { ...credential.caller, credential },
      account: credential.caller.account,
      region: scope.region || DEFAULT_REGION,
      requestId,
      ...(cause ? { cause } : {}),
      userAgent: request.headers["user-agent"] ?? "",
    });
    return dated(protocol.write(operation, output ?? {}, requestId), head, cloud);
  } catch (error) {
    if (error instanceof ConnectionDropped || error instanceof Stopped || error instanceof BodyRefused) throw error;
    const known =
      error instanceof AwsError ? error : new AwsError("InternalFailure", messageOf(error), { status: 500 });
    return dated(protocol.fail({ error: known, model, requestId }), head, cloud);
  }
}

/** By the clock that the client goes by: SDKs take another one for a skew of their own, and try again once. */
function dated(reply: WireReply, { headers }: Head, { clock }: EmbeddedAws): WireReply {
  const date = new Date(clockOf(headers, clock.now()) ?? Date.now()).toUTCString();
  return { ...reply, headers: { date, ...reply.headers } };
}

async function readInput(
  protocol: Protocol,
  operation: Parameters<Protocol["read"]>[0],
  request: WireRequest,
): Promise<Fields> {
  try {
    return await protocol.read(operation, request);
  } catch (error) {
    throw new AwsError(
      "SerializationException",
      `The request's body can't be read as ${operation.name}: ${messageOf(error)}`,
      { status: 400 },
    );
  }
}

/** Clients compress long requests of some operations («requestCompression trait», Smithy); S3 keeps what came. */
function expanded(request: WireRequest): WireRequest {
  if (request.headers["content-encoding"] !== "gzip") return request;
  try {
    return { ...request, body: gunzipSync(request.body, { maxOutputLength: MAX_BODY }) };
  } catch (error) {
    throw new AwsError("SerializationException", `The body is no gzip: ${messageOf(error)}`, { status: 400 });
  }
}

/**
 * The SDK's model of S3 has no bucket in its paths: clients put it there (path style, as they do for an address) or
 * before the host.
 */
function withoutBucket(request: WireRequest): WireRequest {
  const [, bucket, path = "/"] = /^\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
  return bucket === undefined ? request : { ...request, path, bucket: decodeURIComponent(bucket) };
}
