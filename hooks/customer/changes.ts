// A customer comes, or goes: what is written into the stack's file, or has to be into a program, and what is said of
// it.
import { randomBytes } from "node:crypto";
import { inJson, printable } from "../printable.ts";
import type { SideOptions } from "../options.ts";
import { UserError } from "../user-error.ts";
import { commandsOf, ownStack } from "./own-stacks.ts";
import { type Customer, checkAccount, customerRoleArn, customerSettings } from "./partnership.ts";
import { StackFile } from "./stack-file.ts";
import { customerOf, isDeployed, partnershipOf } from "./whose.ts";
import { type LinkOptions, type Settings, launchLink, terraformLines } from "./without-pulumi.ts";

export interface CustomerOptions extends SideOptions {
  readonly json?: boolean;
  readonly dryRun?: boolean;
}
export type AddOptions = CustomerOptions &
  LinkOptions & {
    readonly nameSuffix?: string;
    readonly externalId: boolean;
    readonly trigger?: string;
    readonly apart?: string;
  };

export const print = (text: readonly string[]): void => {
  console.log(text.map((line) => " ".repeat(line.search(/\S|$/)) + printable(line.trim(), 2000)).join("\n"));
};

/** 128 bits: nobody guesses it, though AWS doesn't take external ids for secrets (IAM User Guide, "external ID"). */
const newExternalId = (): string => randomBytes(16).toString("hex");

/** What adding came to, before anybody is told. */
interface Added {
  readonly account: string;
  readonly roleArn: string;
  readonly externalId: string | undefined;
  /** Where it was, or would have been, written; undefined where only a program can say it. */
  readonly file: string | undefined;
  /** What the partner does now. */
  readonly then: readonly string[];
  /** Writes the file, once nothing can be refused any more. */
  readonly save: () => Promise<void>;
  /** Whether the account's other roles have to present an external id that they didn't. */
  readonly newForOthers: boolean;
}

export async function add(account: string, options: AddOptions): Promise<void> {
  const { partner, customers } = await partnershipOf(options);
  checkAccount(account, partner);
  const roleArn = customerRoleArn(account, partner, options.nameSuffix);
  const present = customers.find(({ accountId }) => accountId === account);
  const added = isDeployed(options)
    ? await addToProgram({ account, roleArn, present }, options)
    : await addToFile({ account, roleArn, present }, options);
  const settings = customerSettings(partner, {
    externalId: added.externalId,
    nameSuffix: options.nameSuffix,
    trigger: options.trigger,
  });
  await tell(added, settings, options);
}

interface Asked {
  readonly account: string;
  readonly roleArn: string;
  readonly present: Customer | undefined;
}

const alreadyThere = ({ account }: Asked, { entries }: Customer): UserError =>
  new UserError(
    `${account} is a customer already, by ${entries.join(", ")}: \`hooks customer show ${account}\` has it.`,
  );

async function addToProgram(asked: Asked, { nameSuffix, externalId: wanted, apart }: AddOptions): Promise<Added> {
  const { account, roleArn, present } = asked;
  if (present?.entries.includes(roleArn)) throw alreadyThere(asked, present);
  const { programLines } = await import("./deployed.ts");
  // One for an account, whichever of its roles comes.
  const externalId = present?.externalId ?? (wanted ? newExternalId() : undefined);
  const before = present?.entries ?? [];
  const roleArns = nameSuffix === undefined && before.length === 0 ? [] : [...before, roleArn];
  return {
    ...{ account, roleArn, externalId, file: undefined, save: () => Promise.resolve() },
    then: [
      "To write into the partner's program, before `pulumi up`:",
      ...indented(programLines({ account, roleArns, externalId, hub: apart })),
    ],
    newForOthers: present !== undefined && present.externalId === undefined && externalId !== undefined,
  };
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

async function addToFile(asked: Asked, options: AddOptions): Promise<Added> {
  const { account, roleArn, present } = asked;
  const { apart, dryRun } = options;
  if (
    present?.entries.includes(roleArn) ||
    (present !== undefined && (present.ownStack === undefined) !== (apart === undefined))
  )
    throw alreadyThere(asked, present);
  const file = await StackFile.open(options);
  const target = apart === undefined ? file : await ownStack(account, file, apart, options);
  // One for an account, whichever of its roles comes.
  const given = apart === undefined ? file.record("externalIds")[account] : target.text("externalId");
  const externalId = given ?? (options.externalId ? newExternalId() : undefined);
  target.append(apart === undefined ? "customers" : "roles", roleArn);
  if (externalId !== undefined && given === undefined) {
    if (apart === undefined) target.set("externalIds", account, externalId);
    else target.put("externalId", externalId);
  }
  return {
    ...{ account, roleArn, externalId, file: target.path, save: () => target.save() },
    then: [
      `${dryRun === true ? "Would write" : "Wrote"} ${roleArn} to ${target.path}. Then: ` +
        `${apart === undefined ? "pulumi up" : commandsOf(options, target.stack, "stack init", "up")}.`,
    ],
    newForOthers: present !== undefined && given === undefined && externalId !== undefined,
  };
}

async function tell(added: Added, settings: Settings, options: AddOptions): Promise<void> {
  const [link, terraform] = [await launchLink(settings, options), terraformLines(settings)];
  const { account, roleArn, file, save, then, newForOthers } = added;
  if (options.dryRun !== true) await save();
  if (options.json === true) {
    const written = { account, roleArn, file, written: file !== undefined && options.dryRun !== true };
    console.log(inJson({ ...written, settings, launchLink: link, terraform: terraform.join("\n") }));
    return;
  }
  print([
    ...then,
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
    ...indented(terraform),
    ...(settings["partnerTopicRule"] === undefined
      ? []
      : [
          "",
          `Either publishes on the topic unless made with --partner-topic-rule ${String(settings["partnerTopicRule"])}.`,
        ]),
    ...(newForOthers ? ["", "The customer's other roles have to present the external id from now on, too."] : []),
  ]);
}

const STAYS = [
  "letters of this customer in the partner's queues: they would be rejected now. Look at them with `hooks queues`",
  "what the partner's registry knows of its things: nothing deletes it, nor what your own code keeps",
  "the customer's own stack, which goes on announcing into its own queue until the customer destroys it",
];

export async function remove(account: string, options: CustomerOptions): Promise<void> {
  const partnership = await partnershipOf(options);
  const customer = customerOf(partnership, account);
  const removed = isDeployed(options) ? undefined : await removeFromFile(account, customer, options);
  const { ownStack: own } = customer;
  // The file stays for the destroy; removing the stack takes it away.
  const then = own === undefined ? "pulumi up" : commandsOf(options, own, "destroy", "stack rm");
  const said = howRemoved(account, customer, removed && `${removed.join(", ")} from ${partnership.where}`, options);
  if (options.json === true) console.log(inJson({ account, removed: removed ?? [], then, stays: STAYS }));
  else
    print([
      `${said} Then: ${then}, which deletes the role that the customer ` + "assumes: sessions that live end with it.",
      "",
      "What stays:",
      ...STAYS.map((what) => `- ${what}`),
    ]);
}

/** Returns the entries that were; undefined where nothing in the file is about it. */
async function removeFromFile(
  account: string,
  { entries, accountId = account, ownStack: own }: Customer,
  options: CustomerOptions,
): Promise<readonly string[] | undefined> {
  if (own !== undefined) return undefined;
  const file = await StackFile.open(options);
  file.remove("customers", (entry) => entries.includes(entry));
  file.remove("externalIds", (id) => id === accountId);
  file.remove("disabledCustomers", (id) => id === accountId);
  if (options.dryRun !== true) await file.save();
  return entries;
}

function howRemoved(
  account: string,
  { ownStack: own }: Customer,
  removed: string | undefined,
  options: CustomerOptions,
): string {
  if (removed !== undefined) return `${options.dryRun === true ? "Would remove" : "Removed"} ${removed}.`;
  return own === undefined
    ? `Nothing was written. Take ${account} out of the partner's program, which has it in customers or as CustomerAccess.`
    : `${account} has a stack of its own: nothing was written.`;
}
