// Runs a version of a function once: environment, keys of the execution role, log, measurements.
import { randomBytes } from "node:crypto";
import { AwsError } from "../../core/errors.ts";
import type { Cloud } from "../../core/service.ts";
import { serviceCaller, type Caller } from "../../core/identity.ts";
import { emitMetric } from "../../core/metrics.ts";
import { childSpan, traceHeader, type Span } from "../../core/trace.ts";
import { CodeFolders } from "../../functions/code.ts";
import { ExecutionEnvironment } from "../../functions/execution-environment.ts";
import { Fleet, WAIT_MS } from "../../functions/fleet.ts";
import { errorOf, type Outcome } from "../../functions/outcome.ts";
import { billedMs, reportRecords, startRecord } from "../../functions/report.ts";
import type { Deployment, SessionKeys } from "../../functions/variables.ts";
import { FunctionLog } from "./function-log.ts";
import { LAMBDA } from "./settings.ts";
import { functionArn, type LambdaFunction, type Version } from "./state.ts";

interface Machines {
  readonly life: AbortSignal;
  readonly fleet: Fleet;
  readonly folders: CodeFolders;
  readonly logs: WeakMap<ExecutionEnvironment, FunctionLog>;
}
/** By the cloud's life: what outlives one has no machines in the next. */
const MACHINES = new WeakMap<AbortSignal, Machines>();
/** @throws Stopped */
function machinesOf({ life, clock }: Cloud): Machines {
  life.throwIfAborted();
  let machines = MACHINES.get(life);
  if (!machines) {
    machines = { life, fleet: new Fleet(() => clock.now(), life), folders: new CodeFolders(), logs: new WeakMap() };
    MACHINES.set(life, machines);
  }
  return machines;
}
export const fleetOf = (cloud: Cloud): Fleet => machinesOf(cloud).fleet;

/** Ends every process and removes what was unpacked. */
export async function stopMachines(cloud: Cloud): Promise<void> {
  const machines = MACHINES.get(cloud.life);
  await machines?.fleet.stop();
  machines?.folders.remove();
}

export interface Run {
  readonly of: LambdaFunction;
  readonly version: Version;
  /** What the caller named: for the invoked ARN, and the metrics of an alias. */
  readonly qualifier: string | undefined;
  readonly requestId: string;
  readonly payload: Uint8Array;
  readonly cause: Span;
  /** Synchronous calls are throttled where asynchronous ones wait. */
  readonly patient: boolean;
}
export interface Ran extends Outcome {
  /** The last 4 KB of the log of this run. */
  readonly logTail: string;
}

const throttled = (reason: string, message: string): AwsError =>
  new AwsError("TooManyRequestsException", message, {
    fields: { Reason: reason, retryAfterSeconds: "1" },
  });

/**
 * @throws AwsError TooManyRequestsException, or AccessDeniedException where the role can't be assumed; Stopped, also
 * where the function ran and was ended with the cloud
 */
export async function run(cloud: Cloud, asked: Run): Promise<Ran> {
  const { of, version, qualifier, requestId } = asked;
  const machines = machinesOf(cloud);
  const { life, fleet, logs } = machines;
  const measure = measuring(cloud, of, qualifier);
  if (of.reservedConcurrency !== undefined && of.running >= of.reservedConcurrency) {
    measure("Throttles", 1);
    throw throttled("ReservedFunctionConcurrentInvocationLimitExceeded", "Rate Exceeded.");
  }
  of.running++;
  measure("ConcurrentExecutions", of.running);
  const span = childSpan(asked.cause);
  const key = `${of.id}/${version.version}/${version.revisionId}`;
  let environment: ExecutionEnvironment | undefined;
  try {
    environment = await fleet.acquire(
      key,
      () => start(cloud, machines, of, version, span),
      asked.patient ? undefined : WAIT_MS,
    );
    life.throwIfAborted();
    if (!environment) {
      measure("Throttles", 1);
      throw throttled("ConcurrentInvocationLimitExceeded", "Rate Exceeded.");
    }
    const { deployment } = environment;
    const log = logs.get(environment) as FunctionLog;
    const at = cloud.clock.now();
    const invokedArn = functionArn(of, qualifier);
    log.begin(span, startRecord(deployment, requestId, invokedArn, cloud.clock.date()));
    const outcome = await environment.invoke({
      requestId,
      payload: asked.payload,
      functionArn: invokedArn,
      traceHeader: traceHeader(span),
      clockOffsetMs: cloud.clock.offsetMs,
    });
    life.throwIfAborted();
    const logTail = log.end(
      reportRecords(
        deployment,
        { ...outcome, requestId, initMs: outcome.initMs, errorType: outcome.errorType },
        cloud.clock.date(),
      ),
    );
    measure("Invocations", 1);
    measure("Errors", outcome.functionError ? 1 : 0);
    measure("Duration", outcome.durationMs);
    cloud.trace.count(of.account, "lambda:requests");
    cloud.trace.count(of.account, "lambda:gbSeconds", (billedMs(outcome) / 1000) * (deployment.memorySize / 1024));
    note(cloud, asked, span, at, outcome, log.takeSaid());
    return { ...outcome, logTail };
  } finally {
    of.running--;
    if (environment) fleet.release(key, environment);
  }
}

function note(
  cloud: Cloud,
  { of, version, requestId, qualifier }: Run,
  span: Span,
  at: number,
  outcome: Outcome,
  logged: readonly string[],
): void {
  const { durationMs, initMs, functionError, errorType } = outcome;
  const message = functionError ? (errorOf(outcome.payload).errorMessage ?? "The function failed.") : "";
  cloud.effect({
    span,
    at,
    ms: durationMs + (initMs ?? 0),
    account: of.account,
    region: of.region,
    service: "lambda",
    name: "FunctionRan",
    principal: version.settings.role,
    outcome: functionError ? "failed" : "ok",
    ...(functionError ? { error: { code: errorType ?? functionError, message } } : {}),
    detail: {
      functionArn: functionArn(of, qualifier),
      version: version.version,
      requestId,
      durationMs: Math.round(durationMs * 100) / 100,
      ...(initMs === undefined ? {} : { coldStartMs: Math.round(initMs) }),
      ...(logged.length === 0 ? {} : { logged }),
    },
  });
}

/**
 * AWS/Lambda metrics by function, and by alias or version where one was called: «Types of metrics for Lambda
 * functions».
 */
export function measuring(cloud: Cloud, of: LambdaFunction, qualifier: string | undefined) {
  const { name } = of;
  return (metric: string, value: number): void => {
    emitMetric(cloud, of, "AWS/Lambda", metric, { FunctionName: name }, value);
    emitMetric(cloud, of, "AWS/Lambda", metric, {}, value);
    if (qualifier !== undefined)
      emitMetric(cloud, of, "AWS/Lambda", metric, { FunctionName: name, Resource: `${name}:${qualifier}` }, value);
  };
}

/**
 * The execution role, assumed as Lambda does it: by its trust policy, named after the function. A session's name has
 * two characters at least, a function's may have one: how AWS calls that session isn't documented.
 */
export async function assumeRole(
  cloud: Cloud,
  of: LambdaFunction,
  roleArn: string,
  cause: Span,
): Promise<{ keys: SessionKeys; caller: Caller }> {
  const input = { RoleArn: roleArn, RoleSessionName: of.name.padEnd(2, "_") };
  const caller = serviceCaller(LAMBDA, functionArn(of), of.account);
  let answer: { Credentials: { AccessKeyId: string } };
  try {
    answer = (await cloud.call({
      service: "sts",
      operation: "AssumeRole",
      input,
      caller,
      account: of.account,
      region: of.region,
      cause,
    })) as typeof answer;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // The code that Invoke gives isn't documented (not confirmed); the sentence is CreateFunction's.
    throw new AwsError("AccessDeniedException", "The role defined for the function cannot be assumed by Lambda.", {
      status: 403,
    });
  }
  const credential = cloud.identities.credential(answer.Credentials.AccessKeyId);
  if (credential?.sessionToken === undefined || credential.expiresAt === undefined)
    throw new Error(`STS gave keys for ${roleArn} that nobody knows.`);
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = credential;
  return {
    keys: { accessKeyId, secretAccessKey, sessionToken, expiresAt },
    caller: { ...credential.caller, credential },
  };
}

async function start(
  cloud: Cloud,
  { folders, logs }: Machines,
  of: LambdaFunction,
  version: Version,
  span: Span,
): Promise<ExecutionEnvironment> {
  const { settings, zip } = version;
  const { keys, caller } = await assumeRole(cloud, of, settings.role, span);
  const deployment: Deployment = {
    account: of.account,
    region: of.region,
    functionName: of.name,
    version: version.version,
    runtime: settings.runtime,
    handler: settings.handler ?? "",
    memorySize: settings.memorySize,
    timeout: settings.timeout,
    variables: settings.variables ?? {},
    logGroup: settings.logging.LogGroup,
    logFormat: settings.logging.LogFormat,
    applicationLogLevel: settings.logging.ApplicationLogLevel ?? "INFO",
    systemLogLevel: settings.logging.SystemLogLevel ?? "INFO",
    zip,
    codeSha256: version.codeSha256,
  };
  const day = cloud.clock.date().toISOString().slice(0, 10).replaceAll("-", "/");
  const logStream = `${day}/[${version.version}]${randomBytes(16).toString("hex")}`;
  const log = new FunctionLog(cloud, of, caller, deployment.logGroup, logStream, span);
  const environment = await ExecutionEnvironment.start({
    deployment,
    keys,
    endpoint: cloud.endpoint,
    taskRoot: folders.folderOf(zip, version.codeSha256),
    privateFolder: folders.privateFolder(),
    logStream,
    clockOffsetMs: cloud.clock.offsetMs,
    onLog: (text) => {
      log.say(text);
    },
  });
  logs.set(environment, log);
  return environment;
}
