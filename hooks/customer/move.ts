// A customer goes from the hub's list to a stack of its own, or back, with all that is set for it: what it presents and
// who is trusted stay the same, so that nothing has to be changed at the customer.
import { inJson } from "../printable.ts";
import { UserError } from "../user-error.ts";
import { type CustomerOptions, print } from "./changes.ts";
import { commandsOf, ownStack } from "./own-stacks.ts";
import type { Customer } from "./partnership.ts";
import { type FileOptions, StackFile } from "./stack-file.ts";
import { customerOf, isDeployed, partnershipOf } from "./whose.ts";

export type MoveOptions = CustomerOptions & { readonly apart?: string };

/** What is written, and then typed, in this order: a role's name is free again when the other stack has deleted it. */
interface Moved {
  readonly from: string;
  readonly to: string;
  readonly files: readonly StackFile[];
  readonly then: readonly string[];
}

const WHILE =
  "One right after the other: in between the customer is refused, its function tries again for three minutes, and " +
  "then puts what it has into its own queue announce, for a redrive. Nothing changes at the customer.";

export async function move(account: string, options: MoveOptions): Promise<void> {
  if (isDeployed(options))
    throw new UserError(
      "It moves what stands in files. In a program of your own: move it with its roleArns and externalId.",
    );
  const customer = customerOf(await partnershipOf(options), account);
  const { accountId } = customer;
  if (accountId === undefined)
    throw new UserError(`${account} is in customers by its stack's name: put its output roleArn there instead first.`);
  const hub = await StackFile.open(options);
  const { from, to, files, then } =
    customer.ownStack === undefined
      ? await toOwnStack(accountId, customer, hub, options)
      : toList(accountId, customer, hub, options);
  // The one that gets it first: whatever stops the second, nothing is lost.
  if (options.dryRun !== true) for (const file of files) await file.save();
  if (options.json === true) console.log(inJson({ account: accountId, from, to, then }));
  else
    print([
      `${options.dryRun === true ? "Would move" : "Moved"} ${accountId} from ${from} to ${to}, with all that is set ` +
        `for it. Then: ${then.join(" && ")}`,
      "",
      WHILE,
    ]);
}

const upOf = (hub: StackFile, { project = "." }: FileOptions): string =>
  `pulumi up --cwd ${project} --stack ${hub.stack}`;

async function toOwnStack(account: string, customer: Customer, hub: StackFile, options: MoveOptions): Promise<Moved> {
  const { apart } = options;
  if (apart === undefined)
    throw new UserError(`${account} is in the list of ${hub.path}: --apart gives it a stack of its own.`);
  const own = await ownStack(account, hub, apart, options);
  own.remove("roles", () => true);
  for (const entry of customer.entries) own.append("roles", entry);
  own.put("externalId", customer.externalId ?? "");
  own.put("disabled", String(customer.disabled));
  hub.remove("customers", (entry) => customer.entries.includes(entry));
  hub.remove("externalIds", (id) => id === account);
  hub.remove("disabledCustomers", (id) => id === account);
  return {
    ...{ from: hub.path, to: own.path, files: [own, hub] },
    then: [upOf(hub, options), commandsOf(options, own.stack, "stack init", "up")],
  };
}

function toList(account: string, customer: Customer, hub: StackFile, options: MoveOptions): Moved {
  const { entries, externalId, disabled, ownStack: own = "" } = customer;
  if (options.apart !== undefined)
    throw new UserError(`${account} has a stack of its own already: without --apart it goes back to the list.`);
  for (const entry of entries) hub.append("customers", entry);
  if (externalId !== undefined) hub.set("externalIds", account, externalId);
  if (disabled) hub.append("disabledCustomers", account);
  return {
    // The stack's file stays for the destroy; removing the stack takes it away.
    ...{ from: `its stack ${own}`, to: hub.path, files: [hub] },
    then: [commandsOf(options, own, "destroy", "stack rm"), upOf(hub, options)],
  };
}
