// Who is a customer, by the partner's configuration: what a customer is told, and what it may do.
import {
  ACCOUNT_ID,
  COMPONENT,
  NAME_SUFFIX,
  basicIngestTopicOf,
  customerRoleName,
  parseRoleArn,
  partitionFor,
  publishRoleName,
  receiverName,
  roleArn,
  topicOf,
  topicRuleNameOf,
} from "../../shared/contract/names.ts";
import { DEFAULT_OPERATIONS, isOperation, publishableOperations } from "../../shared/contract/operations.ts";
import { UserError } from "../user-error.ts";
import type { StackFile } from "./stack-file.ts";
import type { Settings } from "./without-pulumi.ts";

export interface Customer {
  /** Undefined where only a stack's name stands there. */
  readonly accountId: string | undefined;
  /** As they stand in `customers`: ARNs of roles, or a stack's name. */
  readonly entries: readonly string[];
  readonly externalId: string | undefined;
  readonly disabled: boolean;
  /** Name of the stack that it has for itself; undefined in the hub's list. */
  readonly ownStack: string | undefined;
}

export interface Partner {
  readonly accountId: string;
  readonly region: string;
  readonly nameSuffix: string | undefined;
  readonly operations: readonly string[];
  /** The rule that customers may also publish straight to; undefined without `basicIngest`. */
  readonly basicIngestRule: string | undefined;
}

/** A partner, and who its customers are. */
export interface Partnership {
  readonly partner: Partner;
  readonly customers: readonly Customer[];
  /** Completes "no customer in …". */
  readonly where: string;
}

/** @throws UserError where the file lacks what a partner's configuration must have */
export function partnerIn(file: StackFile): Partner {
  const accountId = file.text("accountId") ?? "";
  const region = file.text("aws:region") ?? "";
  if (!ACCOUNT_ID.test(accountId))
    throw new UserError(`${file.path} has no iot-hooks-partner:accountId of 12 digits: set it first.`);
  if (partitionFor(region) === undefined) throw new UserError(`${file.path} has no aws:region: set it first.`);
  const operations = file.list("operations");
  const nameSuffix = file.text("nameSuffix");
  const basicIngest = String(file.read("basicIngest")) === "true";
  return {
    accountId,
    region,
    nameSuffix,
    operations: operations.length === 0 ? DEFAULT_OPERATIONS : operations,
    basicIngestRule: basicIngest ? topicRuleNameOf(receiverName(COMPONENT), nameSuffix) : undefined,
  };
}

export function customersIn(file: StackFile): Customer[] {
  const externalIds = file.record("externalIds");
  const disabled = file.list("disabledCustomers");
  const byAccount = new Map<string, string[]>();
  for (const entry of file.list("customers")) {
    const key = parseRoleArn(entry)?.account ?? entry;
    byAccount.set(key, [...(byAccount.get(key) ?? []), entry]);
  }
  return [...byAccount].map(([key, entries]) => ({
    accountId: ACCOUNT_ID.test(key) ? key : undefined,
    entries,
    externalId: externalIds[key],
    disabled: disabled.includes(key),
    ownStack: undefined,
  }));
}

/** @throws UserError for what is no account, or the partner's own */
export function checkAccount(account: string, partner: Partner): void {
  if (!ACCOUNT_ID.test(account)) throw new UserError(`"${account}" is no AWS account: it has 12 digits.`);
  if (account === partner.accountId)
    throw new UserError(`${account} is the partner's own account: a customer must be another one.`);
}

/** The role that the contract names. @throws UserError for a suffix that no role may have */
export function customerRoleArn(account: string, partner: Partner, nameSuffix: string | undefined): string {
  if (nameSuffix !== undefined && !NAME_SUFFIX.test(nameSuffix))
    throw new UserError(`"${nameSuffix}" is no suffix: it has 1 to 20 of a-z, 0-9 and "-".`);
  return roleArn(partitionFor(partner.region) ?? "aws", account, customerRoleName(partner.accountId, nameSuffix));
}

export const publishRoleArn = (account: string, { region, nameSuffix }: Partner, partnerAccountId: string): string =>
  roleArn(partitionFor(region) ?? "aws", partnerAccountId, publishRoleName(account, nameSuffix));

/** Topics that a customer may publish on. */
export function topicsOf(account: string, { operations, basicIngestRule: rule }: Partner): string[] {
  const topics = publishableOperations(operations.filter(isOperation)).map((operation) => topicOf(account, operation));
  return [...topics, ...(rule === undefined ? [] : topics.map((topic) => basicIngestTopicOf(rule, topic)))];
}

/** What the customer's own configuration must have, by the component's arguments. */
export function customerSettings(
  partner: Partner,
  { externalId, nameSuffix, trigger }: Readonly<Record<"externalId" | "nameSuffix" | "trigger", string | undefined>>,
): Settings {
  return {
    partnerAccountId: partner.accountId,
    partnerRegion: partner.region,
    operations: partner.operations,
    ...(trigger === undefined ? {} : { trigger }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(nameSuffix === undefined ? {} : { nameSuffix }),
    ...(partner.nameSuffix === undefined ? {} : { partnerNameSuffix: partner.nameSuffix }),
    ...(partner.basicIngestRule === undefined ? {} : { partnerTopicRule: partner.basicIngestRule }),
  };
}
