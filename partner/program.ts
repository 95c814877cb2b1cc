// The ready-made project of the partner: its configuration, the component, its outputs.
import { Configuration } from "../shared/configuration.ts";
import { COMPONENT } from "../shared/contract/names.ts";
import type { PartnerOutputs } from "../shared/contract/outputs.ts";
import type { Pending } from "../shared/outputs.ts";
import { accountProvider } from "../shared/provider.ts";
import { configuredCustomers } from "./configured-customers.ts";
import { checkDisabled } from "./customers.ts";
import { PartnerHooks } from "./partner-hooks.ts";
import { PARTNER_CONFIGURATION, PARTNER_RULES } from "./settings.ts";

export async function partnerProgram(): Promise<Pending<PartnerOutputs>> {
  const configuration = new Configuration();
  const {
    customers: listed,
    externalIds,
    onThing,
    ...settings
  } = configuration.read(PARTNER_CONFIGURATION, PARTNER_RULES);
  const customers = await configuredCustomers(configuration, settings, listed, externalIds);
  checkDisabled(settings.disabledCustomers, customers, configuration.key);
  const hooks = new PartnerHooks(
    COMPONENT,
    { ...settings, customers, onThing: onThing === undefined ? undefined : { entry: onThing } },
    { provider: accountProvider("partner", settings) },
  );
  return hooks.outputs;
}
