// The embedded AWS in a process of its own, so that what it costs is seen apart from what its clients cost. Over IPC
// it tells where it listens and which things' debug messages have arrived at the partner, and measures itself when it
// is asked to.
import { ACCOUNTS, EmbeddedAws, DEFAULT_REGION, type Keys, listen, newKeys, SERVICES, subscribe } from "embedded-aws";
import { functionsCpu } from "embedded-aws/testing";

export interface Measured {
  /**
   * Seconds of processor time since the start: of the cloud's own process, and of the functions' processes by
   * function.
   */
  readonly cpu: { readonly cloud: number; readonly functions: Readonly<Record<string, number>> };
  /** Bytes that are in use after a garbage collection, buffers included. */
  readonly heap: number;
  readonly resident: number;
}
export type Said =
  | { readonly kind: "listens"; readonly url: string; readonly keys: Keys }
  | { readonly kind: "arrived"; readonly things: readonly string[] }
  | { readonly kind: "measured"; readonly measured: Measured };

const tell = (said: Said) => process.send?.(said);

function measure(): Measured {
  const { user, system } = process.cpuUsage();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    cpu: { cloud: (user + system) / 1e6, functions: functionsCpu(process.pid) },
    heap: heapUsed + external,
    resident: rss,
  };
}

const keys = newKeys();
const cloud = new EmbeddedAws(SERVICES, keys);
const endpoint = await listen(cloud);
let arrived: string[] = [];
for (const { id: account } of ACCOUNTS)
  subscribe(cloud, { account, region: DEFAULT_REGION }, "debug/+/create_thing", ({ payload }) => {
    // What arrives in the same turn is told at once.
    if (arrived.length === 0)
      setImmediate(() => {
        tell({ kind: "arrived", things: arrived });
        arrived = [];
      });
    arrived.push((JSON.parse(Buffer.from(payload).toString()) as { thingName: string }).thingName);
  });
process.on("message", () => {
  tell({ kind: "measured", measured: measure() });
});
process.once("disconnect", () => {
  void endpoint.close();
});
tell({ kind: "listens", url: endpoint.url, keys });
