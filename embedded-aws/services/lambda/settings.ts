// What a client asks of a function, checked: CreateFunction and UpdateFunctionConfiguration of the Lambda API
// reference.
import type { CreateFunctionRequest, UpdateFunctionConfigurationRequest } from "@aws-sdk/client-lambda";
import { decide } from "../../core/authorization.ts";
import { AwsError, messageOf, notModelled } from "../../core/errors.ts";
import { serviceCaller } from "../../core/identity.ts";
import type { Call } from "../../core/service.ts";
import { BadArchive, readArchive } from "../../functions/code.ts";
import { RESERVED, RUNTIMES, type RuntimeName } from "../../functions/variables.ts";
import type { LoggingSettings, Settings } from "./state.ts";

export const LAMBDA = "lambda.amazonaws.com";
export const invalid = (message: string): AwsError => new AwsError("InvalidParameterValueException", message);

/** Bytes of all environment variables («Lambda quotas»). */
const MAX_VARIABLES = 4096;
/** Bytes of an archive that is uploaded in the request («Lambda quotas»). */
const MAX_ZIP = 50 * 1024 * 1024;

type Asked = Partial<CreateFunctionRequest> & UpdateFunctionConfigurationRequest;

/**
 * The settings that the input asks for, over those that there are.
 * @throws AwsError InvalidParameterValueException, NotModelledHere
 */
export function settingsOf(name: string, input: Asked, call: Call, before?: Settings): Settings {
  const runtime = input.Runtime ?? before?.runtime;
  const handler = input.Handler ?? before?.handler;
  if (runtime === undefined || handler === undefined)
    throw invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.");
  if (!RUNTIMES.includes(runtime as RuntimeName))
    throw notModelled(`The runtime ${runtime} (there are ${RUNTIMES.join(", ")})`);
  const role = input.Role ?? before?.role ?? "";
  if (input.Role !== undefined) checkRole(role, call);
  const variables = input.Environment ? variablesOf(input.Environment.Variables ?? {}) : before?.variables;
  return {
    role,
    runtime: runtime as RuntimeName,
    handler,
    description: input.Description ?? before?.description ?? "",
    timeout: input.Timeout ?? before?.timeout ?? 3,
    memorySize: input.MemorySize ?? before?.memorySize ?? 128,
    // The processor is the machine's own, whatever is asked for; Node.js and scripts don't mind.
    architectures: input.Architectures ?? before?.architectures ?? ["x86_64"],
    variables,
    logging: loggingOf(name, input.LoggingConfig, before?.logging),
  };
}

/** Lambda tries the role when it is set: «The role defined for the function cannot be assumed by Lambda.» */
function checkRole(roleArn: string, call: Call): void {
  const role = call.cloud.identities.role(roleArn);
  const asLambda = { ...call, caller: serviceCaller(LAMBDA, "", call.account) };
  const trusted =
    role &&
    decide(asLambda, {
      action: "sts:AssumeRole",
      resource: roleArn,
      resourcePolicy: { kind: "trust", name: `trust policy of role ${role.name}`, policy: role.trust.policy },
    }).decision.allowed;
  if (!trusted) throw invalid("The role defined for the function cannot be assumed by Lambda.");
}

function variablesOf(variables: Record<string, string>): Record<string, string> {
  const names = Object.keys(variables);
  const reserved = names.filter((name) => (RESERVED as readonly string[]).includes(name));
  if (reserved.length > 0)
    throw invalid(
      "Lambda was unable to configure your environment variables because the environment variables you have " +
        "provided contains reserved keys that are currently not supported for modification. Reserved keys " +
        `used in this request: ${reserved.join(", ")}`,
    );
  // A function that could send its calls elsewhere would leave the embedded AWS.
  const endpoint = names.find(
    (name) =>
      name.startsWith("AWS_ENDPOINT_URL") ||
      // And what would run instead of the runtime (a wrapper that is missing ends in Runtime.ExitError on AWS).
      ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_LAMBDA_EXEC_WRAPPER"].includes(name),
  );
  if (endpoint !== undefined) throw notModelled(`The environment variable ${endpoint} of a function`);
  if (Buffer.byteLength(JSON.stringify(variables)) > MAX_VARIABLES)
    throw invalid(
      "Lambda was unable to configure your environment variables because the environment variables you have " +
        `provided exceeded the 4KB limit. String measured: ${JSON.stringify(variables)}`,
    );
  return { ...variables };
}

function loggingOf(name: string, asked: Asked["LoggingConfig"], before: LoggingSettings | undefined): LoggingSettings {
  const LogFormat = asked?.LogFormat ?? before?.LogFormat ?? "Text";
  const LogGroup = asked?.LogGroup ?? before?.LogGroup ?? `/aws/lambda/${name}`;
  if (LogFormat === "Text") {
    if (asked?.ApplicationLogLevel !== undefined || asked?.SystemLogLevel !== undefined)
      throw invalid("Log levels can be set only where LogFormat is JSON.");
    return { LogFormat, LogGroup };
  }
  return {
    LogFormat,
    LogGroup,
    ApplicationLogLevel: asked?.ApplicationLogLevel ?? before?.ApplicationLogLevel ?? "INFO",
    SystemLogLevel: asked?.SystemLogLevel ?? before?.SystemLogLevel ?? "INFO",
  };
}

/** The archive of a request. @throws AwsError for one that is missing, elsewhere, or no archive */
export function zipOf(code: { ZipFile?: Uint8Array | undefined }): Uint8Array {
  if (!code.ZipFile) throw invalid("Please provide a source for function code.");
  if (code.ZipFile.length > MAX_ZIP)
    throw new AwsError("RequestEntityTooLargeException", `Zipped size must be smaller than ${MAX_ZIP} bytes`, {
      status: 413,
    });
  try {
    readArchive(code.ZipFile);
  } catch (error) {
    if (error instanceof BadArchive) throw invalid(messageOf(error));
    throw error;
  }
  return code.ZipFile;
}
