// The embedded AWS: its accounts, its services, and the one way that every call takes through it, whether it came
// over the wire or from another service: fault, decision, behaviour, trace, observers.
import { setTimeout as delay } from "node:timers/promises";
import { parsePolicy } from "../language/policy/index.ts";
import type { Place } from "./arn.ts";
import { decide, denial } from "./authorization.ts";
import { Clock } from "./clock.ts";
import { checkInput } from "./constraints.ts";
import { TrailDelivery } from "./trail-delivery.ts";
import { AwsError, ConnectionDropped, messageOf, notModelled, refused, Stopped } from "./errors.ts";
import { refuseUnmodelled } from "./members.ts";
import { Faults, type Strike } from "./faults.ts";
import { Identities, type Credential } from "./identity.ts";
import { uuid } from "./ids.ts";
import { type Keys, newKeys } from "./keys.ts";
import type { AnyOperation, Call, CallRequest, Cloud, Effect, FinishedCall, Permission, Service } from "./service.ts";
import { State, type StateKey } from "./state.ts";
import { Trace, childSpan, type PermissionTrace } from "./trace.ts";

const ADMINISTRATOR = JSON.stringify({
  Version: "2012-10-17",
  // The one policy that allows everything: an account's administrator, as whom its owner deploys.
  Statement: [{ Sid: "Everything", Effect: "Allow", Action: "*", Resource: "*" }],
});

export class EmbeddedAws implements Cloud {
  readonly clock = new Clock();
  readonly trace = new Trace();
  readonly faults = new Faults();
  readonly delivery = new TrailDelivery();
  readonly #state = new State();
  readonly identities = new Identities(this.#state, () => this.clock.now());
  readonly services: ReadonlyMap<string, Service>;
  readonly #observers: readonly ((finished: FinishedCall) => void)[];
  readonly #keys: Keys;
  #administrators = new Map<string, Credential>();
  #busy = 0;
  #idle: (() => void)[] = [];
  #life = new AbortController();
  /** `http://127.0.0.1:<port>`, once it listens. */
  endpoint = "";

  /** @param keys default: new ones, which nobody else knows */
  constructor(services: readonly Service[], keys: Keys = newKeys()) {
    this.#keys = keys;
    this.services = new Map(services.map((service) => [service.name, service]));
    this.#observers = services.flatMap((service) => (service.observe ? [service.observe] : []));
    this.#addAccounts();
  }

  state<S>(key: StateKey<S>, place: Place): S {
    return this.#state.of(key, place);
  }

  states<S>(key: StateKey<S>): Generator<S> {
    return this.#state.all(key);
  }

  get life(): AbortSignal {
    return this.#life.signal;
  }

  /** What the control interface asks for. */
  get token(): string {
    return this.#keys.token;
  }

  /** Keys of an account's administrator. Throws for an account that there isn't. */
  administrator(account: string): Credential {
    const credential = this.#administrators.get(account);
    if (!credential)
      throw new Error(`There is no account ${account} here; there are ${[...this.#administrators.keys()].join(", ")}.`);
    return credential;
  }

  async call(request: CallRequest): Promise<unknown> {
    this.life.throwIfAborted();
    const service = this.services.get(request.service);
    const operation = service?.operations[request.operation];
    if (!service || !operation) {
      const error = notModelled(`${request.service}:${request.operation}`);
      const { account, region, caller } = request;
      const who = { account, region, principal: caller.arn, service: request.service, name: request.operation };
      this.effect({ span: childSpan(request.cause), ...who, outcome: "failed", error });
      throw error;
    }
    this.#busy++;
    try {
      return await this.#perform(service, operation, request);
    } finally {
      this.#done();
    }
  }

  async pause<T>(wait: Promise<T>): Promise<T> {
    this.#done();
    try {
      return await wait;
    } finally {
      this.#busy++;
    }
  }

  background(work: () => Promise<void>, of: Effect): void {
    if (this.life.aborted) return;
    this.#busy++;
    work()
      .catch((error: unknown) => {
        if (error instanceof Stopped) return;
        this.effect({ ...of, outcome: "failed", error: { code: "InternalFailure", message: messageOf(error) } });
      })
      .finally(() => {
        this.#done();
      });
  }

  async failOnDemand(name: string, point: string, { account }: Place): Promise<void> {
    const service = this.services.get(name);
    const strike = service && this.faults.strike(service, point, account, service.eventSource);
    if (strike) await suffer(strike, this.life);
  }

  /** Resolves when no call and no background work is under way. Timers that are not due yet don't count. */
  async settled(): Promise<void> {
    // A turn of the event loop for replies that have been written but not read yet.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#busy > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Moves the clock forward, doing on the way what falls due. */
  advance(ms: number): Promise<void> {
    return this.clock.advance(ms, () => this.settled());
  }

  effect(entry: Effect): void {
    this.trace.add({ kind: "effect", at: this.clock.now(), ms: 0, outcome: "ok", ...entry });
  }

  /** Back to empty accounts; keys stay the same. */
  async reset(): Promise<void> {
    await this.stop();
    this.#life = new AbortController();
    this.#state.clear();
    this.identities.clear();
    this.trace.clear();
    this.faults.set([]);
    this.delivery.clear();
    this.#addAccounts();
  }

  /** Ends child processes and timers, for good: nothing that is under way, or comes later, begins one. */
  async stop(): Promise<void> {
    this.#life.abort(new Stopped());
    this.clock.clear();
    await Promise.all([...this.services.values()].flatMap((service) => (service.stop ? [service.stop(this)] : [])));
  }

  #addAccounts(): void {
    const policy = { text: ADMINISTRATOR, policy: parsePolicy(ADMINISTRATOR, "identity") };
    this.#administrators = new Map(
      Object.entries(this.#keys.administrators).map(([id, keys]) => [
        id,
        this.identities.addAdministrator(id, keys, policy, this.clock.date()),
      ]),
    );
  }

  #done(): void {
    this.#busy--;
    if (this.#busy > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #perform(service: Service, operation: AnyOperation, request: CallRequest): Promise<unknown> {
    const { account, region, caller, operation: name, input } = request;
    const began = performance.now();
    let detail: Record<string, unknown> | undefined;
    const call: Call = {
      cloud: this,
      account,
      region,
      caller,
      requestId: request.requestId ?? uuid(),
      time: this.clock.date(),
      sourceIp: request.sourceIp ?? "127.0.0.1",
      userAgent: request.userAgent ?? caller.arn,
      span: childSpan(request.cause),
      note: (more) => (detail = { ...detail, ...more }),
    };
    const permissions: PermissionTrace[] = [];
    const finish = (
      outcome: "ok" | "denied" | "failed",
      end: { output?: unknown; error?: { code: string; message: string } },
    ) => {
      const ms = performance.now() - began;
      this.trace.add({
        kind: "call",
        span: call.span,
        at: call.time.getTime(),
        ms,
        account,
        region,
        service: service.name,
        name,
        principal: caller.arn,
        permissions,
        outcome,
        ...(end.error ? { error: end.error } : {}),
        ...(detail ? { detail } : {}),
      });
      const finished: FinishedCall = { call, service, name, operation, input, ms, ...end };
      for (const observe of this.#observers) observe(finished);
    };
    let strike: Strike | undefined;
    let output: unknown;
    try {
      strike = this.faults.strike(service, name, account, caller.arn);
      if (strike) {
        call.note({ fault: true });
        await suffer(strike, this.life);
      }
      if (this.delivery.isDisabled(account, region)) throw regionDisabled(service, account, region);
      // AWS holds a request against the model before it asks who may.
      checkInput(service, name, input);
      refuseUnmodelled(`${service.name}:${name}`, service.unmodelled?.[name] ?? {}, input);
      const needed = operation.authorize(input, call);
      for (const permission of Array.isArray(needed) ? (needed as readonly Permission[]) : [needed as Permission]) {
        const decided = decide(call, permission);
        permissions.push(decided);
        if (!decided.decision.allowed) throw denial(call, service, decided);
      }
      output = await operation.run(input, call);
      finish("ok", { output });
    } catch (error) {
      if (error instanceof Stopped) throw error;
      const code = error instanceof AwsError ? error.code : "InternalFailure";
      const denied = permissions.some(({ decision }) => !decision.allowed);
      finish(denied ? "denied" : "failed", { error: { code, message: messageOf(error) } });
      throw error;
    }
    if (strike?.afterwards === undefined) return output;
    if (strike.afterwards !== "lose")
      for (const { killRunning } of this.services.values()) killRunning?.(this, request.cause, strike.afterwards);
    throw new ConnectionDropped("the connection was cut by a fault after the operation was done");
  }
}

/**
 * A Region that an account hasn't switched on knows none of its keys («AWS STS Regions and endpoints», «Managing AWS
 * Regions»).
 */
function regionDisabled({ errors }: Service, account: string, region: string): AwsError {
  const why = `(The Region ${region} is switched off for account ${account} by /_local/delivery.)`;
  return refused(errors.unknownKey, `The security token included in the request is invalid. ${why}`);
}

/** @throws Stopped where the cloud's life ends meanwhile */
async function suffer(strike: Strike, life: AbortSignal): Promise<void> {
  // The machine's own time: a client on the other end of a real connection waits by it.
  if (strike.delayMs > 0)
    await delay(strike.delayMs, undefined, { ref: false, signal: life }).catch(() => {
      throw life.reason as Stopped;
    });
  if (strike.drop) throw new ConnectionDropped("the connection was cut by a fault");
  if (strike.error) throw strike.error;
}
