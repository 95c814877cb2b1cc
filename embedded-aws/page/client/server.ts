// The way to the server: the token, the stream of what happens, and the buttons.
import type { Action, Line } from "./view.ts";

const KEY = "token";
const AGAIN_MS = 1_000;

/**
 * The token of this tab: out of the URL's fragment, where nobody needs to see it any longer, into the tab's own
 * storage, so that the page can be loaded again.
 */
export function takeToken(): string | undefined {
  const given = location.hash.slice(1);
  if (given !== "") {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(KEY) ?? undefined;
}

const authorization = (token: string) => ({ authorization: `Bearer ${token}` });

export type Connection = "connecting" | "live" | "lost" | "refused";

/**
 * Hears everything from the beginning, and after a break from where it was cut off. Ends only where it isn't let in.
 */
export async function listen(
  token: string,
  heard: (line: Line) => void,
  connection: (now: Connection) => void,
): Promise<void> {
  let since = 0;
  for (;;) {
    try {
      const response = await fetch(`events?since=${since}`, { headers: authorization(token), cache: "no-store" });
      if (response.status === 401) {
        connection("refused");
        return;
      }
      if (!response.ok || !response.body) throw new Error(await response.text());
      connection("live");
      for await (const line of linesOf(response.body)) {
        if (line.type === "entries") since = Math.max(since, ...line.entries.map(({ id }) => id));
        heard(line);
      }
    } catch (error) {
      console.info("The stream was cut off; trying again.", error);
    }
    connection("lost");
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Line> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as Line;
  }
}

export interface Answer {
  readonly done: boolean;
  /** Why not, or what came of it; empty where there is nothing to say. */
  readonly said: string;
}

export async function perform(token: string, action: Action): Promise<Answer> {
  try {
    const response = await fetch("actions", {
      method: "POST",
      headers: { ...authorization(token), "content-type": "application/json" },
      body: JSON.stringify(action),
    });
    return { done: response.ok, said: await response.text() };
  } catch {
    return { done: false, said: "The embedded AWS doesn't answer: is it still running?" };
  }
}
