// What a service is: a table of operations. A row says what a call needs (its permissions) and what it does.
// Everything else - the wire, the signature, the decision, faults, the trace, CloudTrail's record - is done once, for
// all of them.
import type { NamedPolicy } from "../language/policy/index.ts";
import type { Place } from "./arn.ts";
import type { Clock } from "./clock.ts";
import type { Checked } from "./constraints.ts";
import type { Caller, Identities } from "./identity.ts";
import type { UnreadMembers } from "./members.ts";
import type { StateKey } from "./state.ts";
import type { NewEntry, Span, Trace } from "./trace.ts";
import type { TrailDelivery } from "./trail-delivery.ts";

/** A call from one service to another, or from the wire. */
export interface CallRequest extends Place {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly caller: Caller;
  /** What caused it; without one a new trace begins. */
  readonly cause?: Span;
  readonly sourceIp?: string;
  readonly userAgent?: string;
  readonly requestId?: string;
}

/** An effect as services note it; what is left out is "ok", now, in no time. */
export type Effect = Omit<NewEntry, "kind" | "at" | "ms" | "outcome"> &
  Partial<Pick<NewEntry, "outcome" | "ms" | "at">>;

/** What a service sees of the embedded AWS that it is part of. */
export interface Cloud {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly identities: Identities;
  /** How CloudTrail's events arrive. */
  readonly delivery: TrailDelivery;
  /** Aborted by Stopped when the cloud closes or is emptied; what begins after that has another one. */
  readonly life: AbortSignal;
  /** `http://127.0.0.1:<port>`, once it listens. */
  readonly endpoint: string;
  /** The state that a service keeps in an account and Region. */
  state<S>(key: StateKey<S>, place: Place): S;
  /** Such states of every account and Region. */
  states<S>(key: StateKey<S>): Generator<S>;
  /** Does a call, whoever makes it. Throws AwsError, ConnectionDropped where a fault says so, or Stopped. */
  call(request: CallRequest): Promise<unknown>;
  /** Waits within a call for something that may not come, such as a message: `settled` doesn't wait for that. */
  pause<T>(wait: Promise<T>): Promise<T>;
  /**
   * Work that nobody waits for: a delivery, an asynchronous invocation. `settled` waits for it. A cloud that closed
   * begins none. Work must not throw, but for Stopped: what can fail must have been turned into a retry or a dead
   * letter; anything else shows in the trace as a defect of this cloud.
   */
  background(work: () => Promise<void>, of: Effect): void;
  /** Where something of a service's own fails on demand, which is no call: throws what the fault says. */
  failOnDemand(service: string, point: string, place: Place): Promise<void>;
  /** Adds something that happened to the trace. */
  effect(entry: Effect): void;
}

/** Permission to do `action` on one resource: an operation may need several. */
export interface Permission {
  /** `service:Action`, as the Service Authorization Reference names it. */
  readonly action: string;
  /** An ARN, or `*` where AWS defines no resource for the action. */
  readonly resource: string;
  /** Account that owns the resource; default: the one in the ARN, else the call's own. */
  readonly resourceAccount?: string;
  /** Condition keys of the service beside the global ones. */
  readonly context?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The policy that the resource itself carries, where it has one. */
  readonly resourcePolicy?: NamedPolicy & { readonly kind: "resource" | "trust" };
}

/** One call as a service sees it. */
export interface Call extends Place {
  readonly cloud: Cloud;
  /** The caller's account (for service principals: the account that they act for), or another one that an ARN named. */
  readonly account: string;
  readonly region: string;
  readonly caller: Caller;
  readonly requestId: string;
  readonly time: Date;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly span: Span;
  /** Notes for the trace, shown with the call. Never a secret. */
  note(detail: Readonly<Record<string, unknown>>): void;
}

export interface Operation<Input, Output> {
  /** The permissions it needs. `[]` is for the few that AWS authorises by nothing (sts:GetCallerIdentity). */
  readonly authorize: (input: Input, call: Call) => Permission | readonly Permission[];
  readonly run: (input: Input, call: Call) => Output | Promise<Output>;
  /** What CloudTrail keeps. Default: the whole request, and null for the response, as for most calls. */
  readonly record?: {
    /** Data events are not in management trails, nor in the event history. */
    readonly data?: boolean;
    /** Default: by the operation's name (Get…, List…, Describe…). */
    readonly readOnly?: boolean;
    readonly request?: (input: Input) => unknown;
    readonly response?: (output: Output) => unknown;
  };
}

/** Input and output of an operation, from the SDK's own aggregated client: `OperationsOf<IoT>` has `CreateThing`, … */
type Callback<Method> = Method extends (
  input: infer Input,
  options: never,
  done: (error: never, output?: infer Output) => void,
) => void
  ? Operation<Input, Partial<Omit<Output, "$metadata">>>
  : never;
export type OperationsOf<Client> = {
  readonly [
    Name in keyof Client & string as Client[Name] extends (...args: never[]) => unknown ? Capitalize<Name> : never
  ]?: Callback<Client[Name]>;
};

// Tables of different services stand side by side: the wire checks inputs against the model, not the compiler.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyOperation = Operation<any, any>;

export interface Service extends Checked {
  /** Short name, in the trace and in the faults: `iot`, `iotdata`, `events`, … */
  readonly name: string;
  /** Service names that clients sign for. */
  readonly signingNames: readonly string[];
  /** CloudTrail's eventSource: `iot.amazonaws.com`. */
  readonly eventSource: string;
  /**
   * The SDK's client, whose schemas are the wire format. Loaded at the first call: all of them at once take more than
   * a second.
   */
  readonly model: () => Promise<object>;
  readonly operations: Readonly<Record<string, AnyOperation>>;
  /** Members of their inputs that none of them reads. */
  readonly unmodelled?: Readonly<Record<string, UnreadMembers>>;
  /** What else can fail on demand, beside its operations. */
  readonly failurePoints?: readonly string[];
  /** Called after each call of any service: CloudTrail and CloudWatch listen here. */
  readonly observe?: (finished: FinishedCall) => void;
  /**
   * Ends what runs at this span as the system would, for its memory or for no reason: a fault asks for it. Nothing,
   * where nothing runs there.
   */
  readonly killRunning?: (cloud: Cloud, span: Span | undefined, because: "kill" | "memory") => void;
  /** Frees what reset and stop must free (child processes, servers). */
  readonly stop?: (cloud: Cloud) => Promise<void>;
}

/** A call that came to its end, for those who watch. */
export interface FinishedCall {
  readonly call: Call;
  readonly service: Service;
  readonly name: string;
  readonly operation: AnyOperation;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
  readonly ms: number;
}

/** Keeps the compiler's eye on a table while its rows get their types from the SDK's client. */
export const operations = <Client>(table: OperationsOf<Client>): Readonly<Record<string, AnyOperation>> =>
  table as Readonly<Record<string, AnyOperation>>;
