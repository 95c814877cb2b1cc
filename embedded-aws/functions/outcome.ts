// How an invocation ends, in Lambda's words.

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

/**
 * Why a process ended without an answer: we ended it, or it ended by itself in this way (undefined: without an
 * error).
 */
export type End = { readonly killedBy: "timeout" | "memory" } | { readonly reason: string | undefined };

/** The error payloads of processes that ended without an answer: «Troubleshoot invocation issues in Lambda». */
export function endedWithoutAnswer(
  end: End,
  requestId: string,
  timeout: number,
): Pick<Outcome, "payload" | "errorType" | "functionError" | "status"> {
  const [errorType, what] = wordsFor(end, timeout);
  const errorMessage = `RequestId: ${requestId} Error: ${what}`;
  return {
    payload: Buffer.from(JSON.stringify({ errorType, errorMessage })),
    functionError: "Unhandled",
    errorType,
    status: "killedBy" in end && end.killedBy === "timeout" ? "timeout" : "error",
  };
}

function wordsFor(end: End, timeout: number): readonly [errorType: string, what: string] {
  if ("reason" in end)
    return [
      "Runtime.ExitError",
      end.reason === undefined
        ? "Runtime exited without providing a reason"
        : `Runtime exited with error: ${end.reason}`,
    ];
  return end.killedBy === "timeout"
    ? ["Sandbox.Timedout", `Task timed out after ${timeout.toFixed(2)} seconds`]
    : // That the type says so is seen in REPORT lines of late; the API documents only the sentence (not confirmed).
      ["Runtime.OutOfMemory", "Runtime exited with error: signal: killed"];
}

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
