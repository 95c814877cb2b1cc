// The operating system's part of an execution environment: a group of processes that ends with us, and what it uses
// of memory.
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { uuid } from "../core/ids.ts";
import { eachLine, MAX_LINE } from "./lines.ts";
import type { Deployment } from "./variables.ts";

/** Where the Node.js runtime writes its log, message by message, each as a JSON text on a line. */
export const LOG_DESCRIPTOR = 4;

/** A message of the longest kind in JSON, where a character may take six. */
const MAX_FRAME = 6 * MAX_LINE + 2;

/** Marks a function's processes: one that left the group, as a daemon does, is found by it where there is a /proc. */
const MARK = "EMBEDDED_AWS_PROCESS";

/**
 * Starts the program in the place of the shell, beside a watcher that ends the whole process group, and whoever has
 * its mark, as soon as the other end of its standard input is closed: by us, or by the system when we are gone,
 * however that came. So no process outlives the embedded cloud, unless it left the group and took the mark off too.
 */
const LIFELINE = [
  "mark=$1; shift; exec 3<&0 </dev/null",
  '(read _ <&3; grep -lszxF "$mark" /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do kill -9 "$pid"; done;' +
    " kill -9 0) >/dev/null 2>&1 4>&- &",
  'exec 3<&-; exec env "$mark" "$@"',
].join("\n");

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
  readonly #mark = `${MARK}=${uuid()}`;
  /** The processes that it was when it was looked at last. */
  #tree: readonly string[] = [];

  constructor(deployment: Deployment, taskRoot: string, env: Record<string, string>, { onLog, onEnd }: ProcessEvents) {
    const child = spawn("/bin/sh", ["-c", LIFELINE, "sh", this.#mark, ...commandOf(deployment, taskRoot)], {
      cwd: taskRoot,
      env,
      detached: true, // a group of its own, so that all of it can be ended
      stdio: ["pipe", "pipe", "pipe", "ignore", "pipe"],
    });
    this.#child = child;
    eachLine(child.stdout as Readable, onLog);
    eachLine(child.stderr as Readable, onLog);
    eachLine(
      child.stdio[LOG_DESCRIPTOR] as Readable,
      (text) => {
        onLog(messageIn(text));
      },
      MAX_FRAME,
    );
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
    child.once("exit", () => {
      child.stdin?.destroy();
      killMarked(this.#mark);
    });
  }

  /** Ends the process and all that it started. */
  kill(): void {
    const { pid, stdin, exitCode, signalCode } = this.#child;
    const lives = pid !== undefined && exitCode === null && signalCode === null;
    // As long as it lives, which isn't for long once the lifeline is cut, it can be seen what it started: also what
    // left its group and took the mark off.
    const tree = lives ? treeOf(String(pid)) : [];
    stdin?.destroy();
    if (!lives) return;
    kill(-pid);
    for (const one of tree) kill(Number(one));
  }

  /**
   * MB that it uses, with the processes that it started. `anonymous` leaves out what is mapped from files: the
   * Node.js binary alone would fill a small function. It is what the memory limit is held against; where there is no
   * /proc (macOS) only V8's own limit ends a function.
   * @param known whether those processes will do that were found the last time: to look for them, each thread is asked,
   *   which costs more than all else about an invocation's end
   */
  memory(known = false): { readonly residentMb: number; readonly anonymousMb: number } {
    if (!known || this.#tree.length === 0) this.#tree = treeOf(String(this.#child.pid ?? 0));
    let [resident, anonymous] = [0, 0];
    for (const pid of this.#tree) {
      const status = read(`/proc/${pid}/status`);
      resident += Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0);
      anonymous += Number(/RssAnon:\s*(\d+)/.exec(status)?.[1] ?? 0);
    }
    return { residentMb: Math.ceil(resident / 1024), anonymousMb: Math.ceil(anonymous / 1024) };
  }
}

/** A process and what its threads started («proc_pid_task(5)»). */
function treeOf(pid: string): string[] {
  const children = numbersIn(`/proc/${pid}/task`).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean),
  );
  return [pid, ...children.flatMap(treeOf)];
}

/**
 * How often those with the mark are looked for: one that starts others all the time may do so while it is looked for.
 */
const MOST_SEARCHES = 20;

function killMarked(mark: string): void {
  for (let search = 0; search < MOST_SEARCHES; search++) {
    const marked = numbersIn("/proc").filter((pid) => read(`/proc/${pid}/environ`).split("\0").includes(mark));
    if (marked.length === 0) return;
    for (const pid of marked) kill(Number(pid));
  }
}

/** Names in a folder that are numbers; none where there is no such folder. */
function numbersIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Empty where the process is gone, is somebody else's, or the system has no /proc. */
function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/** What the runtime framed; as it is, where the function itself wrote there, or was killed in the middle of it. */
function messageIn(text: string): string {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === "string" ? message : text;
  } catch {
    return text;
  }
}

/** A negative number is a group. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // ESRCH: it ended by itself a moment ago. EPERM: it became another user's (sudo); nobody but that one can end it.
    if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
