// An adopter's program, of one component with the arguments that are tried, and how it is refused.
import * as aws from "@pulumi/aws";
import { CustomerHooks, type CustomerHooksArgs } from "../../customer/customer-hooks.ts";
import { PartnerHooks, type PartnerHooksArgs } from "../../partner/partner-hooks.ts";
import { refusal } from "../harness/run-stack.ts";
import { CUSTOMER, PARTNER, invokes } from "../harness/stacks.ts";

const provider = (accountId: string) =>
  new aws.Provider("account", { allowedAccountIds: [accountId], region: "us-east-1" });
export const customerHooks = (args: Partial<CustomerHooksArgs>) =>
  new CustomerHooks("hooks", { partnerAccountId: PARTNER, ...args }, { provider: provider(CUSTOMER) });
export const partnerHooks = (args: Partial<PartnerHooksArgs>) =>
  new PartnerHooks("hooks", { customers: [{ accountId: CUSTOMER }], ...args }, { provider: provider(PARTNER) });

export const refused = (program: () => { readonly outputs: unknown }, preview = false) =>
  refusal(() => Promise.resolve(program().outputs), { project: "adopter", invokes, preview });

export const onAws = ({ resources }: Awaited<ReturnType<typeof refused>>) => resources.filter(({ account }) => account);
