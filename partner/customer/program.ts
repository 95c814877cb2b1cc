// The ready-made project of one customer at the partner's: its configuration, what the hub's stack says, the component,
// its outputs.
import { Configuration } from "../../shared/configuration.ts";
import { COMPONENT } from "../../shared/contract/names.ts";
import type { CustomerAccessOutputs, PartnerOutputs } from "../../shared/contract/outputs.ts";
import type { Pending } from "../../shared/outputs.ts";
import { accountProvider } from "../../shared/provider.ts";
import { parsed } from "../../shared/settings.ts";
import { configuredCustomer } from "../configured-customers.ts";
import { CustomerAccess } from "../customer-access.ts";
import { ACCESS_CONFIGURATION, HUB } from "../settings.ts";
import { outputsOf } from "../stack-outputs.ts";

export async function customerAccessProgram(): Promise<Pending<CustomerAccessOutputs>> {
  const configuration = new Configuration();
  const { hub: stack, profile, roles, ...settings } = configuration.read(ACCESS_CONFIGURATION);
  const read = await outputsOf(configuration, {
    setting: "hub",
    stack,
    project: "iot-hooks-partner",
    otherwise: "deploy it first, or correct the name",
  });
  const naming = (member: string) => `output ${member} of ${stack}`;
  const hub = parsed(HUB, await read("hub" satisfies keyof PartnerOutputs), naming, "hub");
  const { accountId, region } = hub;
  const customer = await configuredCustomer(configuration, hub, roles);
  const provider = accountProvider("partner", { accountId, region, profile });
  return new CustomerAccess(COMPONENT, { hub, ...customer, ...settings }, { provider }).outputs;
}
