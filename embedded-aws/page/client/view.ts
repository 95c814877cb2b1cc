// What the server tells the page. Types only: both sides are checked against the same.

/** A station on a thing's way, as in README's picture. */
export type HopId = "call" | "rule" | "announce" | "role" | "topic" | "topic-rule" | "receive" | "debug";

/** A statement that allowed something, so exactly that it can be taken away. */
export interface StatementView {
  /** Account whose policy it is. */
  readonly account: string;
  /** The policy as the trace names it: `inline policy p of role r`. */
  readonly policy: string;
  /** Its Sid, or `#1` for the first of a document that has none. */
  readonly statement: string;
}

export interface PermissionView {
  readonly action: string;
  readonly allowed: boolean;
  /** Who allowed it, or what is missing where. */
  readonly words: readonly string[];
  readonly by: readonly StatementView[];
}

/** One entry of the trace in a person's words. */
export interface EntryView {
  readonly id: number;
  readonly traceId: string;
  /** Whether nothing of the trace caused it. */
  readonly root: boolean;
  readonly kind: "call" | "effect";
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly took?: string;
  /** The profile's name. */
  readonly account: string;
  readonly hop?: HopId;
  /** `iot:CreateThing` */
  readonly what: string;
  readonly on: string;
  readonly outcome: "ok" | "denied" | "failed";
  readonly principal?: string;
  readonly permissions: readonly PermissionView[];
  readonly error?: string;
  /** Why something wasn't done although nothing was refused. */
  readonly reason?: string;
  readonly logs: readonly string[];
  /** What a function's own log lines say that came of the event: `announced`, `rejected`, … */
  readonly said: readonly SaidView[];
  /** The message that came to the end of its way, or that a rule took further. */
  readonly payload?: string;
}
export interface SaidView {
  readonly outcome: string;
  readonly reason?: string;
}

export interface ThingView {
  readonly name: string;
  readonly version: number;
  readonly attributes: Readonly<Record<string, string>>;
}
export interface LetterView {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly receives: number;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}
export interface QueueView {
  readonly name: string;
  /** The stations that write into it what they could not hand over. */
  readonly writers: readonly HopId[];
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** The oldest of them. */
  readonly letters: readonly LetterView[];
}
export interface TableView {
  readonly name: string;
  readonly key: readonly string[];
  readonly count: number;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}
export interface AccountView {
  readonly name: string;
  readonly id: string;
  readonly things: readonly ThingView[];
  readonly thingCount: number;
  readonly queues: readonly QueueView[];
  readonly tables: readonly TableView[];
}

export interface TakenView extends StatementView {
  /** Names it when it is to be given back. */
  readonly id: string;
}
export interface FaultView {
  /** Name of the account whose calls alone it strikes. */
  readonly account?: string;
  readonly service: string;
  readonly operation: string;
  readonly fault: string;
  /** How often it will still strike; null: always. */
  readonly left: number | null;
}
/** What there is now, beside what happened. */
export interface StateView {
  /** Milliseconds since 1970, by the cloud's clock. */
  readonly now: number;
  readonly accounts: readonly AccountView[];
  /** The accounts' names whose letters can be sent again from here. */
  readonly redrivable: readonly string[];
  /** Whether one customer can try to pass as another from here. */
  readonly impersonates: boolean;
  readonly taken: readonly TakenView[];
  readonly faults: readonly FaultView[];
}

/** A line of the stream. */
export type Line =
  | { readonly type: "entries"; readonly entries: readonly EntryView[] }
  | { readonly type: "state"; readonly state: StateView }
  /** That it is still there. */
  | { readonly type: "beat" };

/** What a button asks for. Accounts by their names. */
export type Action =
  | {
      readonly do: "create" | "update";
      readonly account: string;
      readonly name: string;
      readonly attributes: Readonly<Record<string, string>>;
    }
  | { readonly do: "delete"; readonly account: string; readonly name: string }
  | { readonly do: "take"; readonly statement: StatementView }
  | { readonly do: "give back"; readonly id: string }
  | {
      readonly do: "fault";
      readonly service: string;
      readonly operation: string;
      readonly fault: string;
      readonly times?: number;
      readonly account?: string;
    }
  | { readonly do: "no faults" }
  /** Sends the letters of this account's queues again. */
  | { readonly do: "redrive"; readonly account: string }
  /** A customer tries to publish as another. */
  | { readonly do: "impersonate"; readonly account: string; readonly as: string }
  | { readonly do: "wait"; readonly seconds: number };
