// What a customer without Pulumi is sent: a link that launches the template, and the lines of Terraform. Both say the
// same settings as `pulumi config set` would.
import type { Known } from "../../kit/index.ts";
import { type Trigger, byRegistryEvents } from "../../shared/contract/registry-events.ts";
import { checkTemplateUrl, loadKit } from "../kit/load.ts";
import { UserError } from "../user-error.ts";

export type Settings = Readonly<Record<string, string | readonly string[]>>;

export interface LinkOptions {
  /** Where the template of `hooks kit cloudformation` lies in S3. */
  readonly templateUrl?: string;
  /** Of the customer. */
  readonly region?: string;
}

/** Undefined without a template's address. @throws UserError for what no customer could deploy with */
export async function launchLink(
  settings: Settings,
  { templateUrl, region }: LinkOptions,
): Promise<string | undefined> {
  if (templateUrl === undefined) {
    if (region === undefined) return undefined;
    throw new UserError("--region is for the link that launches the template: give --template-url.");
  }
  checkTemplateUrl(templateUrl);
  const kit = await loadKit();
  const known: Known = settings;
  const problem = kit.problemOf(known);
  if (problem !== undefined) throw new UserError(problem);
  return kit.launchLink(known, { templateUrl, region, stackName: "iot-hooks" });
}

/** Of the module that `hooks kit terraform` makes: its variables are the settings in snake case. */
export const terraformLines = (settings: Settings): readonly string[] => [
  'module "iot_hooks" {',
  ...Object.entries({ source: "./iot-hooks-customer", ...settings })
    .filter(([name]) => !decidedBefore(settings).includes(name))
    .map(
      ([name, value]) =>
        `  ${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)} = ${JSON.stringify(value)}`,
    ),
  "}",
];

/** Decided when the kit was made: the trigger, and the way to the partner; by AWS IoT's own events operations, too. */
const decidedBefore = ({ trigger = "cloudtrail" }: Settings): readonly string[] => [
  ...["trigger", "partnerTopicRule"],
  ...(byRegistryEvents(trigger as Trigger) ? ["operations"] : []),
];
