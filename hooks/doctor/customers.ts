// The customers as the partner's side has them, for all checks that are about each of them.
import { type KnownCustomer, knownCustomers, listedCustomers, listedRoles } from "../customers.ts";
import type { Account } from "./account.ts";
import { look, lookFor } from "./look.ts";

type Partner = Account<"partner">;
type Customers = ReadonlyMap<string, KnownCustomer>;

const asked = new WeakMap<Partner, Promise<Customers>>();

/** By account. Asked once. @throws NotSeen */
export function customersOf(partner: Partner): Promise<Customers> {
  const answer = asked.get(partner) ?? found(partner);
  asked.set(partner, answer);
  return answer;
}

async function found({ dynamodb, iam, outputs }: Partner): Promise<Customers> {
  const { customersTableName, nameSuffix } = outputs.hub;
  const items = await lookFor("the table of customers", "dynamodb:Scan", () =>
    listedCustomers(dynamodb, customersTableName),
  );
  const roles = await look("the roles", "iam:ListRoles", () => listedRoles(iam));
  return new Map(knownCustomers(items ?? [], roles, nameSuffix).map((customer) => [customer.accountId, customer]));
}
