// The partner's customers: which roles of which accounts may be trusted.
import type * as pulumi from "@pulumi/pulumi";
import { type AccountRegion, customerRoleName, parseRoleArn, partitionOf, roleArn } from "../shared/contract/names.ts";
import { whenKnown } from "../shared/inputs.ts";
import {
  type Naming,
  accountId as accountIdSchema,
  externalId as externalIdSchema,
  parsed,
  refusal,
} from "../shared/settings.ts";
import { trustPolicySize } from "./policies.ts";

/** @example `{ accountId: "111111111111" }` */
export interface Customer {
  /**
   * The customer's AWS account, 12 digits. Plain, since resources are named after it.
   * @example "111111111111"
   */
  readonly accountId: string;
  /**
   * The roles that are trusted: the customer's output `roleArn`, several where it announces from several Regions.
   * Default: the role that the contract names, in that account.
   * @example ["arn:aws:iam::111111111111:role/publish-to-partner-role-222222222222"]
   */
  readonly roleArns?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * What this customer has to present. Unique per customer, not a secret. Default: none.
   * @example "customer-17"
   */
  readonly externalId?: pulumi.Input<string> | undefined;
}

/** Whom a publish role lets in. */
export interface Trusted {
  readonly accountId: string;
  /** In ascending order. */
  readonly roleArns: string[];
  readonly externalId: string | undefined;
}

/**
 * IAM, "IAM and AWS STS quotas": characters of a role's trust policy, white space not counted, until a higher quota
 * is asked for.
 */
const MAX_TRUST_POLICY = 2048;

type Partner = { readonly [K in keyof AccountRegion]: pulumi.Input<string> };

/** A customer with what is trusted of it. */
export interface TrustedCustomer {
  readonly accountId: string;
  readonly trusted: pulumi.Output<Trusted>;
}

/**
 * The customers as they were given, in ascending order of their accounts. Throws RunError for whatever is wrong with
 * one and known by now.
 */
export function trustedCustomers(
  customers: readonly Customer[],
  partner: Partner,
  naming: Naming,
): readonly TrustedCustomer[] {
  return customers
    .map((customer, index) => {
      const inside: Naming = (argument) => naming(`customers[${index}].${argument}`);
      const earlier = customers.findIndex(({ accountId }) => accountId === customer.accountId);
      if (earlier < index) {
        const problem =
          `but so is ${naming(`customers[${earlier}].accountId`)}: ` + "list the account once, with all its roleArns";
        throw refusal(inside, "accountId", customer.accountId, problem);
      }
      return trustedCustomer(customer, partner, inside);
    })
    .sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
}

/** Throws RunError for whatever is wrong with the customer and known by now. */
export function trustedCustomer(customer: Customer, partner: Partner, naming: Naming): TrustedCustomer {
  const accountId = parsed(accountIdSchema, customer.accountId, naming, "accountId");
  const { roleArns, externalId } = customer;
  const trusted = whenKnown({ partner, roleArns, externalId }, (known) => checked({ accountId, ...known }, naming));
  return { accountId, trusted };
}

function checked(
  customer: {
    readonly accountId: string;
    readonly partner: AccountRegion;
    readonly roleArns: readonly string[] | undefined;
    readonly externalId: string | undefined;
  },
  naming: Naming,
): Trusted {
  const { accountId, partner, externalId } = customer;
  if (accountId === partner.accountId) {
    const problem = "but that is the partner's own account: a customer is another account, give its number";
    throw refusal(naming, "accountId", accountId, problem);
  }
  if (externalId !== undefined) parsed(externalIdSchema, externalId, naming, "externalId");
  const roleArns = customer.roleArns ?? [
    roleArn(partitionOf(partner.region), accountId, customerRoleName(partner.accountId)),
  ];
  if (roleArns.length === 0) {
    throw refusal(naming, "roleArns", roleArns, "but then nobody is trusted: give a role, or leave it out");
  }
  for (const [index, arn] of roleArns.entries()) {
    const problem =
      roleProblem(arn, partner) ??
      (parseRoleArn(arn)?.account === accountId
        ? undefined
        : `but that role isn't in account ${accountId}: give one of this customer's`) ??
      (roleArns.indexOf(arn) === index ? undefined : "but the list has it already: remove one of the two");
    if (problem !== undefined) throw refusal(naming, `roleArns[${index}]`, arn, problem);
  }
  const trusted = { accountId, roleArns: [...roleArns].sort(), externalId };
  const tooLarge = trustPolicyProblem(trusted, partner.region);
  if (tooLarge !== undefined) throw refusal(naming, "roleArns", roleArns, tooLarge);
  return trusted;
}

/** Throws RunError for a disabled customer that is none. */
export function checkDisabled(
  disabled: readonly string[],
  customers: readonly { readonly accountId: string }[],
  naming: Naming,
): void {
  const index = disabled.findIndex((account) => !customers.some(({ accountId }) => accountId === account));
  if (index < 0) return;
  const problem = "but none of the customers has this account: correct it, or remove it";
  throw refusal(naming, `disabledCustomers[${index}]`, disabled[index], problem);
}

/** Why a role can't be trusted, as the end of a sentence; undefined where it can. */
export function roleProblem(arn: string, partner: AccountRegion): string | undefined {
  const role = parseRoleArn(arn);
  if (!role) {
    return /^arn:.*[*?]/.test(arn)
      ? "but a wildcard would let in roles that nobody named: give the ARN of one role"
      : "but that is no ARN of a role: give the customer's output roleArn";
  }
  if (role.account === partner.accountId) {
    return "but that is a role of the partner's own account: a customer is another account, give its role";
  }
  const partition = partitionOf(partner.region);
  if (role.partition !== partition) {
    return `but roles of the partition ${role.partition} can't be trusted in ${partition}: give a role of ${partition}`;
  }
  const foreign = /^publish-to-partner-role-(\d{12})/.exec(role.name)?.[1];
  if (foreign === undefined || foreign === partner.accountId) return undefined;
  return (
    `but that role is for the partner ${foreign} and this is ${partner.accountId}: have the customer set ` +
    "its partnerAccountId, " +
    `for a role named ${customerRoleName(partner.accountId)}`
  );
}

/** Why a customer's trust policy can't be saved, as the end of a sentence; undefined where it can. */
export function trustPolicyProblem({ accountId, roleArns, externalId }: Trusted, region: string): string | undefined {
  const size = trustPolicySize({ customerAccountId: accountId, roleArns, region, externalId });
  if (size <= MAX_TRUST_POLICY) return undefined;
  return (
    `but with it the trust policy of account ${accountId} has ${size} characters and IAM takes ` +
    `${MAX_TRUST_POLICY}: list fewer roles of that account`
  );
}
