// The partner's configuration as Pulumi keeps it: Pulumi.<stack>.yaml beside the project's Pulumi.yaml. It is changed
// here and not by `pulumi config set --path`, which has no word for "the element that is …", and takes a second a call;
// comments and order stay.
import { randomUUID } from "node:crypto";
import { readFile, readdir, rename, stat, unlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as v from "valibot";
import { type Document, isCollection, isMap, isScalar, parseDocument } from "yaml";
import { inWords } from "../printable.ts";
import { UserError } from "../user-error.ts";

/** Whose stacks have customers: the partner's, and the one for a customer of its own. */
export const PROJECTS = { hub: "iot-hooks-partner", customer: "iot-hooks-partner-customer" } as const;

/** YAML takes the digits of an account that nobody quoted for a number. */
const text = v.union([v.string(), v.pipe(v.number(), v.transform(String))]);

export interface FileOptions {
  readonly project?: string;
  readonly stack?: string;
}

export class StackFile {
  readonly stack: string;
  readonly path: string;
  readonly #project: string;
  readonly #document: Document;
  /** Undefined: there is no such file yet. */
  readonly #read: string | undefined;

  private constructor(folder: string, stack: string, project: string, text: string | undefined) {
    this.stack = stack;
    this.path = pathOf(folder, stack);
    this.#project = project;
    this.#read = text;
    this.#document = parsed(this.path, text ?? "");
  }

  /** @throws UserError where there is no such file, or it isn't of that project */
  static async open({ project: folder = ".", stack }: FileOptions, project: string = PROJECTS.hub): Promise<StackFile> {
    await checkProject(folder, project);
    const name = stack ?? (await onlyStack(folder));
    return new StackFile(folder, name, project, await textOf(pathOf(folder, name)));
  }

  /** Of a stack that may not have a file yet. @throws UserError where the folder isn't of that project */
  static async make(at: Required<FileOptions>, project: string): Promise<StackFile> {
    await checkProject(at.project, project);
    const there = (await readdir(at.project)).includes(basename(pathOf(at.project, at.stack)));
    return there ? StackFile.open(at, project) : new StackFile(at.project, at.stack, project, undefined);
  }

  /** A setting, as Pulumi would give it; undefined where it isn't set. @throws UserError for a secret */
  read(name: string): unknown {
    const key = name.includes(":") ? name : `${this.#project}:${name}`;
    const value: unknown = (this.#document.toJS() as { config?: Record<string, unknown> | null } | null)?.config?.[key];
    if (v.is(v.object({ secure: v.unknown() }), value))
      throw new UserError(`${key} is encrypted in ${this.path}: this command can't read it.`);
    return typeof value === "string" && /^\s*[[{]/.test(value) ? jsonIn(value) : value;
  }

  text(name: string): string | undefined {
    const value = this.read(name);
    return value === undefined || value === null || value === "" ? undefined : v.parse(text, value);
  }

  list(name: string): readonly string[] {
    return this.#as(name, v.array(text), []);
  }

  record(name: string): Readonly<Record<string, string>> {
    return this.#as(name, v.record(v.string(), text), {});
  }

  #as<T>(name: string, schema: v.GenericSchema<unknown, T>, otherwise: T): T {
    const value = this.read(name);
    if (value === undefined || value === null || value === "") return otherwise;
    const read = v.safeParse(schema, value);
    if (read.success) return read.output;
    throw new UserError(
      `${this.#project}:${name} in ${this.path} is not what it should be: ${read.issues[0].message}.`,
    );
  }

  /** Adds to a list; what is in it already stays as it is written, comments included. */
  append(name: string, value: string): void {
    const key = `${this.#project}:${name}`;
    if (this.#isCollection(key)) this.#document.addIn(["config", key], value);
    else this.#document.setIn(["config", key], this.#document.createNode([...this.list(name), value]));
  }

  put(name: string, value: string): void {
    this.#document.setIn(["config", `${this.#project}:${name}`], value);
  }

  /** Puts a member into a record. */
  set(name: string, member: string, value: string): void {
    const key = `${this.#project}:${name}`;
    if (!this.#isCollection(key)) this.#document.setIn(["config", key], this.#document.createNode(this.record(name)));
    this.#document.setIn(["config", key, member], value);
  }

  /** Leaves out of a list, or of a record, what `isGone` says. */
  remove(name: string, isGone: (entry: string) => boolean): void {
    const value = this.read(name);
    const key = `${this.#project}:${name}`;
    if (value === undefined || value === null) return;
    if (!this.#isCollection(key)) this.#document.setIn(["config", key], this.#document.createNode(value));
    const node = this.#document.getIn(["config", key], true);
    // Keys as they are in the node: an account that nobody quoted is a number there.
    const entries = isMap(node)
      ? node.items.map(({ key: member }) => [String(isScalar(member) ? member.value : member), member] as const)
      : this.list(name).map((entry, index) => [entry, index] as const);
    // From the end, so that indices stay what they are.
    for (const [entry, at] of entries.reverse()) if (isGone(entry)) this.#document.deleteIn(["config", key, at]);
  }

  /** Whether it is written as YAML, and not as JSON in a text. */
  #isCollection(key: string): boolean {
    return isCollection(this.#document.getIn(["config", key], true));
  }

  toString(): string {
    // Not folded: a long text stays on its line.
    return this.#document.toString({ lineWidth: 0 });
  }

  /** Whole or not at all. @throws UserError where somebody else has changed the file since it was read */
  async save(): Promise<void> {
    if (this.#read === undefined) {
      await writeFile(this.path, this.toString(), { flag: "wx" }).catch((error: unknown) => {
        throw new UserError(`${this.path} can't be written: ${inWords(error)}.`, { cause: error });
      });
      return;
    }
    if ((await textOf(this.path)) !== this.#read)
      throw new UserError(`${this.path} was changed by somebody else just now: run it again.`);
    const temporary = `${this.path}.${randomUUID()}`;
    try {
      await writeFile(temporary, this.toString(), { mode: (await stat(this.path)).mode });
      await rename(temporary, this.path);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw new UserError(`${this.path} can't be written: ${inWords(error)}.`, { cause: error });
    }
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UserError(
      `${path} can't be read: ${inWords(error)}. --project names the folder of the partner's project, and its stack is ` +
        "made with `pulumi stack init`.",
      { cause: error },
    );
  }
}

function parsed(path: string, text: string): Document {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error === undefined) return document;
  throw new UserError(`${path} is no YAML: ${inWords(error)}`);
}

const pathOf = (folder: string, stack: string): string => join(folder, `Pulumi.${stack}.yaml`);

async function checkProject(folder: string, project: string): Promise<void> {
  const path = join(folder, "Pulumi.yaml");
  const { name } = (parsed(path, await textOf(path)).toJS() ?? {}) as { readonly name?: unknown };
  if (name !== project)
    throw new UserError(
      `${path} is not of the partner's project ${project}: give its folder with --project. A program that uses ` +
        "PartnerHooks has its customers in its own code.",
    );
}

async function onlyStack(folder: string): Promise<string> {
  const stacks = (await readdir(folder)).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  const [stack, ...others] = stacks;
  if (stack === undefined)
    throw new UserError(`There is no stack's file in ${folder}: make one with \`pulumi stack init\`.`);
  if (others.length > 0) throw new UserError(`There are the stacks ${stacks.join(", ")}: give one with --stack.`);
  return stack;
}
