// What is known only in a stack, in CloudFormation's words: parameters, pseudo parameters, conditions, functions.
import { DEFAULT_REGIONS } from "../../customer/sts-region.ts";
import type { Operation } from "../../shared/contract/operations.ts";
import { PARAMETERS } from "../parameters.ts";
import {
  type Announced,
  type AttributeOf,
  type Json,
  type Members,
  PART_SETTINGS,
  type PartSetting,
  type SettingName,
  type Template,
  type TemplatePart,
  type Value,
  capitalised,
  isSpecial,
} from "../value.ts";

export type Expression = { readonly [member: string]: Json };

/** `AnnounceCreateThing`: the parameter that an operation is switched on by; the condition is called `Announces…`. */
const words = (operation: string): string => operation.split("_").map(capitalised).join("");
export const operationParameter = (operation: string): string => `Announce${words(operation)}`;
const announces = (operation: string): string => `Announces${words(operation)}`;

/**
 * Takes a property away, and an element out of a list: of a policy's statements in AWS's own bootstrap template
 * (aws/aws-cdk-cli), of Fn::Join's as recorded on AWS (LocalStack, test_join_no_value_construct, 2025-01).
 */
const NO_VALUE: Expression = { Ref: "AWS::NoValue" };
const when = (condition: string, then: Json, otherwise: Json): Expression => ({
  "Fn::If": [condition, then, otherwise],
});

/** The last group of digits in the stack's id, which is a UUID: no two stacks share it. */
const ENDING: Expression = {
  "Fn::Select": [4, { "Fn::Split": ["-", { "Fn::Select": [2, { "Fn::Split": ["/", { Ref: "AWS::StackId" }] }] }] }],
};

/** Name of the condition that a setting is set. */
export const has = (setting: SettingName | PartSetting): string => `Has${capitalised(setting)}`;

/** Where the partner's Region is one that every account has. */
const STS_IN_PARTNER_REGION = "StsInPartnerRegion";
const STS_REGIONS = "StsRegions";

const DERIVED: Readonly<Partial<Record<SettingName, Expression>>> = {
  accountId: { Ref: "AWS::AccountId" },
  region: { Ref: "AWS::Region" },
  partition: { Ref: "AWS::Partition" },
  ending: ENDING,
  nameEnd: when(has("nameSuffix"), { "Fn::Sub": "-${NameSuffix}" }, ""),
  ruleNameEnd: when(
    has("nameSuffix"),
    {
      "Fn::Sub": ["_${Words}", { Words: { "Fn::Join": ["_", { "Fn::Split": ["-", { Ref: "NameSuffix" }] }] } }],
    },
    "",
  ),
  partnerNameEnd: when(has("partnerNameSuffix"), { "Fn::Sub": "-${PartnerNameSuffix}" }, ""),
  stsRegion: when(
    has("stsRegion"),
    { Ref: "StsRegion" },
    when(
      STS_IN_PARTNER_REGION,
      { Ref: "PartnerRegion" },
      { "Fn::FindInMap": [STS_REGIONS, { Ref: "AWS::Partition" }, "Otherwise"] },
    ),
  ),
};

/** A setting without which some resources aren't there is said in these alone: it is set wherever it is said. */
const isOfPart = (setting: SettingName): boolean => (PART_SETTINGS as readonly string[]).includes(setting);

/** A setting as a property's value: nothing where it isn't set. */
export function settingOf(setting: SettingName): Expression {
  const derived = DERIVED[setting];
  if (derived) return derived;
  const ref: Expression = { Ref: capitalised(setting) };
  const parameter = PARAMETERS.find((one) => one.setting === setting);
  return parameter?.optional === true && !isOfPart(setting) ? when(has(setting), ref, NO_VALUE) : ref;
}

/** What an attribute is: a reference, or what its resource is given. */
export type Attributes = (of: AttributeOf) => { readonly expression: Expression } | { readonly value: Value };

export class Renderer {
  readonly #attributes: Attributes;
  /** Conditions that what was rendered needs beside those of parameters. */
  readonly conditions = new Map<string, Json>();

  constructor(attributes: Attributes) {
    this.#attributes = attributes;
  }

  render(value: Value): Json {
    if (Array.isArray(value)) return value.map((element: Value) => this.render(element));
    if (typeof value !== "object" || value === null) return value;
    if (!isSpecial(value))
      return Object.fromEntries(Object.entries(value as Members).map(([name, inner]) => [name, this.render(inner)]));
    if (value.kind === "setting") return settingOf(value.setting);
    if (value.kind === "attribute") return this.#attribute(value);
    if (value.kind === "template") return this.#sub(value);
    if (value.kind === "joined") return { "Fn::Join": [",", value.list.map((element) => this.render(element))] };
    if (value.kind === "announced") return when(this.condition(value), this.render(value.value), NO_VALUE);
    if (value.kind === "onlyWith") return when(has(value.part), this.render(value.value), NO_VALUE);
    throw new Error(`CloudFormation has no words for ${value.expression}`);
  }

  #attribute(of: AttributeOf): Json {
    const source = this.#attributes(of);
    return "expression" in source ? source.expression : this.render(source.value);
  }

  #sub(template: Template): Json {
    const variables: Record<string, Json> = {};
    const text = template.parts.map((part) => this.#inText(part, variables)).join("");
    return Object.keys(variables).length === 0 ? { "Fn::Sub": text } : { "Fn::Sub": [text, variables] };
  }

  #inText(part: TemplatePart, variables: Record<string, Json>): string {
    if (typeof part === "string") return part.replaceAll("${", "${!");
    if (part.kind === "template") return part.parts.map((inner) => this.#inText(inner, variables)).join("");
    const source = part.kind === "attribute" ? this.#attributes(part) : undefined;
    if (source !== undefined && "value" in source) return this.#inText(source.value as TemplatePart, variables);
    const expression = this.render(part) as Expression;
    if (typeof expression.Ref === "string") return `\${${expression.Ref}}`;
    if (Array.isArray(expression["Fn::GetAtt"])) return `\${${expression["Fn::GetAtt"].join(".")}}`;
    if (part.kind !== "setting") throw new Error(`CloudFormation has no words for a text with ${JSON.stringify(part)}`);
    const name = capitalised(part.setting);
    variables[name] = expression;
    return `\${${name}}`;
  }

  /** Name of the condition for what several operations bring, or one. */
  condition({ by }: Announced): string {
    const [one = "", ...others] = by;
    if (others.length === 0) return announces(one);
    const name = `Announces${by.map(words).join("Or")}`;
    this.conditions.set(name, or(by.map((operation) => ({ Condition: announces(operation) }))));
    return name;
  }
}

/** CloudFormation takes 2 to 10 conditions. */
export function or(conditions: readonly Json[]): Json {
  const [one = null] = conditions;
  if (conditions.length < 2) return one;
  if (conditions.length <= 10) return { "Fn::Or": conditions };
  const groups = Array.from({ length: Math.ceil(conditions.length / 10) }, (_, index) =>
    or(conditions.slice(index * 10, index * 10 + 10)),
  );
  return or(groups);
}

/** Conditions of parameters. */
/** @param switches operations that have a parameter each */
export const conditionsOfParameters = (switches: readonly Operation[]): Readonly<Record<string, Json>> => ({
  ...Object.fromEntries(
    PARAMETERS.filter(({ optional }) => optional).map(({ setting }) => [
      has(setting),
      { "Fn::Not": [{ "Fn::Equals": [{ Ref: capitalised(setting) }, ""] }] },
    ]),
  ),
  [has("createTrail")]: { "Fn::Equals": [{ Ref: "CreateTrail" }, "true"] },
  ...Object.fromEntries(
    switches.map((operation) => [
      announces(operation),
      { "Fn::Equals": [{ Ref: operationParameter(operation) }, "true"] },
    ]),
  ),
  [STS_IN_PARTNER_REGION]: or(
    Object.values(DEFAULT_REGIONS).flatMap((regions) =>
      regions.map((region): Json => ({ "Fn::Equals": [{ Ref: "PartnerRegion" }, region] })),
    ),
  ),
});

export const MAPPINGS: Json = {
  [STS_REGIONS]: Object.fromEntries(
    Object.entries(DEFAULT_REGIONS).map(([partition, [region]]) => [partition, { Otherwise: region }]),
  ),
};
