import type { CreateAliasRequest } from "@aws-sdk/client-lambda";
import { type Properties, type ResourceType, argsOf, propertiesOf, unlessGone } from "../resource.ts";

const aliasArgs = (inputs: Properties) => ({
  ...(argsOf<CreateAliasRequest>(inputs, ["functionName", "name", "functionVersion"]) as CreateAliasRequest),
  Description: (inputs.description ?? "") as string,
});

export const alias: ResourceType = {
  autoName: { property: "name", maxLength: 128 },
  required: ["functionName", "functionVersion"],
  optional: ["description"],
  replaceOn: ["name", "functionName"],
  computed: ["arn", "invokeArn"],
  async create(aws, inputs) {
    const { AliasArn = "" } = await (await aws.lambda()).createAlias(aliasArgs(inputs));
    return AliasArn;
  },
  /** `function/alias`. */
  async imported(aws, given) {
    const [functionName, name] = given.split("/");
    const { AliasArn = "" } = await (await aws.lambda()).getAlias({ FunctionName: functionName, Name: name });
    return { id: AliasArn, state: { functionName } };
  },
  async read(aws, id, state) {
    const at = { FunctionName: state.functionName as string, Name: id.split(":").at(-1) };
    const found = await unlessGone((await aws.lambda()).getAlias(at));
    if (!found) return undefined;
    const { AliasArn: arn = "" } = found;
    return {
      ...propertiesOf(found, ["name", "functionVersion", "description"]),
      arn,
      invokeArn: `arn:aws:apigateway:${aws.region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
      functionName: state.functionName as string,
    };
  },
  async update(aws, _id, news) {
    await (await aws.lambda()).updateAlias(aliasArgs(news));
  },
  async delete(aws, _id, state) {
    await unlessGone(
      (await aws.lambda()).deleteAlias({ FunctionName: state.functionName as string, Name: state.name as string }),
    );
  },
};
