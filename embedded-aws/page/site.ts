// The page itself: below one path of the endpoint, behind the same gate (loopback names only, no other site's
// requests), and with a token of its own. The token comes in the URL's fragment, which browsers send to nobody, and
// goes back in a header, which no other site's page can set here. There is no cookie.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { BodyBudget, readBody } from "../core/body.ts";
import type { EmbeddedAws } from "../core/cloud.ts";
import type { Site } from "../core/endpoint.ts";
import { messageOf } from "../core/errors.ts";
import { sameSecret } from "../core/keys.ts";
import { act, actionOf, type Deployed } from "./actions.ts";
import { clientBundle, type ClientBundle } from "./client-bundle.ts";
import type { StateView } from "./client/view.ts";
import { accountName } from "../show/words.ts";
import { accountViews } from "./state-view.ts";
import { TakenStatements } from "./statements.ts";
import { follow } from "./stream.ts";

const PATH = "/_page/";
const MOST_BODY = 64 * 1024;
const BUDGET = new BodyBudget(16 * MOST_BODY);
/** Each open page costs a reading of the state whenever something happens. */
const MOST_PAGES = 20;

/** Nothing but the page's own two files, and no text that becomes markup or script, whoever wrote it. */
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

export interface Page extends Site {
  /** With the token, for the one who started it. */
  readonly url: string;
}

/**
 * The page of a cloud, to be handed to its endpoint.
 * @param deployed what the page can do with what is deployed; its redrives may come later
 */
export function pageOf(cloud: EmbeddedAws, deployed: Deployed = {}): Page {
  const token = randomBytes(32).toString("base64url");
  const taken = new TakenStatements(cloud);
  let bundle: Promise<ClientBundle> | undefined;
  let open = 0;
  const changes = new EventTarget();

  const state = (): StateView => ({
    now: cloud.clock.now(),
    accounts: accountViews(cloud),
    redrivable: Object.keys(deployed.redrives ?? {}),
    impersonates: deployed.impersonate !== undefined,
    taken: taken.views,
    faults: cloud.faults.armed.map(({ service, operation, fault, times, account }) => ({
      ...(account === undefined ? {} : { account: accountName(account) }),
      service,
      operation,
      fault,
      left: times ?? null,
    })),
  });

  const send = (outgoing: ServerResponse, status: number, type: string, body: string) => {
    outgoing.writeHead(status, { "content-type": `${type}; charset=utf-8` }).end(body);
  };

  /** What anybody on this machine may have: it holds nothing of what is in the cloud. */
  async function file(path: string): Promise<readonly [type: string, text: string] | undefined> {
    switch (path) {
      case "":
        return ["text/html", await readFile(join(import.meta.dirname, "client", "index.html"), "utf8")];
      case "page.js":
        return ["text/javascript", (await (bundle ??= clientBundle())).script];
      case "page.css":
        return ["text/css", (await (bundle ??= clientBundle())).style];
      default:
        return undefined;
    }
  }

  async function perform(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const read = await readBody(incoming, MOST_BODY, BUDGET);
    if (!("body" in read)) {
      send(outgoing, 413, "text/plain", `An action has at most ${MOST_BODY} bytes.`);
      return;
    }
    read.release();
    try {
      const said = await act(cloud, taken, deployed, actionOf(read.body.toString()));
      if (said === undefined) outgoing.writeHead(204).end();
      else send(outgoing, 200, "text/plain", said);
    } catch (error) {
      // What the page asked for is refused, by it or by AWS: in AWS's own words, which are text to the page.
      send(outgoing, 400, "text/plain", error instanceof Error ? nameAndMessage(error) : messageOf(error));
    } finally {
      changes.dispatchEvent(new Event("change"));
    }
  }

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(`http://localhost${incoming.url ?? ""}`);
    const path = pathname.slice(PATH.length);
    for (const [name, value] of Object.entries(HEADERS)) outgoing.setHeader(name, value);
    const found = incoming.method === "GET" ? await file(path) : undefined;
    if (found) {
      send(outgoing, 200, ...found);
      return;
    }
    const [, given = ""] = /^Bearer (\S+)$/.exec(incoming.headers.authorization ?? "") ?? [];
    if (!sameSecret(given, token)) {
      send(outgoing, 401, "text/plain", "The page wants its token: open the URL that the terminal shows.");
      return;
    }
    switch (`${incoming.method ?? ""} ${path}`) {
      case "GET events":
        if (open >= MOST_PAGES) {
          send(outgoing, 503, "text/plain", `${MOST_PAGES} pages are open: close one.`);
          return;
        }
        open++;
        outgoing.once("close", () => open--);
        follow(cloud, outgoing, Number(searchParams.get("since") ?? 0) || 0, state, changes);
        return;
      case "POST actions":
        return perform(incoming, outgoing);
      default:
        send(outgoing, 404, "text/plain", `There is no ${incoming.method ?? ""} ${pathname}.`);
    }
  }

  return {
    path: PATH,
    get url() {
      return `${cloud.endpoint}${PATH}#${token}`;
    },
    respond(incoming, outgoing) {
      answer(incoming, outgoing).catch((error: unknown) => {
        // The browser went away, or this is a defect: it says so.
        if (outgoing.headersSent || incoming.socket.destroyed) outgoing.destroy();
        else send(outgoing, 500, "text/plain", messageOf(error));
      });
    },
  };
}

const nameAndMessage = ({ name, message }: Error): string => (name === "Error" ? message : `${name}: ${message}`);
