// Shows the trace live: what belongs together stands together, in the order in which it began.
import type { WriteStream } from "node:tty";
import type { Cloud } from "../core/service.ts";
import type { TraceEntry } from "../core/trace.ts";
import { formatEntry } from "./format.ts";
import { inOrder, worthShowing } from "./words.ts";
import { columnsOf, wantsColour } from "./wrap.ts";

/** After so much silence a trace is printed; what still comes of it is printed after the next silence. */
const SILENCE_MS = 300;

interface Pending {
  readonly zero: number;
  entries: TraceEntry[];
  timer: NodeJS.Timeout;
}

type Output = Pick<WriteStream, "write" | "isTTY"> & Partial<Pick<WriteStream, "columns" | "hasColors">>;

/**
 * Prints every entry from now on; times count from the first of its trace. Returns a function that prints what is
 * left and ends it.
 */
export function followTrace(cloud: Cloud, out: Output): () => void {
  const traces = new Map<string, Pending>();
  const print = (traceId: string) => {
    const pending = traces.get(traceId);
    if (!pending || pending.entries.length === 0) return;
    const style = { colour: wantsColour(out), zero: pending.zero, width: columnsOf(out) };
    const lines = inOrder(pending.entries).flatMap((entry) => formatEntry(entry, style));
    pending.entries = [];
    out.write(`${lines.join("\n")}\n\n`);
    // What comes of a trace after a thousand others begins to count anew.
    if (traces.size > 1000) traces.clear();
  };
  const stop = cloud.trace.subscribe((entry) => {
    if (!worthShowing(entry)) return;
    const { traceId } = entry;
    const timer = setTimeout(() => {
      print(traceId);
    }, SILENCE_MS);
    const pending = traces.get(traceId);
    if (!pending) {
      traces.set(traceId, { zero: entry.at, entries: [entry], timer });
      return;
    }
    clearTimeout(pending.timer);
    pending.timer = timer;
    pending.entries.push(entry);
  });
  return () => {
    stop();
    for (const [traceId, { timer }] of traces) {
      clearTimeout(timer);
      print(traceId);
    }
  };
}
