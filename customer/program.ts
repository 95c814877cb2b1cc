// What a customer deploys: registry -> CloudTrail -> rule -> function -> the partner's role and topic.
import { Configuration } from "../shared/config.ts";
import { CONTRACT_VERSION } from "../shared/contract/message.ts";
import { partitionOf, publishRoleName, roleArn } from "../shared/contract/names.ts";
import type { CustomerOutputs } from "../shared/contract/outputs.ts";
import type { Pending } from "../shared/outputs.ts";
import { accountProvider } from "../shared/provider.ts";
import { AnnounceFunction, announceBundle } from "./announce-function.ts";
import { RegistryRule } from "./registry-rule.ts";
import { type CustomerSettings, customerSettings } from "./settings.ts";
import { WriteTrail } from "./write-trail.ts";

export const customerProgram = (): Promise<Pending<CustomerOutputs>> =>
  deployCustomer(customerSettings(new Configuration()));

/** The customer's side, in whichever stack it runs. */
export async function deployCustomer(settings: CustomerSettings): Promise<Pending<CustomerOutputs>> {
  const { accountId, region, operations, partnerAccountId, partnerNameSuffix } = settings;
  const bundle = await announceBundle();
  const inAccount = { provider: accountProvider("customer", settings) };

  const publishRoleArn = roleArn(partitionOf(region), partnerAccountId, publishRoleName(accountId, partnerNameSuffix));
  const announce = new AnnounceFunction("iot-hooks-announce", { settings, bundle, publishRoleArn }, inAccount);
  const { rule } = new RegistryRule("iot-hooks-registry", { operations, target: announce }, inAccount);
  const trailName = ["iot-hooks", partnerAccountId, settings.nameSuffix].filter((part) => part !== undefined).join("-");
  const trail = settings.createTrail
    ? new WriteTrail("iot-hooks-trail", { place: settings, trailName }, inAccount)
    : undefined;

  return {
    contractVersion: CONTRACT_VERSION,
    roleArn: announce.role.arn,
    accountId,
    region,
    ...announce.outputs,
    ruleName: rule.name,
    publishRoleArn,
    ...(trail === undefined ? {} : { trailArn: trail.trail.arn }),
  };
}
