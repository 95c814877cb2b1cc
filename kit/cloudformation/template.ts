// One CloudFormation template of what the customer's component declares.
import { madeWith } from "../choices.ts";
import type { Plan, Planned } from "../plan.ts";
import { renamed } from "../table.ts";
import {
  type AttributeOf,
  type Json,
  type Members,
  type PartSetting,
  type Value,
  capitalised,
  isSpecial,
  specialsIn,
} from "../value.ts";
import { type Attributes, type Expression, MAPPINGS, Renderer, conditionsOfParameters, has } from "./expressions.ts";
import { type Defaults, metadataOf, parametersOf, rulesOf } from "./parameters.ts";
import { type ByHandRow, type PartRow, ROWS, type ResourceRow, type Row, type Source } from "./table.ts";
import { versionOf, versionResource } from "./version.ts";

/** AWS CloudFormation User Guide, "Understand CloudFormation quotas": bytes of a template that lies in S3. */
const MAX_TEMPLATE_BYTES = 1_000_000;

export interface Template {
  readonly AWSTemplateFormatVersion: string;
  readonly Description: string;
  readonly Metadata: Json;
  readonly Parameters: Readonly<Record<string, Expression>>;
  readonly Rules?: Json;
  readonly Mappings: Json;
  readonly Conditions: Readonly<Record<string, Json>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, Expression>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Expression;
  readonly DependsOn?: readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: "Retain";
  readonly UpdateReplacePolicy?: "Retain";
}

const DESCRIPTION = "Tells a partner in another account of each thing that is registered in AWS IoT here.";

/** Throws for what the table doesn't know, and where the template has become too large for CloudFormation. */
export function templateOf({ switches, choices, resources, outputs }: Plan, defaults: Defaults = {}): Template {
  const builder = new Builder(resources.filter((resource) => !isByHand(anyRowOf(resource))));
  const made = builder.resources();
  const given = { ...outputsOf(outputs, builder), ...commandsOf(resources) };
  const template: Template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: [DESCRIPTION, madeWith(choices)].filter((sentence) => sentence !== undefined).join(" "),
    Metadata: metadataOf(switches),
    Parameters: parametersOf(switches, defaults),
    ...(switches.length === 0 ? {} : { Rules: rulesOf(switches) }),
    Mappings: MAPPINGS,
    Conditions: {
      ...conditionsOfParameters(switches),
      ...Object.fromEntries(builder.renderer.conditions),
    },
    Resources: made,
    Outputs: given,
  };
  const bytes = Buffer.byteLength(JSON.stringify(template));
  if (bytes > MAX_TEMPLATE_BYTES)
    throw new Error(`The template has ${bytes} bytes, and CloudFormation takes ${MAX_TEMPLATE_BYTES}.`);
  return template;
}

/** Under which something is there. */
const conditionOf = (onlyWith: PartSetting | undefined): Pick<Resource, "Condition"> =>
  onlyWith === undefined ? {} : { Condition: has(onlyWith) };

const isPart = (row: ResourceRow | PartRow): row is PartRow => "partOf" in row;
const isByHand = (row: Row): row is ByHandRow => "command" in row;

class Builder {
  readonly renderer = new Renderer((of) => this.#attribute(of));
  readonly #planned: ReadonlyMap<string, Planned>;
  readonly #properties = new Map<string, Members>();

  constructor(resources: readonly Planned[]) {
    this.#planned = new Map(resources.map((resource) => [resource.id, resource]));
    for (const resource of resources) {
      const row = rowOf(resource);
      const properties = renamed(resource.inputs, row.properties, resource, resource.id);
      const named: Members = isPart(row) || row.named === undefined ? {} : { [row.named]: ownName(resource) };
      const own = row.as?.(properties) ?? properties;
      this.#properties.set(resource.id, isPart(row) ? own : { ...named, ...own, ...row.always });
    }
  }

  /** The resource itself, or the one that it is a part of in CloudFormation. */
  #whole(resource: Planned): Planned {
    const row = rowOf(resource);
    if (!isPart(row)) return resource;
    const owner = resource.inputs[row.partOf] ?? null;
    if (!isSpecial(owner) || owner.kind !== "attribute")
      throw new Error(`hooks kit can't tell what ${resource.id} belongs to`);
    return this.#of(owner.of);
  }

  #of(id: string): Planned {
    const planned = this.#planned.get(id);
    if (!planned) throw new Error(`the component refers to ${id}, which it doesn't declare`);
    return planned;
  }

  #source({ of, attribute }: AttributeOf): Source {
    const row = rowOf(this.#of(of));
    const source = isPart(row) ? undefined : row.attributes?.[attribute];
    if (source !== undefined) return source;
    throw new Error(
      `hooks kit doesn't know where CloudFormation has ${attribute} of ${of}: say so in kit/cloudformation/table.ts`,
    );
  }

  #attribute(attribute: AttributeOf): ReturnType<Attributes> {
    const source = this.#source(attribute);
    if (source.from === "property") return { value: this.#properties.get(attribute.of)?.[source.property] ?? null };
    const id = source.from === "version" ? versionOf(attribute.of) : attribute.of;
    return source.from === "Ref" || source.attribute === undefined
      ? { expression: { Ref: id } }
      : { expression: { "Fn::GetAtt": [id, source.attribute] } };
  }

  /** The setting without which a value isn't known. */
  onlyWith(value: Value): PartSetting | undefined {
    return specialsIn(value)
      .map((special) => (special.kind === "attribute" ? this.#of(special.of).onlyWith : undefined))
      .find((setting) => setting !== undefined);
  }

  resources(): Template["Resources"] {
    const all = [...this.#planned.values()];
    const made = new Map<string, Resource>();
    for (const resource of all) {
      const row = rowOf(resource);
      if (isPart(row)) continue;
      const parts = all.filter((part) => part !== resource && this.#whole(part) === resource);
      const properties = [resource, ...parts].map(({ id }) => this.#properties.get(id) ?? {});
      made.set(resource.id, {
        Type: row.type,
        ...conditionOf(resource.onlyWith),
        ...(resource.kept || row.kept === true
          ? ({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" } as const)
          : {}),
        Properties: this.renderer.render(Object.assign({}, ...properties) as Members) as Expression,
      });
      if (row.type === "AWS::Lambda::Function")
        made.set(versionOf(resource.id), {
          ...versionResource(resource, this.#roleOf(resource), this.renderer),
          ...conditionOf(resource.onlyWith),
        });
    }
    return this.#inOrder(made);
  }

  #roleOf({ id, inputs }: Planned): Planned {
    const [role] = specialsIn(inputs.role ?? null);
    if (role?.kind !== "attribute") throw new Error(`the role of ${id} isn't one that the component declares`);
    return this.#of(role.of);
  }

  /** What Pulumi waits for where no reference of CloudFormation's makes it wait. */
  #first({ after, inputs }: Planned): readonly string[] {
    const named = specialsIn(inputs).flatMap((special) => {
      if (special.kind !== "attribute") return [];
      const source = this.#source(special);
      return source.from === "property" && source.waits ? [special.of] : [];
    });
    return [...after, ...named];
  }

  /** With DependsOn for what Pulumi was told to wait for and no reference says. */
  #inOrder(made: ReadonlyMap<string, Resource>): Template["Resources"] {
    const references = new Map([...made].map(([id, resource]) => [id, referencesIn(resource, made)]));
    const waits = new Map<string, Set<string>>([...made.keys()].map((id) => [id, new Set()]));
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
      if (from === to) return true;
      if (seen.has(from)) return false;
      seen.add(from);
      return [...(references.get(from) ?? []), ...(waits.get(from) ?? [])].some((next) => reaches(next, to, seen));
    };
    for (const resource of this.#planned.values()) {
      const own = this.#whole(resource).id;
      for (const id of this.#first(resource).map((first) => this.#whole(this.#of(first)).id))
        // What is made in one piece here can't wait for what comes between its parts there.
        if (!references.get(own)?.has(id) && !reaches(id, own)) waits.get(own)?.add(id);
    }
    return Object.fromEntries(
      [...made].map(([id, resource]) => {
        const first = [...(waits.get(id) ?? [])].sort();
        return [id, first.length === 0 ? resource : { ...resource, DependsOn: first }];
      }),
    );
  }
}

function rowOf(resource: Planned): ResourceRow | PartRow {
  const row = anyRowOf(resource);
  if (isByHand(row)) throw new Error(`the component refers to ${resource.id}, which somebody makes by hand`);
  return row;
}

function anyRowOf({ type, id }: Planned): Row {
  const row = ROWS[type];
  if (row) return row;
  throw new Error(
    `hooks kit doesn't know what ${type} (${id}) is in CloudFormation: add a row to kit/cloudformation/table.ts`,
  );
}

/** As Pulumi makes names of logical ones. */
const ownName = ({ name }: Planned): Value => ({
  kind: "template",
  parts: [`${name}-`, { kind: "setting", setting: "ending" }],
});

/** Ids of the resources that are named by Ref, Fn::GetAtt and Fn::Sub. */
function referencesIn(value: unknown, made: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const text = JSON.stringify(value, (key, inner: unknown) => (key === "ZipFile" ? null : inner));
  const found = text.matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"|\$\{(\w+)(?:\.\w+)?\}/g);
  return new Set([...found].map(([, byFunction, inText]) => byFunction ?? inText ?? "").filter((id) => made.has(id)));
}

function outputsOf(outputs: Members, builder: Builder, path: readonly string[] = []): Template["Outputs"] {
  const entries = Object.entries(outputs).map(([name, value]): Template["Outputs"] => {
    const here = [...path, name];
    if (typeof value === "object" && value !== null && !isSpecial(value))
      return outputsOf(value as Members, builder, here);
    return {
      [here.map(capitalised).join("")]: {
        ...conditionOf(builder.onlyWith(value)),
        Value: typeof value === "number" ? String(value) : builder.renderer.render(value),
      },
    };
  });
  return Object.assign({}, ...entries) as Template["Outputs"];
}

/** What is left to be typed. */
const commandsOf = (resources: readonly Planned[]): Template["Outputs"] =>
  Object.fromEntries(
    resources.flatMap((resource) => {
      const row = anyRowOf(resource);
      if (!isByHand(row)) return [];
      const Value = { "Fn::Sub": `${row.command(resource.inputs)} --region \${AWS::Region}` };
      return [[TURN_ON_OUTPUT, { Description: TURN_ON, Value }]];
    }),
  );

export const TURN_ON_OUTPUT = "TurnOnEvents";
const TURN_ON =
  "To be typed once in this account and Region: until then AWS IoT publishes no events of its own, and nothing is " +
  "announced by them. It is one setting for everybody in the account.";
