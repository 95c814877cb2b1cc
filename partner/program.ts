// What the partner deploys: one role per customer -> topic -> one rule -> function.
import * as aws from "@pulumi/aws";
import { Configuration } from "../shared/config.ts";
import { CONTRACT_VERSION } from "../shared/contract/message.ts";
import type { PartnerOutputs } from "../shared/contract/outputs.ts";
import type { Pending } from "../shared/outputs.ts";
import { accountProvider } from "../shared/provider.ts";
import { PublishRole } from "./publish-role.ts";
import { ReceiveFunction, receiveBundle } from "./receive-function.ts";
import { type PartnerSettings, partnerSettings } from "./settings.ts";
import { TopicRule } from "./topic-rule.ts";

export const partnerProgram = async (): Promise<Pending<PartnerOutputs>> =>
  deployPartner(await partnerSettings(new Configuration()));

/** The partner's side, in whichever stack it runs. */
export async function deployPartner(settings: PartnerSettings): Promise<Pending<PartnerOutputs>> {
  const { accountId, region, customers } = settings;
  const bundle = await receiveBundle();
  const inAccount = { provider: accountProvider("partner", settings) };

  const receive = new ReceiveFunction("iot-hooks-receive", { settings, bundle }, inAccount);
  const topicRule = new TopicRule("iot-hooks-receive", { accountId, target: receive }, inAccount);
  const publishRoles = customers.map((customer) => {
    const name = `iot-hooks-publish-${customer.accountId}`;
    // Last: what a customer publishes before the rule is there would be lost.
    const role = new PublishRole(name, { customer, settings }, { ...inAccount, dependsOn: [topicRule] });
    return [customer.accountId, role.role.arn] as const;
  });

  return {
    contractVersion: CONTRACT_VERSION,
    accountId,
    region,
    publishRoleArns: Object.fromEntries(publishRoles),
    dataEndpoint: aws.iot.getEndpointOutput({ endpointType: "iot:Data-ATS" }, inAccount).endpointAddress,
    ruleName: topicRule.rule.name,
    ...receive.outputs,
  };
}
