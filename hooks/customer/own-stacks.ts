// Customers with a stack of their own: the files Pulumi.<stack>.yaml of the project below the partner's.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ACCOUNT_ID, parseRoleArn } from "../../shared/contract/names.ts";
import { UserError } from "../user-error.ts";
import { type Customer, customersIn } from "./partnership.ts";
import { type FileOptions, PROJECTS, StackFile } from "./stack-file.ts";

const folderOf = ({ project = "." }: FileOptions): string => join(project, "customer");

/** Those of the hub's own list, and those with a stack of their own that names this hub. @throws UserError */
export async function allCustomers(hub: StackFile, options: FileOptions): Promise<Customer[]> {
  const project = folderOf(options);
  const names = await readdir(project).catch(() => []);
  const customers = customersIn(hub);
  for (const stack of names.flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])) {
    const file = await StackFile.open({ project, stack }, PROJECTS.customer);
    if (hubIn(file) === hub.stack) customers.push(customerIn(file));
  }
  return customers;
}

/** Name of the hub's stack, without its project. */
const hubIn = (file: StackFile): string | undefined => file.text("hub")?.split("/").at(-1);

function customerIn(file: StackFile): Customer {
  const entries = file.list("roles");
  const accountId = ACCOUNT_ID.test(file.stack) ? file.stack : parseRoleArn(entries[0] ?? "")?.account;
  const disabled = String(file.read("disabled")) === "true";
  return { accountId, entries, externalId: file.text("externalId"), disabled, ownStack: file.stack };
}

/** The customer's own stack, as it is or new. @throws UserError for a hub that is no stack's name, or another's */
export async function ownStack(account: string, hub: StackFile, name: string, options: FileOptions) {
  if (!/^[\w.-]+\/[\w.-]+\/[\w.-]+$/.test(name))
    throw new UserError(
      `"${name}" is no name of a stack: give organization/project/stack, as \`pulumi stack ls\` does.`,
    );
  if (name.split("/").at(-1) !== hub.stack)
    throw new UserError(`"${name}" is not the stack of ${hub.path}: give the one that hears this customer.`);
  const file = await StackFile.make({ project: folderOf(options), stack: account }, PROJECTS.customer);
  file.put("hub", name);
  return file;
}

/** What is to be typed about a customer's own stack. */
export const commandsOf = (options: FileOptions, stack: string, ...words: readonly string[]): string =>
  words.map((word) => `pulumi ${word} --cwd ${folderOf(options)} --stack ${stack}`).join(" && ");
