// What the platform itself writes into a function's log: start and end of each invocation. «Lambda log formats» and
// «Telemetry API Event schema reference»; the text form is that of «Log and monitor Node.js Lambda functions».
import type { Deployment } from "./variables.ts";

export interface Measured {
  readonly requestId: string;
  readonly durationMs: number;
  /** The time before the first event, only with the first invocation of an environment. */
  readonly initMs?: number | undefined;
  readonly memoryUsedMb: number;
  readonly status: "success" | "error" | "timeout";
  readonly errorType: string | undefined;
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000;
/** Whole milliseconds, the initialisation included since August 2025 («AWS Lambda pricing»). */
export const billedMs = ({ durationMs, initMs = 0 }: Pick<Measured, "durationMs" | "initMs">): number =>
  Math.max(1, Math.ceil(durationMs + initMs));

export function startRecord(deployment: Deployment, requestId: string, functionArn: string, time: Date): string[] {
  const { logFormat, systemLogLevel, version } = deployment;
  if (logFormat === "Text") return [`START RequestId: ${requestId} Version: ${version}`];
  if (systemLogLevel === "WARN") return [];
  return [
    JSON.stringify({ time: time.toISOString(), type: "platform.start", record: { requestId, functionArn, version } }),
  ];
}

export function reportRecords(deployment: Deployment, measured: Measured, time: Date): string[] {
  const { requestId, durationMs, initMs, memoryUsedMb, status, errorType } = measured;
  const billed = billedMs(measured);
  const { memorySize, logFormat, systemLogLevel, timeout } = deployment;
  if (logFormat === "Text") {
    const parts = [
      `REPORT RequestId: ${requestId}`,
      `Duration: ${durationMs.toFixed(2)} ms`,
      `Billed Duration: ${billed} ms`,
      `Memory Size: ${memorySize} MB`,
      `Max Memory Used: ${memoryUsedMb} MB`,
      ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
      ...(status === "success" ? [] : [`Status: ${status}`]),
      ...(errorType === undefined ? [] : [`Error Type: ${errorType}`]),
    ];
    const timedOut = `${time.toISOString()} ${requestId} Task timed out after ${timeout.toFixed(2)} seconds`;
    return [...(status === "timeout" ? [timedOut] : []), `END RequestId: ${requestId}`, `${parts.join("\t")}\t`];
  }
  // WARN keeps only what went wrong: «Log-level filtering», system log level event mapping.
  if (systemLogLevel === "WARN" && status === "success") return [];
  const metrics = {
    durationMs: round(durationMs),
    billedDurationMs: billed,
    memorySizeMB: memorySize,
    maxMemoryUsedMB: memoryUsedMb,
    ...(initMs === undefined ? {} : { initDurationMs: round(initMs) }),
  };
  const record = { requestId, metrics, status, ...(errorType === undefined ? {} : { errorType }) };
  return [JSON.stringify({ time: time.toISOString(), type: "platform.report", record })];
}
