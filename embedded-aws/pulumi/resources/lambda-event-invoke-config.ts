import type { Clients } from "../clients.ts";
import { type Properties, type ResourceType, blockOf, defined, unlessGone, withRole } from "../resource.ts";

const at = (state: Properties) => ({
  FunctionName: state.functionName as string,
  Qualifier: state.qualifier as string | undefined,
});

/** Put replaces the whole: what isn't given is gone. */
async function put(aws: Clients, inputs: Properties): Promise<void> {
  const destinations = blockOf(inputs, "destinationConfig");
  const to = (name: string) => {
    const block = destinations && blockOf(destinations, name);
    return block && { Destination: block.destination as string };
  };
  const lambda = await aws.lambda();
  await withRole(() =>
    lambda.putFunctionEventInvokeConfig({
      ...at(inputs),
      MaximumRetryAttempts: inputs.maximumRetryAttempts as number,
      MaximumEventAgeInSeconds: inputs.maximumEventAgeInSeconds as number | undefined,
      DestinationConfig: destinations && { OnFailure: to("onFailure"), OnSuccess: to("onSuccess") },
    }),
  );
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
    const destinations = Object.entries({
      onFailure: found.DestinationConfig?.OnFailure?.Destination,
      onSuccess: found.DestinationConfig?.OnSuccess?.Destination,
    }).flatMap(([name, destination]) => (destination === undefined ? [] : [[name, { destination }]]));
    return defined({
      functionName: state.functionName as string,
      qualifier: state.qualifier as string | undefined,
      maximumRetryAttempts: found.MaximumRetryAttempts,
      maximumEventAgeInSeconds: found.MaximumEventAgeInSeconds,
      destinationConfig: destinations.length > 0 ? (Object.fromEntries(destinations) as Properties) : undefined,
    });
  },
  update: (aws, _id, news) => put(aws, news),
  async delete(aws, _id, state) {
    await unlessGone((await aws.lambda()).deleteFunctionEventInvokeConfig(at(state)));
  },
};
