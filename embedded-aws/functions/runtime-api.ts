// The Runtime API of one execution environment, on loopback: «Using the Lambda runtime API for custom runtimes».
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readBody } from "../core/body.ts";

/**
 * Bytes of a synchronous request or response: 6 MB («Lambda quotas»); the sentence of a larger response names 100
 * more.
 */
export const MAX_PAYLOAD = 6 * 1024 * 1024;
const MAX_RESPONSE = MAX_PAYLOAD + 100;

export interface Invocation {
  readonly requestId: string;
  readonly payload: Uint8Array;
  /** With the qualifier that the caller named. */
  readonly functionArn: string;
  readonly traceHeader: string;
  /** What the cloud's clock is ahead of the machine's. */
  readonly clockOffsetMs: number;
  /** JSON, as the client sent it. */
  readonly clientContext?: string;
}

/** What the runtime in the process says. */
export interface RuntimeEvents {
  /** It is ready for the next event: the first time after its start, then after each answer. */
  ready(): void;
  response(body: Buffer): void;
  /** `body` is the error as JSON: errorType, errorMessage, … */
  error(body: Buffer): void;
  initError(body: Buffer): void;
}

export interface RuntimeApi {
  /** `127.0.0.1:<port>`, for AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Hands an event to the runtime that waits for it. */
  send(invocation: Invocation, deadlineMs: number): void;
  close(): void;
}

export async function startRuntimeApi(events: RuntimeEvents): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  let current: string | undefined;
  let isReading = false;

  const reply = (to: ServerResponse, status: number, body: object) => {
    const text = JSON.stringify(body);
    // With its length it isn't sent in chunks.
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    to.writeHead(status, headers).end(text);
  };
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const [, id, path = ""] = /^\/2018-06-01\/runtime\/(?:invocation\/([^/]+)\/)?(.+)$/.exec(incoming.url ?? "") ?? [];
    if (incoming.method === "GET" && path === "invocation/next") {
      waiting = outgoing;
      events.ready();
      return;
    }
    const isInitError = incoming.method === "POST" && path === "init/error" && id === undefined;
    // What answers nothing is refused unread, and one body at a time is kept.
    if (isInitError && isReading) {
      reply(outgoing, 403, { errorType: "InvalidStateTransition", errorMessage: "An error is being reported." });
      return;
    }
    if (isInitError) {
      isReading = true;
      const read = await readBody(incoming, MAX_RESPONSE).finally(() => (isReading = false));
      reply(outgoing, 202, { status: "OK" });
      events.initError("body" in read ? read.body : Buffer.from("{}"));
      return;
    }
    if (incoming.method !== "POST" || (path !== "response" && path !== "error") || id === undefined) {
      reply(outgoing, 404, {
        errorType: "NotFound",
        errorMessage: `The Runtime API has no ${incoming.method ?? ""} ${incoming.url ?? ""}.`,
      });
      return;
    }
    if (id !== current) {
      reply(outgoing, 400, { errorType: "InvalidRequestID", errorMessage: `Invalid request ID ${id}` });
      return;
    }
    current = undefined;
    const read = await readBody(incoming, MAX_RESPONSE);
    if (!("body" in read)) {
      const errorType = "Function.ResponseSizeTooLarge";
      const errorMessage =
        `Response payload size (${read.size} bytes) exceeded maximum allowed payload size (${MAX_RESPONSE} ` +
        "bytes).";
      events.error(Buffer.from(JSON.stringify({ errorType, errorMessage })));
      reply(outgoing, 413, { errorType, errorMessage });
      return;
    }
    if (path === "response") events.response(read.body);
    else events.error(read.body);
    reply(outgoing, 202, { status: "OK" });
  };
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (incoming, outgoing) => {
    // A process that was killed in the middle of a request: its end is noticed elsewhere.
    handle(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    send({ requestId, payload, functionArn, traceHeader, clockOffsetMs, clientContext }, deadlineMs) {
      if (!waiting) throw new Error("The runtime doesn't wait for an event.");
      current = requestId;
      waiting.writeHead(200, {
        "content-type": "application/json",
        "content-length": payload.length,
        "lambda-runtime-aws-request-id": requestId,
        "lambda-runtime-deadline-ms": deadlineMs,
        "lambda-runtime-invoked-function-arn": functionArn,
        "lambda-runtime-trace-id": traceHeader,
        // Not on AWS, where there is one clock.
        "embedded-aws-clock-offset-ms": clockOffsetMs,
        ...(clientContext === undefined ? {} : { "lambda-runtime-client-context": clientContext }),
      });
      waiting.end(payload);
      waiting = undefined;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
