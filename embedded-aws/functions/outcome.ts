// How an invocation ends, in Lambda's words.

export interface Outcome {
  readonly payload: Uint8Array;
  /** AWS says Unhandled for every error of Node.js and custom runtimes. */
  readonly functionError?: "Unhandled";
  /** In REPORT and the trace; the payload has its own. */
  readonly errorType?: string;
  readonly status: "success" | "error" | "timeout";
  readonly durationMs: number;
  readonly initMs?: number;
  readonly memoryUsedMb: number;
}

/**
 * Why a process ended without an answer: we ended it, or it ended by itself in this way (undefined: without an
 * error).
 */
export type End = { readonly killedBy: "timeout" | "memory" } | { readonly reason: string | undefined };

/**
 * The error payloads of processes that ended without an answer: «Troubleshoot invocation issues in Lambda». Of one that
 * was killed for its memory it says ExitError, as of any other (published: awslabs/amazon-s3-find-and-forget #283,
 * 2021); REPORT and the platform's log say OutOfMemory (published since 2025, so in nasa-gcn/gcn.nasa.gov #3628, 2026).
 */
export function endedWithoutAnswer(
  end: End,
  requestId: string,
  timeout: number,
): Pick<Outcome, "payload" | "errorType" | "functionError" | "status"> {
  const { errorType, what, reported = errorType } = wordsFor(end, timeout);
  const errorMessage = `RequestId: ${requestId} Error: ${what}`;
  return {
    payload: Buffer.from(JSON.stringify({ errorType, errorMessage })),
    functionError: "Unhandled",
    errorType: reported,
    status: "killedBy" in end && end.killedBy === "timeout" ? "timeout" : "error",
  };
}

function wordsFor(end: End, timeout: number): { errorType: string; what: string; reported?: string } {
  if ("reason" in end)
    return exit(end.reason === undefined ? "without providing a reason" : `with error: ${end.reason}`);
  return end.killedBy === "timeout"
    ? { errorType: "Sandbox.Timedout", what: `Task timed out after ${timeout.toFixed(2)} seconds` }
    : { ...exit("with error: signal: killed"), reported: "Runtime.OutOfMemory" };
}

const exit = (how: string) => ({ errorType: "Runtime.ExitError", what: `Runtime exited ${how}` });

/** What an error's payload says of it, as far as that is text: a custom runtime may report anything. */
export function errorOf(payload: Uint8Array): { readonly errorType?: string; readonly errorMessage?: string } {
  try {
    const error = JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown> | null;
    const text = (name: string) => (typeof error?.[name] === "string" ? { [name]: error[name] } : {});
    return { ...text("errorType"), ...text("errorMessage") };
  } catch {
    return {};
  }
}
