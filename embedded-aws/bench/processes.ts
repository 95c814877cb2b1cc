// Processor time of processes, from /proc («proc_pid_stat(5)», «proc_pid_environ(5)»). Where there is none (macOS)
// nothing is known of the functions.
import { readFileSync } from "node:fs";

/** Seconds of processor time that the child processes of `pid` have had, by the name of the function that they run. */
export function functionsCpu(pid: number): Record<string, number> {
  const seconds: Record<string, number> = {};
  for (const child of read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean)) {
    const name = /(?:^|\0)AWS_LAMBDA_FUNCTION_NAME=([^\0]*)/.exec(read(`/proc/${child}/environ`))?.[1];
    if (name !== undefined) seconds[name] = (seconds[name] ?? 0) + cpuOf(child);
  }
  return seconds;
}

/**
 * utime and stime, fields 14 and 15, in hundredths of a second. The second field may hold spaces: one counts from its
 * end.
 */
function cpuOf(pid: string): number {
  const fields = read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    // The process ended a moment ago, or the system has no /proc.
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw error;
  }
}
