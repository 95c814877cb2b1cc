// What happens, told to an open page as it happens: lines of JSON that never end.
import type { ServerResponse } from "node:http";
import type { EmbeddedAws } from "../core/cloud.ts";
import { messageOf } from "../core/errors.ts";
import type { TraceEntry } from "../core/trace.ts";
import { worthShowing } from "../show/words.ts";
import type { Line, StateView } from "./client/view.ts";
import { entryView } from "./entry-view.ts";

/** How much of the past a page is told when it opens. */
const PAST_ENTRIES = 1_000;
/** Entries are told together, so that a flood of them doesn't drown the page in lines. */
const TOGETHER_MS = 50;
/** The state is read anew so long after something happened, once for all that comes meanwhile. */
const QUIET_MS = 150;
const BEAT_MS = 15_000;
/** Bytes that wait for a page that doesn't read: it is cut off, and comes again when it does. */
const MOST_UNREAD = 8 << 20;

/**
 * Tells `outgoing` everything from the entry after `since` on, until the page goes away.
 * @param state what there is now
 * @param changes says "change" where the state changes without anything that happens
 */
export function follow(
  cloud: EmbeddedAws,
  outgoing: ServerResponse,
  since: number,
  state: () => StateView,
  changes: EventTarget,
): void {
  outgoing.writeHead(200, { "content-type": "application/x-ndjson; charset=utf-8" });
  const tell = (line: Line) => {
    if (outgoing.writableLength > MOST_UNREAD) outgoing.destroy();
    else outgoing.write(`${JSON.stringify(line)}\n`);
  };
  const tellEntries = (entries: readonly TraceEntry[]) => {
    const shown = entries.filter(worthShowing).map(entryView);
    if (shown.length > 0) tell({ type: "entries", entries: shown });
  };
  const tellState = () => {
    try {
      tell({ type: "state", state: state() });
    } catch (error) {
      // The page is cut off and asks anew; what is wrong stands in its console by then.
      console.error(`The page can't be told what there is: ${messageOf(error)}`);
      outgoing.destroy();
    }
  };

  let quiet: NodeJS.Timeout | undefined;
  const tellStateSoon = () => {
    quiet ??= setTimeout(() => {
      quiet = undefined;
      tellState();
    }, QUIET_MS);
  };

  tellEntries(cloud.trace.since(since).slice(-PAST_ENTRIES));
  tellState();
  let waiting: TraceEntry[] = [];
  let together: NodeJS.Timeout | undefined;
  const stop = cloud.trace.subscribe((entry) => {
    waiting.push(entry);
    together ??= setTimeout(() => {
      together = undefined;
      tellEntries(waiting);
      waiting = [];
    }, TOGETHER_MS);
    tellStateSoon();
  });
  changes.addEventListener("change", tellStateSoon);
  const beat = setInterval(() => {
    tell({ type: "beat" });
  }, BEAT_MS);
  outgoing.once("close", () => {
    stop();
    changes.removeEventListener("change", tellStateSoon);
    clearTimeout(together);
    clearTimeout(quiet);
    clearInterval(beat);
  });
}
