// The partner's customers: from a list of stack names and role ARNs to accounts and the roles that are trusted in each.
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../shared/config.ts";
import { CONTRACT_VERSION } from "../shared/contract/message.ts";
import { customerRoleName, parseRoleArn, partitionOf } from "../shared/contract/names.ts";
import type { CustomerOutputs } from "../shared/contract/outputs.ts";
import { type Place, publishTrust } from "../shared/policies.ts";

export interface Customer {
  readonly accountId: string;
  /** Several, where the customer announces from several Regions. */
  readonly roleArns: readonly string[];
  readonly externalId: string | undefined;
}

/** One entry of the configuration. */
export interface ListedCustomer {
  /** The setting, with its index. */
  readonly setting: string;
  /** As it stands there: a stack name or a role ARN. */
  readonly value: string;
  /** Undefined for a stack that wasn't read yet. */
  readonly roleArn: string | undefined;
}

/** `organization/project/stack`: characters as Pulumi allows them in names. */
const STACK_NAME = /^[\w.-]+\/[\w.-]+\/[\w.-]+$/;

/** IAM, "IAM and AWS STS quotas": characters of a role's trust policy, white space not counted, until a higher quota is asked for. */
const MAX_TRUST_POLICY = 2048;

/** The entries of `customers`, checked as far as possible without reading a stack. */
export function listedCustomers(configuration: Configuration, partner: Place): readonly ListedCustomer[] {
  const listed = configuration.list("customers", []).map((value, index): ListedCustomer => {
    const setting = `customers[${index}]`;
    if (STACK_NAME.test(value)) return { setting, value, roleArn: undefined };
    if (parseRoleArn(value)) return { setting, value, roleArn: value };
    throw configuration.refuse(
      setting,
      value,
      /^arn:.*[*?]/.test(value)
        ? "but a wildcard would let in roles that nobody named: give the ARN of one role"
        : "but it is neither a stack name (organization/project/stack) nor the ARN of a role: give the customer's output roleArn",
    );
  });
  for (const [index, entry] of listed.entries()) {
    const earlier = listed.slice(0, index).find(({ value }) => value === entry.value);
    if (earlier) throw refuseRepeated(configuration, entry, earlier);
    if (entry.roleArn !== undefined) checkRole(configuration, partner, entry, entry.roleArn);
  }
  return listed;
}

/** The entry with its role's ARN: read from the stack where one is named. */
export async function lookUpRole(configuration: Configuration, entry: ListedCustomer): Promise<ListedCustomer> {
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
      "but that stack has no output contractVersion: name a deployed stack of the project customer",
    );
  }
  if (contractVersion !== CONTRACT_VERSION) {
    throw configuration.refuse(
      setting,
      value,
      `but that stack speaks version ${JSON.stringify(contractVersion)} of the contract, and this program version ${CONTRACT_VERSION}: ` +
        "deploy both from the same release",
    );
  }
  if (typeof roleArn !== "string" || parseRoleArn(roleArn) === undefined) {
    throw configuration.refuse(
      setting,
      value,
      `but the output roleArn of that stack is ${roleArn === undefined ? "missing" : JSON.stringify(roleArn)} and not the ARN of a role: ` +
        "name a deployed stack of the project customer",
    );
  }
  return { ...entry, roleArn };
}

/** Accounts in ascending order, each with its roles in ascending order: the list's own order changes nothing. */
export function groupCustomers(
  configuration: Configuration,
  partner: Place,
  listed: readonly ListedCustomer[],
  externalIds: Readonly<Record<string, string>>,
): readonly Customer[] {
  const roles = new Map<string, Map<string, ListedCustomer>>();
  for (const entry of listed) {
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
  return [...roles.keys()].sort().map((accountId) => {
    const ofAccount = roles.get(accountId) ?? new Map<string, ListedCustomer>();
    const customer = { accountId, roleArns: [...ofAccount.keys()].sort(), externalId: externalIds[accountId] };
    checkTrustPolicy(configuration, partner, customer, [...ofAccount.values()].at(-1));
    return customer;
  });
}

/** The account of a role that may be trusted. */
function checkRole(configuration: Configuration, partner: Place, entry: ListedCustomer, roleArn: string): string {
  const refuse = (problem: string) =>
    configuration.refuse(
      entry.setting,
      entry.value,
      entry.value === roleArn ? problem : `a stack with the role ${roleArn}, ${problem}`,
    );
  const role = parseRoleArn(roleArn);
  if (!role) throw refuse("but that is no ARN of a role: give the customer's output roleArn");
  if (role.account === partner.accountId) {
    throw refuse("but that is a role of the partner's own account: a customer is another account, give its role");
  }
  const partition = partitionOf(partner.region);
  if (role.partition !== partition) {
    throw refuse(
      `but roles of the partition ${role.partition} can't be trusted in ${partition}: give a role of ${partition}`,
    );
  }
  const foreign = /^publish-to-partner-role-(\d{12})/.exec(role.name)?.[1];
  if (foreign !== undefined && foreign !== partner.accountId) {
    throw refuse(
      `but that role is for the partner ${foreign} and this is ${partner.accountId}: have the customer set its partnerAccountId, ` +
        `for a role named ${customerRoleName(partner.accountId)}`,
    );
  }
  return role.account;
}

const refuseRepeated = (configuration: Configuration, entry: ListedCustomer, earlier: ListedCustomer) =>
  configuration.refuse(
    entry.setting,
    entry.value,
    earlier.value === entry.value
      ? `but so is ${configuration.key(earlier.setting)}: remove one of the two`
      : `but its role is that of ${configuration.key(earlier.setting)} as well: remove one of the two`,
  );

function checkTrustPolicy(
  configuration: Configuration,
  partner: Place,
  { accountId, roleArns, externalId }: Customer,
  last: ListedCustomer | undefined,
): void {
  const document = publishTrust({
    customerAccountId: accountId,
    roleArns,
    partition: partitionOf(partner.region),
    externalId,
  });
  const size = JSON.stringify(document).length;
  if (size <= MAX_TRUST_POLICY) return;
  throw configuration.refuse(
    last?.setting ?? "customers",
    last?.value,
    `but with it the trust policy of account ${accountId} has ${size} characters and IAM takes ${MAX_TRUST_POLICY}: list fewer roles of that account`,
  );
}
