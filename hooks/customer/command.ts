// `hooks customer`: who is a customer, in the configuration of the partner's project. It writes a file and asks AWS
// nothing: what it says comes true with the next `pulumi up`.
import { randomBytes } from "node:crypto";
import { Argument, type Command } from "commander";
import Table from "cli-table3";
import { inJson, printable } from "../printable.ts";
import { UserError } from "../user-error.ts";
import {
  type Customer,
  checkAccount,
  customerRoleArn,
  customerSettings,
  partnerIn,
  publishRoleArn,
  topicsOf,
} from "./partnership.ts";
import { allCustomers, commandsOf, ownStack } from "./own-stacks.ts";
import { type FileOptions, StackFile } from "./stack-file.ts";
import { type LinkOptions, launchLink, terraformLines } from "./without-pulumi.ts";

interface CustomerOptions extends FileOptions {
  readonly json?: boolean;
  readonly dryRun?: boolean;
}
type AddOptions = CustomerOptions &
  LinkOptions & { readonly nameSuffix?: string; readonly externalId: boolean; readonly apart?: string };

export function addCustomer(program: Command): void {
  const command = program
    .command("customer")
    .summary("adds, removes and shows customers in the partner's configuration")
    .description("Keeps the partner's list of customers, in the stack's file of the ready-made project.");
  const account = () => new Argument("<account>", "the customer's AWS account, 12 digits");
  onFile(command.command("add"))
    .description(
      "Adds a customer: makes an external id, writes both into the stack's file, and prints what to send to the " +
        "customer.",
    )
    .addArgument(account())
    .option("--name-suffix <suffix>", "the nameSuffix that the customer deploys with")
    .option("--no-external-id", "makes none")
    .option("--apart <hub>", "gives it a stack of its own, which names the partner's (organization/project/stack)")
    .option("--template-url <url>", "where the template of `hooks kit cloudformation` lies in S3: prints a launch link")
    .option("--region <region>", "of the customer, in the link; default: the one that its console shows")
    .option("--dry-run", "writes nothing")
    .addHelpText("after", "\nExample:\n  hooks customer add 111111111111 --project partner --stack prod")
    .action((account: string, options: AddOptions) => add(account, options));
  onFile(command.command("list"))
    .description("Lists the customers.")
    .addHelpText("after", "\nExample:\n  hooks customer list --project partner")
    .action(list);
  onFile(command.command("show"))
    .description("Shows what is set for one customer, and what it may do.")
    .addArgument(account())
    .addHelpText("after", "\nExample:\n  hooks customer show 111111111111 --project partner")
    .action(show);
  onFile(command.command("remove"))
    .description("Removes a customer from the stack's file, and says what stays.")
    .addArgument(account())
    .option("--dry-run", "writes nothing")
    .addHelpText("after", "\nExample:\n  hooks customer remove 111111111111 --project partner --stack prod")
    .action(remove);
}

const onFile = (command: Command): Command =>
  command
    .option("--project <folder>", "the folder of the partner's project; default: this one")
    .option("--stack <name>", "the stack; default: the only one that has a file there")
    .option("--json", "prints JSON");

const print = (text: readonly string[]): void => {
  console.log(text.map((line) => " ".repeat(line.search(/\S|$/)) + printable(line.trim(), 2000)).join("\n"));
};

/** 128 bits: nobody guesses it, though AWS doesn't take external ids for secrets (IAM User Guide, "external ID"). */
const newExternalId = (): string => randomBytes(16).toString("hex");

async function add(account: string, options: AddOptions): Promise<void> {
  const file = await StackFile.open(options);
  const partner = partnerIn(file);
  checkAccount(account, partner);
  const arn = customerRoleArn(account, partner, options.nameSuffix);
  const present = (await allCustomers(file, options)).find(({ accountId }) => accountId === account);
  const { apart } = options;
  if (
    present?.entries.includes(arn) ||
    (present !== undefined && (present.ownStack === undefined) !== (apart === undefined))
  )
    throw new UserError(
      `${account} is a customer already, by ${present.entries.join(", ")}: \`hooks customer show ${account}\` has it.`,
    );
  const target = apart === undefined ? file : await ownStack(account, file, apart, options);
  // One for an account, whichever of its roles comes.
  const given = apart === undefined ? file.record("externalIds")[account] : target.text("externalId");
  const externalId = given ?? (options.externalId ? newExternalId() : undefined);
  target.append(apart === undefined ? "customers" : "roles", arn);
  if (externalId !== undefined && given === undefined) {
    if (apart === undefined) target.set("externalIds", account, externalId);
    else target.put("externalId", externalId);
  }
  const settings = customerSettings(partner, { externalId, nameSuffix: options.nameSuffix });
  const [link, terraform] = [await launchLink(settings, options), terraformLines(settings)];
  if (options.dryRun !== true) await target.save();
  if (options.json === true) {
    const written = { account, roleArn: arn, file: target.path, written: options.dryRun !== true };
    console.log(inJson({ ...written, settings, launchLink: link, terraform: terraform.join("\n") }));
    return;
  }
  print([
    `${options.dryRun === true ? "Would write" : "Wrote"} ${arn} to ${target.path}. Then: ` +
      `${apart === undefined ? "pulumi up" : commandsOf(options, target.stack, "stack init", "up")}.`,
    "",
    "To send to the customer, in whose project each line is to be typed after `pulumi config set`:",
    ...Object.entries(settings).map(
      ([name, value]) => `  ${name} ${typeof value === "string" ? value : `'${JSON.stringify(value)}'`}`,
    ),
    "",
    ...(link === undefined
      ? ["Without Pulumi, by CloudFormation: --template-url URL prints a link that launches what `hooks kit` made."]
      : ["Without Pulumi, by CloudFormation: this link launches the template in the customer's console.", `  ${link}`]),
    "",
    "Without Pulumi, by Terraform, beside the module that `hooks kit terraform` made:",
    ...terraform.map((line) => `  ${line}`),
    ...(present !== undefined && given === undefined && externalId !== undefined
      ? ["", "The customer's other roles have to present the external id from now on, too."]
      : []),
  ]);
}

async function list(options: CustomerOptions): Promise<void> {
  const customers = await allCustomers(await StackFile.open(options), options);
  if (options.json === true) {
    console.log(inJson({ customers }));
    return;
  }
  const table = new Table({
    head: ["account", "trusted", "external id", "disabled", "stack of its own"],
    style: { head: [], border: [], compact: true },
  });
  for (const { accountId, entries, externalId, disabled, ownStack: own } of customers)
    table.push([
      accountId ?? "as its stack says",
      entries.map((entry) => printable(entry)).join("\n"),
      externalId === undefined ? "none" : "yes",
      disabled ? "disabled" : "",
      own ?? "",
    ]);
  console.log(table.toString());
}

/** @throws UserError where there is none */
async function customerOf(file: StackFile, account: string, options: FileOptions): Promise<Customer> {
  const all = await allCustomers(file, options);
  const found = all.find(({ accountId, entries }) => accountId === account || entries.includes(account));
  if (found) return found;
  throw new UserError(`${printable(account)} is no customer in ${file.path}: \`hooks customer list\` has them all.`);
}

async function show(account: string, options: CustomerOptions): Promise<void> {
  const file = await StackFile.open(options);
  const customer = await customerOf(file, account, options);
  const partner = partnerIn(file);
  const { accountId, entries, externalId, disabled } = customer;
  const publishRole = accountId === undefined ? undefined : publishRoleArn(accountId, partner, partner.accountId);
  const topics = accountId === undefined ? [] : topicsOf(accountId, partner);
  if (options.json === true) {
    console.log(inJson({ ...customer, publishRoleArn: publishRole, topics }));
    return;
  }
  print([
    `account: ${accountId ?? "as its stack says"}`,
    `trusted: ${entries.join(", ")}`,
    `external id: ${externalId ?? "none"}`,
    ...(customer.ownStack === undefined ? [] : [`stack of its own: ${customer.ownStack}`]),
    `assumes: ${publishRole ?? "a role that is named after its account"}`,
    `may publish on: ${disabled ? "nothing, it is disabled" : topics.join(", ")}`,
  ]);
}

async function remove(account: string, options: CustomerOptions): Promise<void> {
  const file = await StackFile.open(options);
  const { entries, accountId = account, ownStack: own } = await customerOf(file, account, options);
  if (own === undefined) {
    file.remove("customers", (entry) => entries.includes(entry));
    file.remove("externalIds", (id) => id === accountId);
    file.remove("disabledCustomers", (id) => id === accountId);
    if (options.dryRun !== true) await file.save();
  }
  // The file stays for the destroy; removing the stack takes it away.
  const then = own === undefined ? "pulumi up" : commandsOf(options, own, "destroy", "stack rm");
  const stays = [
    "letters of this customer in the partner's queues: they would be rejected now. Look at them with `hooks queues`",
    "what the partner's registry knows of its things: nothing deletes it, nor what your own code keeps",
    "the customer's own stack, which goes on announcing into its own queue until the customer destroys it",
  ];
  if (options.json === true) console.log(inJson({ account, removed: own === undefined ? entries : [], then, stays }));
  else
    print([
      (own === undefined
        ? `${options.dryRun === true ? "Would remove" : "Removed"} ${entries.join(", ")} from ${file.path}.`
        : `${account} has a stack of its own: nothing was written.`) +
        ` Then: ${then}, ` +
        "which deletes the role that the customer assumes: sessions that live end with it.",
      "",
      "What stays:",
      ...stays.map((what) => `- ${what}`),
    ]);
}
