// What has to come of a fault at a hop, and which alarms have to ring: written down before anything runs, from what the
// hop is and what the fault does.
import type { FaultKind } from "./faults.ts";
import type { Hop } from "./hops.ts";
import type { QueueName } from "./scene.ts";

export type Lasts = "passing" | "lasting";

export interface Expected {
  /** Before anything is mended: whether the partner's own code has run for it. */
  readonly applied: boolean;
  /** Where a letter lies then. */
  readonly letterIn?: QueueName;
  /** In no queue, not applied, and its writer says so. */
  readonly lost?: boolean;
  /** How often the partner's own code runs for one event, at most; default: once. */
  readonly runs?: number;
  /** By their keys, sorted. */
  readonly rings: readonly string[];
}

const sorted = (...rings: readonly string[]): readonly string[] => [...new Set(rings)].sort();

/** The calls that were struck were done. */
const isDone = ({ fault }: FaultKind): boolean => fault === "lose" || fault === "kill" || fault === "memory";

export function expectedOf(hop: Hop, kind: FaultKind, lasts: Lasts): Expected {
  const { rings, ...expected } = hop.loss === undefined ? onTheWay(hop, kind, lasts) : atQueue(hop, kind, lasts);
  return { ...expected, rings: sorted(...rings, ...publishAlarms(hop, kind)) };
}

/** AWS IoT counts refused publishes by their error's code. */
function publishAlarms({ publishes }: Hop, { fault, code }: FaultKind): readonly string[] {
  if (publishes !== true || code !== undefined) return [];
  return fault === "deny" ? ["publish-denied"] : fault === "throttle" ? ["publish-throttled"] : [];
}

function onTheWay(hop: Hop, kind: FaultKind, lasts: Lasts): Expected {
  const { aside } = hop;
  const isKilled = kind.fault === "kill" || kind.fault === "memory";
  const silent: Expected = { applied: true, rings: [] };
  const failedOnce: Expected = { applied: true, rings: [`${hop.of ?? ""}-errors`] };
  if (kind.harmless === true) return silent;
  // Best effort. Whoever was killed over it finds a duplicate the next time, and says nothing of it.
  if (aside === undefined) return isKilled ? failedOnce : silent;
  const setAside: Expected = { applied: false, letterIn: aside.queue, rings: aside.rings };
  if (hop.by === "service") {
    // EventBridge tries again but where it may not; a topic rule, here, doesn't.
    if (hop.name === "EventBridge to announce") return lasts === "passing" && kind.fault !== "deny" ? silent : setAside;
    return { ...setAside, applied: isDone(kind) };
  }
  const isOwnCode = hop.name === "receive: onThing";
  if (lasts === "lasting") {
    // The message was published, or the own code has run, each time: only its answer wasn't heard.
    const hasEffect = hop.name === "announce: Publish" || isOwnCode;
    // Three tries of Lambda's, and the redrive.
    return { ...setAside, applied: isDone(kind) && hasEffect, ...(isDone(kind) && isOwnCode ? { runs: 4 } : {}) };
  }
  // It had run, and nobody knows: once more, when its lease is over.
  if (isKilled && isOwnCode) return { ...failedOnce, runs: 2 };
  if (isKilled) return hop.starting === true ? silent : failedOnce;
  if (kind.hurried === true) return hop.impatient === true ? silent : failedOnce;
  return kind.fault === "deny" && hop.refreshes !== true ? failedOnce : silent;
}

function atQueue({ aside, loss, by, of }: Hop, kind: FaultKind, lasts: Lasts): Expected {
  const letter: Expected = { applied: false, letterIn: aside?.queue as QueueName, rings: aside?.rings ?? [] };
  if (kind.harmless === true) return letter;
  const lost: Expected = { applied: false, lost: true, rings: loss?.rings ?? [] };
  // The letter lies there, and its writer doesn't know: what rings for lost ones does, and the one for letters too.
  const unheard = () => ({ ...letter, rings: [...lost.rings, ...letter.rings.filter((key) => /-letters$/.test(key))] });
  if (by === "service") return isDone(kind) ? unheard() : lost;
  // The function's own letter: it tries, then Lambda does, then Lambda's own letter meets the same queue.
  if (lasts === "lasting") return isDone(kind) ? unheard() : lost;
  const fails = kind.fault === "kill" || kind.fault === "memory" || kind.fault === "deny" || kind.hurried === true;
  return fails ? { ...letter, rings: [...letter.rings, `${of ?? ""}-errors`] } : letter;
}
