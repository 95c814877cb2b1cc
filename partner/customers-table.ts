import type * as pulumi from "@pulumi/pulumi";
import { CUSTOMER_ATTRIBUTES } from "../shared/contract/customer-attributes.ts";
import { OnDemandTable, type OnDemandTableArgs } from "./on-demand-table.ts";

/**
 * Who is a customer, for the receive function: an item for each, which the same stack writes that makes the customer's
 * role. It goes with the hub: there is nothing in it that the customers' stacks don't know.
 */
export class CustomersTable extends OnDemandTable {
  constructor(name: string, args: Pick<OnDemandTableArgs, "settings">, opts: pulumi.ComponentResourceOptions) {
    const { accountId: hashKey } = CUSTOMER_ATTRIBUTES;
    super("iot-hooks:partner:CustomersTable", name, { ...args, hashKey, keepOnDestroy: false }, opts);
  }
}
