import type { FunctionEventInvokeConfig } from "@aws-sdk/client-lambda";
import type { Clients } from "../clients.ts";
import {
  type Properties,
  type ResourceType,
  argsOf,
  defined,
  propertiesOf,
  unlessGone,
  withRole,
} from "../resource.ts";

const at = (state: Properties) => ({
  FunctionName: state.functionName as string,
  Qualifier: state.qualifier as string | undefined,
});

const SETTINGS = ["maximumRetryAttempts", "maximumEventAgeInSeconds", "destinationConfig"];

/** Put replaces the whole: what isn't given is gone. */
async function put(aws: Clients, inputs: Properties): Promise<void> {
  const lambda = await aws.lambda();
  const config = { ...at(inputs), ...argsOf<FunctionEventInvokeConfig>(inputs, SETTINGS) };
  await withRole(() => lambda.putFunctionEventInvokeConfig(config));
}

const idOf = ({ functionName, qualifier }: Properties): string =>
  [functionName, qualifier].filter((part) => part !== undefined).join(":");

/** Its id is the function's name, with the qualifier it is for: `function:live`. */
export const functionEventInvokeConfig: ResourceType = {
  required: ["functionName"],
  optional: ["destinationConfig", "maximumEventAgeInSeconds", "qualifier"],
  replaceOn: ["functionName", "qualifier"],
  computed: [],
  defaults: { maximumRetryAttempts: 2 },
  async create(aws, inputs) {
    await put(aws, inputs);
    return idOf(inputs);
  },
  imported(_aws, given) {
    const [functionName, qualifier] = given.split(":");
    return Promise.resolve({ id: given, state: defined({ functionName, qualifier }) });
  },
  async read(aws, _id, state) {
    const found = await unlessGone((await aws.lambda()).getFunctionEventInvokeConfig(at(state)));
    if (!found) return undefined;
    const { destinationConfig, ...settings } = propertiesOf(found, SETTINGS);
    // AWS answers with an empty block for each destination that there isn't.
    const destinations = Object.entries((destinationConfig ?? {}) as Properties).filter(
      ([, block]) => Object.keys(block as Properties).length > 0,
    );
    return defined({
      functionName: state.functionName as string,
      qualifier: state.qualifier as string | undefined,
      ...settings,
      destinationConfig: destinations.length > 0 ? Object.fromEntries(destinations) : undefined,
    });
  },
  update: (aws, _id, news) => put(aws, news),
  async delete(aws, _id, state) {
    await unlessGone((await aws.lambda()).deleteFunctionEventInvokeConfig(at(state)));
  },
};
