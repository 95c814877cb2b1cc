// Who is a customer: items of a table, each kept for a while in this execution environment.
import { type DynamoDBClient, GetItemCommand, type GetItemCommandOutput } from "@aws-sdk/client-dynamodb";
import { CUSTOMER_ATTRIBUTES } from "../../shared/contract/customer-attributes.ts";
import { ACCOUNT_ID } from "../../shared/contract/names.ts";

export interface Customer {
  /** Unique id of its publish role: what `principal()` starts with when that role publishes. */
  readonly roleId: string;
  /** Whether it may not speak for the time being. */
  readonly disabled: boolean;
}

export interface Customers {
  /**
   * Undefined for an account that is no customer. One that isn't as `expected` was read within the last second,
   * whatever is kept of it. Throws MalformedCustomer, and what the SDK throws: then nobody knows, and it can be tried
   * again.
   */
  find(
    accountId: string,
    expected: (customer: Customer) => boolean,
    signal: AbortSignal,
  ): Promise<Customer | undefined>;
}

/** The table holds something that no program of ours writes. */
class MalformedCustomer extends Error {
  override readonly name = "MalformedCustomer";
}

/** For how long a customer is believed to be one, with the same role. Then the table is asked again. */
export const KEPT_MS = 60_000;
/**
 * For how long something that speaks against a customer is believed. Not shorter, so that a flood of what is refused
 * doesn't become one of reads.
 */
export const KEPT_AGAINST_MS = 1_000;

export interface CustomersParts {
  readonly client: Pick<DynamoDBClient, "send">;
  readonly tableName: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * What is kept is bounded by the number of customers: that an account is none isn't kept. So a customer is heard as
 * soon as its item is written, which is before it may publish.
 */
export class CachedCustomers implements Customers {
  readonly #parts: CustomersParts;
  readonly #kept = new Map<string, { readonly customer: Customer; readonly readAt: number }>();

  constructor(parts: CustomersParts) {
    this.#parts = parts;
  }

  async find(accountId: string, expected: (customer: Customer) => boolean, signal: AbortSignal) {
    // Whoever publishes on the hooks' topics chooses the text.
    if (!ACCOUNT_ID.test(accountId)) return undefined;
    const { client, tableName: TableName, now } = this.#parts;
    const readAt = now();
    const kept = this.#kept.get(accountId);
    if (kept !== undefined) {
      const lifetime = expected(kept.customer) ? KEPT_MS : KEPT_AGAINST_MS;
      if (readAt - kept.readAt < lifetime) return kept.customer;
    }
    const Key = { [CUSTOMER_ATTRIBUTES.accountId]: { S: accountId } };
    const request = new GetItemCommand({ TableName, Key, ConsistentRead: true });
    const { Item } = await client.send(request, { abortSignal: signal });
    if (Item === undefined) {
      this.#kept.delete(accountId);
      return undefined;
    }
    const customer = customerIn(Item, accountId, TableName);
    this.#kept.set(accountId, { customer, readAt });
    return customer;
  }
}

function customerIn(item: NonNullable<GetItemCommandOutput["Item"]>, accountId: string, table: string): Customer {
  const roleId = item[CUSTOMER_ATTRIBUTES.roleId]?.S;
  const disabled = item[CUSTOMER_ATTRIBUTES.disabled]?.BOOL;
  if (roleId !== undefined && /^\w{1,128}$/.test(roleId) && disabled !== undefined) return { roleId, disabled };
  throw new MalformedCustomer(
    `The item of ${accountId} in the table ${table} has no roleId and disabled as the program writes them: ` +
      "run pulumi up --refresh in the stack of this customer.",
  );
}
