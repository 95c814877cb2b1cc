// The environment variables of a function's process: built from scratch, nothing of the machine's own gets in.
// «Working with Lambda environment variables», defined runtime environment variables.

/** Set by Lambda, and refused as a function's own. */
export const RESERVED = [
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
] as const;

export const RUNTIMES = ["nodejs22.x", "nodejs24.x", "provided.al2023"] as const;
export type RuntimeName = (typeof RUNTIMES)[number];

/** What runs in an environment, and as whom. */
export interface Deployment {
  readonly account: string;
  readonly region: string;
  readonly functionName: string;
  readonly version: string;
  readonly runtime: RuntimeName;
  readonly handler: string;
  /** MB. */
  readonly memorySize: number;
  /** Seconds. */
  readonly timeout: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logFormat: "JSON" | "Text";
  readonly applicationLogLevel: string;
  readonly systemLogLevel: string;
  readonly zip: Uint8Array;
  readonly codeSha256: string;
}
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since 1970, by the cloud's clock. */
  readonly expiresAt: number;
}

export function processVariables(
  deployment: Deployment,
  keys: SessionKeys,
  at: {
    readonly endpoint: string;
    readonly taskRoot: string;
    readonly privateFolder: string;
    readonly runtimeApi: string;
    readonly logStream: string;
    readonly logDescriptor: number;
    readonly clockOffsetMs: number;
  },
): Record<string, string> {
  const { runtime } = deployment;
  const isNode = runtime !== "provided.al2023";
  return {
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: "/usr/local/bin:/usr/bin:/bin",
    ...deployment.variables,
    _HANDLER: deployment.handler,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    AWS_REGION: deployment.region,
    AWS_DEFAULT_REGION: deployment.region,
    ...(isNode ? { AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}` } : {}),
    AWS_LAMBDA_FUNCTION_NAME: deployment.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: deployment.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(deployment.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: deployment.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: at.logStream,
    AWS_LAMBDA_LOG_FORMAT: deployment.logFormat,
    ...(deployment.logFormat === "JSON" ? { AWS_LAMBDA_LOG_LEVEL: deployment.applicationLogLevel } : {}),
    ...(isNode ? { _LAMBDA_TELEMETRY_LOG_FD: String(at.logDescriptor) } : {}),
    AWS_LAMBDA_RUNTIME_API: at.runtimeApi,
    LAMBDA_TASK_ROOT: at.taskRoot,
    LAMBDA_RUNTIME_DIR: import.meta.dirname,
    // Not on AWS: the cloud's clock (the runtime takes it away again), that every call comes here, and that neither the
    // user's own AWS profiles nor temporary files are in reach.
    ...(isNode ? { EMBEDDED_AWS_CLOCK_OFFSET_MS: String(at.clockOffsetMs) } : {}),
    AWS_ENDPOINT_URL: at.endpoint,
    HOME: at.privateFolder,
    TMPDIR: at.privateFolder,
  };
}
