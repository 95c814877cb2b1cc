// `hooks customer`: who is a customer, by the configuration of the partner's project, which it changes; or by what is
// deployed, for a program of the partner's own, of which it changes nothing.
import { Argument, type Command, Option } from "commander";
import Table from "cli-table3";
import { TRIGGERS } from "../../shared/contract/registry-events.ts";
import { region } from "../options.ts";
import { inJson, printable } from "../printable.ts";
import { type AddOptions, type CustomerOptions, add, print, remove } from "./changes.ts";
import { type MoveOptions, move } from "./move.ts";
import { publishRoleArn, topicsOf } from "./partnership.ts";
import { customerOf, isDeployed, partnershipOf } from "./whose.ts";

export function addCustomer(program: Command): void {
  const command = program
    .command("customer")
    .summary("adds, removes and shows customers in the partner's configuration")
    .description(
      "Keeps the partner's list of customers, in the stack's file of the ready-made project. With --by-tags or " +
        "--outputs it asks what is deployed, by whatever program, and says what to write into that.",
    );
  const account = () => new Argument("<account>", "the customer's AWS account, 12 digits");
  onFile(command.command("add"))
    .description(
      "Adds a customer: makes an external id, writes both into the stack's file, and prints what to send to the " +
        "customer.",
    )
    .addArgument(account())
    .option("--name-suffix <suffix>", "the nameSuffix that the customer deploys with")
    .option("--no-external-id", "makes none")
    .addOption(
      new Option(
        "--trigger <name>",
        "what brings changes at the customer; as the kit was made with, where one is sent; default: cloudtrail",
      ).choices(TRIGGERS),
    )
    .option("--apart <hub>", "gives it a stack of its own, which names the partner's (organization/project/stack)")
    .option("--template-url <url>", "where the template of `hooks kit cloudformation` lies in S3: prints a launch link")
    .option("--region <region>", "of the customer, in the link; default: the one that its console shows", region)
    .option("--dry-run", "writes nothing")
    .addHelpText("after", "\nExample:\n  hooks customer add 111111111111 --project partner --stack prod")
    .action((account: string, options: AddOptions) => add(account, options));
  onFile(command.command("list"))
    .description("Lists the customers.")
    .addHelpText(
      "after",
      "\nExamples:\n  hooks customer list --project partner\n  hooks customer list --by-tags us-east-1 --profile partner",
    )
    .action(list);
  onFile(command.command("show"))
    .description("Shows what is set for one customer, and what it may do.")
    .addArgument(account())
    .addHelpText("after", "\nExample:\n  hooks customer show 111111111111 --project partner")
    .action(show);
  onFile(command.command("move"))
    .description("Moves a customer from the partner's list to a stack of its own, or back; it notices nothing of it.")
    .addArgument(account())
    .option("--apart <hub>", "to a stack of its own, which names the partner's (organization/project/stack)")
    .option("--dry-run", "writes nothing")
    .addHelpText(
      "after",
      "\nExample:\n  hooks customer move 111111111111 --apart acme/iot-hooks-partner/prod --project partner --stack prod",
    )
    .action((account: string, options: MoveOptions) => move(account, options));
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
    .option("--by-tags <region>", "asks what is deployed in this Region, found by its functions' tags")
    .option("--deployment <name>", "with --by-tags: which one, where there are several")
    .option("--outputs <file>", "asks what is deployed: what `pulumi stack output --json` printed of it")
    .option("--profile <name>", "with either: the AWS profile; default: AWS_PROFILE, or what else the SDK finds")
    .option("--endpoint-url <url>", "with either: another AWS; default: AWS_ENDPOINT_URL, or AWS")
    .option("--json", "prints JSON");

async function list(options: CustomerOptions): Promise<void> {
  const { customers } = await partnershipOf(options);
  if (options.json === true) {
    console.log(inJson({ customers }));
    return;
  }
  const table = new Table({
    // Whose stack made a customer's role can't be seen in the account.
    head: ["account", "trusted", "external id", "disabled", ...(isDeployed(options) ? [] : ["stack of its own"])],
    style: { head: [], border: [], compact: true },
  });
  for (const { accountId, entries, externalId, disabled, ownStack: own } of customers)
    table.push([
      accountId ?? "as its stack says",
      entries.map((entry) => printable(entry)).join("\n"),
      externalId === undefined ? "none" : "yes",
      disabled ? "disabled" : "",
      ...(isDeployed(options) ? [] : [own ?? ""]),
    ]);
  console.log(table.toString());
}

async function show(account: string, options: CustomerOptions): Promise<void> {
  const partnership = await partnershipOf(options);
  const customer = customerOf(partnership, account);
  const { partner } = partnership;
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
