// Deploys Pulumi programs into the embedded AWS: under Pulumi's runtime mocks by `deployStack`, in the real engine by
// the provider plugin, whose folder goes onto the PATH.
import { join } from "node:path";

export { Clients, type Credentials } from "./clients.ts";
export { type CloudAccess, ProviderInstance } from "./instance.ts";
export { type DeployedStack, type Made, type StackArgs, deployStack } from "./mocks.ts";
export { invoke } from "./table.ts";

/** Put first on the PATH, the engine finds `pulumi-resource-aws` here. */
export const PLUGIN_FOLDER = join(import.meta.dirname, "plugin");
