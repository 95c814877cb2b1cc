// The operating system's part of an execution environment: a group of processes that ends with us, and what it uses of memory.
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Deployment } from "./variables.ts";

/** Where the Node.js runtime writes its log, message by message, each as a JSON text on a line. */
export const LOG_DESCRIPTOR = 4;

/**
 * Starts the program in the place of the shell, beside a watcher that ends the whole process group as soon as the other end of its
 * standard input is closed: by us, or by the system when we are gone, however that came. So no process outlives the embedded cloud.
 */
const LIFELINE = 'exec 3<&0 </dev/null; (read _ <&3; kill -9 0) >/dev/null 2>&1 4>&- & exec 3<&-; exec "$@"';

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

interface ProcessEvents {
  /** A line, or a message, of what it logs. */
  readonly onLog: (text: string) => void;
  /** It is gone, after the last of its output: how, in Lambda's words, or undefined for an end without an error. */
  readonly onEnd: (reason: string | undefined) => void;
}

export class FunctionProcess {
  readonly #child: ChildProcess;

  constructor(deployment: Deployment, taskRoot: string, env: Record<string, string>, { onLog, onEnd }: ProcessEvents) {
    const child = spawn("/bin/sh", ["-c", LIFELINE, "sh", ...commandOf(deployment, taskRoot)], {
      cwd: taskRoot,
      env,
      detached: true, // a group of its own, so that all of it can be ended
      stdio: ["pipe", "pipe", "pipe", "ignore", "pipe"],
    });
    this.#child = child;
    createInterface({ input: child.stdout as Readable }).on("line", onLog);
    createInterface({ input: child.stderr as Readable }).on("line", onLog);
    createInterface({ input: child.stdio[LOG_DESCRIPTOR] as Readable }).on("line", (text) => {
      onLog(JSON.parse(text) as string);
    });
    // The lifeline breaks when the process ends first; its end is what counts.
    child.stdin?.on("error", () => undefined);
    child.once("error", (error) => {
      onLog(`The process couldn't be started: ${error.message}`);
      onEnd("exit status 1");
    });
    // `close` comes after the last of its output.
    child.once("close", (code, signal) => {
      onEnd(signal ? `signal: ${SIGNALS[signal] ?? signal}` : code === 0 ? undefined : `exit status ${code ?? 1}`);
    });
    child.once("exit", () => child.stdin?.destroy());
  }

  /** Ends the process and all that it started. */
  kill(): void {
    const { pid, stdin, exitCode, signalCode } = this.#child;
    stdin?.destroy();
    if (pid !== undefined && exitCode === null && signalCode === null) killGroup(pid);
  }

  /**
   * MB that it uses. `anonymous` leaves out what is mapped from files: the Node.js binary alone would fill a small function. It is what the
   * memory limit is held against; where there is no /proc (macOS) only V8's own limit ends a function.
   */
  memory(): { readonly residentMb: number; readonly anonymousMb: number } {
    let status = "";
    try {
      status = readFileSync(`/proc/${this.#child.pid ?? 0}/status`, "latin1");
    } catch {
      // The process is gone, or the system has no /proc: nothing to measure.
    }
    const mb = (name: string) => Math.ceil(Number(new RegExp(`${name}:\\s*(\\d+)`).exec(status)?.[1] ?? 0) / 1024);
    return { residentMb: mb("VmHWM"), anonymousMb: mb("RssAnon") };
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // ESRCH: it ended by itself a moment ago.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
