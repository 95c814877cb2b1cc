// Deploys a Pulumi program into the embedded AWS by Pulumi's runtime mocks: every resource that the program declares
// is made by AWS calls, with the credentials of the provider that the program gave it. No CLI, no engine, no state:
// for those there is the provider plugin.
import * as pulumi from "@pulumi/pulumi";
import { ProviderInstance, type CloudAccess } from "./instance.ts";
import type { Properties } from "./resource.ts";
import { invoke, resourceType } from "./table.ts";

export interface StackArgs<O> {
  readonly program: () => Promise<O>;
  readonly project: string;
  readonly stack?: string;
  /**
   * Keys without a colon get the project's name. Values as `pulumi config set` takes them: lists and objects are
   * JSON.
   */
  readonly config: Readonly<Record<string, string>>;
  /** Outputs of the stacks that the program may refer to, by their full names (`organization/customer/dev`). */
  readonly stackOutputs?: Readonly<Record<string, Properties>>;
}

export interface Made {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly state: Properties;
  readonly provider: ProviderInstance;
}
export interface DeployedStack<O> {
  readonly outputs: pulumi.Unwrap<O>;
  /** In the order in which they were made. */
  readonly resources: readonly Made[];
  /** Deletes everything, last made first. */
  readonly destroy: () => Promise<void>;
}

/**
 * Throws the first thing that went wrong, as the program or the embedded AWS said it. What was made until then stays.
 */
export async function deployStack<O>(environment: CloudAccess, args: StackArgs<O>): Promise<DeployedStack<O>> {
  const { program, project, stack = "dev", config, stackOutputs = {} } = args;
  const providers = new Map<string, ProviderInstance>();
  const resources: Made[] = [];
  const errors: unknown[] = [];
  const failed = Promise.withResolvers<undefined>();
  // The runtime wraps what a mock throws, sometimes into an empty message: keep the original.
  const keep = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      errors.push(error);
      failed.resolve(undefined);
      throw error;
    }
  };
  const providerOf = (reference: string | undefined, what: string): ProviderInstance => {
    const provider = providers.get(reference?.split("::").at(-1) ?? "");
    if (!provider)
      throw new Error(`${what} has no provider of its own. Give it one, so that it can't land in the wrong account.`);
    return provider;
  };
  const qualified = Object.entries(config).map(([key, value]) => [
    key.includes(":") ? key : `${project}:${key}`,
    value,
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(qualified) as Record<string, string>);
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider, custom, id: known = "" }) =>
        keep(async () => {
          const properties = inputs as Properties;
          if (type === "pulumi:pulumi:StackReference") return stackReference(properties.name as string, stackOutputs);
          if (type === "pulumi:providers:aws") {
            const id = `${name}-${providers.size}`;
            providers.set(id, new ProviderInstance(properties, environment));
            return { id, state: properties };
          }
          if (custom === false) return { id: "", state: properties };
          resourceType(type);
          const instance = providerOf(provider, `${name} (${type})`);
          // What a program only looks at, by `get`.
          if (known !== "") {
            const found = await instance.read(type, known, properties);
            if (!found) throw new Error(`There is no ${type} ${known}, at which ${name} would look.`);
            return { id: known, state: found };
          }
          const { id, state } = await instance.create(type, instance.check(type, name, properties, undefined));
          resources.push({ type, name, id, state, provider: instance });
          return { id, state };
        }),
      call: ({ token, inputs, provider }) =>
        keep(async () => invoke(token, await providerOf(provider, token).clients(), inputs as Properties)),
    },
    project,
    stack,
    false,
    "organization",
  );
  // What waits for a resource that failed may wait for ever: the first error ends the deployment. The promises of all
  // that depended on it are rejected as well, behind the program's back; they say nothing new.
  const late = (reason: unknown) => {
    errors.push(reason);
    failed.resolve(undefined);
  };
  process.on("unhandledRejection", late);
  let outputs: unknown;
  try {
    // Disconnecting drains: what was still going to be registered then is.
    const run = pulumi.runtime.runInPulumiStack(program).then(async (result) => {
      await pulumi.runtime.disconnect();
      return result;
    });
    outputs = await Promise.race([run, failed.promise]);
  } catch (error) {
    errors.push(error);
  }
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", late);
  if (errors.length > 0) throw errors[0];
  return {
    outputs: outputs as pulumi.Unwrap<O>,
    resources,
    async destroy() {
      for (const { type, id, state, provider } of [...resources].reverse()) await provider.delete(type, id, state);
    },
  };
}

function stackReference(
  name: string,
  stackOutputs: Readonly<Record<string, Properties>>,
): { id: string; state: Properties } {
  const outputs = stackOutputs[name];
  // The engine's words.
  if (!outputs) throw new Error(`unknown stack "${name}"`);
  return { id: name, state: { name, outputs, secretOutputNames: [] } };
}
