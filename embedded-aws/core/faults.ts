// Faults on demand, at any service and operation. `PUT /_local/faults` sets the list.
import type { CommonError, CommonErrors } from "./common-errors.ts";
import { refused, type AwsError } from "./errors.ts";

export const FAULTS = ["throttle", "error", "timeout", "slow", "drop", "deny", "lose", "kill", "memory"] as const;

export interface Fault {
  /** A service's short name, or `*`. */
  readonly service: string;
  /** An operation's name, or `*`. Of `iot` also RuleMessage: a message on its way to a rule. */
  readonly operation: string;
  /** Only calls from this account; default: any. */
  readonly account?: string;
  /** Only calls of whom this is a part of the ARN, or of the service's name; default: anybody. */
  readonly caller?: string;
  /**
   * throttle and deny: with the service's own code; error: 500; timeout: no answer for `delayMs` (default 60 s), then
   * the connection is cut; slow: answers `delayMs` later; drop: the connection is cut at once.
   * lose: the operation is done, and the connection is cut before its answer. kill: the same, and the function that
   * calls is killed by the system (Runtime.ExitError); memory: the same, for having taken more memory than it may
   * (Runtime.OutOfMemory). Nobody but a function notices more of these two than of lose.
   */
  readonly fault: (typeof FAULTS)[number];
  /** Error code instead of the fault's usual one. */
  readonly code?: string;
  /** How often it strikes; default: always. */
  readonly times?: number;
  /** Chance from 0 to 1 of striking at each call; default 1. */
  readonly probability?: number;
  /** Makes the chances the same in each run. */
  readonly seed?: number;
  /** Milliseconds, for slow and timeout. */
  readonly delayMs?: number;
}

/** What a fault makes of a call: an error instead of an answer, or a connection that breaks, after a delay. */
export interface Strike {
  readonly delayMs: number;
  readonly error?: AwsError;
  readonly drop?: boolean;
  /** After the operation is done, which delay, error and drop are not: they come before it. */
  readonly afterwards?: "lose" | "kill" | "memory";
}

interface Armed {
  readonly fault: Fault;
  left: number;
  readonly random: () => number;
}

/** Small seeded generator (mulberry32): the same seed gives the same chances. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class Faults {
  #armed: Armed[] = [];

  set(faults: readonly Fault[]): void {
    this.#armed = faults.map((fault) => ({
      fault,
      left: fault.times ?? Number.POSITIVE_INFINITY,
      random: fault.seed === undefined ? Math.random : seeded(fault.seed),
    }));
  }

  /** Those that can still strike; `times` is how often. */
  get armed(): readonly Fault[] {
    return this.#armed
      .filter(({ left }) => left > 0)
      .map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, times: left } : fault));
  }

  /** The first fault of the list that strikes this call, if any. */
  strike(
    service: { readonly name: string; readonly errors: CommonErrors },
    operation: string,
    account: string,
    caller: string,
  ): Strike | undefined {
    for (const armed of this.#armed) {
      const { fault } = armed;
      if (armed.left <= 0 || (fault.service !== "*" && fault.service !== service.name)) continue;
      if (fault.operation !== "*" && fault.operation !== operation) continue;
      if (fault.account !== undefined && fault.account !== account) continue;
      if (fault.caller !== undefined && !caller.includes(fault.caller)) continue;
      if (armed.random() >= (fault.probability ?? 1)) continue;
      armed.left--;
      return strikeOf(fault, service.errors, `${service.name}:${operation}`);
    }
    return undefined;
  }
}

function strikeOf(fault: Fault, errors: CommonErrors, what: string): Strike {
  const delayMs = fault.delayMs ?? 0;
  const error = (usual: CommonError, message: string): Strike => ({
    delayMs,
    error: refused({ ...usual, code: fault.code ?? usual.code }, `${message} (a fault set on ${what})`),
  });
  switch (fault.fault) {
    case "throttle":
      return error(errors.throttled, "Rate exceeded");
    case "error":
      return error({ code: "InternalFailure", status: 500 }, "The request processing has failed");
    case "deny":
      return error(errors.accessDenied, `Not authorized to perform: ${what}`);
    case "slow":
      return { delayMs: fault.delayMs ?? 1000 };
    case "timeout":
      return { delayMs: fault.delayMs ?? 60_000, drop: true };
    case "drop":
      return { delayMs, drop: true };
    case "lose":
    case "kill":
    case "memory":
      return { delayMs, afterwards: fault.fault };
  }
}
