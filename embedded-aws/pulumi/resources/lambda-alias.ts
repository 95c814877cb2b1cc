import { type Properties, type ResourceType, defined, unlessGone } from "../resource.ts";

const aliasArgs = (inputs: Properties) => ({
  FunctionName: inputs.functionName as string,
  Name: inputs.name as string,
  FunctionVersion: inputs.functionVersion as string,
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
    return (
      found &&
      defined({
        arn: found.AliasArn,
        invokeArn:
          `arn:aws:apigateway:${aws.region}:lambda:path/2015-03-31/functions/` + `${found.AliasArn ?? ""}/invocations`,
        name: found.Name,
        functionName: state.functionName as string,
        functionVersion: found.FunctionVersion,
        description: found.Description,
      })
    );
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
