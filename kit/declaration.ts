// What the customer's component declares: it is run under Pulumi's runtime mocks, which make nothing, and each resource
// that it registers is written down. Outputs of resources are marks, in which the resource and the attribute can be
// recognised again wherever they end up.
import { readFile } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";
import { CustomerHooks, type CustomerHooksArgs } from "../customer/customer-hooks.ts";
import { COMPONENT } from "../shared/contract/names.ts";

export type Inputs = Readonly<Record<string, unknown>>;

export interface Declared {
  /** Of name and type: `IotHooksAnnounceFunction`. */
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Inputs;
  /** Ids of what has to be there first, beside what its inputs are made of. */
  readonly after: readonly string[];
  /** Whether it stays when the deployment goes. */
  readonly kept: boolean;
}

export interface Declaration {
  readonly resources: readonly Declared[];
  readonly outputs: Inputs;
}

/** Attributes that AWS, or Pulumi by naming a resource, would make known. */
const ATTRIBUTES = ["arn", "bucket", "name", "qualifiedArn", "url", "version"] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

const mark = (id: string, attribute: Attribute): string => `@{${id}.${attribute}}`;

/** Finds marks: the resource's id and the attribute. */
export const MARK = /@\{(\w+)\.(\w+)\}/;

/** Pulumi's own names for resources are the logical name and random digits: here the mark stands for the digits. */
export const ownName = (id: string, name: string, attribute: Attribute): string => `${name}-${mark(id, attribute)}`;

const NAMES: readonly Attribute[] = ["name", "bucket"];

const idOf = (type: string, name: string): string =>
  [...name.split(/[^a-zA-Z0-9]+/), type.replace(/^.*:/, "")]
    .filter((word) => word !== "")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

const isOfAws = (type: string): boolean => type.startsWith("aws:");

/** Runs the component once. Rejects with what it throws. */
export async function declaration(args: CustomerHooksArgs): Promise<Declaration> {
  const recorder = new Recorder();
  await pulumi.runtime.setMocks(recorder.mocks, "kit", "kit", false, "kit");
  let outputs: unknown;
  await pulumi.runtime
    .runInPulumiStack(() => {
      pulumi.runtime.registerStackTransformation((resource) => {
        recorder.look(resource);
        return undefined;
      });
      return Promise.resolve(new CustomerHooks(COMPONENT, args).outputs);
    })
    .then((resolved) => (outputs = resolved));
  await pulumi.runtime.disconnect();
  return { resources: recorder.resources(), outputs: outputs as Inputs };
}

interface Seen {
  readonly resource: pulumi.Resource;
  readonly id: string | undefined;
  readonly parent: pulumi.Resource | undefined;
  readonly dependsOn: readonly pulumi.Resource[];
  readonly kept: boolean;
}

class Recorder {
  readonly mocks: pulumi.runtime.Mocks;
  readonly #inputs = new Map<string, Pick<Declared, "type" | "name" | "inputs">>();
  readonly #seen: Seen[] = [];

  constructor() {
    this.mocks = {
      newResource: async ({ type, name, inputs, custom, id: readId = "" }) => {
        const given = inputs as Inputs;
        // What is only looked at: who deploys a kit has to look for itself.
        if (custom === false || readId !== "") return { id: readId, state: given };
        const id = idOf(type, name);
        if (!isOfAws(type) || this.#inputs.has(id))
          throw new Error(`the component declares ${id} (${type}) in a way that kit/ can't record`);
        this.#inputs.set(id, {
          type,
          name,
          inputs: "code" in given ? { ...given, code: await filesOf(given.code) } : given,
        });
        return { id, state: { ...given, ...outputsOf(id, name, given) } };
      },
      call: ({ token }) => {
        throw new Error(`the component asks AWS for ${token}: give it as an argument in kit/parameters.ts`);
      },
    };
  }

  /** What only Pulumi's options say: they don't reach the mocks. */
  look({ resource, type, name, opts }: pulumi.ResourceTransformationArgs): void {
    const { dependsOn = [], parent, retainOnDelete = false } = opts;
    const first: unknown[] = [dependsOn].flat();
    if (!first.every((one) => pulumi.Resource.isInstance(one)))
      throw new Error(`${name} (${type}) depends on something that kit/ can't record: name resources`);
    const id = isOfAws(type) ? idOf(type, name) : undefined;
    this.#seen.push({ resource, id, parent, dependsOn: first, kept: retainOnDelete });
  }

  /** In the order in which the program declares them. */
  resources(): readonly Declared[] {
    return this.#seen.flatMap(({ id, dependsOn, kept }) => {
      const recorded = id === undefined ? undefined : this.#inputs.get(id);
      if (id === undefined || recorded === undefined) return [];
      return [{ id, ...recorded, kept, after: [...new Set(dependsOn.flatMap((one) => this.#made(one)))] }];
    });
  }

  /** Ids of all that a resource consists of: a component's children, or itself. */
  #made(resource: pulumi.Resource): readonly string[] {
    const own = this.#seen.find((seen) => seen.resource === resource)?.id;
    if (own !== undefined) return [own];
    return this.#seen.filter(({ parent }) => parent === resource).flatMap((child) => this.#made(child.resource));
  }
}

const outputsOf = (id: string, name: string, inputs: Inputs): Inputs =>
  Object.fromEntries(
    ATTRIBUTES.map((attribute) => [
      attribute,
      NAMES.includes(attribute) && inputs[attribute] === undefined ? ownName(id, name, attribute) : mark(id, attribute),
    ]),
  );

interface ArchiveLike {
  readonly assets?: Promise<Readonly<Record<string, { readonly path?: Promise<string> }>>>;
}

/** Texts of an archive's files by name. */
async function filesOf(archive: unknown): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  for (const [name, asset] of Object.entries((await (archive as ArchiveLike).assets) ?? {})) {
    const path = await asset.path;
    if (path === undefined) throw new Error(`${name} of a function's code is no file: kit/ can't record it`);
    files[name] = await readFile(path, "utf8");
  }
  return files;
}
