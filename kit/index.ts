// What `hooks kit` is made of: the customer's side for somebody without Pulumi.
import { type Defaults as TemplateDefaults, type Template, templateOf } from "./cloudformation/template.ts";
import { operationParameter } from "./cloudformation/expressions.ts";
import { type LaunchArgs, launchLink as linkOf } from "./cloudformation/launch-link.ts";
import { ANNOUNCEABLE, PARAMETERS } from "./parameters.ts";
import { plan } from "./plan.ts";
import { type Module, moduleOf } from "./terraform/module.ts";
import { snake } from "./terraform/table.ts";
import { capitalised } from "./value.ts";

/** What the partner knows already, and its customers needn't type: by the names of the component's arguments. */
export interface Known {
  readonly partnerAccountId?: string;
  readonly partnerRegion?: string;
  readonly partnerDataEndpoint?: string;
  readonly partnerNameSuffix?: string;
  readonly externalId?: string;
  /** Of a second deployment in the customer's account. */
  readonly nameSuffix?: string;
  readonly operations?: readonly string[];
}

/** A sentence for the first value that no customer could deploy with. */
export function problemOf({ operations = [], ...texts }: Known): string | undefined {
  for (const [setting, value] of Object.entries(texts)) {
    const parameter = PARAMETERS.find((one) => one.setting === setting);
    if (parameter && !new RegExp(`^(${parameter.pattern})$`).test(value))
      return `${setting} is "${value}", but it must be ${parameter.must}.`;
  }
  const unknown = operations.find((operation) => !(ANNOUNCEABLE as readonly string[]).includes(operation));
  return unknown === undefined
    ? undefined
    : `operations has "${unknown}", but there is no such operation: name some of ${ANNOUNCEABLE.join(", ")}.`;
}

export const cloudFormationTemplate = async (known: Known = {}): Promise<Template> =>
  templateOf(await plan(), templateDefaults(known));

export const terraformModule = async ({ operations, ...texts }: Known = {}): Promise<Module> =>
  moduleOf(await plan(), {
    ...Object.fromEntries(Object.entries(texts).map(([setting, value]) => [snake(setting), value])),
    ...(operations === undefined ? {} : { operations }),
  });

export const launchLink = (known: Known, args: Omit<LaunchArgs, "parameters">): string =>
  linkOf({ ...args, parameters: templateDefaults(known) });

const templateDefaults = ({ operations, ...texts }: Known): TemplateDefaults => ({
  ...Object.fromEntries(Object.entries(texts).map(([setting, value]) => [capitalised(setting), value])),
  ...(operations === undefined
    ? {}
    : Object.fromEntries(
        ANNOUNCEABLE.map((operation) => [operationParameter(operation), String(operations.includes(operation))]),
      )),
});
