// A customer's registry over time, the calls that changed it, and what the announce function says of each: it looks at
// the registry some time after the call, as often as the event is delivered.
import { type Operation, SUBJECTS } from "../../shared/contract/operations.ts";
import { CUSTOMER } from "../lambda/records.ts";

export type Verb = "create" | "update" | "delete" | "attach" | "detach" | "sync";

export interface Look {
  /** Milliseconds between the call and the look at the registry. */
  readonly after: number;
  /** How far the clock of that execution environment is off. */
  readonly skew: number;
  /** How often the message arrives. */
  readonly copies: number;
}
export interface Step {
  readonly thing: number;
  readonly verb: Verb;
  /** Milliseconds since the step before. */
  readonly gap: number;
  readonly looks: readonly Look[];
}

interface State {
  readonly from: number;
  /** Undefined: there is no such thing then. */
  readonly description: { readonly thingId: string; readonly version: number; readonly attributes: object } | undefined;
}
export interface Sent {
  readonly operation: Operation;
  readonly message: Readonly<Record<string, unknown>> & { readonly hook: { readonly eventId: string } };
}

const START = Date.UTC(2026, 2, 1, 8, 0, 0, 300);
const PRINCIPAL = `arn:aws:iot:us-east-1:${CUSTOMER}:cert/0123abcd`;
const arnOf = (thing: number) => `arn:aws:iot:us-east-1:${CUSTOMER}:thing/thing-${thing}`;
const iso = (ms: number) => new Date(ms).toISOString();

const EVENT_NAMES = {
  create: "CreateThing",
  update: "UpdateThing",
  delete: "DeleteThing",
  attach: "AttachThingPrincipal",
  detach: "DetachThingPrincipal",
  sync: "SyncThing",
} as const;

export class Customer {
  readonly #states = new Map<number, State[]>();
  /** By thing: whether the principal is attached. */
  readonly #attached = new Map<number, boolean>();
  readonly messages: Sent[] = [];
  /** Behind everything that happened. */
  end = START;

  constructor(steps: readonly Step[]) {
    const calls: (() => void)[] = [];
    let at = START;
    let count = 0;
    for (const { thing, verb, gap, looks } of steps) {
      // Memberships are told apart by the second in which they were made, and by nothing else.
      at += verb === "attach" || verb === "detach" ? gap + 1000 : gap;
      const called = this.#call(thing, verb, at, ++count);
      if (called === undefined) continue;
      for (const look of looks) {
        const { eventId, thingId } = called;
        const time = at;
        calls.push(() => {
          this.#announce(thing, verb, time, eventId, thingId, look);
        });
        this.end = Math.max(this.end, at + look.after + 1000);
      }
    }
    // The whole of time is known: what a look finds doesn't depend on when it is asked for.
    for (const call of calls) call();
  }

  /** What the partner has to know in the end, by subject; undefined for what is gone. */
  get known(): ReadonlyMap<string, object | undefined> {
    const things = [...this.#states].map(
      ([thing, states]) => [arnOf(thing), states.at(-1)?.description] as [string, object | undefined],
    );
    const memberships = [...this.#attached].map(
      ([thing, attached]) =>
        [`${arnOf(thing)}#${PRINCIPAL}`, attached ? {} : undefined] as [string, object | undefined],
    );
    return new Map([...things, ...memberships]);
  }

  /** Undefined for a call that AWS refuses: no event comes of it. */
  #call(thing: number, verb: Verb, at: number, count: number) {
    const eventId = `event-${count}`;
    if (verb === "attach" || verb === "detach") {
      this.#attached.set(thing, verb === "attach");
      return { eventId, thingId: undefined };
    }
    const states = this.#states.get(thing) ?? [];
    const now = states.at(-1)?.description;
    if (verb === "sync") return now && { eventId: `sync:${arnOf(thing)}:${now.version}`, thingId: undefined };
    if (verb === "update" && now === undefined) return undefined;
    const { thingId = `id-${count}`, version = 0 } = now ?? {};
    // A repeated creation changes nothing, and neither does the deletion of nothing: both are events.
    const changes = verb === "update" || (verb === "create") === (now === undefined);
    if (changes) {
      const description = { thingId, version: version + 1, attributes: { count: String(count) } };
      states.push({ from: at, description: verb === "delete" ? undefined : description });
    }
    this.#states.set(thing, states);
    return { eventId, thingId: verb === "create" ? thingId : undefined };
  }

  #announce(thing: number, verb: Verb, at: number, eventId: string, thingId: string | undefined, look: Look): void {
    const { after, skew, copies } = look;
    const thingArn = arnOf(thing);
    const found = this.#states.get(thing)?.findLast(({ from }) => from <= at + after)?.description;
    const member = verb === "attach" || verb === "detach";
    if (verb === "sync" && found === undefined) return;
    const operation: Operation =
      verb === "sync"
        ? "sync_thing"
        : member
          ? `${verb}_thing_principal`
          : verb === "delete" && found !== undefined
            ? "create_thing"
            : `${verb}_thing`;
    const fields = member
      ? { principal: PRINCIPAL, attributes: {} }
      : (found ?? { ...(thingId === undefined ? {} : { thingId }), attributes: {} });
    const message = {
      thingName: thingArn.split("/")[1],
      [SUBJECTS.thing.arnField]: thingArn,
      ...fields,
      hook: {
        schemaVersion: 1,
        eventId: verb === "sync" && found !== undefined ? `sync:${thingArn}:${found.version}` : eventId,
        eventTime: `${iso(at).slice(0, 19)}Z`,
        observedAt: iso(at + after + skew),
        eventName: EVENT_NAMES[verb],
        region: "us-east-1",
        snapshot: found === undefined || member ? "event" : "registry",
      },
    };
    for (let copy = 0; copy < copies; copy++) this.messages.push({ operation, message });
  }
}
