// What AWS's Node.js runtimes do, for nodejs22.x and nodejs24.x: load the handler, ask the Runtime API for the next
// event, answer. «Building a custom runtime», «Define Lambda function handler in Node.js», «Using the Lambda context
// object», «Log and monitor Node.js».
import { existsSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { machineNow, setClockOffset, shiftDate } from "./clock.mjs";

// Imported, node:http would load all of undici for its WebSocket: more than the whole of this.
const { Agent, request } = process.getBuiltinModule("node:http");
const { env } = process;
const [host, port] = env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new Agent({ keepAlive: true, maxSockets: 2 });
let requestId;

setClockOffset(env.EMBEDDED_AWS_CLOCK_OFFSET_MS);
delete env.EMBEDDED_AWS_CLOCK_OFFSET_MS;
shiftDate();

/** One request to the Runtime API. */
function call(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, method, path: `/2018-06-01/runtime/${path}`, headers, agent }, (reply) => {
      const chunks = [];
      reply.on("data", (chunk) => chunks.push(chunk));
      reply.on("end", () => resolve({ headers: reply.headers, status: reply.statusCode, body: Buffer.concat(chunks) }));
      reply.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

// console: one framed record for each message, so that one with line breaks stays one. The descriptor is told by the
// environment.
const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const isJson = env.AWS_LAMBDA_LOG_FORMAT === "JSON";
const threshold = isJson ? LEVELS.indexOf(env.AWS_LAMBDA_LOG_LEVEL ?? "INFO") : 0;
const emit = (text) => writeSync(Number(env._LAMBDA_TELEMETRY_LOG_FD), `${JSON.stringify(text)}\n`);

const withoutCycles = () => {
  const above = [];
  return function (_key, value) {
    if (value instanceof Error) return describe(value);
    if (typeof value === "bigint") return value.toString();
    if (typeof value !== "object" || value === null) return value;
    while (above.length > 0 && above.at(-1) !== this) above.pop();
    if (above.includes(value)) return "[Circular]";
    above.push(value);
    return value;
  };
};
const describe = (error) => ({
  errorType: error.name ?? "Error",
  errorMessage: error.message,
  stackTrace: (error.stack ?? "")
    .split("\n")
    .slice(1)
    .map((line) => line.trim()),
});

function log(level, values) {
  if (LEVELS.indexOf(level) < threshold) return;
  const timestamp = new Date().toISOString();
  if (!isJson) return emit(`${timestamp}\t${requestId}\t${level}\t${format(...values)}`);
  const [only] = values;
  const single = values.length === 1 && typeof only === "object" && only !== null;
  const record = {
    timestamp,
    level,
    requestId,
    message: single && !(only instanceof Error) ? only : format(...values),
  };
  const error = values.find((value) => value instanceof Error);
  emit(JSON.stringify(error ? { ...record, ...describe(error) } : record, withoutCycles()));
}
for (const [method, level] of [
  ["trace", "TRACE"],
  ["debug", "DEBUG"],
  ["log", "INFO"],
  ["info", "INFO"],
  ["warn", "WARN"],
  ["error", "ERROR"],
])
  console[method] = (...values) => log(level, values);

class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

/** The function that `_HANDLER` names: `index.handler`, `folder/file.export`, `file.object.method`. */
async function loadHandler() {
  const [, folder, module, path] = /^(.*\/)?([^./]+)\.(.+)$/.exec(env._HANDLER ?? "") ?? [];
  if (!module) throw new RuntimeError("Runtime.MalformedHandlerName", `Bad handler ${env._HANDLER}`);
  const base = join(env.LAMBDA_TASK_ROOT, folder ?? "", module);
  const file = [".js", ".mjs", ".cjs"].map((ending) => base + ending).find((name) => existsSync(name));
  if (!file)
    throw new RuntimeError("Runtime.ImportModuleError", `Error: Cannot find module '${(folder ?? "") + module}'`);
  let loaded;
  try {
    // Import knows both module systems; what it can't see of a CommonJS module's exports stands in its default.
    loaded = file.endsWith(".cjs") ? createRequire(file)(file) : await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new RuntimeError("Runtime.UserCodeSyntaxError", `SyntaxError: ${error.message}`);
    if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND")
      throw new RuntimeError("Runtime.ImportModuleError", `Error: ${error.message}`);
    throw error;
  }
  const find = (from) => path.split(".").reduce((at, key) => at?.[key], from);
  const handler = find(loaded) ?? find(loaded.default);
  if (handler === undefined)
    throw new RuntimeError("Runtime.HandlerNotFound", `${env._HANDLER} is undefined or not exported`);
  if (typeof handler !== "function")
    throw new RuntimeError("Runtime.HandlerNotFound", `${env._HANDLER} is not a function`);
  if (handler.length < 3) return handler;
  // Node.js 24 has no callbacks any more: «Lambda runtimes», Node.js 24.
  if (env.AWS_EXECUTION_ENV === "AWS_Lambda_nodejs24.x")
    throw new RuntimeError(
      "Runtime.CallbackHandlerDeprecated",
      `${env._HANDLER} takes a callback, which nodejs24.x doesn't support: make it an async function.`,
    );
  return (event, context) =>
    new Promise((resolve, reject) => {
      const result = handler(event, context, (error, value) => (error ? reject(error) : resolve(value)));
      if (typeof result?.then === "function") result.then(resolve, reject);
    });
}

function serialised(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") };
}
async function report(path, error) {
  const body = serialised(error);
  if (error instanceof Error) console.error("Invoke Error", error);
  else console.error("Invoke Error", body);
  await call("POST", path, JSON.stringify(body), {
    "content-type": "application/json",
    "lambda-runtime-function-error-type": body.errorType,
  });
}
// What nobody caught ends the environment, as on AWS: the next event gets a new one.
async function end(type, reason, exitCode) {
  const error = new RuntimeError(type, reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason));
  if (reason instanceof Error) error.stack = reason.stack;
  try {
    await report(requestId === undefined ? "init/error" : `invocation/${requestId}/error`, error);
  } finally {
    process.exit(exitCode);
  }
}
process.on("unhandledRejection", (reason) => void end("Runtime.UnhandledPromiseRejection", reason, 128));
process.on("uncaughtException", (error) => void end(error.name, error, 129));

function contextOf(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const client = headers["lambda-runtime-client-context"];
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    clientContext: client === undefined ? undefined : JSON.parse(client),
    getRemainingTimeInMillis: () => Math.max(0, deadline - machineNow()),
  };
}

let handler;
try {
  handler = await loadHandler();
} catch (error) {
  await report("init/error", error);
  process.exit(1);
}
for (;;) {
  const next = await call("GET", "invocation/next");
  requestId = next.headers["lambda-runtime-aws-request-id"];
  setClockOffset(next.headers["embedded-aws-clock-offset-ms"]);
  // The SDK sends it on with its calls: that is how they are tied to the invocation.
  env._X_AMZN_TRACE_ID = next.headers["lambda-runtime-trace-id"];
  try {
    const result = await handler(JSON.parse(next.body.toString()), contextOf(next.headers));
    const body = JSON.stringify(result) ?? "null";
    const { status, body: answer } = await call("POST", `invocation/${requestId}/response`, body, {
      "content-type": "application/json",
    });
    // A response that is too large has been turned into the invocation's error already.
    if (status !== 202 && status !== 413) throw new Error(`The Runtime API answered ${status}: ${answer}`);
  } catch (error) {
    await report(`invocation/${requestId}/error`, error);
  }
}
