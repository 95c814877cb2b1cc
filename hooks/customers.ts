// Who is a customer of a partner's deployment: items of its table, whichever stack wrote them, and roles that are named
// after an account. Both are listed as a whole: a question for each of thousands would take half an hour.
import { type AttributeValue, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { type IAMClient, ListRolesCommand, type Role } from "@aws-sdk/client-iam";
import { CUSTOMER_ATTRIBUTES } from "../shared/contract/customer-attributes.ts";
import { publishRoleName } from "../shared/contract/names.ts";
import { everyPage } from "./pages.ts";

/** An item, as the receive function reads it; what it hasn't is empty. */
export interface ListedCustomer {
  readonly accountId: string;
  /** The role that it assumes. */
  readonly roleArn: string;
  /** Unique id of that role when the item was written. */
  readonly roleId: string;
  readonly disabled: boolean;
}

/** By account, in ascending order. One read unit for each 4 KB: some twenty customers. @throws what the SDK throws */
export async function listedCustomers(client: DynamoDBClient, TableName: string): Promise<ListedCustomer[]> {
  const items = await everyPage(async (ExclusiveStartKey: Record<string, AttributeValue> | undefined) => {
    const page = await client.send(new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey }));
    return { items: page.Items ?? [], next: page.LastEvaluatedKey };
  });
  return inOrder(items.map(customerIn));
}

function customerIn(item: Readonly<Record<string, AttributeValue>>): ListedCustomer {
  const text = (name: string): string => item[name]?.S ?? "";
  return {
    accountId: text(CUSTOMER_ATTRIBUTES.accountId),
    roleArn: text(CUSTOMER_ATTRIBUTES.roleArn),
    roleId: text(CUSTOMER_ATTRIBUTES.roleId),
    disabled: item[CUSTOMER_ATTRIBUTES.disabled]?.BOOL === true,
  };
}

const inOrder = <Of extends { readonly accountId: string }>(all: readonly Of[]): Of[] =>
  [...all].sort((a, b) => (a.accountId < b.accountId ? -1 : 1));

/** All of the account's, with their trust. @throws what the SDK throws */
export const listedRoles = (iam: IAMClient): Promise<Role[]> =>
  everyPage(async (Marker: string | undefined) => {
    const { Roles = [], IsTruncated, Marker: next } = await iam.send(new ListRolesCommand({ Marker }));
    return { items: Roles, next: IsTruncated === true ? next : undefined };
  });

export interface KnownCustomer {
  readonly accountId: string;
  /** The role that it assumes, which need not be there. */
  readonly roleArn: string;
  /** Undefined where the table has none: the receive function knows no such customer. */
  readonly item: ListedCustomer | undefined;
  /** Undefined where there is no such role. */
  readonly role: Role | undefined;
}

/** By account, in ascending order. @param nameSuffix the partner's */
export function knownCustomers(
  items: readonly ListedCustomer[],
  roles: readonly Role[],
  nameSuffix: string | undefined,
): KnownCustomer[] {
  const byArn = new Map(roles.map((role) => [role.Arn, role]));
  const customers = new Map<string, KnownCustomer>();
  for (const role of roles) {
    const accountId = customerOfRole(role.RoleName ?? "", nameSuffix);
    if (accountId !== undefined)
      customers.set(accountId, { accountId, roleArn: role.Arn ?? "", item: undefined, role });
  }
  for (const item of items) {
    const { accountId, roleArn } = item;
    customers.set(accountId, { accountId, roleArn, item, role: byArn.get(roleArn) });
  }
  return inOrder([...customers.values()]);
}

/** Whose publish role it is by its name, which the contract gives it. */
function customerOfRole(roleName: string, nameSuffix: string | undefined): string | undefined {
  const account = /-(\d{12})(?=-|$)/.exec(roleName)?.[1];
  return account !== undefined && roleName === publishRoleName(account, nameSuffix) ? account : undefined;
}
