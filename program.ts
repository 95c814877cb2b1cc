// Both sides in one stack, for an operator who owns both accounts: one configuration, two providers, and no logic of
// its own.
import * as v from "valibot";
import { CustomerHooks } from "./customer/customer-hooks.ts";
import { CUSTOMER_CONFIGURATION, CUSTOMER_RULES } from "./customer/settings.ts";
import { PartnerHooks } from "./partner/partner-hooks.ts";
import { PARTNER_CONFIGURATION } from "./partner/settings.ts";
import { COMPONENT, customerRoleName, partitionOf, roleArn } from "./shared/contract/names.ts";
import { Configuration } from "./shared/configuration.ts";
import { accountProvider } from "./shared/provider.ts";
import { alarmTopicArn, text } from "./shared/settings.ts";

/** Where a setting of the customer's project stands here under another name. */
const CUSTOMER_KEYS = {
  accountId: "customerAccountId",
  profile: "customerProfile",
  nameSuffix: "customerNameSuffix",
  permissionsBoundaryArn: "customerPermissionsBoundaryArn",
  alarmTopicArn: "customerAlarmTopicArn",
};

/** What both must agree on is said once, as the customer's project calls it; what remains is the partner's own. */
const { debug, basicIngest, registry, senderCheck, publishTopics, onThing, permissionsBoundaryArn } =
  PARTNER_CONFIGURATION;
const { partnerTopicRule: _partners, ...ofCustomer } = CUSTOMER_CONFIGURATION;
const CONFIGURATION = {
  ...ofCustomer,
  partnerProfile: v.optional(text),
  partnerAlarmTopicArn: v.optional(alarmTopicArn),
  debug,
  basicIngest,
  registry,
  senderCheck,
  publishTopics,
  onThing,
  partnerPermissionsBoundaryArn: permissionsBoundaryArn,
};

export function program() {
  const settings = new Configuration(CUSTOMER_KEYS).read(CONFIGURATION, CUSTOMER_RULES);
  const { accountId, region, partnerAccountId, partnerRegion = region, externalId, operations } = settings;

  const customerRole = customerRoleName(partnerAccountId, settings.nameSuffix);
  const atPartner = { accountId: partnerAccountId, region: partnerRegion };
  const partner = new PartnerHooks(
    COMPONENT,
    {
      ...atPartner,
      operations,
      nameSuffix: settings.partnerNameSuffix,
      debug: settings.debug,
      basicIngest: settings.basicIngest,
      registry: settings.registry,
      senderCheck: settings.senderCheck,
      publishTopics: settings.publishTopics,
      architecture: settings.architecture,
      systemLogLevel: settings.systemLogLevel,
      permissionsBoundaryArn: settings.partnerPermissionsBoundaryArn,
      keepOnDestroy: settings.keepOnDestroy,
      reservedConcurrency: settings.reservedConcurrency,
      alarmTopicArn: settings.partnerAlarmTopicArn,
      onThing: settings.onThing === undefined ? undefined : { entry: settings.onThing },
      customers: [{ accountId, roleArns: [roleArn(partitionOf(region), accountId, customerRole)], externalId }],
    },
    { provider: accountProvider("partner", { ...atPartner, profile: settings.partnerProfile }) },
  );
  const customer = new CustomerHooks(
    COMPONENT,
    {
      ...settings,
      partnerDataEndpoint: settings.partnerDataEndpoint ?? partner.dataEndpoint,
      partnerTopicRule: settings.basicIngest ? partner.ruleName : undefined,
    },
    { provider: accountProvider("customer", settings) },
  );
  return Promise.resolve({ customer: customer.outputs, partner: partner.outputs });
}
