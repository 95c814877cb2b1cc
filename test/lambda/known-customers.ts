// Customers as the receive function knows them, without a table.
import type { Customer, Customers } from "../../partner/lambda/customers.ts";
import type { ReceiveSettings } from "../../partner/lambda/settings.ts";
import { OPERATION_NAMES } from "../../shared/contract/operations.ts";
import { QUEUE_URL } from "./invocation.ts";
import { CUSTOMER } from "./records.ts";
import { SENDER_ID } from "./rule-events.ts";

export const customersOf = (known: Readonly<Record<string, Customer>>): Customers => ({
  find: (accountId) => Promise.resolve(Object.hasOwn(known, accountId) ? known[accountId] : undefined),
});
export const CUSTOMERS = customersOf({ [CUSTOMER]: { roleId: SENDER_ID, disabled: false } });

export const SETTINGS: ReceiveSettings = {
  operations: OPERATION_NAMES,
  customersTable: "customers",
  debug: true,
  senderCheck: "enforce",
  failureQueueUrl: QUEUE_URL,
};
