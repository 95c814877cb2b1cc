// The setting `customers` of the hub's project, and `roles` of a customer's own: from a list of stack names and role
// ARNs to accounts and the roles that are trusted in each.
import type { Configuration } from "../shared/configuration.ts";
import { type AccountRegion, parseRoleArn } from "../shared/contract/names.ts";
import type { CustomerOutputs } from "../shared/contract/outputs.ts";
import { type Trusted, roleProblem, trustPolicyProblem } from "./customers.ts";
import { STACK_NAME, outputsOf } from "./stack-outputs.ts";

/** One entry of the configuration. */
interface Entry {
  /** The setting, with its index. */
  readonly setting: string;
  /** As it stands there: a stack name or a role ARN. */
  readonly value: string;
}

/** One whose role is known: at once, or when its stack was read. */
interface ListedRole extends Entry {
  readonly roleArn: string;
  /** Of the role. */
  readonly accountId: string;
}

const isRole = (entry: Entry): entry is ListedRole => "roleArn" in entry;

/** Undefined where it is no ARN of a role. */
function withRole(entry: Entry, roleArn: string): ListedRole | undefined {
  const role = parseRoleArn(roleArn);
  return role && { ...entry, roleArn, accountId: role.account };
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
  const foreign = roles.find(({ accountId }) => accountId === other.accountId);
  const problem = `but that is of account ${other.accountId}, and others are of ${customer.accountId}: make a stack for each`;
  throw configuration.refuse(foreign?.setting ?? "roles", foreign?.value, problem);
}

async function lookedUp(
  configuration: Configuration,
  partner: AccountRegion,
  list: string,
  values: readonly string[],
): Promise<ListedRole[]> {
  const roles: ListedRole[] = [];
  for (const entry of listed(configuration, partner, list, values))
    roles.push(isRole(entry) ? entry : await roleOfStack(configuration, entry));
  return roles;
}

/** The entries, checked as far as possible without reading a stack. */
function listed(
  configuration: Configuration,
  partner: AccountRegion,
  list: string,
  values: readonly string[],
): readonly Entry[] {
  const entries = values.map((value, index) => {
    const entry: Entry = { setting: `${list}[${index}]`, value };
    if (STACK_NAME.test(value)) return entry;
    const role = withRole(entry, value);
    if (role !== undefined) return role;
    throw configuration.refuse(
      entry.setting,
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
    if (isRole(entry)) checkRole(configuration, partner, entry);
  }
  return entries;
}

async function roleOfStack(configuration: Configuration, entry: Entry): Promise<ListedRole> {
  const { setting, value } = entry;
  const read = await outputsOf(configuration, {
    setting,
    stack: value,
    project: "iot-hooks-customer",
    otherwise: "deploy it first, correct the name, or give the role's ARN",
  });
  const roleArn = await read("roleArn" satisfies keyof CustomerOutputs);
  const role = typeof roleArn === "string" ? withRole(entry, roleArn) : undefined;
  if (role !== undefined) return role;
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
  entries: readonly ListedRole[],
  externalIds: Readonly<Record<string, string>>,
): Trusted[] {
  const roles = new Map<string, Map<string, ListedRole>>();
  for (const entry of entries) {
    checkRole(configuration, partner, entry);
    const ofAccount = roles.get(entry.accountId) ?? new Map<string, ListedRole>();
    const earlier = ofAccount.get(entry.roleArn);
    if (earlier) throw refuseRepeated(configuration, entry, earlier);
    roles.set(entry.accountId, ofAccount.set(entry.roleArn, entry));
  }
  for (const [account, externalId] of Object.entries(externalIds)) {
    if (roles.has(account)) continue;
    throw configuration.refuse(
      `externalIds["${account}"]`,
      externalId,
      "but none of the customers has this account: correct the account, or remove the id",
    );
  }
  return [...roles.entries()].map(([accountId, ofAccount]) => {
    const trusted = { accountId, roleArns: [...ofAccount.keys()], externalId: externalIds[accountId] };
    const problem = trustPolicyProblem(trusted, partner.region);
    const last = [...ofAccount.values()].at(-1);
    if (problem !== undefined) throw configuration.refuse(last?.setting ?? "customers", last?.value, problem);
    return trusted;
  });
}

function checkRole(
  configuration: Configuration,
  partner: AccountRegion,
  { setting, value, roleArn }: ListedRole,
): void {
  const problem = roleProblem(roleArn, partner);
  if (problem === undefined) return;
  throw configuration.refuse(
    setting,
    value,
    value === roleArn ? problem : `a stack with the role ${roleArn}, ${problem}`,
  );
}

const refuseRepeated = (configuration: Configuration, entry: Entry, earlier: Entry) =>
  configuration.refuse(
    entry.setting,
    entry.value,
    earlier.value === entry.value
      ? `but so is {${earlier.setting}}: remove one of the two`
      : `but its role is that of {${earlier.setting}} as well: remove one of the two`,
  );
