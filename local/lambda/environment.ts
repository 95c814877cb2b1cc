// One execution environment: a process that runs one version of one function, one event at a time.
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { startRuntimeApi, type Invocation, type RuntimeApi } from "./runtime-api.ts";
import { processVariables, type Deployment, type SessionKeys } from "./variables.ts";

const LOG_DESCRIPTOR = 4;
const MEMORY_CHECK_MS = 100;
/** «Lambda execution environment lifecycle»: the init phase has 10 seconds. Here an init that takes longer ends the invocation. */
const INIT_TIMEOUT_MS = 10_000;

/**
 * Starts the program in the place of the shell, beside a watcher that ends the whole process group as soon as the other end of its
 * standard input is closed: by us, or by the system when we are gone, however that came. So no process outlives the embedded cloud.
 */
const LIFELINE = 'exec 3<&0 </dev/null; (read _ <&3; kill -9 0) >/dev/null 2>&1 4>&- & exec 3<&-; exec "$@"';

export interface Outcome {
  readonly payload: Uint8Array;
  /** AWS says Unhandled for every error of Node.js and custom runtimes. */
  readonly functionError?: "Unhandled";
  readonly errorType?: string;
  readonly status: "success" | "error" | "timeout";
  readonly durationMs: number;
  readonly initMs?: number;
  readonly memoryUsedMb: number;
}
interface Work {
  readonly invocation: Invocation;
  readonly finish: (outcome: Outcome) => void;
  readonly initMs: number | undefined;
  readonly began: number;
  answer?: { readonly payload: Uint8Array; readonly failed: boolean };
}

export interface EnvironmentOptions {
  readonly deployment: Deployment;
  readonly keys: SessionKeys;
  readonly endpoint: string;
  readonly taskRoot: string;
  readonly privateFolder: string;
  readonly logStream: string;
  /** A line, or a message, of the function's log. */
  readonly onLog: (text: string) => void;
}

export class Environment {
  readonly deployment: Deployment;
  readonly expiresAt: number;
  readonly logStream: string;
  readonly #api: RuntimeApi;
  readonly #child: ChildProcess;
  readonly #started = performance.now();
  readonly #ready = Promise.withResolvers<undefined>();
  #initError: Uint8Array | undefined;
  #initMs: number | undefined;
  #work: Work | undefined;
  #killedBy: "timeout" | "memory" | undefined;
  #ended = false;

  /** Starts the process. It becomes ready while the first invocation waits for it. */
  static async start(options: EnvironmentOptions): Promise<Environment> {
    const started: { environment?: Environment } = {};
    const api = await startRuntimeApi({
      ready: () => started.environment?.onReady(),
      response: (payload) => started.environment?.onAnswer(payload, false),
      error: (payload) => started.environment?.onAnswer(payload, true),
      initError: (payload) => started.environment?.onInitError(payload),
    });
    return (started.environment = new Environment(options, api));
  }

  private constructor(options: EnvironmentOptions, api: RuntimeApi) {
    this.#api = api;
    this.deployment = options.deployment;
    this.expiresAt = options.keys.expiresAt;
    this.logStream = options.logStream;
    const { deployment, taskRoot } = options;
    const env = processVariables(deployment, options.keys, {
      ...options,
      runtimeApi: api.address,
      logDescriptor: LOG_DESCRIPTOR,
    });
    this.#child = spawn("/bin/sh", ["-c", LIFELINE, "sh", ...commandOf(deployment, taskRoot)], {
      cwd: taskRoot,
      env,
      detached: true, // a group of its own, so that all of it can be ended
      stdio: ["pipe", "pipe", "pipe", "ignore", "pipe"],
    });
    const line = (text: string) => {
      options.onLog(text);
    };
    createInterface({ input: this.#child.stdout as Readable }).on("line", line);
    createInterface({ input: this.#child.stderr as Readable }).on("line", line);
    createInterface({ input: this.#child.stdio[LOG_DESCRIPTOR] as Readable }).on("line", (text) => {
      line(JSON.parse(text) as string);
    });
    // The lifeline breaks when the process ends first; its end is what counts.
    this.#child.stdin?.on("error", () => undefined);
    this.#child.once("error", (error) => {
      line(`The process couldn't be started: ${error.message}`);
      this.#onExit("exit status 1");
    });
    // `close` comes after the last of its output.
    this.#child.once("close", (code, signal) => {
      this.#onExit(
        signal ? `signal: ${SIGNALS[signal] ?? signal}` : code === 0 ? undefined : `exit status ${code ?? 1}`,
      );
    });
    this.#child.once("exit", () => this.#child.stdin?.destroy());
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Runs one event. Never rejects: what goes wrong in the function is its outcome. */
  async invoke(invocation: Invocation): Promise<Outcome> {
    const { timeout } = this.deployment;
    const isFirst = this.#initMs === undefined;
    let initTimer: NodeJS.Timeout | undefined;
    if (isFirst) {
      initTimer = setTimeout(
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
      if (memoryOf(this.#child.pid).anonymousMb > this.deployment.memorySize) this.#kill("memory");
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
    this.#child.stdin?.destroy();
    if (this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null)
      killGroup(this.#child.pid);
    this.#api.close();
  }

  /** Resolves when the process is gone. */
  get gone(): Promise<unknown> {
    return this.#gone.promise;
  }
  readonly #gone = Promise.withResolvers<undefined>();

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

  #finish({ finish, initMs, began }: Work, { payload, failed }: NonNullable<Work["answer"]>): void {
    const durationMs = performance.now() - began;
    const memoryUsedMb = memoryOf(this.#child.pid).residentMb;
    const measured = { payload, durationMs, memoryUsedMb, ...(initMs === undefined ? {} : { initMs }) };
    const errorType = failed ? errorTypeOf(payload) : undefined;
    if (failed)
      finish({ ...measured, status: "error", functionError: "Unhandled", ...(errorType ? { errorType } : {}) });
    else finish({ ...measured, status: "success" });
  }

  #kill(because: "timeout" | "memory"): void {
    this.#killedBy = because;
    this.stop();
  }

  #onExit(reason: string | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#api.close();
    this.#ready.resolve(undefined);
    this.#gone.resolve(undefined);
    const work = this.#work;
    this.#work = undefined;
    if (work) {
      // What it had answered before it ended counts: uncaught errors are reported, then the process exits.
      if (work.answer?.failed) this.#finish(work, work.answer);
      else work.finish(this.#ending(work.invocation, reason, performance.now() - work.began, work.initMs));
    }
    this.#lastReason = reason;
  }
  #lastReason: string | undefined;

  #notStarted(invocation: Invocation, initMs: number | undefined): Outcome {
    this.stop();
    const ended = this.#ending(invocation, this.#lastReason, 0, initMs);
    const errorType = this.#initError && errorTypeOf(this.#initError);
    return this.#initError && errorType ? { ...ended, payload: this.#initError, status: "error", errorType } : ended;
  }

  /** The error payloads of processes that ended without an answer: «Troubleshoot invocation issues in Lambda». */
  #ending(
    { requestId }: Invocation,
    reason: string | undefined,
    durationMs: number,
    initMs: number | undefined,
  ): Outcome {
    const { timeout, memorySize } = this.deployment;
    const [errorType, what] =
      this.#killedBy === "timeout"
        ? (["Sandbox.Timedout", `Task timed out after ${timeout.toFixed(2)} seconds`] as const)
        : this.#killedBy === "memory"
          ? // That the type says so is seen in REPORT lines of late; the API documents only the sentence (not confirmed).
            (["Runtime.OutOfMemory", "Runtime exited with error: signal: killed"] as const)
          : ([
              "Runtime.ExitError",
              reason === undefined
                ? "Runtime exited without providing a reason"
                : `Runtime exited with error: ${reason}`,
            ] as const);
    const errorMessage = `RequestId: ${requestId} Error: ${what}`;
    return {
      payload: Buffer.from(JSON.stringify({ errorType, errorMessage })),
      functionError: "Unhandled",
      errorType,
      status: this.#killedBy === "timeout" ? "timeout" : "error",
      durationMs: this.#killedBy === "timeout" ? timeout * 1000 : durationMs,
      memoryUsedMb: this.#killedBy === "memory" ? memorySize : 0,
      ...(initMs === undefined ? {} : { initMs }),
    };
  }
}

/** Go's names of signals, in which Lambda reports them. */
const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: "killed",
  SIGABRT: "aborted",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
  SIGTRAP: "trace/breakpoint trap",
};

function commandOf({ runtime, memorySize }: Deployment, taskRoot: string): string[] {
  if (runtime === "provided.al2023") return [join(taskRoot, "bootstrap")];
  // Nine tenths for the old generation, so that a function that needs more ends by V8's own limit before the system's.
  const heap = [`--max-old-space-size=${Math.floor(memorySize * 0.9)}`, "--no-warnings"];
  return [process.execPath, ...heap, join(import.meta.dirname, "bootstrap.mjs")];
}

/**
 * MB of a process. `anonymous` leaves out what is mapped from files: the Node.js binary alone would fill a small function. It is what the
 * memory limit is held against; where there is no /proc (macOS) only V8's own limit ends a function.
 */
function memoryOf(pid: number | undefined): { residentMb: number; anonymousMb: number } {
  let status = "";
  try {
    status = readFileSync(`/proc/${pid ?? 0}/status`, "latin1");
  } catch {
    // The process is gone, or the system has no /proc: nothing to measure.
  }
  const mb = (name: string) => Math.ceil(Number(new RegExp(`${name}:\\s*(\\d+)`).exec(status)?.[1] ?? 0) / 1024);
  return { residentMb: mb("VmHWM"), anonymousMb: mb("RssAnon") };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // ESRCH: it ended by itself a moment ago.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function errorTypeOf(payload: Uint8Array): string | undefined {
  try {
    return (JSON.parse(Buffer.from(payload).toString()) as { errorType?: string }).errorType;
  } catch {
    // A custom runtime may report anything; without a type there is none to show.
    return undefined;
  }
}
