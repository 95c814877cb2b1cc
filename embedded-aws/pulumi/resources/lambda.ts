import type { Architecture, CreateFunctionRequest } from "@aws-sdk/client-lambda";
import { isDeepStrictEqual } from "node:util";
import { codeSha256, zipOf } from "../archive.ts";
import type { Clients } from "../clients.ts";
import {
  type Properties,
  type ResourceType,
  argsOf,
  defined,
  propertiesOf,
  tagsIn,
  unlessGone,
  withRole,
} from "../resource.ts";

interface Environment {
  readonly variables?: Record<string, string>;
}
const SETTINGS = ["role", "handler", "runtime", "memorySize", "timeout"];
const settings = (inputs: Properties) => ({
  ...argsOf<CreateFunctionRequest>(inputs, [...SETTINGS, "loggingConfig"]),
  FunctionName: inputs.name as string,
  Description: (inputs.description ?? "") as string,
  Environment: { Variables: (inputs.environment as Environment | undefined)?.variables ?? {} },
});
/** Executions at once; a negative number is the provider's word for none that are kept. */
async function reserve(aws: Clients, FunctionName: string, ReservedConcurrentExecutions: number): Promise<void> {
  const lambda = await aws.lambda();
  if (ReservedConcurrentExecutions < 0) await lambda.deleteFunctionConcurrency({ FunctionName });
  else await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions });
}

/** `arn:…:function:name:version` without what follows the name. */
const unqualified = (arn: string): string => arn.split(":").slice(0, 7).join(":");

async function latestVersion(aws: Clients, name: string): Promise<string> {
  const lambda = await aws.lambda();
  let latest = "$LATEST";
  let Marker: string | undefined;
  do {
    const page = await lambda.listVersionsByFunction({ FunctionName: name, Marker });
    latest = page.Versions?.at(-1)?.Version ?? latest;
    Marker = page.NextMarker;
  } while (Marker);
  return latest;
}

/** Outputs that another code or another version changes. */
const OF_CODE = [
  ...["qualifiedArn", "qualifiedInvokeArn", "version"],
  ...["lastModified", "codeSha256", "sourceCodeHash", "sourceCodeSize"],
];

export const lambdaFunction: ResourceType = {
  autoName: { property: "name", maxLength: 64 },
  required: ["role"],
  optional: ["architectures", "code", "description", "environment", "handler", "loggingConfig", "runtime"],
  replaceOn: ["name", "packageType"],
  computed: ["arn", "invokeArn", ...OF_CODE],
  computedOnUpdate: OF_CODE,
  tagged: true,
  defaults: { memorySize: 128, timeout: 3, packageType: "Zip", publish: false, reservedConcurrentExecutions: -1 },
  fixed: { skipDestroy: false },
  async create(aws, inputs) {
    const zip = await zipOf(inputs.code);
    const lambda = await aws.lambda();
    await withRole(() =>
      lambda.createFunction({
        ...(settings(inputs) as CreateFunctionRequest),
        ...argsOf<CreateFunctionRequest>(inputs, ["architectures", "packageType", "publish"]),
        Code: { ZipFile: zip },
        Tags: tagsIn(inputs),
      }),
    );
    const reserved = inputs.reservedConcurrentExecutions as number;
    if (reserved >= 0) await reserve(aws, inputs.name as string, reserved);
    return inputs.name as string;
  },
  async read(aws, id, state) {
    const found = await unlessGone((await aws.lambda()).getFunction({ FunctionName: id }));
    const it = found?.Configuration;
    if (!it) return undefined;
    const version = state.publish === true ? await latestVersion(aws, id) : "$LATEST";
    const arn = unqualified(it.FunctionArn ?? "");
    const invoke = (of: string) =>
      `arn:aws:apigateway:${aws.region}:lambda:path/2015-03-31/functions/${of}/invocations`;
    return defined({
      name: it.FunctionName,
      arn,
      version,
      qualifiedArn: `${arn}:${version}`,
      invokeArn: invoke(arn),
      qualifiedInvokeArn: invoke(`${arn}:${version}`),
      ...propertiesOf(it, [...SETTINGS, "description", "architectures", "lastModified", "codeSha256"]),
      environment: it.Environment?.Variables && { variables: it.Environment.Variables },
      ...(state.loggingConfig === undefined ? {} : propertiesOf(it, ["loggingConfig"])),
      sourceCodeHash: it.CodeSha256,
      sourceCodeSize: it.CodeSize,
      reservedConcurrentExecutions: found.Concurrency?.ReservedConcurrentExecutions ?? -1,
      tagsAll: found.Tags ?? {},
    });
  },
  async update(aws, id, news, olds) {
    const lambda = await aws.lambda();
    await withRole(() => lambda.updateFunctionConfiguration({ ...settings(news), FunctionName: id }));
    const zip = await zipOf(news.code);
    // The architecture is changed with the code, and by no other call.
    if (codeSha256(zip) !== olds.codeSha256 || !isDeepStrictEqual(news.architectures, olds.architectures)) {
      await lambda.updateFunctionCode({
        FunctionName: id,
        ZipFile: zip,
        Architectures: news.architectures as Architecture[] | undefined,
      });
    }
    const reserved = news.reservedConcurrentExecutions as number;
    if (reserved !== olds.reservedConcurrentExecutions) await reserve(aws, id, reserved);
    // Nothing changed: Lambda answers with the version that there is.
    if (news.publish === true) await lambda.publishVersion({ FunctionName: id });
  },
  tagging: {
    tag: async (aws, { arn }, Tags) => (await aws.lambda()).tagResource({ Resource: arn as string, Tags }),
    untag: async (aws, { arn }, TagKeys) => (await aws.lambda()).untagResource({ Resource: arn as string, TagKeys }),
  },
  async delete(aws, id) {
    await unlessGone((await aws.lambda()).deleteFunction({ FunctionName: id }));
  },
};
