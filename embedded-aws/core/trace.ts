// What happened, in one bounded list: every call with its principal, the decision and the statement that made it, and
// every effect.
import type { Decision } from "../language/policy/index.ts";
import { hex } from "./ids.ts";

/** Ties what happens to what caused it. The trace id travels through functions in AWS's own X-Amzn-Trace-Id header. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
}

/** One permission that a call needed, and what was decided about it. */
export interface PermissionTrace {
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  readonly decision: Decision;
}

export interface TraceEntry {
  /** Rises by one; `GET /_local/trace?since=` takes it. */
  readonly id: number;
  /** `call`: an operation of a service, by a client or another service. `effect`: what a service did because of one. */
  readonly kind: "call" | "effect";
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
  /** Start, milliseconds since 1970 by the cloud's clock. */
  readonly at: number;
  /** Milliseconds that it took; 0 for effects that only say that something happened. */
  readonly ms: number;
  readonly account: string;
  readonly region: string;
  readonly service: string;
  /** AWS's operation for calls (`CreateThing`); for effects a short name (`RuleMatched`). */
  readonly name: string;
  /** ARN of the user or session, or a service's name. */
  readonly principal?: string;
  readonly permissions?: readonly PermissionTrace[];
  readonly outcome: "ok" | "denied" | "failed";
  readonly error?: { readonly code: string; readonly message: string };
  /** What a reader wants to see of it: names, ARNs, topics. Never a secret. */
  readonly detail?: Readonly<Record<string, unknown>>;
}
export type NewEntry = Omit<TraceEntry, "id" | "traceId" | "spanId" | "parentId"> & { readonly span: Span };

/**
 * Units in which AWS prices, per account: `iot:messages`, `iot:rulesTriggered`, `lambda:requests`,
 * `lambda:gbSeconds`, …
 */
export type Usage = Record<string, Record<string, number>>;

const CAPACITY = 20_000;
/** Characters of a text that an entry keeps: callers choose names, and errors repeat them. */
const MAX_TEXT = 8_000;

/** The entry with its long texts cut, or the same where there are none. */
function clipped(value: unknown): unknown {
  if (typeof value === "string")
    return value.length <= MAX_TEXT ? value : `${value.slice(0, MAX_TEXT)}… (${value.length} characters)`;
  if (Array.isArray(value)) return value.map(clipped);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, clipped(member)]));
}

export class Trace {
  #entries: TraceEntry[] = [];
  #next = 1;
  #listeners = new Set<(entry: TraceEntry) => void>();
  #usage: Usage = {};

  add({ span, ...entry }: NewEntry): TraceEntry {
    const added = { id: this.#next++, ...span, ...(clipped(entry) as typeof entry) };
    this.#entries.push(added);
    // Cut in blocks: dropping one at a time from the front of a long array is slow.
    if (this.#entries.length > CAPACITY * 1.25) this.#entries = this.#entries.slice(-CAPACITY);
    for (const listener of this.#listeners) listener(added);
    return added;
  }

  /** Entries with an id greater than `id`, oldest first. */
  since(id = 0): readonly TraceEntry[] {
    return this.#entries.filter((entry) => entry.id > id);
  }

  /** Calls `listener` with each entry from now on, until the returned function is called. */
  subscribe(listener: (entry: TraceEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  count(account: string, unit: string, amount = 1): void {
    const units = (this.#usage[account] ??= {});
    units[unit] = (units[unit] ?? 0) + amount;
  }

  usage(): Usage {
    return structuredClone(this.#usage);
  }

  clear(): void {
    this.#entries = [];
    this.#usage = {};
  }
}

/** The span of something caused by `cause`, or the first of a new trace. */
export const childSpan = (cause: Span | undefined): Span =>
  cause
    ? { traceId: cause.traceId, spanId: hex(8), parentId: cause.spanId }
    : { traceId: `1-${Math.floor(Date.now() / 1000).toString(16)}-${hex(12)}`, spanId: hex(8) };

/** AWS's tracing header: `Root=1-…;Parent=…;Sampled=1` (X-Ray developer guide, «Tracing header»). */
export const traceHeader = (span: Span): string => `Root=${span.traceId};Parent=${span.spanId};Sampled=1`;

export function parseTraceHeader(header: string | undefined): Span | undefined {
  const traceId = /Root=([0-9a-f-]{1,64})/i.exec(header ?? "")?.[1];
  const spanId = /Parent=([0-9a-f]{1,32})/i.exec(header ?? "")?.[1];
  return traceId ? { traceId, spanId: spanId ?? "" } : undefined;
}
