// An endpoint that answers as it was told to, one answer after the other, whatever it is asked.
import { once } from "node:events";
import { type IncomingHttpHeaders, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
/** What isn't an answer: the connection breaks, or nothing comes. */
export type Silence = "reset" | "hang";

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export class ScriptedAws {
  readonly asked: Asked[] = [];
  readonly #script: readonly (Reply | Silence)[];
  readonly #onHang: () => void;
  readonly #server: Server;

  /**
   * The last answer is given from then on.
   * @param onHang called for each request to which nothing comes
   */
  constructor(script: readonly (Reply | Silence)[], onHang = () => {}) {
    this.#script = script;
    this.#onHang = onHang;
    // No connection is ended for being idle: on a busy machine that would be between two attempts.
    this.#server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      void text(request).then((body) => {
        const { method = "", url = "", headers } = request;
        this.asked.push({ method, url, headers, body });
        this.#answer(response);
      });
    });
  }

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

  #answer(response: ServerResponse): void {
    const reply = this.#script[Math.min(this.asked.length, this.#script.length) - 1];
    if (reply === "hang") this.#onHang();
    if (reply === "reset") response.socket?.resetAndDestroy();
    if (reply === undefined || typeof reply === "string") return;
    response.writeHead(reply.status, { "x-amzn-requestid": "one-request", ...reply.headers }).end(reply.body);
  }
}
