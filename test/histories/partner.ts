// The partner's receive function, many invocations at a time, of which any may be held up, fail, or end in the middle.
// Time passes only here: whatever an invocation waits for is done when its turn comes.
import type { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DeviceRegistry } from "../../partner/lambda/registry.ts";
import { receiver } from "../../partner/lambda/reception.ts";
import { changeOf } from "../../partner/lambda/change.ts";
import type { Delivery } from "../../partner/lambda/unpack.ts";
import { invocation } from "../lambda/invocation.ts";
import { CUSTOMERS, SETTINGS } from "../lambda/known-customers.ts";
import { CUSTOMER } from "../lambda/records.ts";
import { ruleEvent } from "../lambda/rule-events.ts";
import type { Sent } from "./customer.ts";
import type { Table } from "./table.ts";

const TIMEOUT_MS = 30_000;
/** Between two attempts of Lambda; a redrive comes later still. */
const RETRY_MS = 60_000;
const MOST_SKEW_MS = 200;

type Fault = "refused" | "answer lost" | "sent twice" | "crashed before" | "crashed after";
const FAULTS: readonly Fault[] = ["refused", "answer lost", "sent twice", "crashed before", "crashed after"];
/** Before or behind what the own code does. */
const OWN_FAULTS = ["fails", "crashes", "fails behind", "crashes behind"] as const;

export interface Attempt {
  readonly event: unknown;
  readonly eventId: string;
  readonly skew: number;
  readonly deadline: number;
  /** Whether something was made to go wrong in it, or its time was up. */
  disturbed: boolean;
  /** The thing, or the thing and its principal, that its event is about. */
  readonly about: string;
  /** How often an event about the same had been disturbed when this one ran the own code. */
  after: number;
  /** What the partner's own code is at work on. */
  working: string | undefined;
  over: boolean;
}
interface Waiting {
  readonly attempt: Attempt;
  readonly from: number;
  readonly go: () => Promise<void> | void;
}
interface Pending {
  readonly event: unknown;
  readonly eventId: string;
  readonly about: string;
  readonly from: number;
}

export class Partner {
  /** By event: how often its change was made the state. */
  readonly applied = new Map<string, number>();
  /** Attempts that ran the own code. */
  readonly ran: Attempt[] = [];
  readonly violations: string[] = [];
  /** What the own code has been told, by subject: it keeps the last that it was given. */
  readonly told = new Map<string, object | undefined>();
  readonly outcomes = new Map<string, number>();
  readonly #disturbances = new Map<string, number>();
  readonly #table: Table;
  readonly #random: () => number;
  #clock: number;
  #faults: number;
  #pending: Pending[] = [];
  #waiting: Waiting[] = [];
  #attempts: Attempt[] = [];

  /** @param faults how many things are made to go wrong at most, so that there is an end */
  constructor(table: Table, start: number, random: () => number, faults: number) {
    this.#table = table;
    this.#clock = start;
    this.#random = random;
    this.#faults = faults;
  }

  deliver({ operation, message }: Sent): void {
    const event = { ...ruleEvent(message, operation, CUSTOMER), receivedAt: this.#clock };
    // A backfill's id doesn't say which thing of the name it means.
    const life = operation === "sync_thing" ? `/${String(message["thingId"])}` : "";
    const about = JSON.stringify([message["thingArn"], message["principal"]]);
    this.#pending.push({ event, eventId: message.hook.eventId + life, about, from: this.#clock });
  }

  /** Until nothing is left to do. */
  async rest(): Promise<void> {
    for (let turn = 0; this.#pending.length + this.#waiting.length > 0; turn++) {
      if (turn > 20_000) throw new Error("It comes to no rest.");
      this.#clock += Math.floor(this.#random() * 40);
      this.#stopLate();
      const starts = this.#pending.filter(({ from }) => from <= this.#clock);
      const turns = this.#waiting.filter(({ from }) => from <= this.#clock);
      const at = Math.floor(this.#random() * (starts.length + turns.length));
      const [start, next] = [starts[at], turns[at - starts.length]];
      if (start) {
        this.#pending = this.#pending.filter((one) => one !== start);
        this.#start(start);
      } else if (next) {
        this.#waiting = this.#waiting.filter((one) => one !== next);
        await next.go();
      } else {
        this.#clock = Math.min(...[...this.#pending, ...this.#waiting].map(({ from }) => from));
      }
      // What an invocation does between two waits takes no turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #stopLate(): void {
    for (const attempt of this.#attempts) if (!attempt.over && attempt.deadline <= this.#clock) this.#crash(attempt);
  }

  #again({ event, eventId, about }: Pending | Attempt): void {
    this.#pending.push({ event, eventId, about, from: this.#clock + RETRY_MS });
  }

  #disturb(attempt: Attempt): void {
    attempt.disturbed = true;
    this.#disturbances.set(attempt.about, this.#disturbed(attempt) + 1);
  }

  #disturbed({ about }: Attempt): number {
    return this.#disturbances.get(about) ?? 0;
  }

  #crash(attempt: Attempt): void {
    this.#disturb(attempt);
    attempt.over = true;
    this.#waiting = this.#waiting.filter((one) => one.attempt !== attempt);
    this.#again(attempt);
  }

  /** Whether something goes wrong now. */
  #strikes(): boolean {
    if (this.#faults === 0 || this.#random() > 0.15) return false;
    this.#faults--;
    return true;
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)] as T;
  }

  /** The result of `work` once it is this attempt's turn; nothing ever again if that ends the attempt. */
  #turn<T>(attempt: Attempt, from: number, work: () => Promise<T> | T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const go = async () => {
      try {
        const result = await work();
        if (!attempt.over) resolve(result);
      } catch (error) {
        if (!attempt.over) reject(error);
      }
    };
    this.#waiting.push({ attempt, from, go });
    return promise;
  }

  #start({ event, eventId, about }: Pending): void {
    const skew = Math.floor((this.#random() - 0.5) * MOST_SKEW_MS);
    const attempt: Attempt = {
      event,
      eventId,
      about,
      after: 0,
      skew,
      deadline: this.#clock + TIMEOUT_MS,
      disturbed: false,
      working: undefined,
      over: false,
    };
    this.#attempts.push(attempt);
    const registry = new DeviceRegistry({
      client: { send: ((command: UpdateItemCommand) => this.#send(attempt, command)) as DynamoDBClient["send"] },
      tableName: this.#table.name,
      now: () => this.#clock + skew,
      wait: (ms) => this.#turn(attempt, this.#clock + ms, () => undefined),
      random: this.#random,
      log: () => undefined,
    });
    const receive = receiver({
      settings: SETTINGS,
      customers: CUSTOMERS,
      onThing: (delivery) => this.#ownCode(attempt, delivery),
      registry,
      sendLetter: () => Promise.reject(new Error("Nothing is permanent here.")),
      now: () => new Date(this.#clock),
      measure: ({ outcome }) => {
        const name = String(outcome);
        this.outcomes.set(name, (this.outcomes.get(name) ?? 0) + 1);
      },
    });
    const context = { ...invocation(), getRemainingTimeInMillis: () => attempt.deadline - this.#clock };
    receive(event, context).then(
      () => (attempt.over = true),
      () => {
        attempt.over = true;
        this.#again(attempt);
      },
    );
  }

  #send(attempt: Attempt, command: UpdateItemCommand): Promise<object | undefined> {
    const write = async () => {
      const answer = await this.#table.send(command);
      const applies = command.input.UpdateExpression?.includes(":deleted") === true;
      if (applies) this.applied.set(attempt.eventId, (this.applied.get(attempt.eventId) ?? 0) + 1);
      return answer;
    };
    return this.#turn(attempt, this.#clock, async () => {
      const fault = this.#strikes() ? this.#pick(FAULTS) : undefined;
      const away = Object.assign(new Error("away"), { name: "TimeoutError" });
      if (fault !== undefined && fault !== "sent twice") this.#disturb(attempt);
      if (fault === "refused") throw away;
      if (fault === "crashed before") {
        this.#crash(attempt);
        return undefined;
      }
      const answer = await write();
      if (fault === "answer lost") throw away;
      // As the SDK does when the first answer doesn't arrive. What it says the second time is all that is heard.
      if (fault === "sent twice") return this.#table.send(command);
      if (fault === "crashed after") this.#crash(attempt);
      return answer;
    });
  }

  async #ownCode(attempt: Attempt, delivery: Delivery): Promise<void> {
    const { subject } = changeOf(delivery);
    const other = this.#attempts.find((one) => !one.over && one.working === subject);
    if (other) this.violations.push(`Two at work on ${subject}: ${other.eventId} and ${attempt.eventId}.`);
    attempt.working = subject;
    attempt.after = this.#disturbed(attempt);
    this.ran.push(attempt);
    try {
      await this.#turn(attempt, this.#clock + this.#pick([0, 0, 100, 5_000]), () => {
        const fault = this.#strikes() ? this.#pick(OWN_FAULTS) : undefined;
        if (fault !== undefined) this.#disturb(attempt);
        if (fault === undefined || fault.endsWith("behind")) this.#tell(delivery, subject);
        if (fault?.startsWith("fails")) throw new Error("the partner's database is away");
        if (fault?.startsWith("crashes")) this.#crash(attempt);
      });
    } finally {
      attempt.working = undefined;
    }
  }

  #tell({ message }: Delivery, subject: string): void {
    const gone = /^(delete|detach)_/.test(message.operation);
    const { thingId, version, attributes } = message;
    this.told.set(subject, gone ? undefined : { thingId, version, attributes });
  }
}
