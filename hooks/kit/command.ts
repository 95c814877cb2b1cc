// `hooks kit`: what a partner types to make the customer's side for those of its customers that have no Pulumi.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { writing } from "../files.ts";
import { region } from "../options.ts";
import { UserError } from "../user-error.ts";
// Only its types: see load.ts.
import type { Known } from "../../kit/index.ts";
import { checkTemplateUrl, loadKit } from "./load.ts";

interface KitOptions extends Omit<Known, "operations"> {
  readonly operations?: string;
  readonly out: string;
  readonly json?: boolean;
}

interface TemplateOptions extends KitOptions {
  readonly templateUrl?: string;
  readonly region?: string;
  readonly stackName: string;
}

export function addKit(program: Command): void {
  const kit = program
    .command("kit")
    .summary("makes the customer's side for a customer without Pulumi")
    .description(
      "Makes the customer's side for a customer without Pulumi, of what the component CustomerHooks declares.",
    );
  withKnown(kit.command("cloudformation"))
    .summary("one CloudFormation template, the function's code in it")
    .option("--out <file>", "where it is written", "iot-hooks-customer.template.json")
    .option("--template-url <url>", "where the template will lie in S3: prints a link that launches it")
    .option("--region <region>", "of the customer, in the link; default: the one that its console shows", region)
    .option("--external-id <id>", "of one customer, in the link")
    .option("--stack-name <name>", "in the link", "iot-hooks")
    .action((options: TemplateOptions) => cloudFormation(options));
  withKnown(kit.command("terraform"))
    .summary("a Terraform module, in Terraform's JSON syntax")
    .option("--out <folder>", "where it is written", "iot-hooks-customer")
    .action((options: KitOptions) => terraform(options));
}

const withKnown = (command: Command): Command =>
  command
    .option("--partner-account-id <id>", "the partner's account; default: the customer has to give it")
    .option("--partner-region <region>", "the partner's Region; default: the customer has to give it")
    .option("--partner-data-endpoint <host>", "the partner's output dataEndpoint; default: none")
    .option("--partner-name-suffix <suffix>", "the partner's nameSuffix; default: none")
    .option("--operations <names>", "what is announced, with commas between; default: create_thing")
    .option(
      "--trigger <name>",
      "what brings changes: cloudtrail, registry-events or both; default: cloudtrail. With AWS IoT's own events the " +
        "operations are those given here, for all customers",
    )
    .option("--partner-topic-rule <name>", "the partner's output ruleName, for Basic Ingest; default: by the topic")
    .option("--json", "prints what was written as JSON");

async function cloudFormation(options: TemplateOptions): Promise<void> {
  const { templateUrl, region, stackName, externalId } = options;
  if (templateUrl === undefined && (region ?? externalId) !== undefined)
    throw new UserError("--region and --external-id are for the link that launches the template: give --template-url.");
  if (templateUrl !== undefined) checkTemplateUrl(templateUrl);
  const { kit, known } = await prepared(options);
  // The template is for all customers; an external id is one customer's.
  const { externalId: _, ...ofAll } = known;
  const text = JSON.stringify(await kit.cloudFormationTemplate(ofAll));
  await write(options.out, text);
  const bytes = Buffer.byteLength(text);
  const launchLink = templateUrl === undefined ? undefined : kit.launchLink(known, { templateUrl, region, stackName });
  const afterwards = kit.afterwards(known);
  if (options.json === true)
    console.log(JSON.stringify({ files: [options.out], bytes, launchLink, afterwards }, null, 2));
  else {
    console.log(`${options.out}: ${bytes} bytes. CloudFormation takes as much from S3 only, up to 1,000,000.`);
    if (launchLink !== undefined) console.log(launchLink);
    if (afterwards !== undefined)
      console.log(
        "CloudFormation has no resource for AWS IoT's own events, which are one setting of an account and Region. Each " +
          `customer types this once there; it is the stack's output TurnOnEvents as well:\n${afterwards}`,
      );
  }
}

async function terraform(options: KitOptions): Promise<void> {
  const { kit, known } = await prepared(options);
  const { configuration, code } = await kit.terraformModule(known);
  await writing(options.out, () => mkdir(options.out, { recursive: true }));
  const files: string[] = [];
  for (const [name, content] of [
    ...Object.entries(configuration).map(([file, value]) => [file, `${JSON.stringify(value, null, 2)}\n`] as const),
    ...Object.entries(code),
  ]) {
    files.push(join(options.out, name));
    await write(join(options.out, name), content);
  }
  console.log(options.json === true ? JSON.stringify({ files }, null, 2) : files.join("\n"));
}

async function prepared({ operations, ...options }: KitOptions) {
  const { partnerAccountId, partnerRegion, partnerDataEndpoint, partnerNameSuffix, externalId } = options;
  const kit = await loadKit();
  const { trigger, partnerTopicRule } = options;
  const given = {
    ...{ partnerAccountId, partnerRegion, partnerDataEndpoint, partnerNameSuffix, externalId },
    ...{ trigger, partnerTopicRule },
  };
  const known: Known = {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(operations === undefined ? {} : { operations: operations.split(",").map((name) => name.trim()) }),
  };
  const problem = kit.problemOf(known);
  if (problem !== undefined) throw new UserError(problem);
  return { kit, known };
}

const write = (file: string, content: string | Uint8Array): Promise<void> =>
  writing(file, () => writeFile(file, content));
