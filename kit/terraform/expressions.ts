// What is known only when the module is applied, in HashiCorp's configuration language.
import { DEFAULT_REGIONS } from "../../customer/sts-region.ts";
import { PARAMETERS } from "../parameters.ts";
import {
  type Announced,
  type AttributeOf,
  type Json,
  type Members,
  type OnlyWith,
  type PartSetting,
  type SettingName,
  type Template,
  type TemplatePart,
  type Value,
  isSpecial,
} from "../value.ts";
import { snake } from "./table.ts";

/** Text of a string literal: interpolations and directives of its own have to be escaped. */
const literal = (text: string): string => text.replaceAll("${", "$${").replaceAll("%{", "%%{");
const quoted = (text: string): string => JSON.stringify(literal(text));

const DERIVED: Readonly<Partial<Record<SettingName, string>>> = {
  accountId: "data.aws_caller_identity.current.account_id",
  // Of both major versions of the provider: `name` is out of date in one, and `region` isn't there in the other.
  region: "data.aws_region.current.id",
  partition: "data.aws_partition.current.partition",
  ending: "local.ending",
  nameEnd: "local.name_end",
  ruleNameEnd: "local.rule_name_end",
  partnerNameEnd: "local.partner_name_end",
  stsRegion: "local.sts_region",
};

export const settingOf = (setting: SettingName): string => DERIVED[setting] ?? `var.${snake(setting)}`;

const isOptional = (value: Value): boolean =>
  isSpecial(value) &&
  value.kind === "setting" &&
  DERIVED[value.setting] === undefined &&
  PARAMETERS.some(({ setting, optional }) => setting === value.setting && optional === true);

/** Whether a part is asked for. */
export const IS_SET: Readonly<Record<PartSetting, string>> = {
  createTrail: "var.create_trail",
  reconcile: "var.reconcile != null",
};

const isConditional = (value: Value): value is Announced | OnlyWith =>
  isSpecial(value) && (value.kind === "announced" || value.kind === "onlyWith");

const end = (variable: string): string => `\${var.${variable} == null ? "" : "-\${var.${variable}}"}`;

export const LOCALS = {
  name_end: end("name_suffix"),
  rule_name_end: '${replace(local.name_end, "-", "_")}',
  partner_name_end: end("partner_name_suffix"),
  // Whose role names differ has other names throughout. Those of buckets are the world's.
  ending:
    '${substr(sha256(join("/", [data.aws_caller_identity.current.account_id, data.aws_region.current.id, ' +
    "var.partner_account_id, local.name_end])), 0, 12)}",
  sts_region:
    `\${var.sts_region != null ? var.sts_region : contains(${JSON.stringify(Object.values(DEFAULT_REGIONS).flat())}, ` +
    "var.partner_region) ? var.partner_region : lookup(" +
    `{ ${Object.entries(DEFAULT_REGIONS)
      .map(([partition, [region]]) => `${quoted(partition)} = ${quoted(region)}`)
      .join(", ")} }, data.aws_partition.current.partition, "us-east-1")}`,
};

export class Renderer {
  readonly #attribute: (of: AttributeOf) => string;

  constructor(attribute: (of: AttributeOf) => string) {
    this.#attribute = attribute;
  }

  /** A value as Terraform's JSON has it: as it is, or as a template. */
  json(value: Value): Json {
    if (typeof value === "string") return literal(value);
    if (typeof value !== "object" || value === null) return value;
    if (isSpecial(value)) return value.kind === "template" ? this.#text(value) : `\${${this.hcl(value)}}`;
    const inner = Object.values(value as Members);
    if (inner.some((one) => isOptional(one) || isConditional(one))) return `\${${this.hcl(value)}}`;
    if (Array.isArray(value)) return value.map((element: Value) => this.json(element));
    return Object.fromEntries(Object.entries(value as Members).map(([name, one]) => [name, this.json(one)]));
  }

  /** A value as an expression. */
  hcl(value: Value): string {
    if (typeof value === "string") return quoted(value);
    if (typeof value !== "object" || value === null) return String(value);
    if (Array.isArray(value)) return this.#list(value as readonly Value[]);
    if (!isSpecial(value)) return this.#object(value as Members);
    switch (value.kind) {
      case "setting":
        return settingOf(value.setting);
      case "attribute":
        return this.#attribute(value);
      case "template":
        // The interpolations' own quotes stay as they are: a template within a template is no text within one.
        return `"${value.parts.map((part) => this.#inText(part, true)).join("")}"`;
      case "joined":
        return `join(",", ${this.#list(value.list)})`;
      case "terraform":
        return value.expression;
      default:
        return `${condition(value)} ? [${this.hcl(value.value)}] : []`;
    }
  }

  #list(list: readonly Value[]): string {
    const inner = list.map((element) => this.hcl(element));
    if (list.some(isConditional))
      return `concat(${inner.map((text, index) => (isConditional(list[index] ?? null) ? text : `[${text}]`)).join(", ")})`;
    return list.some(isOptional) ? `compact([${inner.join(", ")}])` : `[${inner.join(", ")}]`;
  }

  #object(value: Members): string {
    const text = `{ ${Object.entries(value)
      .map(([name, inner]) => `${quoted(name)} = ${this.hcl(inner)}`)
      .join(", ")} }`;
    return Object.values(value).some(isOptional)
      ? `{ for key, value in ${text} : key => value if value != null }`
      : text;
  }

  #text({ parts }: Template): string {
    return parts.map((part) => this.#inText(part, false)).join("");
  }

  #inText(part: TemplatePart, inQuotes: boolean): string {
    if (typeof part === "string") return inQuotes ? quoted(part).slice(1, -1) : literal(part);
    if (part.kind === "template") return part.parts.map((inner) => this.#inText(inner, inQuotes)).join("");
    return `\${${this.hcl(part)}}`;
  }
}

function condition(value: Announced | OnlyWith): string {
  if (value.kind === "onlyWith") return IS_SET[value.part];
  const each = value.by.map((operation) => `contains(var.operations, ${quoted(operation)})`);
  return each.length === 1 ? (each[0] ?? "") : `anytrue([${each.join(", ")}])`;
}
