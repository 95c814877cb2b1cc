// The three programs with a configuration that is right, and both accounts' stacks one after the other: the
// customer's real outputs are what the partner's StackReference reads.
import { customerProgram } from "../../customer/program.ts";
import { customerAccessProgram } from "../../partner/customer/program.ts";
import { partnerProgram } from "../../partner/program.ts";
import { pipelineProgram } from "../../pipeline/program.ts";
import { program } from "../../program.ts";
import { type StackOptions, runStack } from "./run-stack.ts";
import { CUSTOMER, CUSTOMER2, PARTNER } from "embedded-aws/testing";

export { CUSTOMER, CUSTOMER2, PARTNER };
/** As the contract names it. */
export const customerRoleIn = (account: string, suffix = ""): string =>
  `arn:aws:iam::${account}:role/publish-to-partner-role-${PARTNER}${suffix}`;
export const CUSTOMER_STACK = "organization/iot-hooks-customer/dev";

export const invokes: NonNullable<StackOptions["invokes"]> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { accountId }) => ({ accountId }),
  "aws:index/getRegion:getRegion": (_, { region }) => ({ region }),
  "aws:iot/getEndpoint:getEndpoint": ({ endpointType }, { region }) => {
    if (endpointType !== "iot:Data-ATS") throw new Error(`${String(endpointType)} isn't the data endpoint`);
    return { endpointAddress: `a1b2c3d4e5f6g7-ats.iot.${region}.amazonaws.com` };
  },
};

type Config = Readonly<Record<string, string>>;
type Rest = Partial<Pick<StackOptions, "preview" | "empty" | "stackOutputs" | "stack">>;

export const customerOptions = (config: Config = {}, rest: Rest = {}): StackOptions => ({
  project: "iot-hooks-customer",
  invokes,
  ...rest,
  config: { "aws:region": "us-east-1", accountId: CUSTOMER, partnerAccountId: PARTNER, ...config },
});
export const partnerOptions = (config: Config = {}, rest: Rest = {}): StackOptions => ({
  project: "iot-hooks-partner",
  invokes,
  ...rest,
  config: { "aws:region": "us-east-1", accountId: PARTNER, ...config },
});
/** What the partner's stack puts out, as far as a customer's own stack at the partner reads it. */
export const HUB_STACK = "organization/iot-hooks-partner/dev";
export const HUB_OUTPUTS = {
  contractVersion: 1,
  hub: {
    contractVersion: 1,
    accountId: PARTNER,
    region: "us-east-1",
    operations: ["create_thing"],
    customersTableName: "iot-hooks-customers-1234567",
  },
};
export const accessOptions = (config: Config = {}, rest: Rest = {}): StackOptions => ({
  project: "iot-hooks-partner-customer",
  stackOutputs: { [HUB_STACK]: HUB_OUTPUTS },
  ...rest,
  config: { hub: HUB_STACK, roles: JSON.stringify([customerRoleIn(CUSTOMER)]), ...config },
});
export const rootOptions = (config: Config = {}, rest: Rest = {}): StackOptions => ({
  project: "iot-hooks",
  invokes,
  ...rest,
  config: { "aws:region": "us-east-1", customerAccountId: CUSTOMER, partnerAccountId: PARTNER, ...config },
});
export const pipelineOptions = (config: Config = {}, rest: Rest = {}): StackOptions => ({
  project: "iot-hooks-pipeline",
  ...rest,
  config: {
    "aws:region": "us-east-1",
    accountId: CUSTOMER,
    side: "customer",
    repository: "example/hooks",
    stateBucket: "example-pulumi-state",
    ...config,
  },
});

/** Set where Stryker runs a process's tests again and again: which break is in the code, and which test looks at it. */
const stryker = globalThis as { __stryker__?: { readonly activeMutant?: string; readonly currentTestId?: string } };

/**
 * A program's result depends on its options alone: each combination is run once per process. Results are shared, so
 * tests only read them.
 */
function oncePer<R>(run: (config?: Config, rest?: Rest) => Promise<R>) {
  const results = new Map<string, Promise<R>>();
  return (config?: Config, rest?: Rest): Promise<R> => {
    const { activeMutant, currentTestId } = stryker.__stryker__ ?? {};
    const key = JSON.stringify([config ?? {}, rest ?? {}, activeMutant, currentTestId]);
    const result = results.get(key) ?? run(config, rest);
    results.set(key, result);
    return result;
  };
}

export const runCustomer = oncePer((config?: Config, rest?: Rest) =>
  runStack(customerProgram, customerOptions(config, rest)),
);
export const runPartner = oncePer((config?: Config, rest?: Rest) =>
  runStack(partnerProgram, partnerOptions(config, rest)),
);
export const runAccess = oncePer((config?: Config, rest?: Rest) =>
  runStack(customerAccessProgram, accessOptions(config, rest)),
);
export const runPipeline = oncePer((config?: Config, rest?: Rest) =>
  runStack(pipelineProgram, pipelineOptions(config, rest)),
);
export const runRoot = oncePer((config?: Config, rest?: Rest) => runStack(program, rootOptions(config, rest)));

/** Both, the partner with the customer's stack as its one customer. */
export async function runBoth(customerConfig: Config = {}, partnerConfig: Config = {}, rest: Rest = {}) {
  const customer = await runCustomer(customerConfig, rest);
  const partner = await runPartner(
    { customers: JSON.stringify([CUSTOMER_STACK]), ...partnerConfig },
    { ...rest, stackOutputs: { [CUSTOMER_STACK]: customer.outputs } },
  );
  return { customer, partner };
}
