import type { Configuration } from "../shared/config.ts";
import type { Operation } from "../shared/contract/operations.ts";
import type { AccountSettings } from "../shared/provider.ts";
import { type Customer, type ListedCustomer, groupCustomers, listedCustomers, lookUpRole } from "./customers.ts";

export interface PartnerSettings extends AccountSettings {
  readonly customers: readonly Customer[];
  readonly operations: readonly Operation[];
  /** Ends the names of the publish roles. */
  readonly nameSuffix: string | undefined;
  /** Whether each message that was taken is published on its debug topic. */
  readonly debug: boolean;
  /** What the function may publish on beside the debug topics; `*` and `?` are wildcards. */
  readonly publishTopics: readonly string[];
}

/** Reads the customers' stacks too, once all the rest was found right. Throws RunError for whatever is missing, malformed or contradictory. */
export async function partnerSettings(configuration: Configuration): Promise<PartnerSettings> {
  const accountId = configuration.accountId("accountId");
  const region = configuration.region("region");
  const settings = {
    accountId,
    region,
    profile: configuration.text("profile"),
    operations: configuration.operations("operations"),
    nameSuffix: configuration.nameSuffix("nameSuffix"),
    debug: configuration.flag("debug", true),
    publishTopics: configuration.topicPatterns("publishTopics"),
  };
  const externalIds = configuration.record("externalIds");
  for (const [account, externalId] of Object.entries(externalIds)) {
    configuration.checkExternalId(`externalIds["${account}"]`, externalId);
  }
  const listed = listedCustomers(configuration, { accountId, region });
  const customers: ListedCustomer[] = [];
  for (const entry of listed) customers.push(await lookUpRole(configuration, entry));
  return { ...settings, customers: groupCustomers(configuration, { accountId, region }, customers, externalIds) };
}
