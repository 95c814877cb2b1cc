// A side that is deployed, and the way into its account: what every command works on.
import { type Access, accessTo } from "./access.ts";
import type { SideOptions } from "./options.ts";
import { type OutputsOf, readOutputs } from "./outputs.ts";
import type { Side } from "./sides.ts";

export interface Deployment<S extends Side> extends Access {
  readonly side: S;
  readonly outputs: OutputsOf[S];
}

/** @throws UserError where the outputs can't be had, or the credentials are of nobody, or of another account */
export async function openDeployment<S extends Side>(side: S, options: SideOptions): Promise<Deployment<S>> {
  const outputs = await readOutputs(side, options);
  return { side, outputs, ...(await accessTo(outputs, options)) };
}
