// The hops of a thing, and what is said of them.
import type { Answer } from "./answer.ts";

export type HopName =
  | "the thing is made"
  | "CloudTrail and EventBridge call the announce function"
  | "the announce function is called"
  | "the announce function publishes in the partner's account"
  | "AWS IoT's rule calls the receive function"
  | "the receive function takes it"
  | "the device registry knows it"
  | "the debug message is published";

export interface Hop {
  readonly hop: HopName;
  readonly state: "passed" | "failed" | "not seen" | "not looked at";
  /** Milliseconds since 1970, by the clock of where it happened. */
  readonly at?: number | undefined;
  /** Milliseconds since the hop before. */
  readonly ms?: number | undefined;
  readonly detail?: string | undefined;
}

export interface Sender {
  /** As AWS IoT's principal() gave it. */
  readonly principal: string | undefined;
  readonly form: string;
  /** Undefined where the line doesn't tell. */
  readonly enforcePasses: boolean | undefined;
}

export interface SmokeReport {
  readonly thingName: string | undefined;
  readonly eventId: string | undefined;
  readonly hops: readonly Hop[];
  readonly sender: Sender | undefined;
  /** How it was heard of, where it was made in another way than by CreateThing. */
  readonly answer: Answer | undefined;
  readonly interrupted: boolean;
  /** Things that are gone: this run's, and those that earlier ones left behind. */
  readonly removed: readonly string[];
  /** Things that could not be removed, with the reason. */
  readonly left: readonly string[];
  /** What somebody with access to the other side should type. */
  readonly next: string | undefined;
}

/** Hops in their order, each with the time since the one before. */
export class Timeline {
  readonly hops: Hop[] = [];
  #last: number | undefined;

  passed(hop: HopName, at?: number, detail?: string): void {
    const ms = at === undefined || this.#last === undefined ? undefined : Math.max(0, at - this.#last);
    this.hops.push({ hop, state: "passed", at, ms, detail });
    this.#last = at ?? this.#last;
  }

  add(hop: HopName, state: Exclude<Hop["state"], "passed">, detail?: string): void {
    this.hops.push({ hop, state, detail });
  }
}
