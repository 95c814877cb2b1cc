// The component's declarations with all that is only known when a kit is deployed in its place.
import { type Choices, argumentsOf } from "./choices.ts";
import { type Attribute, type Declaration, type Declared, MARK, declaration, ownName } from "./declaration.ts";
import { type Variant, byOperation } from "./operations.ts";
import { ANNOUNCEABLE, AS_VALUES, IN_TEXTS, PLACEHOLDERS } from "./parameters.ts";
import { byPart } from "./parts.ts";
import type { Operation } from "../shared/contract/operations.ts";
import { type Members, PART_SETTINGS, type Part, type PartSetting, type SettingName, type Value } from "./value.ts";

export interface Planned extends Omit<Declared, "inputs"> {
  readonly inputs: Members;
  /** The setting without which it isn't there. */
  readonly onlyWith: PartSetting | undefined;
}

export interface Plan {
  /** Operations that are switched on and off when the kit is deployed; none where they were chosen before. */
  readonly switches: readonly Operation[];
  /** What was chosen when the kit was made. */
  readonly choices: Choices;
  readonly resources: readonly Planned[];
  readonly outputs: Members;
}

/** Inputs that hold JSON as a text. */
const JSON_TEXTS = ["eventPattern"];

const setting = (name: SettingName): Part => ({ kind: "setting", setting: name });

/** Of everything that can be set later. @throws what the component says of choices that contradict each other */
export async function plan(choices: Choices = {}): Promise<Plan> {
  const switches = choices.events === undefined ? ANNOUNCEABLE : [];
  const all = { ...PLACEHOLDERS, operations: [...ANNOUNCEABLE], createTrail: true, ...argumentsOf(choices) };
  const everything = await declaration(all);
  const onlyWith = new Map<string, PartSetting>();
  const withoutPart = new Map<PartSetting, Declaration>();
  for (const setting of PART_SETTINGS) {
    const without = await declaration({ ...all, [setting]: undefined });
    withoutPart.set(setting, without);
    for (const { id } of everything.resources)
      if (!without.resources.some((resource) => resource.id === id)) onlyWith.set(id, setting);
  }
  const alone = new Map<string, Declaration>();
  for (const operation of switches) alone.set(operation, await declaration({ ...all, operations: [operation] }));
  const resources = everything.resources.map((resource) => {
    const variants = switches.map((operation): Variant => {
      const same = alone.get(operation)?.resources.find(({ id }) => id === resource.id);
      return { operation, value: read(same) };
    });
    const inputs = byOperation(byParts(resource, withoutPart), variants, resource.id);
    return { ...resource, inputs: inputs as Declared["inputs"] };
  });
  const placeholders = IN_TEXTS.map(([text, name]) => [text, [setting(name)]] as const);
  const found = [...placeholders, PARTITION];
  return { switches, choices, ...planOf({ resources, outputs: everything.outputs }, onlyWith, found, AS_VALUES) };
}

/** With those elements marked that are only there with a part. What depends on operations as well is refused. */
function byParts(resource: Declared, withoutPart: ReadonlyMap<PartSetting, Declaration>): Declared["inputs"] {
  let inputs = read(resource);
  for (const [part, { resources }] of withoutPart) {
    const same = resources.find(({ id }) => id === resource.id);
    if (same) inputs = byPart(inputs, read(same), part, resource.id) as Declared["inputs"];
  }
  return inputs;
}

/** Of a declaration with settings of its own, as it stands. */
export const planAsItStands = ({ resources, outputs }: Declaration): Plan => ({
  switches: ANNOUNCEABLE,
  choices: {},
  ...planOf(
    { resources: resources.map((resource) => ({ ...resource, inputs: read(resource) })), outputs },
    new Map(),
    [],
    [],
  ),
});

/** With those texts read that hold JSON. */
const read = (resource: Declared | undefined): Declared["inputs"] =>
  Object.fromEntries(
    Object.entries(resource?.inputs ?? {}).map(([key, value]) => [
      key,
      JSON_TEXTS.includes(key) ? (JSON.parse(value as string) as unknown) : value,
    ]),
  );

type Found = readonly [text: string, becomes: readonly (string | Part)[]];

/** All Regions that can be set are of the partition that the kit is deployed in. */
const PARTITION: Found = ["arn:aws:", ["arn:", setting("partition"), ":"]];

function planOf(
  { resources, outputs }: Declaration,
  onlyWith: ReadonlyMap<string, PartSetting>,
  placeholders: readonly Found[],
  values: typeof AS_VALUES,
): Omit<Plan, "switches" | "choices"> {
  const parse = parserOf([...namesOf(resources), ...placeholders], values);
  return {
    outputs: parse(outputs) as Members,
    resources: resources.map(({ inputs, ...resource }) => ({
      ...resource,
      // Code is nothing to look for placeholders in.
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([input, value]) => [input, input === "code" ? (value as Members) : parse(value)]),
      ),
      onlyWith: onlyWith.get(resource.id),
    })),
  };
}

/** What Pulumi itself would have named: its whole name is the resource's attribute. */
const namesOf = (resources: readonly Declared[]): readonly Found[] =>
  resources.flatMap(({ id, name }) =>
    (["name", "bucket"] as const).map((attribute): Found => [
      ownName(id, name, attribute),
      [{ kind: "attribute", of: id, attribute }],
    ]),
  );

/** Longest first. */
function parserOf(found: readonly Found[], values: typeof AS_VALUES): (value: unknown) => Value {
  const parse = (value: unknown): Value => {
    const whole = values.find(([placeholder]) => placeholder === value);
    if (whole) return setting(whole[1]);
    if (typeof value === "string") return templateOf(partsOf(value, found));
    if (Array.isArray(value)) return value.map(parse);
    if (typeof value !== "object" || value === null) return value as Value;
    if ("kind" in value && (value.kind === "announced" || value.kind === "onlyWith"))
      return { ...value, value: parse((value as { value?: unknown }).value) } as Value;
    if ("kind" in value && value.kind === "joined")
      return { ...value, list: parse((value as { list?: unknown }).list) } as Value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, parse(inner)]));
  };
  return parse;
}

function partsOf(text: string, found: readonly Found[]): readonly (string | Part)[] {
  if (text === "") return [];
  for (const [placeholder, becomes] of found) {
    const at = text.indexOf(placeholder);
    if (at < 0) continue;
    const rest = text.slice(at + placeholder.length);
    return [...partsOf(text.slice(0, at), found), ...becomes, ...partsOf(rest, found)];
  }
  const match = MARK.exec(text);
  if (!match) return [text];
  const [mark, of = "", attribute = ""] = match;
  const before = text.slice(0, match.index);
  // A part of a name that Pulumi would have made: what it ends in is the same for all.
  const part: Part =
    before.endsWith("-") && isName(attribute) ? setting("ending") : { kind: "attribute", of, attribute };
  return [...partsOf(before, found), part, ...partsOf(text.slice(match.index + mark.length), found)];
}

const isName = (attribute: string): boolean =>
  (["name", "bucket"] satisfies Attribute[] as string[]).includes(attribute);

const templateOf = (parts: readonly (string | Part)[]): Value => {
  const [one = ""] = parts;
  return parts.length < 2 ? one : { kind: "template", parts: parts };
};
