// What belongs together, as a story: what a client asked for, how far it came, and why no further.
import { HOPS } from "./hops.ts";
import type { EntryView, HopId } from "./view.ts";

export interface Station {
  readonly outcome: EntryView["outcome"];
  /** Milliseconds after the story began. */
  readonly after: number;
  readonly on: string;
}
export interface Verdict {
  readonly kind: "arrived" | "under way" | "waiting" | "stopped";
  readonly headline: string;
  /** Why, in sentences. */
  readonly why: readonly string[];
}
export interface Story {
  readonly traceId: string;
  /** In the order in which they began. */
  readonly entries: readonly EntryView[];
  readonly title: string;
  readonly on: string;
  readonly at: number;
  readonly stations: ReadonlyMap<HopId, Station>;
}

/** Effects that say: it will be tried again. */
const TRIED_AGAIN = new Set(["lambda:EventWaits", "events:TargetRetry"]);
/** What says, when it goes well: it lies in a queue now, where somebody can look after it. */
const KEEPING = new Set(["sqs:SendMessage", "lambda:DestinationDelivered"]);
const keeps = ({ what, outcome }: EntryView): boolean => KEEPING.has(what) && outcome === "ok";
/** Without anything new for so long, nothing more is expected. */
const SILENCE_MS = 4_000;

const inOrder = (entries: readonly EntryView[]): EntryView[] => entries.toSorted((a, b) => a.at - b.at || a.id - b.id);

/** Who acts because something else did: functions, and services for rules. */
export const servantsIn = (traces: Iterable<readonly EntryView[]>): ReadonlySet<string> =>
  new Set([...traces].flat().flatMap(({ root, principal }) => (root || principal === undefined ? [] : principal)));

/**
 * What somebody began who waits for what comes of it: a change of the registry, or a step in the middle by hand. Being
 * let into a role is none yet; being refused is the end of it. A function that starts asks for its role ahead of
 * events.
 */
const begins = ({ hop, root, what, outcome, principal = "" }: EntryView, servants: ReadonlySet<string>): boolean =>
  hop === "call" ||
  (root && ["lambda:Invoke", "iotdata:Publish"].includes(what)) ||
  (root && hop === "role" && outcome === "denied" && !servants.has(principal));

/** One story for the entries of one trace; undefined where nobody began one on a thing's way. */
export function storyOf(
  traceId: string,
  unordered: readonly EntryView[],
  servants: ReadonlySet<string>,
): Story | undefined {
  const entries = inOrder(unordered);
  const opening = entries.find((entry) => begins(entry, servants));
  if (!opening) return undefined;
  const stations = new Map<HopId, Station>();
  for (const entry of entries) {
    const { hop, at, on } = entry;
    if (hop === undefined) continue;
    // Only what couldn't be handed over is kept.
    const outcome = keeps(entry) ? "failed" : entry.outcome;
    // A warm function keeps its session for an hour: the role is passed without being assumed again.
    if (hop === "topic" && stations.has("announce") && !stations.has("role"))
      stations.set("role", { outcome: "ok", after: at - opening.at, on: "a session that is kept" });
    const before = stations.get(hop);
    // A station is as good as the last thing that happened there; it was reached with the first.
    stations.set(hop, { outcome, after: before?.after ?? at - opening.at, on: before?.on ?? on });
  }
  return { traceId, entries, title: opening.what, on: opening.on, at: opening.at, stations };
}

const titleOf = (id: HopId | undefined): string => HOPS.find((hop) => hop.id === id)?.title ?? "the debug topic";

/** Why an entry didn't do what it was there for. */
function reasonsOf({ permissions, error, reason, said }: EntryView): string[] {
  const denied = permissions.filter(({ allowed }) => !allowed).flatMap(({ words }) => words);
  const functions = said.flatMap((line) => (line.reason === undefined ? [] : [`It says: ${line.reason}`]));
  return [...denied, ...(error === undefined ? [] : [error]), ...(reason === undefined ? [] : [reason]), ...functions];
}

const isRefusal = ({ outcome, reason, said }: EntryView): boolean =>
  outcome !== "ok" || reason !== undefined || said.some((line) => /^(rejected|failed|ignored)/.test(line.outcome));

/** How it went, seen at `now` (milliseconds since 1970, by the cloud's clock). */
export function verdictOf(story: Story, now: number): Verdict {
  const { entries, at } = story;
  const onTheWay = entries.filter(({ hop }) => hop !== undefined);
  const arrival = onTheWay.findLast(
    (entry) => entry.what === "lambda:FunctionRan" && entry.hop === "receive" && !isRefusal(entry),
  );
  if (arrival) {
    const debug = onTheWay.findLast(({ hop, outcome }) => hop === "debug" && outcome === "ok");
    const says = arrival.said.map(({ outcome }) => outcome).join(", ");
    const after = (debug ?? arrival).at - at;
    return { kind: "arrived", headline: `Arrived after ${duration(after)}${says ? `: ${says}` : ""}`, why: [] };
  }
  const last = onTheWay.at(-1);
  const refusal = onTheWay.findLast((entry) => isRefusal(entry) && !TRIED_AGAIN.has(entry.what));
  const kept = onTheWay.some(keeps);
  const why = refusal ? reasonsOf(refusal) : [];
  if (last && TRIED_AGAIN.has(last.what))
    return { kind: "waiting", headline: "Not arrived yet: it will be tried again", why };
  if (refusal) {
    const where = `Not arrived: it ends at ${stationTitle(refusal, story)}`;
    return { kind: "stopped", headline: kept ? `${where}, and is kept in a queue` : where, why };
  }
  if (now - (last?.at ?? at) < SILENCE_MS) return { kind: "under way", headline: "Under way", why: [] };
  return {
    kind: "stopped",
    headline: `Not arrived: nothing came after ${titleOf(last?.hop)}`,
    why: ["Nothing was refused and nothing failed. It may still be on its way: CloudTrail can be set to deliver late."],
  };
}

const stationTitle = ({ hop }: EntryView, { title }: Story): string => (hop === "call" ? title : titleOf(hop));

export const duration = (ms: number): string =>
  ms < 1_000
    ? `${ms} ms`
    : ms < 60_000
      ? `${(ms / 1_000).toFixed(1)} s`
      : ms < 3_600_000
        ? `${Math.round(ms / 60_000)} min`
        : `${Math.round(ms / 3_600_000)} h`;

/** An administrator's own permission stays: without it nothing could be given back. */
export const canBeTaken = (policy: string): boolean => !policy.includes("of user ");
