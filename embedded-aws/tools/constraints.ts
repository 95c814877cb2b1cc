// Writes what AWS's API models say about the inputs of the operations that are here, one file per service, into
// services/constraints/. The models are those of botocore, AWS's library for Python (Apache-2.0). After adding an
// operation, or for newer models:
//
//   npm run test:clients     installs the pinned botocore, and fails where the files are not what this would write
//   node embedded-aws/tools/constraints.ts .local/clients-venv/lib/python3*/site-packages/botocore
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { regExpOf, type InputModel, type ShapeModel } from "../core/constraints.ts";
import { SERVICES } from "../services/index.ts";

/** Folders of botocore's data that aren't called like the service here. */
const FOLDERS: Readonly<Record<string, string>> = { iotdata: "iot-data", servicequotas: "service-quotas" };

/**
 * Shapes whose pattern is left out: over EventBridge's HeaderValue, of HttpParameters, JavaScript's engine takes
 * years for some texts. The operations refuse those parameters.
 */
const LEFT_OUT = new Set(["HeaderValue"]);

interface Reference {
  readonly shape: string;
}
interface BotocoreShape {
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, Reference>>;
  readonly member?: Reference;
  readonly key?: Reference;
  readonly value?: Reference;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly sensitive?: boolean;
}
interface BotocoreModel {
  readonly metadata: { readonly apiVersion: string };
  readonly operations: Readonly<Record<string, { readonly input?: Reference }>>;
  readonly shapes: Readonly<Record<string, BotocoreShape>>;
}

/** The newest version of a service's API. */
function botocoreModel(botocore: string, service: string): BotocoreModel {
  const folder = `${botocore}/data/${FOLDERS[service] ?? service}`;
  const version = readdirSync(folder).sort().at(-1) ?? "";
  return JSON.parse(gunzipSync(readFileSync(`${folder}/${version}/service-2.json.gz`)).toString()) as BotocoreModel;
}

/**
 * The shapes that the operations' inputs lead to. Those that constrain nothing, and lead to none that do, are left
 * out.
 */
function inputModel(source: string, names: readonly string[], model: BotocoreModel): InputModel {
  const shapes = new Map<string, ShapeModel>();
  const reach = (name: string): void => {
    if (shapes.has(name)) return;
    const { required = [], members = {}, member, key, value, min, max, sensitive, ...more } = model.shapes[name] ?? {};
    const pattern = LEFT_OUT.has(name) ? undefined : more.pattern;
    // Throws for a pattern that JavaScript can't say: none, so far.
    if (pattern !== undefined) regExpOf(pattern);
    shapes.set(name, {
      ...(required.length > 0 ? { required } : {}),
      ...(Object.keys(members).length > 0
        ? { members: Object.fromEntries(Object.entries(members).map(([member, { shape }]) => [member, shape])) }
        : {}),
      ...(member ? { item: member.shape } : {}),
      ...(key ? { key: key.shape } : {}),
      ...(value ? { value: value.shape } : {}),
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(pattern === undefined ? {} : { pattern }),
      ...(more.enum ? { enum: more.enum } : {}),
      ...(sensitive ? { sensitive } : {}),
    });
    for (const { shape } of [...Object.values(members), member, key, value].filter((one) => one !== undefined))
      reach(shape);
  };
  const inputs = names.map((name) => [name, model.operations[name]?.input?.shape] as const);
  for (const [, shape] of inputs) if (shape !== undefined) reach(shape);
  const said = withoutSilent(shapes);
  return {
    source,
    operations: Object.fromEntries(
      inputs.filter((entry): entry is [string, string] => entry[1] !== undefined && said.has(entry[1])),
    ),
    shapes: Object.fromEntries([...said].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

function withoutSilent(shapes: ReadonlyMap<string, ShapeModel>): Map<string, ShapeModel> {
  const says = new Set<string>();
  const leads = ({ members = {}, item, key, value }: ShapeModel): boolean =>
    [...Object.values(members), item, key, value].some((name) => name !== undefined && says.has(name));
  const constrains = ({ required, min, max, pattern, enum: oneOf }: ShapeModel): boolean =>
    [required, min, max, pattern, oneOf].some((constraint) => constraint !== undefined);
  for (let before = -1; before < says.size;) {
    before = says.size;
    for (const [name, shape] of shapes) if (constrains(shape) || leads(shape)) says.add(name);
  }
  const kept = (name: string | undefined): name is string => name !== undefined && says.has(name);
  return new Map(
    [...shapes]
      .filter(([name]) => says.has(name))
      .map(([name, { members, item, key, value, ...rest }]) => {
        const left = Object.entries(members ?? {}).filter(([, shape]) => says.has(shape));
        return [
          name,
          {
            ...rest,
            ...(left.length > 0 ? { members: Object.fromEntries(left) } : {}),
            ...(kept(item) ? { item } : {}),
            ...(kept(key) ? { key } : {}),
            ...(kept(value) ? { value } : {}),
          },
        ];
      }),
  );
}

/** A line for each operation and each shape, so that a change shows only itself. */
function textOf({ source, operations, shapes }: InputModel): string {
  const lines = (entries: object): string =>
    Object.entries(entries)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(",\n");
  return `{
  "source": ${JSON.stringify(source)},
  "operations": {\n${lines(operations)}\n  },
  "shapes": {\n${lines(shapes)}\n  }\n}\n`;
}

const [botocore, check] = process.argv.slice(2);
if (botocore === undefined) throw new Error("Say where botocore is installed.");
const [, version = ""] = /__version__ = '([\d.]+)'/.exec(readFileSync(`${botocore}/__init__.py`, "utf8")) ?? [];
for (const { name, operations, inputModel: file } of SERVICES) {
  const model = botocoreModel(botocore, name);
  const source = `botocore ${version}, ${name} ${model.metadata.apiVersion}, Apache-2.0`;
  const text = textOf(inputModel(source, Object.keys(operations), model));
  if (check !== "--check") writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) throw new Error(`${file.pathname} isn't what ${source} says.`);
}
