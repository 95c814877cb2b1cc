// The setting `customers` of the ready-made project: from a list of stack names and role ARNs to accounts and the
// roles that are trusted in each.
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../shared/configuration.ts";
import { CONTRACT_VERSION } from "../shared/contract/message.ts";
import { type AccountRegion, parseRoleArn } from "../shared/contract/names.ts";
import type { CustomerOutputs } from "../shared/contract/outputs.ts";
import { type Trusted, roleProblem, trustPolicyProblem } from "./customers.ts";

/** One entry of the configuration. */
interface ListedCustomer {
  /** The setting, with its index. */
  readonly setting: string;
  /** As it stands there: a stack name or a role ARN. */
  readonly value: string;
  /** Undefined for a stack that wasn't read yet. */
  readonly roleArn: string | undefined;
}

/** `organization/project/stack`: characters as Pulumi allows them in names. */
const STACK_NAME = /^[\w.-]+\/[\w.-]+\/[\w.-]+$/;

/**
 * Accounts in ascending order, each with its roles in ascending order: the list's own order changes nothing. Reads
 * the customers' stacks, once all that can be checked without them was found right. Throws RunError.
 */
export async function configuredCustomers(
  configuration: Configuration,
  partner: AccountRegion,
  values: readonly string[],
  externalIds: Readonly<Record<string, string>>,
): Promise<Trusted[]> {
  const customers: ListedCustomer[] = [];
  for (const entry of listed(configuration, partner, values)) customers.push(await lookUpRole(configuration, entry));
  return grouped(configuration, partner, customers, externalIds);
}

/** The entries, checked as far as possible without reading a stack. */
function listed(
  configuration: Configuration,
  partner: AccountRegion,
  values: readonly string[],
): readonly ListedCustomer[] {
  const entries = values.map((value, index): ListedCustomer => {
    const setting = `customers[${index}]`;
    if (STACK_NAME.test(value)) return { setting, value, roleArn: undefined };
    if (parseRoleArn(value)) return { setting, value, roleArn: value };
    throw configuration.refuse(
      setting,
      value,
      /^arn:.*[*?]/.test(value)
        ? "but a wildcard would let in roles that nobody named: give the ARN of one role"
        : "but it is neither a stack name (organization/project/stack) nor the ARN of a role: give the " +
            "customer's output roleArn",
    );
  });
  for (const [index, entry] of entries.entries()) {
    const earlier = entries.slice(0, index).find(({ value }) => value === entry.value);
    if (earlier) throw refuseRepeated(configuration, entry, earlier);
    if (entry.roleArn !== undefined) checkRole(configuration, partner, entry, entry.roleArn);
  }
  return entries;
}

/** The entry with its role's ARN: read from the stack where one is named. */
async function lookUpRole(configuration: Configuration, entry: ListedCustomer): Promise<ListedCustomer> {
  if (entry.roleArn !== undefined) return entry;
  const { setting, value } = entry;
  const reference = new pulumi.StackReference(value);
  const read = async (name: keyof CustomerOutputs): Promise<unknown> => {
    try {
      const details = await reference.getOutputDetails(name);
      return (details.value ?? details.secretValue) as unknown;
    } catch {
      // The engine has reported why by itself, as a message about the stack reference.
      throw configuration.refuse(
        setting,
        value,
        "but that stack can't be read: deploy it first, correct the name, or give the role's ARN",
      );
    }
  };
  const contractVersion = await read("contractVersion");
  const roleArn = await read("roleArn");
  if (contractVersion === undefined) {
    throw configuration.refuse(
      setting,
      value,
      "but that stack has no output contractVersion: name a deployed stack of the project iot-hooks-customer",
    );
  }
  if (contractVersion !== CONTRACT_VERSION) {
    throw configuration.refuse(
      setting,
      value,
      `but that stack speaks version ${JSON.stringify(contractVersion)} of the contract, and this program ` +
        `version ${CONTRACT_VERSION}: ` +
        "deploy both from the same release",
    );
  }
  if (typeof roleArn !== "string" || parseRoleArn(roleArn) === undefined) {
    throw configuration.refuse(
      setting,
      value,
      "but the output roleArn of that stack is " +
        `${roleArn === undefined ? "missing" : JSON.stringify(roleArn)} and not the ARN of a role: ` +
        "name a deployed stack of the project iot-hooks-customer",
    );
  }
  return { ...entry, roleArn };
}

function grouped(
  configuration: Configuration,
  partner: AccountRegion,
  entries: readonly ListedCustomer[],
  externalIds: Readonly<Record<string, string>>,
): Trusted[] {
  const roles = new Map<string, Map<string, ListedCustomer>>();
  for (const entry of entries) {
    if (entry.roleArn === undefined) throw new Error(`${entry.value} was not looked up`);
    const account = checkRole(configuration, partner, entry, entry.roleArn);
    const ofAccount = roles.get(account) ?? new Map<string, ListedCustomer>();
    const earlier = ofAccount.get(entry.roleArn);
    if (earlier) throw refuseRepeated(configuration, entry, earlier);
    roles.set(account, ofAccount.set(entry.roleArn, entry));
  }
  for (const [account, externalId] of Object.entries(externalIds)) {
    if (roles.has(account)) continue;
    throw configuration.refuse(
      `externalIds["${account}"]`,
      externalId,
      "but none of the customers has this account: correct the account, or remove the id",
    );
  }
  return [...roles.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([accountId, ofAccount]) => {
      const trusted = { accountId, roleArns: [...ofAccount.keys()].sort(), externalId: externalIds[accountId] };
      const problem = trustPolicyProblem(trusted, partner.region);
      const last = [...ofAccount.values()].at(-1);
      if (problem !== undefined) throw configuration.refuse(last?.setting ?? "customers", last?.value, problem);
      return trusted;
    });
}

/** The account of a role that may be trusted. */
function checkRole(configuration: Configuration, partner: AccountRegion, entry: ListedCustomer, arn: string): string {
  const problem = roleProblem(arn, partner);
  const account = parseRoleArn(arn)?.account;
  if (problem === undefined && account !== undefined) return account;
  throw configuration.refuse(
    entry.setting,
    entry.value,
    entry.value === arn ? (problem ?? "") : `a stack with the role ${arn}, ${problem ?? ""}`,
  );
}

const refuseRepeated = (configuration: Configuration, entry: ListedCustomer, earlier: ListedCustomer) =>
  configuration.refuse(
    entry.setting,
    entry.value,
    earlier.value === entry.value
      ? `but so is {${earlier.setting}}: remove one of the two`
      : `but its role is that of {${earlier.setting}} as well: remove one of the two`,
  );
