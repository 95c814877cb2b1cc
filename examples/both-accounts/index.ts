import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CustomerHooks } from "cross-account-iot-hooks/customer";
import { PartnerHooks } from "cross-account-iot-hooks/partner";

const config = new pulumi.Config();
const { region } = aws.config;

/** One account, reached by one profile, and by nothing else. */
const account = (side: "customer" | "partner") => {
  const accountId = config.require(`${side}AccountId`);
  const profile = config.require(`${side}Profile`);
  return { accountId, provider: new aws.Provider(side, { allowedAccountIds: [accountId], region, profile }) };
};
const customer = account("customer");
const partner = account("partner");

const partnerHooks = new PartnerHooks(
  "partner",
  { customers: [{ accountId: customer.accountId }], debug: true },
  { provider: partner.provider },
);
const customerHooks = new CustomerHooks(
  "customer",
  {
    partnerAccountId: partner.accountId,
    partnerDataEndpoint: partnerHooks.dataEndpoint,
    createTrail: true,
  },
  { provider: customer.provider },
);

export const customerRoleArn = customerHooks.roleArn;
export const partnerFunction = partnerHooks.functionName;
