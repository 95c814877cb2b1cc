// The few calls that the two functions make, answered over HTTP for the real SDK clients: STS AssumeRole, IoT
// Describe…, IoT Publish, SQS SendMessage, DynamoDB GetItem.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  /** AWS's error code. */
  readonly code?: string;
  /** Nothing is answered at all. */
  readonly hang?: boolean;
}

const isSqs = (headers: Call["headers"]): boolean => String(headers["x-amz-target"]).startsWith("AmazonSQS.");

const getsItem = ({ headers }: Call): boolean => headers["x-amz-target"] === "DynamoDB_20120810.GetItem";

const assumesRole = (call: Call): boolean => call.path === "/" && !isSqs(call.headers) && !getsItem(call);

export class AwsStub {
  readonly calls: Call[] = [];
  /** By `<method> <path>`. A publish and an AssumeRole succeed where nothing is set; a description is not found. */
  readonly answers = new Map<string, (call: Call) => Answer>();
  /** What GetItem finds, whatever it looks for; undefined: nothing. */
  item: object | undefined;
  readonly #server: Server = createServer((request, response) => void this.#serve(request, response));
  readonly #arrivals: (() => void)[] = [];
  #sessions = 0;

  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Resolves when the next call has arrived. */
  nextCall(): Promise<void> {
    return new Promise((resolve) => this.#arrivals.push(resolve));
  }

  reset(): void {
    this.calls.length = 0;
    this.answers.clear();
  }

  get published(): { readonly topic: string; readonly message: Record<string, unknown>; readonly call: Call }[] {
    return this.calls
      .filter(({ path }) => path.startsWith("/topics/"))
      .map((call) => ({
        topic: decodeURIComponent(call.path.slice("/topics/".length)),
        message: JSON.parse(call.body) as Record<string, unknown>,
        call,
      }));
  }

  get assumed(): URLSearchParams[] {
    return this.calls.filter(assumesRole).map(({ body }) => new URLSearchParams(body));
  }

  /** What an event made the function call: it assumes the role while it starts, whatever comes then. */
  get afterStart(): readonly Call[] {
    return this.calls.filter((call) => !assumesRole(call));
  }

  /** Bodies of the messages that were sent to a queue. */
  get sent(): string[] {
    return this.calls
      .filter(({ headers }) => isSqs(headers))
      .map(({ body }) => (JSON.parse(body) as { MessageBody: string }).MessageBody);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://stub");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call: Call = {
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    this.calls.push(call);
    for (const arrived of this.#arrivals.splice(0)) arrived();
    if (getsItem(call)) {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify({ Item: this.item }));
      return;
    }
    const set = this.answers.get(`${call.method} ${decodeURIComponent(call.path)}`);
    if (set) {
      const { status, body = {}, code, hang } = set(call);
      if (hang === true) return;
      response.writeHead(status, {
        "content-type": "application/json",
        ...(code === undefined ? {} : { "x-amzn-errortype": code }),
      });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    } else if (isSqs(call.headers)) {
      const { MessageBody } = JSON.parse(call.body) as { MessageBody: string };
      const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify({ MessageId: "letter", MD5OfMessageBody }));
    } else if (call.path === "/") {
      response.writeHead(200, { "content-type": "text/xml" }).end(this.#session());
    } else if (call.path.startsWith("/topics/")) {
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    } else {
      response
        .writeHead(404, { "content-type": "application/json", "x-amzn-errortype": "ResourceNotFoundException" })
        .end('{"message":"not found"}');
    }
  }

  #session(): string {
    this.#sessions += 1;
    return sessionOf({ AccessKeyId: `ASIASESSION${this.#sessions}`, SessionToken: `token-${this.#sessions}` });
  }
}

/** STS's answer to AssumeRole, with these credentials for an hour: what is undefined is left out. */
export function sessionOf(replaced: Readonly<Record<string, string | undefined>> = {}): string {
  const credentials: Readonly<Record<string, string | undefined>> = {
    AccessKeyId: "ASIASESSION",
    SecretAccessKey: "secret",
    SessionToken: "token",
    Expiration: new Date(Date.now() + 3_600_000).toISOString(),
    ...replaced,
  };
  const members = Object.entries(credentials).map(([name, value]) =>
    value === undefined ? "" : `<${name}>${value}</${name}>`,
  );
  return (
    '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>' +
    `${members.join("")}</Credentials></AssumeRoleResult></AssumeRoleResponse>`
  );
}

/** Sets environment variables for the SDK clients; what comes back undoes it. */
export function setEnvironment(variables: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  const apply = (entries: Iterable<readonly [string, string | undefined]>) => {
    for (const [name, value] of entries) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
  apply(Object.entries(variables));
  return () => {
    apply(before);
  };
}
