// Functions, their code and configuration, versions, concurrency and tags.
import type { Lambda } from "@aws-sdk/client-lambda";
import { parseArn } from "../../core/arn.ts";
import { AwsError } from "../../core/errors.ts";
import { uuid } from "../../core/ids.ts";
import { operations, type Call, type Permission } from "../../core/service.ts";
import { creating, mergedTags } from "../../core/tags.ts";
import { codeSha256 } from "../../functions/code.ts";
import { fleetOf } from "./running.ts";
import { invalid, LAMBDA, settingsOf, zipOf } from "./settings.ts";
import { TOO_MANY } from "./tags.ts";
import {
  STATE,
  configuration,
  functionArn,
  functionOf,
  listed,
  named,
  newRevision,
  onFunction,
  pageOf,
  versionOf,
  type LambdaFunction,
  type Version,
} from "./state.ts";

const MAX_NAME = 64;

const passRole = (role: string | undefined): Permission[] =>
  role === undefined ? [] : [{ action: "iam:PassRole", resource: role, context: { "iam:PassedToService": LAMBDA } }];

function checkPassed(role: string | undefined, call: Call): void {
  if (role !== undefined && parseArn(role)?.account !== call.account)
    throw new AwsError("AccessDeniedException", "Cross-account pass role is not allowed.", { status: 403 });
}

/**
 * Freezes $LATEST. Code and settings that were frozen last make no new version («Manage Lambda function versions»); a
 * description is a setting like the others (recorded on AWS by another project's tests).
 */
function publish(of: LambdaFunction, description: string | undefined, now: Date): Version {
  const { latest } = of;
  const from = JSON.stringify([latest.codeSha256, latest.settings]);
  const newest = of.published && of.versions.get(of.published.version);
  if (newest && of.published?.from === from) return newest;
  const version: Version = {
    ...latest,
    version: String(of.nextVersion++),
    settings: { ...latest.settings, description: description ?? latest.settings.description },
    revisionId: newRevision(),
    modifiedAt: now,
  };
  of.versions.set(version.version, version);
  of.published = { from, version: version.version };
  return version;
}

/** Replaces $LATEST; what runs of it ends. */
function change(of: LambdaFunction, call: Call, changes: Partial<Version>): void {
  of.latest = { ...of.latest, ...changes, modifiedAt: call.time, revisionId: newRevision() };
  fleetOf(call.cloud).retire(`${of.id}/$LATEST/`);
}

// CloudTrail leaves out code and environment variables: «Logging Lambda API calls using AWS CloudTrail».
const withoutSecrets = (input: object): object => ({
  ...input,
  Code: undefined,
  ZipFile: undefined,
  Environment: undefined,
});
const record = { request: withoutSecrets, response: withoutSecrets };

export const functions = operations<Lambda>({
  CreateFunction: {
    // Seen from AWS: tags at creation need lambda:TagResource on the function too.
    authorize: (input, call) => [
      ...[creating(onFunction("CreateFunction")(input, call), "lambda:TagResource", input.Tags)].flat(),
      ...passRole(input.Role),
    ],
    record,
    run: (input, call) => {
      const { account, region, name, qualifier } = named(input, call);
      if (qualifier !== undefined || account !== call.account)
        throw invalid(`A new function is named by its own name, not "${input.FunctionName ?? ""}".`);
      if (name.length > MAX_NAME)
        throw invalid(
          `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy constraint: Member ` +
            `must have length less than or equal to ${MAX_NAME}`,
        );
      checkPassed(input.Role, call);
      const { functions: all } = call.cloud.state(STATE, call);
      const settings = settingsOf(name, input, call);
      const zip = zipOf(input.Code ?? {});
      if (all.has(name)) throw new AwsError("ResourceConflictException", `Function already exist: ${name}`);
      const latest: Version = {
        version: "$LATEST",
        settings,
        zip,
        codeSha256: codeSha256(zip),
        modifiedAt: call.time,
        revisionId: newRevision(),
      };
      const of: LambdaFunction = {
        account,
        region,
        name,
        id: uuid(),
        latest,
        versions: new Map(),
        nextVersion: 1,
        published: undefined,
        aliases: new Map(),
        policies: new Map(),
        eventInvokeConfigs: new Map(),
        reservedConcurrency: undefined,
        running: 0,
        tags: mergedTags(new Map(), input.Tags, invalid, TOO_MANY),
      };
      all.set(name, of);
      if (!input.Publish) return configuration(of, latest);
      // The version's number beside an ARN without it (recorded on AWS by another project's tests).
      return { ...configuration(of, publish(of, undefined, call.time)), FunctionArn: functionArn(of) };
    },
  },
  GetFunction: {
    authorize: onFunction("GetFunction"),
    run: (input, call) => {
      const of = functionOf(named(input, call), call);
      const { qualifier } = named(input, call);
      return {
        Configuration: configuration(of, versionOf(of, qualifier), qualifier),
        // AWS gives a link to download the archive from; here there is none to give.
        Code: { RepositoryType: "S3" },
        ...(of.tags.size > 0 ? { Tags: Object.fromEntries(of.tags) } : {}),
        ...(of.reservedConcurrency === undefined
          ? {}
          : { Concurrency: { ReservedConcurrentExecutions: of.reservedConcurrency } }),
      };
    },
  },
  GetFunctionConfiguration: {
    authorize: onFunction("GetFunctionConfiguration"),
    run: (input, call) => {
      const at = named(input, call);
      const of = functionOf(at, call);
      return configuration(of, versionOf(of, at.qualifier), at.qualifier);
    },
  },
  GetFunctionCodeSigningConfig: {
    authorize: onFunction("GetFunctionCodeSigningConfig"),
    // No function here has one. On AWS the member that would name it is absent then: not confirmed.
    run: (input, call) => ({ FunctionName: functionOf(named(input, call), call).name }),
  },
  ListFunctions: {
    authorize: () => ({ action: "lambda:ListFunctions", resource: "*" }),
    run: (input, call) => {
      const { items, end } = pageOf(call.cloud.state(STATE, call).functions.values(), ({ name }) => name, input);
      return { Functions: items.map((of) => listed(of, of.latest)), ...end };
    },
  },
  UpdateFunctionCode: {
    authorize: onFunction("UpdateFunctionCode"),
    record,
    run: (input, call) => {
      const of = functionOf(named(input, call), call);
      const zip = zipOf(input);
      const architectures = input.Architectures ?? of.latest.settings.architectures;
      change(of, call, { zip, codeSha256: codeSha256(zip), settings: { ...of.latest.settings, architectures } });
      return configuration(of, input.Publish ? publish(of, undefined, call.time) : of.latest);
    },
  },
  UpdateFunctionConfiguration: {
    authorize: (input, call) => [onFunction("UpdateFunctionConfiguration")(input, call), ...passRole(input.Role)],
    record,
    run: (input, call) => {
      const of = functionOf(named(input, call), call);
      checkPassed(input.Role, call);
      change(of, call, { settings: settingsOf(of.name, input, call, of.latest.settings) });
      return configuration(of, of.latest);
    },
  },
  DeleteFunction: {
    authorize: onFunction("DeleteFunction"),
    run: (input, call) => {
      const at = named(input, call);
      if (at.qualifier === "$LATEST") throw invalid("$LATEST version cannot be deleted without deleting the function.");
      const of = functionOf({ ...at, qualifier: undefined }, call);
      if (at.qualifier === undefined) {
        call.cloud.state(STATE, of).functions.delete(of.name);
        fleetOf(call.cloud).retire(`${of.id}/`);
        return { StatusCode: 204 };
      }
      if (of.aliases.has(at.qualifier)) throw invalid("Deletion of aliases is not currently supported.");
      const users = [...of.aliases.values()].filter(({ version }) => version === at.qualifier);
      if (users.length > 0)
        throw new AwsError(
          "ResourceConflictException",
          "Unable to delete version because the following aliases reference it: " +
            `[${users.map(({ name }) => name).join(", ")}]`,
        );
      // Deleting a version that isn't there succeeds (done on AWS by another project's tests).
      of.versions.delete(at.qualifier);
      fleetOf(call.cloud).retire(`${of.id}/${at.qualifier}/`);
      return { StatusCode: 204 };
    },
  },
  PublishVersion: {
    authorize: onFunction("PublishVersion"),
    record: { response: withoutSecrets },
    run: (input, call) => {
      const of = functionOf(named(input, call), call);
      return configuration(of, publish(of, input.Description, call.time));
    },
  },
  ListVersionsByFunction: {
    authorize: onFunction("ListVersionsByFunction"),
    run: (input, call) => {
      const of = functionOf(named(input, call), call);
      const order = ({ version }: Version) => version.replace("$LATEST", "0").padStart(12, "0");
      const page = pageOf([of.latest, ...of.versions.values()], order, input);
      return {
        Versions: page.items.map((version) => listed(of, version, version.version)),
        ...page.end,
      };
    },
  },
});
