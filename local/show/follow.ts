// Shows the trace live, as entries come.
import type { WriteStream } from "node:tty";
import type { Cloud } from "../core/cloud.ts";
import { formatEntry, worthShowing } from "./format.ts";

/** Prints every entry from now on; times count from the first of its trace. Returns a function that ends it. */
export function followTrace(cloud: Cloud, out: Pick<WriteStream, "write" | "isTTY">): () => void {
  const zeros = new Map<string, number>();
  return cloud.trace.subscribe((entry) => {
    if (!worthShowing(entry)) return;
    let zero = zeros.get(entry.traceId);
    if (zero === undefined) {
      // Only the latest traces are looked up again.
      if (zeros.size > 1000) zeros.clear();
      zeros.set(entry.traceId, (zero = entry.at));
      out.write("\n");
    }
    out.write(`${formatEntry(entry, { colour: out.isTTY, zero }).join("\n")}\n`);
  });
}
