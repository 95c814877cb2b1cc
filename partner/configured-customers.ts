// The setting `customers` of the hub's project, and `roles` of a customer's own: from a list of stack names and role
// ARNs to accounts and the roles that are trusted in each.
import type { Configuration } from "../shared/configuration.ts";
import { type AccountRegion, parseRoleArn } from "../shared/contract/names.ts";
import type { CustomerOutputs } from "../shared/contract/outputs.ts";
import { type Trusted, roleProblem, trustPolicyProblem } from "./customers.ts";
import { STACK_NAME, outputsOf } from "./stack-outputs.ts";

/** One entry of the configuration. */
interface ListedCustomer {
  /** The setting, with its index. */
  readonly setting: string;
  /** As it stands there: a stack name or a role ARN. */
  readonly value: string;
  /** Undefined for a stack that wasn't read yet. */
  readonly roleArn: string | undefined;
}

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
  return grouped(configuration, partner, await lookedUp(configuration, partner, "customers", values), externalIds);
}

/** The one customer that all the roles belong to. Throws RunError. */
export async function configuredCustomer(
  configuration: Configuration,
  partner: AccountRegion,
  values: readonly string[],
): Promise<Pick<Trusted, "accountId" | "roleArns">> {
  const roles = await lookedUp(configuration, partner, "roles", values);
  const [customer, other] = grouped(configuration, partner, roles, {});
  if (customer === undefined)
    throw configuration.refuse(
      "roles",
      undefined,
      `is not set: run "pulumi config set --path '{roles[0]}' <role's ARN>"`,
    );
  if (other === undefined) return customer;
  const foreign = roles.find(({ roleArn }) => roleArn !== undefined && other.roleArns.includes(roleArn));
  const problem = `but that is of account ${other.accountId}, and others are of ${customer.accountId}: make a stack for each`;
  throw configuration.refuse(foreign?.setting ?? "roles", foreign?.value, problem);
}

async function lookedUp(
  configuration: Configuration,
  partner: AccountRegion,
  list: string,
  values: readonly string[],
): Promise<ListedCustomer[]> {
  const customers: ListedCustomer[] = [];
  for (const entry of listed(configuration, partner, list, values))
    customers.push(await lookUpRole(configuration, entry));
  return customers;
}

/** The entries, checked as far as possible without reading a stack. */
function listed(
  configuration: Configuration,
  partner: AccountRegion,
  list: string,
  values: readonly string[],
): readonly ListedCustomer[] {
  const entries = values.map((value, index): ListedCustomer => {
    const setting = `${list}[${index}]`;
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
  const read = await outputsOf(configuration, {
    setting,
    stack: value,
    project: "iot-hooks-customer",
    otherwise: "deploy it first, correct the name, or give the role's ARN",
  });
  const roleArn = await read("roleArn" satisfies keyof CustomerOutputs);
  if (typeof roleArn === "string" && parseRoleArn(roleArn) !== undefined) return { ...entry, roleArn };
  const problem = `${roleArn === undefined ? "missing" : JSON.stringify(roleArn)} and not the ARN of a role`;
  throw configuration.refuse(
    setting,
    value,
    `but the output roleArn of that stack is ${problem}: name a deployed stack of the project iot-hooks-customer`,
  );
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
