// Environments of all functions: warm ones are used again, for the same version of the same function only; there is a
// bound.
import { availableParallelism } from "node:os";
import type { ExecutionEnvironment } from "./execution-environment.ts";

/**
 * Environments of one version. Each is a process of some 60 MB, and all of them share the machine's cores with the
 * cloud and its clients. A call that waits for its answer may start up to four; events, which can wait, no more than
 * there are cores: on two, with two environments instead of four a function took a fifth less processor time per
 * event, since each process has to become warm by itself.
 */
export const MAX_PER_VERSION = 4;
const MAX_FOR_EVENTS = Math.min(MAX_PER_VERSION, Math.max(2, availableParallelism()));
/** Warm environments of all versions together; the one that idles longest gives way. */
const MAX_IDLE = 16;
/**
 * How long a synchronous call waits for a free environment before it is throttled. AWS doesn't wait: it has a
 * thousand of them.
 */
export const WAIT_MS = 5_000;
/** Keys have to last for an invocation of the longest time-out that is left before they end: 15 minutes. */
const RENEW_BEFORE_MS = 15 * 60_000;

interface Waiter {
  readonly resolve: (environment: ExecutionEnvironment | undefined) => void;
}

export interface Pool {
  /** Starts one more environment; throws what stands in the way (a role that can't be assumed). */
  readonly start: () => Promise<ExecutionEnvironment>;
  readonly idle: ExecutionEnvironment[];
  readonly waiting: Waiter[];
  size: number;
  retired: boolean;
}

export class Fleet {
  readonly #pools = new Map<string, Pool>();
  readonly #all = new Set<ExecutionEnvironment>();
  readonly #starting = new Set<Promise<unknown>>();
  readonly #idle = new Set<ExecutionEnvironment>();
  readonly #now: () => number;
  readonly #life: AbortSignal;

  /**
   * @param now the cloud's time, by which keys expire
   * @param life no environment is given out once it is aborted, and {@link stop} follows
   */
  constructor(now: () => number, life: AbortSignal) {
    this.#now = now;
    this.#life = life;
  }

  /**
   * An environment for one invocation, to be given back with {@link release}. Waits for one when there are enough
   * already: `patience` ms, then undefined; without it, for an event, as long as it takes.
   * @param key names the version of the function, and its revision
   * @throws whatever the life was aborted by
   */
  async acquire(
    key: string,
    start: () => Promise<ExecutionEnvironment>,
    patience?: number,
  ): Promise<ExecutionEnvironment | undefined> {
    this.#life.throwIfAborted();
    let pool = this.#pools.get(key);
    if (!pool) this.#pools.set(key, (pool = { start, idle: [], waiting: [], size: 0, retired: false }));
    for (let warm = pool.idle.pop(); warm; warm = pool.idle.pop()) {
      this.#idle.delete(warm);
      if (!warm.ended && warm.expiresAt - RENEW_BEFORE_MS > this.#now()) return warm;
      this.#discard(pool, warm);
    }
    if (pool.size < (patience === undefined ? MAX_FOR_EVENTS : MAX_PER_VERSION)) return this.#start(pool);
    const { promise, resolve } = Promise.withResolvers<ExecutionEnvironment | undefined>();
    const waiter: Waiter = { resolve };
    pool.waiting.push(waiter);
    if (patience === undefined) return promise;
    const timer = setTimeout(() => {
      const at = pool.waiting.indexOf(waiter);
      if (at >= 0) pool.waiting.splice(at, 1);
      resolve(undefined);
    }, patience);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  release(key: string, environment: ExecutionEnvironment): void {
    const pool = this.#pools.get(key);
    if (!pool || pool.retired || environment.ended) {
      if (pool) this.#discard(pool, environment);
      else environment.stop();
      if (pool && pool.waiting.length > 0) this.#serve(pool);
      else if (pool?.retired && pool.size === 0) this.#pools.delete(key);
      return;
    }
    const waiter = pool.waiting.shift();
    if (waiter) {
      waiter.resolve(environment);
      return;
    }
    pool.idle.push(environment);
    this.#idle.add(environment);
    if (this.#idle.size > MAX_IDLE) this.#endOldest();
  }

  /** The version changed or is gone: idle environments end at once, busy ones after their event. */
  retire(prefix: string): void {
    for (const [key, pool] of this.#pools) {
      if (!key.startsWith(prefix)) continue;
      pool.retired = true;
      for (const environment of pool.idle.splice(0)) {
        this.#idle.delete(environment);
        this.#discard(pool, environment);
      }
      if (pool.size === 0 && pool.waiting.length === 0) this.#pools.delete(key);
    }
  }

  /** Ends the environment that runs the invocation with this trace header, in the middle of it. */
  killRunning(traceHeader: string, because: "kill" | "memory"): void {
    for (const environment of this.#all) if (environment.runs(traceHeader)) environment.kill(because);
  }

  /** Ends every process, those that are about to start included, and resolves when they are gone. */
  async stop(): Promise<void> {
    const all = [...this.#all];
    for (const { waiting } of this.#pools.values()) for (const { resolve } of waiting.splice(0)) resolve(undefined);
    this.#pools.clear();
    this.#idle.clear();
    for (const environment of all) environment.stop();
    await Promise.allSettled([...this.#starting, ...all.map(({ gone }) => gone)]);
  }

  async #start(pool: Pool): Promise<ExecutionEnvironment> {
    pool.size++;
    const starting = this.#started(pool);
    this.#starting.add(starting);
    try {
      return await starting;
    } catch (error) {
      pool.size--;
      throw error;
    } finally {
      this.#starting.delete(starting);
    }
  }

  async #started(pool: Pool): Promise<ExecutionEnvironment> {
    const environment = await pool.start();
    this.#all.add(environment);
    void environment.gone.then(() => this.#all.delete(environment));
    if (this.#life.aborted) {
      environment.stop();
      await environment.gone;
    }
    this.#life.throwIfAborted();
    return environment;
  }

  #discard(pool: Pool, environment: ExecutionEnvironment): void {
    pool.size--;
    environment.stop();
  }

  /** One that ended left room for the first of those who wait. */
  #serve(pool: Pool): void {
    const waiter = pool.waiting.shift();
    if (!waiter) return;
    this.#start(pool).then(waiter.resolve, () => {
      waiter.resolve(undefined);
    });
  }

  #endOldest(): void {
    const [oldest] = this.#idle;
    if (!oldest) return;
    this.#idle.delete(oldest);
    for (const pool of this.#pools.values()) {
      const at = pool.idle.indexOf(oldest);
      if (at < 0) continue;
      pool.idle.splice(at, 1);
      this.#discard(pool, oldest);
    }
  }
}
