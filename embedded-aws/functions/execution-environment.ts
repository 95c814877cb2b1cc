// One execution environment: a process that runs one version of one function, one event at a time.
import { setImmediate as turn } from "node:timers/promises";
import { endedWithoutAnswer, errorOf, type Outcome } from "./outcome.ts";
import { FunctionProcess, LOG_DESCRIPTOR } from "./process.ts";
import { startRuntimeApi, type Invocation, type RuntimeApi } from "./runtime-api.ts";
import { processVariables, type Deployment, type SessionKeys } from "./variables.ts";

const MEMORY_CHECK_MS = 100;
/**
 * «Lambda execution environment lifecycle»: the init phase has 10 seconds. Here an init that takes longer ends the
 * invocation.
 */
const INIT_TIMEOUT_MS = 10_000;

interface Work {
  readonly invocation: Invocation;
  readonly finish: (outcome: Outcome) => void;
  readonly initMs: number | undefined;
  readonly began: number;
  answer?: { readonly payload: Uint8Array; readonly failed: boolean };
}

export interface ExecutionEnvironmentOptions {
  readonly deployment: Deployment;
  readonly keys: SessionKeys;
  readonly endpoint: string;
  readonly taskRoot: string;
  readonly privateFolder: string;
  readonly logStream: string;
  /** What the cloud's clock is ahead of the machine's. */
  readonly clockOffsetMs: number;
  /** A line, or a message, of the function's log. */
  readonly onLog: (text: string) => void;
}

export class ExecutionEnvironment {
  readonly deployment: Deployment;
  readonly expiresAt: number;
  readonly logStream: string;
  readonly #api: RuntimeApi;
  readonly #process: FunctionProcess;
  readonly #started = performance.now();
  readonly #ready = Promise.withResolvers<undefined>();
  readonly #gone = Promise.withResolvers<undefined>();
  #initError: Uint8Array | undefined;
  #initMs: number | undefined;
  #work: Work | undefined;
  #killedBy: "timeout" | "memory" | undefined;
  /** How it ended, once it has. */
  #reason: string | undefined;
  #ended = false;
  /** The most that was measured. */
  #residentMb = 0;

  /** Starts the process. It becomes ready while the first invocation waits for it. */
  static async start(options: ExecutionEnvironmentOptions): Promise<ExecutionEnvironment> {
    const started: { environment?: ExecutionEnvironment } = {};
    const api = await startRuntimeApi({
      ready: () => started.environment?.onReady(),
      response: (payload) => started.environment?.onAnswer(payload, false),
      error: (payload) => started.environment?.onAnswer(payload, true),
      initError: (payload) => started.environment?.onInitError(payload),
    });
    return (started.environment = new ExecutionEnvironment(options, api));
  }

  private constructor(options: ExecutionEnvironmentOptions, api: RuntimeApi) {
    const { deployment, keys, taskRoot, onLog } = options;
    this.#api = api;
    this.deployment = deployment;
    this.expiresAt = keys.expiresAt;
    this.logStream = options.logStream;
    const at = { ...options, runtimeApi: api.address, logDescriptor: LOG_DESCRIPTOR };
    this.#process = new FunctionProcess(deployment, taskRoot, processVariables(deployment, keys, at), {
      onLog,
      onEnd: (reason) => {
        this.#onEnd(reason);
      },
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves when the process is gone. */
  get gone(): Promise<unknown> {
    return this.#gone.promise;
  }

  /** Runs one event. Never rejects: what goes wrong in the function is its outcome. */
  async invoke(invocation: Invocation): Promise<Outcome> {
    const { timeout, memorySize } = this.deployment;
    const isFirst = this.#initMs === undefined;
    if (isFirst) {
      const initTimer = setTimeout(
        () => {
          this.#kill("timeout");
        },
        Math.max(INIT_TIMEOUT_MS, timeout * 1000),
      );
      await this.#ready.promise;
      clearTimeout(initTimer);
    }
    const initMs = isFirst ? (this.#initMs ?? performance.now() - this.#started) : undefined;
    if (this.#initError || this.#ended) return this.#notStarted(invocation, initMs);
    const done = Promise.withResolvers<Outcome>();
    this.#work = { invocation, finish: done.resolve, initMs, began: performance.now() };
    // The machine's own time: the process lives by it.
    const timer = setTimeout(() => {
      this.#kill("timeout");
    }, timeout * 1000);
    const watch = setInterval(() => {
      if (this.#measure().anonymousMb > memorySize) this.#kill("memory");
    }, MEMORY_CHECK_MS);
    this.#api.send(invocation, Date.now() + timeout * 1000);
    try {
      return await done.promise;
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
    }
  }

  /** Ends the process and all that it started. */
  stop(): void {
    this.#process.kill();
    this.#api.close();
  }

  runs(traceHeader: string): boolean {
    return this.#work?.invocation.traceHeader === traceHeader;
  }

  /** Ends the process as the system does it: what it ran ends by «signal: killed», or for its memory. */
  kill(because: "kill" | "memory"): void {
    if (because === "memory") this.#kill("memory");
    else this.#process.kill();
  }

  /** @internal The runtime asks for an event: init, or the event before, is over. */
  onReady(): void {
    if (this.#initMs === undefined) {
      this.#initMs = performance.now() - this.#started;
      this.#ready.resolve(undefined);
      return;
    }
    const work = this.#work;
    if (!work?.answer) return;
    this.#work = undefined;
    // A turn of the event loop, so that what it logged before it answered is read.
    void turn().then(() => {
      this.#finish(work, work.answer as NonNullable<Work["answer"]>);
    });
  }

  /** @internal */
  onAnswer(payload: Uint8Array, failed: boolean): void {
    if (this.#work) this.#work.answer = { payload, failed };
  }

  /** @internal */
  onInitError(payload: Uint8Array): void {
    this.#initError = payload;
  }

  #measure(known = false) {
    const measured = this.#process.memory(known);
    this.#residentMb = Math.max(this.#residentMb, measured.residentMb);
    return measured;
  }

  #finish({ finish, initMs, began }: Work, { payload, failed }: NonNullable<Work["answer"]>): void {
    const durationMs = performance.now() - began;
    // What an event starts is found by the watch.
    this.#measure(true);
    const measured = {
      payload,
      durationMs,
      memoryUsedMb: this.#residentMb,
      ...(initMs === undefined ? {} : { initMs }),
    };
    const errorType = failed ? errorOf(payload).errorType : undefined;
    if (failed)
      finish({ ...measured, status: "error", functionError: "Unhandled", ...(errorType ? { errorType } : {}) });
    else finish({ ...measured, status: "success" });
  }

  #kill(because: "timeout" | "memory"): void {
    this.#killedBy = because;
    this.#measure();
    this.stop();
  }

  #onEnd(reason: string | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reason = reason;
    this.#api.close();
    this.#ready.resolve(undefined);
    this.#gone.resolve(undefined);
    const work = this.#work;
    this.#work = undefined;
    if (!work) return;
    // What it had answered before it ended counts: uncaught errors are reported, then the process exits.
    if (work.answer?.failed) this.#finish(work, work.answer);
    else work.finish(this.#ending(work.invocation, performance.now() - work.began, work.initMs));
  }

  #notStarted(invocation: Invocation, initMs: number | undefined): Outcome {
    this.stop();
    const ended = this.#ending(invocation, 0, initMs);
    const errorType = this.#initError && errorOf(this.#initError).errorType;
    return this.#initError && errorType ? { ...ended, payload: this.#initError, status: "error", errorType } : ended;
  }

  #ending({ requestId }: Invocation, durationMs: number, initMs: number | undefined): Outcome {
    const { timeout, memorySize } = this.deployment;
    const end = this.#killedBy === undefined ? { reason: this.#reason } : { killedBy: this.#killedBy };
    return {
      ...endedWithoutAnswer(end, requestId, timeout),
      durationMs: this.#killedBy === "timeout" ? timeout * 1000 : durationMs,
      // Of a process that ended by itself, what was measured of it on the way.
      memoryUsedMb: this.#killedBy === "memory" ? memorySize : this.#residentMb,
      ...(initMs === undefined ? {} : { initMs }),
    };
  }
}
