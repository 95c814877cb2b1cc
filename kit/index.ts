// What `hooks kit` is made of: the customer's side for somebody without Pulumi.
import type { Defaults as TemplateDefaults } from "./cloudformation/parameters.ts";
import { type Template, templateOf } from "./cloudformation/template.ts";
import { operationParameter } from "./cloudformation/expressions.ts";
import { type LaunchArgs, launchLink as linkOf } from "./cloudformation/launch-link.ts";
import { ANNOUNCEABLE, PARAMETERS } from "./parameters.ts";
import { type Choices, choicesOf, turnOn, typesOf } from "./choices.ts";
import { plan } from "./plan.ts";
import { type Module, moduleOf } from "./terraform/module.ts";
import { snake } from "./terraform/table.ts";
import { TOPIC_RULE_NAME } from "../shared/contract/names.ts";
import { DEFAULT_OPERATIONS, type Operation, rowOf } from "../shared/contract/operations.ts";
import { TRIGGERS, type Trigger } from "../shared/contract/registry-events.ts";
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
  /** What brings changes. Default: CloudTrail. With AWS IoT's own events, operations are chosen here, for all. */
  readonly trigger?: string;
  /** The partner's output `ruleName`, where messages are to go by Basic Ingest. */
  readonly partnerTopicRule?: string;
}

/** A sentence for the first value that no customer could deploy with. */
export function problemOf({ operations = [], trigger, partnerTopicRule, ...texts }: Known): string | undefined {
  for (const [setting, value] of Object.entries(texts)) {
    const parameter = PARAMETERS.find((one) => one.setting === setting);
    if (parameter && !new RegExp(`^(${parameter.pattern})$`).test(value))
      return `${setting} is "${value}", but it must be ${parameter.must}.`;
  }
  const unknown = operations.find((operation) => !(ANNOUNCEABLE as readonly string[]).includes(operation));
  if (unknown !== undefined)
    return `operations has "${unknown}", but there is no such operation: name some of ${ANNOUNCEABLE.join(", ")}.`;
  if (partnerTopicRule !== undefined && !TOPIC_RULE_NAME.test(partnerTopicRule))
    return `partnerTopicRule is "${partnerTopicRule}", but it must be 1 to 128 letters, digits and _.`;
  return problemOfTrigger(trigger, operations as readonly Operation[]);
}

function problemOfTrigger(trigger: string | undefined, operations: readonly Operation[]): string | undefined {
  if (trigger === undefined) return undefined;
  if (!(TRIGGERS as readonly string[]).includes(trigger))
    return `trigger is "${trigger}", but it must be ${TRIGGERS.join(" or ")}.`;
  const without = operations.find((operation) => rowOf(operation).registryEvent === undefined);
  return trigger === "registry-events" && without !== undefined
    ? `trigger is registry-events, but AWS IoT has no event of its own for ${without}: take both, or leave that out.`
    : undefined;
}

const chosen = ({ trigger = "cloudtrail", operations = DEFAULT_OPERATIONS, partnerTopicRule }: Known): Choices =>
  choicesOf(trigger as Trigger, operations as readonly Operation[], partnerTopicRule);

/** What is left to be typed beside CloudFormation's template, once in each account and Region. */
export function afterwards(known: Known): string | undefined {
  const { events } = chosen(known);
  return events === undefined ? undefined : turnOn(typesOf(events.operations));
}

export const cloudFormationTemplate = async (known: Known = {}): Promise<Template> =>
  templateOf(await plan(chosen(known)), templateDefaults(known));

export async function terraformModule(known: Known = {}): Promise<Module> {
  const { operations } = known;
  return moduleOf(await plan(chosen(known)), {
    ...Object.fromEntries(Object.entries(later(known)).map(([setting, value]) => [snake(setting), value])),
    ...(operations === undefined ? {} : { operations }),
  });
}

/** What the customer may set otherwise, but for operations. */
const later = ({
  operations: _,
  trigger: __,
  partnerTopicRule: ___,
  ...texts
}: Known): Readonly<Record<string, string>> => texts;

export const launchLink = (known: Known, args: Omit<LaunchArgs, "parameters">): string =>
  linkOf({ ...args, parameters: templateDefaults(known) });

const templateDefaults = (known: Known): TemplateDefaults => ({
  ...Object.fromEntries(Object.entries(later(known)).map(([setting, value]) => [capitalised(setting), value])),
  ...operationDefaults(known),
});

const operationDefaults = ({ operations, ...known }: Known): TemplateDefaults =>
  operations === undefined || chosen(known).events !== undefined
    ? {}
    : Object.fromEntries(
        ANNOUNCEABLE.map((operation) => [operationParameter(operation), String(operations.includes(operation))]),
      );
