// What `npm start` deploys into the embedded AWS: a customer and the partner, and then another customer, with a stack
// of its own at the partner.
import { DEFAULT_REGION, type EmbeddedAws } from "embedded-aws";
import { type CloudAccess, deployStack } from "embedded-aws/pulumi";
import { customerProgram } from "../customer/program.ts";
import { customerAccessProgram } from "../partner/customer/program.ts";
import { partnerProgram } from "../partner/program.ts";

export const CUSTOMER = "111111111111";
export const PARTNER = "222222222222";
const CUSTOMER2 = "333333333333";
const ACCOUNTS: Readonly<Record<string, string>> = { customer: CUSTOMER, partner: PARTNER, customer2: CUSTOMER2 };

type Operations = Readonly<Record<string, string>>;
type Say = (text: string) => void;

/** The administrators' keys by profile, without a file in between: one that is running keeps its own. */
const environmentOf = (cloud: EmbeddedAws): CloudAccess => ({
  endpoint: cloud.endpoint,
  credentials: (profile = "") => Promise.resolve(cloud.administrator(ACCOUNTS[profile] ?? profile)),
});

const deployCustomer = (cloud: EmbeddedAws, profile: string, operations: Operations) =>
  deployStack(environmentOf(cloud), {
    project: "iot-hooks-customer",
    program: customerProgram,
    config: {
      "aws:region": DEFAULT_REGION,
      "aws:profile": profile,
      accountId: ACCOUNTS[profile] ?? "",
      partnerAccountId: PARTNER,
      createTrail: "true",
      ...operations,
    },
  });

const CUSTOMER_STACK = "organization/iot-hooks-customer/dev";
const HUB_STACK = "organization/iot-hooks-partner/dev";

export async function deploy(cloud: EmbeddedAws, operations: Operations, say: Say) {
  const customer = await deployCustomer(cloud, "customer", operations);
  say(`customer ${CUSTOMER}: ${customer.resources.length} resources, role ${customer.outputs.roleArn}`);
  const partner = await deployStack(environmentOf(cloud), {
    project: "iot-hooks-partner",
    program: partnerProgram,
    config: {
      "aws:region": DEFAULT_REGION,
      "aws:profile": "partner",
      accountId: PARTNER,
      customers: JSON.stringify([CUSTOMER_STACK]),
      debug: "true",
      ...operations,
    },
    stackOutputs: { [CUSTOMER_STACK]: customer.outputs },
  });
  say(`partner  ${PARTNER}: ${partner.resources.length} resources, reads the role from stack ${CUSTOMER_STACK}`);
  return { customer: customer.outputs, partner: partner.outputs };
}

/** @param hub what the partner's stack puts out */
export async function deploySecondCustomer(
  cloud: EmbeddedAws,
  operations: Operations,
  hub: Awaited<ReturnType<typeof deploy>>["partner"],
  say: Say,
) {
  const { outputs, resources } = await deployCustomer(cloud, "customer2", operations);
  const access = await deployStack(environmentOf(cloud), {
    project: "iot-hooks-partner-customer",
    program: customerAccessProgram,
    config: { "aws:profile": "partner", hub: HUB_STACK, roles: JSON.stringify([outputs.roleArn]) },
    stackOutputs: { [HUB_STACK]: hub },
  });
  say(
    `customer2 ${CUSTOMER2}: ${resources.length} resources, and ${access.resources.length} in a stack of its own at the ` +
      "partner, which is not deployed anew",
  );
  return outputs;
}
