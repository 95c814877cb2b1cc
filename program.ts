// Both sides in one stack, for an operator who owns both accounts: one configuration, two providers, and no logic of its own.
import * as pulumi from "@pulumi/pulumi";
import { deployCustomer } from "./customer/program.ts";
import { type CustomerSettings, customerSettings } from "./customer/settings.ts";
import { deployPartner } from "./partner/program.ts";
import type { PartnerSettings } from "./partner/settings.ts";
import { Configuration } from "./shared/config.ts";
import { customerRoleName, partitionOf, roleArn } from "./shared/contract/names.ts";

/** Where a setting of the customer's program stands here under another name. */
const CUSTOMER_KEYS = {
  accountId: "customerAccountId",
  profile: "customerProfile",
  nameSuffix: "customerNameSuffix",
};

export async function program() {
  const customerSide = customerSettings(new Configuration(CUSTOMER_KEYS));
  const partnerSide = partnerOf(customerSide, new Configuration({ profile: "partnerProfile" }));

  const partner = await deployPartner(partnerSide);
  const partnerDataEndpoint = customerSide.partnerDataEndpoint ?? pulumi.output(partner.dataEndpoint);
  const customer = await deployCustomer({ ...customerSide, partnerDataEndpoint });
  return { customer, partner };
}

/** What both must agree on is said once, on the customer's side; what remains is the partner's own. */
function partnerOf(customer: CustomerSettings, configuration: Configuration): PartnerSettings {
  const { accountId, partnerAccountId, partnerRegion } = customer;
  const customerRoleArn = roleArn(
    partitionOf(customer.region),
    accountId,
    customerRoleName(partnerAccountId, customer.nameSuffix),
  );
  return {
    accountId: partnerAccountId,
    region: partnerRegion,
    profile: configuration.text("profile"),
    operations: customer.operations,
    nameSuffix: customer.partnerNameSuffix,
    debug: configuration.flag("debug", true),
    publishTopics: configuration.topicPatterns("publishTopics"),
    customers: [{ accountId, roleArns: [customerRoleArn], externalId: customer.externalId }],
  };
}
