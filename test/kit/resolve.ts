// A CloudFormation template with its parameters put in, as far as ours goes: what the stack's resources would get
// (AWS CloudFormation Template Reference Guide, intrinsic functions and conditions).
import type { Resource, Template } from "../../kit/cloudformation/template.ts";
import type { Json } from "../../kit/value.ts";

export interface Stack {
  readonly accountId: string;
  readonly region: string;
  readonly partition?: string;
  /** A UUID, at the end of its id. */
  readonly uuid: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Throws for what is no text, nor a number or truth value. */
function textOf(value: Json | undefined): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
    throw new Error(`${JSON.stringify(value)} isn't a text`);
  return String(value);
}

/** What is left out. */
const NOTHING = Symbol("AWS::NoValue");
type Resolved = Json | typeof NOTHING;

/** What `Ref` and `Fn::GetAtt` of a resource are. */
export type Attributes = (id: string, attribute: string | undefined) => Json;

export class Resolver {
  readonly #template: Template;
  readonly #attributes: Attributes;
  readonly #names: Readonly<Record<string, string>>;

  /** @param attributes of resources */
  constructor(template: Template, stack: Stack, attributes: Attributes) {
    this.#template = template;
    this.#attributes = attributes;
    const partition = stack.partition ?? "aws";
    const defaults = Object.entries(template.Parameters).flatMap(([name, { Default }]) =>
      Default === undefined ? [] : [[name, textOf(Default)]],
    );
    this.#names = {
      ...(Object.fromEntries(defaults) as Record<string, string>),
      ...stack.parameters,
      "AWS::AccountId": stack.accountId,
      "AWS::Region": stack.region,
      "AWS::Partition": partition,
      "AWS::StackId": `arn:${partition}:cloudformation:${stack.region}:${stack.accountId}:stack/any-name/${stack.uuid}`,
    };
    const missing = Object.keys(template.Parameters).filter((name) => this.#names[name] === undefined);
    if (missing.length > 0) throw new Error(`CloudFormation would want values for ${missing.join(", ")}`);
  }

  /** Resources that there are, and what they get, in the order in which they can be made. */
  resources(): readonly (readonly [id: string, resource: Resource])[] {
    const { Resources } = this.#template;
    const left = Object.keys(Resources).filter((id) => this.#isThere(Resources[id]?.Condition));
    const order: string[] = [];
    while (left.length > 0) {
      const next = left.findIndex((id) => this.#before(id).every((first) => !left.includes(first) || first === id));
      if (next < 0) throw new Error(`CloudFormation would refuse circular dependencies among ${left.join(", ")}`);
      order.push(...left.splice(next, 1));
    }
    return order.map((id) => [id, Resources[id] as Resource]);
  }

  #isThere = (condition: string | undefined): boolean => condition === undefined || this.#condition(condition);

  #before(id: string): readonly string[] {
    const { Properties, DependsOn = [] } = this.#template.Resources[id] as Resource;
    const text = JSON.stringify(Properties, (key, value: unknown) => (key === "ZipFile" ? "" : value));
    const found = [...text.matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"|\$\{(\w+)(?:\.\w+)?\}/g)];
    return [...DependsOn, ...found.map(([, byFunction, inText]) => byFunction ?? inText ?? "")];
  }

  outputs(): Readonly<Record<string, Json>> {
    return Object.fromEntries(
      Object.entries(this.#template.Outputs)
        .filter(([, { Condition }]) => this.#isThere(Condition as string | undefined))
        .map(([name, { Value }]) => [name, this.value(Value ?? null)]),
    );
  }

  /** Throws where nothing would be left. */
  value(json: Json): Json {
    const resolved = this.#resolve(json);
    if (resolved === NOTHING) throw new Error(`nothing is left of ${JSON.stringify(json)}`);
    return resolved;
  }

  #resolve(json: Json): Resolved {
    if (Array.isArray(json)) return this.#list(json as readonly Json[]);
    if (typeof json !== "object" || json === null) return json;
    const [[name, argument] = ["", null], ...others] = Object.entries(json);
    if (others.length === 0 && (name === "Ref" || name.startsWith("Fn::"))) return this.#call(name, argument);
    const members = Object.entries(json).flatMap(([key, value]) => {
      const resolved = this.#resolve(value);
      return resolved === NOTHING ? [] : [[key, resolved] as const];
    });
    return Object.fromEntries(members);
  }

  #list = (list: readonly Json[]): readonly Json[] =>
    list.map((element) => this.#resolve(element)).filter((element) => element !== NOTHING);

  #call(name: string, argument: Json): Resolved {
    const list = Array.isArray(argument) ? (argument as readonly Json[]) : [];
    switch (name) {
      case "Ref":
        if (argument === "AWS::NoValue") return NOTHING;
        return this.#names[textOf(argument)] ?? this.#attributes(textOf(argument), undefined);
      case "Fn::GetAtt":
        return this.#attributes(textOf(list[0]), textOf(list[1]));
      case "Fn::If":
        return this.#resolve((this.#condition(textOf(list[0])) ? list[1] : list[2]) as Json);
      case "Fn::Join":
        return (this.value(list[1] as Json) as readonly Json[]).map(textOf).join(textOf(list[0]));
      case "Fn::Split":
        return textOf(this.value(list[1] as Json)).split(textOf(list[0]));
      case "Fn::Select":
        return (this.value(list[1] as Json) as readonly Json[])[Number(list[0])] as Json;
      case "Fn::FindInMap": {
        const [map, first, second] = list.map((element) => textOf(this.value(element)));
        const found = (this.#template.Mappings as Record<string, Record<string, Record<string, Json>>>)[map ?? ""];
        return found?.[first ?? ""]?.[second ?? ""] as Json;
      }
      case "Fn::Sub":
        return typeof argument === "string"
          ? this.#sub(argument, {})
          : this.#sub(textOf(list[0]), list[1] as Readonly<Record<string, Json>>);
      default:
        throw new Error(`${name} isn't known here`);
    }
  }

  #sub(text: string, variables: Readonly<Record<string, Json>>): string {
    return text.replaceAll(/\$\{(!?)([\w:.]+)\}/g, (_, escaped: string, name: string) => {
      if (escaped !== "") return `\${${name}}`;
      const variable = variables[name];
      if (variable !== undefined) return textOf(this.value(variable));
      const [id = "", attribute] = name.includes("::") ? [name] : name.split(".");
      return this.#names[id] ?? textOf(this.#attributes(id, attribute));
    });
  }

  #condition(name: string): boolean {
    return this.holds(this.#template.Conditions[name] ?? null);
  }

  /** Of a condition's own functions. */
  holds(condition: Json): boolean {
    const [[name, argument] = ["", null]] = Object.entries((condition ?? {}) as Readonly<Record<string, Json>>);
    const list = argument as readonly Json[];
    switch (name) {
      case "Condition":
        return this.#condition(textOf(argument));
      case "Fn::Equals":
        return this.value(list[0] as Json) === this.value(list[1] as Json);
      case "Fn::Not":
        return !this.holds(list[0] as Json);
      case "Fn::Or":
        if (list.length < 2 || list.length > 10) throw new Error(`CloudFormation takes no Fn::Or of ${list.length}`);
        return list.some((inner) => this.holds(inner));
      default:
        throw new Error(`${JSON.stringify(condition)} is no condition that is known here`);
    }
  }
}
