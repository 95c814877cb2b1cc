// What a kit says of a property before it is said in a target's words: plain JSON, and in it what is only known when
// the kit is deployed.

/** Settings without which some of the component's resources aren't there. */
export const PART_SETTINGS = ["createTrail", "reconcile"] as const;
export type PartSetting = (typeof PART_SETTINGS)[number];

/** A setting of the deployment, or a text that follows from it: see parameters.ts. */
export interface Setting {
  readonly kind: "setting";
  readonly setting: SettingName;
}

/** What another resource makes known. */
export interface AttributeOf {
  readonly kind: "attribute";
  readonly of: string;
  readonly attribute: string;
}

export type Part = Setting | AttributeOf;

/** Texts and parts, one after the other. */
export interface Template {
  readonly kind: "template";
  readonly parts: readonly TemplatePart[];
}

export type TemplatePart = string | Part | Template | OfTerraform;

/** An element of a list that is there when one of the operations is announced. */
export interface Announced {
  readonly kind: "announced";
  readonly by: readonly string[];
  readonly value: Value;
}

/** An element of a list that is there where a part is asked for. */
export interface OnlyWith {
  readonly kind: "onlyWith";
  readonly part: PartSetting;
  readonly value: Value;
}

/** Texts with commas between them. */
export interface Joined {
  readonly kind: "joined";
  readonly list: readonly Value[];
}

/** What only Terraform says. */
export interface OfTerraform {
  readonly kind: "terraform";
  readonly expression: string;
}

export type Special = Part | Template | Announced | OnlyWith | Joined | OfTerraform;
export type Value = null | boolean | number | string | Special | readonly Value[] | Members;
export interface Members {
  readonly [member: string]: Value;
}

export type SettingName =
  | "accountId"
  | "region"
  | "partition"
  /** Random or hashed characters that tell deployments' names apart. */
  | "ending"
  | "partnerAccountId"
  | "partnerRegion"
  | "stsRegion"
  | "partnerDataEndpoint"
  | "externalId"
  | "nameSuffix"
  /** With the hyphen before it; empty where there is no suffix. */
  | "nameEnd"
  /** The same of a topic rule's name: underscores for hyphens. */
  | "ruleNameEnd"
  | "partnerNameEnd"
  | "partnerNameSuffix"
  | "reservedConcurrency"
  | "alarmTopicArn"
  | "architecture"
  | "systemLogLevel"
  | "reconcile"
  | "permissionsBoundaryArn";

export const isSpecial = (value: Value): value is Special =>
  typeof value === "object" && value !== null && !Array.isArray(value) && typeof (value as Members).kind === "string";

/** All specials in a value, also those within others. */
export function specialsIn(value: Value): readonly Special[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = isSpecial(value) ? innerOf(value) : Object.values(value as Members);
  return [...(isSpecial(value) ? [value] : []), ...inner.flatMap(specialsIn)];
}

const innerOf = (special: Special): readonly Value[] => {
  if (special.kind === "template") return special.parts;
  if (special.kind === "announced" || special.kind === "onlyWith") return [special.value];
  return special.kind === "joined" ? special.list : [];
};

/** What a target writes. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
