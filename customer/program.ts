// The ready-made project of a customer: its configuration, the component, its outputs.
import { Configuration } from "../shared/configuration.ts";
import { COMPONENT } from "../shared/contract/names.ts";
import type { CustomerOutputs } from "../shared/contract/outputs.ts";
import type { Pending } from "../shared/outputs.ts";
import { accountProvider } from "../shared/provider.ts";
import { CustomerHooks } from "./customer-hooks.ts";
import { CUSTOMER_CONFIGURATION, CUSTOMER_RULES } from "./settings.ts";

export function customerProgram(): Promise<Pending<CustomerOutputs>> {
  const settings = new Configuration().read(CUSTOMER_CONFIGURATION, CUSTOMER_RULES);
  const hooks = new CustomerHooks(COMPONENT, settings, { provider: accountProvider("customer", settings) });
  return Promise.resolve(hooks.outputs);
}
