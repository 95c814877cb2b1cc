// A side that is deployed, and the way into its account: what every command works on.
import { type Access, accessTo } from "./access.ts";
import { partitionFor } from "../shared/contract/names.ts";
import type { SideOptions } from "./options.ts";
import { type OutputsOf, readOutputs } from "./outputs.ts";
import type { Side } from "./sides.ts";
import { UserError } from "./user-error.ts";

export interface Deployment<S extends Side> extends Pick<Access, "client" | "callerArn"> {
  readonly side: S;
  readonly outputs: OutputsOf[S];
}

/** @throws UserError where the outputs can't be had, or the credentials are of nobody, or of another account */
export async function openDeployment<S extends Side>(side: S, options: SideOptions): Promise<Deployment<S>> {
  const { byTags: region, deployment, outputs: file, stack, project } = options;
  if (region === undefined) {
    if (deployment !== undefined) throw new UserError("--deployment chooses among what --by-tags finds: give both.");
    const outputs = await readOutputs(side, options);
    const { client, callerArn } = await accessTo(outputs, options);
    return { side, outputs, client, callerArn };
  }
  if ((file ?? stack ?? project) !== undefined)
    throw new UserError("--by-tags asks nobody for outputs: leave out --outputs, --stack and --project.");
  if (partitionFor(region) === undefined)
    throw new UserError(`--by-tags is "${region}", but that is no Region: give one such as us-east-1.`);
  const access = await accessTo({ region }, options);
  // Four more of the SDK's clients, for those who ask for it.
  const { outputsByTags } = await import("./by-tags.ts");
  const outputs = await outputsByTags(side, access, { accountId: access.accountId, region }, deployment);
  return { side, outputs, client: access.client, callerArn: access.callerArn };
}
