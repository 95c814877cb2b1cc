// Where the customers are read: in the stack's file, or in what is deployed.
import { UserError } from "../user-error.ts";
import { printable } from "../printable.ts";
import type { SideOptions } from "../options.ts";
import { allCustomers } from "./own-stacks.ts";
import { type Customer, type Partnership, partnerIn } from "./partnership.ts";
import { StackFile } from "./stack-file.ts";

export const isDeployed = ({ byTags, outputs }: SideOptions): boolean => byTags !== undefined || outputs !== undefined;

/** @throws UserError where neither says it */
export async function partnershipOf(options: SideOptions): Promise<Partnership> {
  if (isDeployed(options)) {
    // Clients of the SDK, which a file doesn't need.
    const { deployedPartnership } = await import("./deployed.ts");
    return deployedPartnership(options);
  }
  const file = await StackFile.open(options);
  return {
    customers: await allCustomers(file, options),
    where: file.path,
    // A list needs nothing of it.
    get partner() {
      return partnerIn(file);
    },
  };
}

/** @throws UserError where there is none */
export function customerOf({ customers, where }: Partnership, account: string): Customer {
  const found = customers.find(({ accountId, entries }) => accountId === account || entries.includes(account));
  if (found) return found;
  throw new UserError(`${printable(account)} is no customer in ${where}: \`hooks customer list\` has them all.`);
}
