// What a run under random faults provoked, counted from the trace as it goes: the trace itself is bounded.
import type { TraceEntry } from "embedded-aws";

/** What says in the trace that an event is in no queue, and nobody has it. */
const LOSSES = new Set(["EventDropped", "DeadLetterFailed", "DestinationFailed", "ErrorActionFailed"]);

export class Tally {
  /** Calls that a fault struck. */
  struck = 0;
  /** Times that a service, or Lambda, tried an event again. */
  retries = 0;
  /** Functions that ended in the middle of an event. */
  crashes = 0;
  /** Messages that the partner knew of already: the same event, or what came after it. */
  known = 0;
  /** Runs of the receive function that failed: only they can have run the own code without its being known. */
  failedReceptions = 0;
  /** In the trace's words. */
  readonly losses: string[] = [];
  readonly #ran = new Set<unknown>();

  add(entries: readonly TraceEntry[]): void {
    for (const entry of entries) this.#add(entry);
  }

  #add({ name, detail, error }: TraceEntry): void {
    if (detail?.["fault"] === true) this.struck++;
    if (LOSSES.has(name)) this.losses.push(`${name}: ${error?.message ?? "no reason given"}`);
    if (name === "TargetRetry" || name === "EventWaits") this.retries++;
    if (name !== "FunctionRan") return;
    const requestId = detail?.["requestId"];
    if (this.#ran.has(requestId)) this.retries++;
    this.#ran.add(requestId);
    if (error !== undefined && /^(?:Runtime|Sandbox)\./.test(error.code)) this.crashes++;
    if (!String(detail?.["functionArn"]).includes(":hooks-receive")) return;
    if (error !== undefined) this.failedReceptions++;
    if (/"outcome":"(?:duplicate|stale)"/.test(String(detail?.["logged"]))) this.known++;
  }
}
