// What can go wrong with a call.
export interface FaultKind {
  readonly name: string;
  readonly fault: "throttle" | "error" | "timeout" | "slow" | "drop" | "deny" | "lose" | "kill" | "memory";
  readonly code?: string;
  /** Milliseconds of the machine. */
  readonly delayMs?: number;
  readonly onlyBy?: "function";
  readonly onlyPassingBy?: "service";
  /** Lasting, it hinders nobody: the answer comes in the end, or isn't needed. */
  readonly harmless?: boolean;
  /** Where functions have hardly any time. */
  readonly hurried?: boolean;
}

/** Seconds that functions have in a cell which uses them up. */
export const HURRY_S = 6;

export const FAULTS: readonly FaultKind[] = [
  { name: "throttled", fault: "throttle" },
  { name: "5xx", fault: "error" },
  { name: "unavailable", fault: "error", code: "ServiceUnavailable" },
  { name: "no answer", fault: "timeout", delayMs: 300 },
  { name: "slow", fault: "slow", delayMs: 700, harmless: true },
  { name: "slow to the function's end", fault: "timeout", delayMs: HURRY_S * 1000, onlyBy: "function", hurried: true },
  { name: "connection dropped", fault: "drop" },
  { name: "denied", fault: "deny" },
  { name: "credentials expired", fault: "deny", code: "ExpiredTokenException", onlyBy: "function" },
  // Of an event: EventBridge hands it over again, for a day if need be; a topic rule's letter is a second one.
  { name: "answer lost: a duplicate", fault: "lose", onlyPassingBy: "service" },
  { name: "killed after it was done", fault: "kill", onlyBy: "function" },
  { name: "out of memory after it was done", fault: "memory", onlyBy: "function" },
];
