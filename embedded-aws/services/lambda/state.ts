// What Lambda keeps of a function, and how calls name one.
import { createHash } from "node:crypto";
import type { Architecture } from "@aws-sdk/client-lambda";
import { arn, type Place } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import type { StoredPolicy } from "../../core/managed-policy.ts";
import { uuid } from "../../core/ids.ts";
import { pageByKey } from "../../core/paging.ts";
import type { Call } from "../../core/service.ts";
import { stateOf } from "../../core/state.ts";
import { resourceTagKeys } from "../../core/tags.ts";
import type { RuntimeName } from "../../functions/variables.ts";

export interface LoggingSettings {
  readonly LogFormat: "JSON" | "Text";
  readonly ApplicationLogLevel?: string;
  readonly SystemLogLevel?: string;
  readonly LogGroup: string;
}
/** What a version freezes. */
export interface Settings {
  readonly role: string;
  readonly runtime: RuntimeName;
  readonly handler: string | undefined;
  readonly description: string;
  /** Seconds. */
  readonly timeout: number;
  /** MB. */
  readonly memorySize: number;
  readonly architectures: readonly Architecture[];
  readonly variables: Readonly<Record<string, string>> | undefined;
  readonly logging: LoggingSettings;
}
export interface Version {
  readonly version: string;
  readonly settings: Settings;
  readonly zip: Uint8Array;
  readonly codeSha256: string;
  readonly modifiedAt: Date;
  readonly revisionId: string;
}
export interface Alias {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly revisionId: string;
}
export interface EventInvokeConfig {
  readonly qualifier: string;
  readonly maximumRetryAttempts: number | undefined;
  /** Seconds. */
  readonly maximumEventAge: number | undefined;
  readonly onFailure: string | undefined;
  readonly modifiedAt: Date;
}
export interface ResourcePolicy extends StoredPolicy {
  readonly revisionId: string;
}
export interface LambdaFunction extends Place {
  readonly name: string;
  /** Tells apart a function and a later namesake. */
  readonly id: string;
  latest: Version;
  /** Published ones by number, in order. */
  readonly versions: Map<string, Version>;
  nextVersion: number;
  /** What the newest version was made of: nothing else, and there is a new one. */
  published: { readonly from: string; readonly version: string } | undefined;
  readonly aliases: Map<string, Alias>;
  /** By qualifier; "" is the function itself. */
  readonly policies: Map<string, ResourcePolicy>;
  /** By qualifier; "$LATEST" is the function itself. */
  readonly eventInvokeConfigs: Map<string, EventInvokeConfig>;
  reservedConcurrency: number | undefined;
  running: number;
  readonly tags: Map<string, string>;
}
export const STATE = stateOf("lambda", () => ({ functions: new Map<string, LambdaFunction>() }));
export const newRevision = uuid;

/** A function as a call names it: by name, partial ARN or ARN, with or without a qualifier. */
export interface Named extends Place {
  readonly name: string;
  readonly qualifier: string | undefined;
}
const NAME =
  /^(?:arn:aws[a-z-]*:lambda:(?<region>[a-z0-9-]+):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[\w-]+)(?::(?<qualifier>\$LATEST|[\w-]{1,128}))?$/;

/**
 * @throws AwsError ValidationException for what is no name; InvalidParameterValueException for two qualifiers that
 *   differ; ResourceNotFoundException for another Region (recorded on AWS by another project's tests)
 */
export function named(
  input: { FunctionName?: string | undefined; Qualifier?: string | undefined },
  place: Place,
): Named {
  const { FunctionName: text = "" } = input;
  const groups = NAME.exec(text)?.groups;
  if (!groups)
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member ` +
        "must satisfy regular expression pattern: " +
        "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?" +
        "([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?",
      { status: 400 },
    );
  const { region, account, name = "", qualifier } = groups;
  if (qualifier !== undefined && input.Qualifier !== undefined && qualifier !== input.Qualifier)
    throw new AwsError(
      "InvalidParameterValueException",
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  if (region !== undefined && region !== place.region)
    throw notFound(`Functions from '${region}' are not reachable in this region ('${place.region}')`);
  return {
    region: place.region,
    account: account ?? place.account,
    name,
    qualifier: input.Qualifier ?? qualifier,
  };
}

export const functionArn = (of: Named | LambdaFunction, qualifier?: string): string =>
  arn("lambda", of, `function:${of.name}${qualifier === undefined ? "" : `:${qualifier}`}`);

export const notFound = (what: string): AwsError => new AwsError("ResourceNotFoundException", what);

const versionNotFound = (of: LambdaFunction, qualifier: string) =>
  notFound(`Function not found: ${functionArn(of, qualifier)}`);

/**
 * Of what has no version by that name: whether an alias was meant (recorded on AWS by another project's tests, of
 * permissions).
 */
export const aliasNotFound = (of: LambdaFunction, qualifier: string): AwsError =>
  /^(?!\d+$)[\w-]+$/.test(qualifier)
    ? notFound(`Cannot find alias arn: ${functionArn(of, qualifier)}`)
    : versionNotFound(of, qualifier);

export const find = (of: Named, call: Call): LambdaFunction | undefined =>
  call.cloud.state(STATE, of).functions.get(of.name);

export function functionOf(of: Named, call: Call): LambdaFunction {
  const found = find(of, call);
  if (!found) throw notFound(`Function not found: ${functionArn(of, of.qualifier)}`);
  return found;
}

/** The version that a qualifier means now: $LATEST, a number, or an alias. */
export function versionOf(of: LambdaFunction, qualifier: string | undefined): Version {
  if (qualifier === undefined || qualifier === "$LATEST") return of.latest;
  const version = of.versions.get(of.aliases.get(qualifier)?.version ?? qualifier);
  if (of.aliases.get(qualifier)?.version === "$LATEST") return of.latest;
  if (!version) throw versionNotFound(of, qualifier);
  return version;
}

/** Authorisation by the function's ARN, with the qualifier where the call names one. */
export const onFunction =
  (action: string) => (input: { FunctionName?: string | undefined; Qualifier?: string | undefined }, call: Call) => {
    const of = named(input, call);
    const found = find(of, call);
    const policy = found?.policies.get(of.qualifier ?? "");
    return {
      action: `lambda:${action}`,
      resource: functionArn(of, of.qualifier),
      resourceAccount: of.account,
      context: { "lambda:FunctionArn": functionArn(of, of.qualifier), ...resourceTagKeys(found?.tags) },
      ...(policy
        ? {
            resourcePolicy: {
              kind: "resource" as const,
              name: `resource policy of function ${of.name}${of.qualifier === undefined ? "" : `:${of.qualifier}`}`,
              policy: policy.policy,
            },
          }
        : {}),
    };
  };

/** Lambda gives no more than this, whatever is asked for (`ListFunctions` in the API reference). */
const PAGE = 50;

/** One page of a listing, and how Lambda says where the next one begins. */
export function pageOf<Item>(
  all: Iterable<Item>,
  keyOf: (item: Item) => string,
  input: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
): { readonly items: Item[]; readonly end: { readonly NextMarker?: string } } {
  const limit = Math.min(input.MaxItems ?? PAGE, PAGE);
  const { items, next } = pageByKey(all, keyOf, { token: input.Marker, limit, code: "InvalidParameterValueException" });
  return { items, end: next === undefined ? {} : { NextMarker: next } };
}

/** The shape that most operations answer with; listings leave three of its members out ({@link listed}). */
export const configuration = (of: LambdaFunction, version: Version, qualifier?: string) => ({
  ...listed(of, version, qualifier),
  // AWS is Pending for seconds; here a function is ready as soon as it is there.
  State: "Active" as const,
  LastUpdateStatus: "Successful" as const,
  // The digits say which build of the runtime it is; here they are the runtime's name.
  RuntimeVersionConfig: {
    RuntimeVersionArn: arn("lambda", { ...of, account: "" }, `runtime:${sha256(version.settings.runtime)}`),
  },
});

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The shape of listings. */
export function listed(of: LambdaFunction, version: Version, qualifier?: string) {
  const { settings } = version;
  const shown = qualifier ?? (version.version === "$LATEST" ? undefined : version.version);
  return {
    FunctionName: of.name,
    FunctionArn: functionArn(of, shown),
    Runtime: settings.runtime,
    Role: settings.role,
    ...(settings.handler === undefined ? {} : { Handler: settings.handler }),
    CodeSize: version.zip.length,
    Description: settings.description,
    Timeout: settings.timeout,
    MemorySize: settings.memorySize,
    // As Lambda writes it: an offset without a colon.
    LastModified: version.modifiedAt.toISOString().replace("Z", "+0000"),
    CodeSha256: version.codeSha256,
    Version: version.version,
    ...(settings.variables ? { Environment: { Variables: { ...settings.variables } } } : {}),
    TracingConfig: { Mode: "PassThrough" as const },
    RevisionId: version.revisionId,
    PackageType: "Zip" as const,
    Architectures: [...settings.architectures],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: "None" as const, OptimizationStatus: "Off" as const },
    LoggingConfig: settings.logging as never,
  };
}
