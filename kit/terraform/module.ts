// A Terraform module of what the customer's component declares, in Terraform's JSON syntax.
import { zipSync } from "fflate";
import { DEFAULT_OPERATIONS, type Operation } from "../../shared/contract/operations.ts";
import { madeWith } from "../choices.ts";
import { PARAMETERS, type Parameter, TRAIL_DESCRIPTION } from "../parameters.ts";
import type { Plan, Planned } from "../plan.ts";
import { renamed } from "../table.ts";
import { type AttributeOf, type Json, type Members, type Value, specialsIn } from "../value.ts";
import { IS_SET, LOCALS, Renderer } from "./expressions.ts";
import { ROWS, codeFileOf, type Row, snake } from "./table.ts";

/** Values that variables have where nothing else is given, by the variables' names. */
export type Defaults = Readonly<Record<string, Json>>;

export interface Module {
  /** By name: `*.tf.json`. */
  readonly configuration: Readonly<Record<string, Json>>;
  /** The functions' code: the files that the configuration names. */
  readonly code: Readonly<Record<string, Uint8Array>>;
}

/** Zip has no time zone and starts in 1980: a fixed day makes the same code the same bytes. */
const DAY = new Date(1980, 0, 1);

/** Throws for what the table doesn't know. */
export function moduleOf({ switches, choices, resources, outputs }: Plan, defaults: Defaults = {}): Module {
  const planned = new Map(resources.map((resource) => [resource.id, resource]));
  const of = (id: string): Planned => {
    const resource = planned.get(id);
    if (!resource) throw new Error(`the component refers to ${id}, which it doesn't declare`);
    return resource;
  };
  const attribute = ({ of: id, attribute: name }: AttributeOf): string => {
    const resource = of(id);
    return `${addressOf(resource)}${resource.onlyWith === undefined ? "" : "[0]"}.${rowOf(resource).attributes?.[name] ?? snake(name)}`;
  };
  const renderer = new Renderer(attribute);
  const made: Record<string, Record<string, Json>> = {};
  for (const resource of resources) {
    const { type } = rowOf(resource);
    made[type] = { ...made[type], [labelOf(resource)]: resourceOf(resource, renderer, of) };
  }
  const outputOf = (value: Value): Json => {
    const onlyWith = specialsIn(value)
      .map((special) => (special.kind === "attribute" ? of(special.of).onlyWith : undefined))
      .find((setting) => setting !== undefined);
    return onlyWith === undefined ? renderer.json(value) : `\${${IS_SET[onlyWith]} ? ${renderer.hcl(value)} : null}`;
  };
  const comment = madeWith(choices);
  return {
    configuration: {
      "main.tf.json": {
        // A comment in Terraform's JSON syntax.
        ...(comment === undefined ? {} : { "//": comment }),
        terraform: {
          required_version: ">= 1.3",
          // The first that is known to have the function's runtime.
          required_providers: { aws: { source: "hashicorp/aws", version: ">= 6.20" } },
        },
        data: { aws_caller_identity: { current: {} }, aws_partition: { current: {} }, aws_region: { current: {} } },
        locals: LOCALS,
        resource: made,
      },
      "variables.tf.json": { variable: variablesOf(switches, defaults) },
      "outputs.tf.json": {
        output: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value: outputOf(value) }])),
      },
    },
    code: Object.fromEntries(
      resources.flatMap((resource) =>
        resource.inputs.code === undefined ? [] : [[codeFileOf(resource), zipOf(resource.inputs.code as Members)]],
      ),
    ),
  };
}

const zipOf = (files: Members): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text as string)])), {
    mtime: DAY,
    os: 3,
    attrs: 0o755 << 16,
  });

function rowOf({ type, id }: Planned): Row {
  const row = ROWS[type];
  if (row) return row;
  throw new Error(`hooks kit doesn't know what ${type} (${id}) is in Terraform: add a row to kit/terraform/table.ts`);
}

function labelOf(resource: Planned): string {
  const { labelEnd } = rowOf(resource);
  const label = resource.name.replaceAll(/[^a-zA-Z0-9]+/g, "_").replace(/^_/, "");
  return labelEnd === undefined ? label : `${label}_${labelEnd(resource.inputs)}`;
}
const addressOf = (resource: Planned): string => `${rowOf(resource).type}.${labelOf(resource)}`;

function resourceOf(resource: Planned, renderer: Renderer, of: (id: string) => Planned): Json {
  const { properties, named, ignored, documents = [] } = rowOf(resource);
  const ownName: Members =
    named === undefined
      ? {}
      : { [named]: { kind: "template", parts: [`${resource.name}-`, { kind: "setting", setting: "ending" }] } };
  const values = { ...ownName, ...renamed(resource.inputs, properties, resource, resource.id) };
  const rendered = Object.entries(values).map(([name, value]): [string, Json] => [
    name,
    documents.includes(name) ? `\${jsonencode(${renderer.hcl(value)})}` : renderer.json(value),
  ]);
  return {
    ...(resource.onlyWith === undefined ? {} : { count: `\${${IS_SET[resource.onlyWith]} ? 1 : 0}` }),
    ...Object.fromEntries(rendered),
    // Terraform has no word for leaving something behind: it refuses to destroy it, and can be told to forget it.
    ...(resource.kept ? { lifecycle: { prevent_destroy: true } } : {}),
    ...(ignored === undefined ? {} : { lifecycle: { ignore_changes: ignored } }),
    ...(resource.after.length === 0 ? {} : { depends_on: resource.after.map((id) => addressOf(of(id))) }),
  };
}

function variablesOf(switches: readonly Operation[], defaults: Defaults): Readonly<Record<string, Json>> {
  const variables: Record<string, Json> = {};
  for (const parameter of PARAMETERS) {
    const name = snake(parameter.setting);
    variables[name] = {
      ...variableOf(name, parameter),
      ...(name in defaults ? { default: defaults[name] ?? null } : {}),
    };
  }
  return {
    ...variables,
    ...(switches.length === 0 ? {} : { operations: operationsOf(switches, defaults.operations) }),
    create_trail: { type: "bool", description: TRAIL_DESCRIPTION, default: false },
  };
}

function operationsOf(switches: readonly Operation[], given: Json | undefined): Json {
  const all = JSON.stringify(switches);
  return {
    type: "list(string)",
    description: "Which calls to the registry are announced. The partner has to allow the same ones.",
    default: given ?? [...DEFAULT_OPERATIONS],
    validation: {
      condition: `\${length(var.operations) > 0 && alltrue([for name in var.operations : contains(${all}, name)])}`,
      error_message: `Name some of ${switches.join(", ")}.`,
    },
  };
}

/** What may be left out is null then: Terraform takes that for an argument that isn't there. */
function variableOf(name: string, { description, pattern, must, optional, default: own, setting }: Parameter): Members {
  const type = setting === "reservedConcurrency" ? "number" : "string";
  const matches = `can(regex("^(${pattern.replaceAll("\\", "\\\\")})$", var.${name}))`;
  return {
    type,
    description,
    ...(optional === true ? { default: null } : {}),
    ...(own === undefined ? {} : { default: own }),
    validation: {
      condition: `\${${optional === true ? `var.${name} == null || ` : ""}${matches}}`,
      error_message: `It must be ${must}.`,
    },
  };
}
