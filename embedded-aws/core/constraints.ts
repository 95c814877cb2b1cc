// What AWS's API models say about inputs - which members there must be, lengths, ranges, patterns, enums - and AWS's
// sentence for those that don't keep to it. Every call is held against it before anything else is looked at, so that
// no service checks any of this itself.
import { readFileSync } from "node:fs";
import type { CommonErrors } from "./common-errors.ts";
import { AwsError, refused } from "./errors.ts";

/** Of a text its length, of a number its value, of a list or map how many there are. */
export interface ShapeModel {
  readonly required?: readonly string[];
  /** Names of the members' shapes, as are the other three. */
  readonly members?: Readonly<Record<string, string>>;
  readonly item?: string;
  readonly key?: string;
  readonly value?: string;
  readonly min?: number;
  readonly max?: number;
  /** Java's, which has to match as a whole. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Its value is in no message. */
  readonly sensitive?: boolean;
}
/** Written by tools/constraints.ts. */
export interface InputModel {
  readonly source: string;
  /** The shape of an operation's input. */
  readonly operations: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, ShapeModel>>;
}
export type Constraint = "required" | "min" | "max" | "pattern" | "enum";

/** Something that isn't as the model says. */
export interface Violation {
  /** The shape that says it, and where in the input the value stands: `tags.1.member.key`. */
  readonly shape: string;
  readonly constraint: Constraint;
  readonly value: unknown;
  readonly at: string;
  readonly sentence: string;
}
/**
 * Where a service doesn't do what its model says, by shape and constraint (`Runtime.enum`, `*.enum` for all others):
 * another code for it, an error of its own, or null where the value is taken, or looked at by the operation itself.
 */
export type Exceptions = Readonly<
  Record<`${string}.${Constraint}`, string | ((violation: Violation) => AwsError) | null>
>;

/** What a service is checked by. */
export interface Checked {
  /** What AWS's API model asks of inputs: a file of services/constraints. */
  readonly inputModel: URL;
  readonly exceptions?: Exceptions;
  /** What it says to requests that it refuses. AWS's services differ. */
  readonly errors: CommonErrors;
}

const models = new Map<string, InputModel>();
const patterns = new Map<string, RegExp>();

/** Read at the first call of a service: start is dear, and few need all of them. */
function modelFrom(file: URL): InputModel {
  let model = models.get(file.href);
  if (!model) models.set(file.href, (model = JSON.parse(readFileSync(file, "utf8")) as InputModel));
  return model;
}

const POSIX: Readonly<Record<string, string>> = { Graph: "\\x21-\\x7E", Print: "\\x20-\\x7E" };

/** Java's pattern as JavaScript has it. Throws SyntaxError for what can't be said in JavaScript. */
export function regExpOf(pattern: string): RegExp {
  const source = pattern.replace(/\\p\{(\w+)\}/g, (text, name: string) => POSIX[name] ?? text);
  return new RegExp(`^(?:${source})$`, source.includes("\\p{") ? "u" : "");
}

function patternOf(text: string): RegExp {
  let pattern = patterns.get(text);
  if (!pattern) patterns.set(text, (pattern = regExpOf(text)));
  return pattern;
}

/**
 * @throws AwsError the service's own for invalid input, with all that is wrong in one sentence: «1 validation error
 *   detected: Value 'x' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 2»
 */
export function checkInput({ inputModel, exceptions = {}, errors }: Checked, operation: string, input: unknown): void {
  const { operations, shapes } = modelFrom(inputModel);
  const said = new Set<string>();
  let code: string | undefined;
  for (const violation of violations(shapes, operations[operation], input, "")) {
    const own = exceptions[`${violation.shape}.${violation.constraint}`];
    const exception = own === undefined ? exceptions[`*.${violation.constraint}`] : own;
    if (exception === null) continue;
    if (typeof exception === "function") throw exception(violation);
    code ??= exception;
    said.add(violation.sentence);
  }
  if (said.size === 0) return;
  const message = `${said.size} validation error${said.size === 1 ? "" : "s"} detected: ${[...said].join("; ")}`;
  throw code === undefined ? refused(errors.invalid, message) : new AwsError(code, message, { status: 400 });
}

type Shapes = InputModel["shapes"];

/** @param name of a shape; those of which the model says nothing aren't there */
function* violations(shapes: Shapes, name: string | undefined, value: unknown, at: string): Generator<Violation> {
  const shape = name === undefined ? undefined : shapes[name];
  if (name === undefined || shape === undefined) return;
  // Only where something is wrong: a value may be an archive.
  const says = (rule: string) =>
    `${shape.sensitive ? "Value" : `Value '${textOf(value)}'`} at '${at}' failed to satisfy constraint: ${rule}`;
  for (const constraint of broken(shape, value))
    yield { shape: name, constraint, value, at, sentence: says(`Member must ${ruleOf(shape, constraint, value)}`) };
  if (Array.isArray(value)) {
    for (const [index, one] of (value as unknown[]).entries())
      yield* within(shapes, shape.item, one, { at, position: `${at}.${index + 1}.member`, must: "Member must", says });
  } else if (isObject(value)) {
    for (const member of shape.required ?? [])
      if (value[member] === undefined) {
        const sentence = `Value null at '${below(at, member)}' failed to satisfy constraint: Member must not be null`;
        yield { shape: name, constraint: "required", value: undefined, at: below(at, member), sentence };
      }
    for (const [member, of] of Object.entries(shape.members ?? {}))
      if (value[member] !== undefined) yield* violations(shapes, of, value[member], below(at, member));
    if (shape.key === undefined && shape.value === undefined) return;
    for (const [key, one] of Object.entries(value)) {
      yield* within(shapes, shape.key, key, { at, position: at, must: "Map keys must", says });
      yield* within(shapes, shape.value, one, { at, position: `${at}.${key}.member`, must: "Map value must", says });
    }
  }
}

/**
 * An item, a key or a value. Where it is a single text or number the whole list or map is shown, with all that is
 * asked of each.
 */
function* within(
  shapes: Shapes,
  name: string | undefined,
  value: unknown,
  { at, position, must, says }: { at: string; position: string; must: string; says: (rule: string) => string },
): Generator<Violation> {
  const shape = name === undefined ? undefined : shapes[name];
  if (name === undefined || shape === undefined) return;
  if (isObject(value) || Array.isArray(value)) {
    yield* violations(shapes, name, value, position);
    return;
  }
  const rules = ALL.filter((constraint) => shape[constraint] !== undefined).map(
    (constraint) => `Member must ${ruleOf(shape, constraint, value)}`,
  );
  for (const constraint of broken(shape, value))
    yield { shape: name, constraint, value, at, sentence: says(`${must} satisfy constraint: [${rules.join(", ")}]`) };
}

const ALL = ["max", "min", "pattern", "enum"] as const;

function broken(shape: ShapeModel, value: unknown): (typeof ALL)[number][] {
  const size = sizeOf(value);
  const text = typeof value === "string" ? value : undefined;
  const is = {
    max: shape.max !== undefined && size > shape.max,
    min: shape.min !== undefined && size < shape.min,
    // Not over a text that is too long already: it could take its time.
    pattern:
      shape.pattern !== undefined &&
      text !== undefined &&
      !(size > (shape.max ?? Infinity)) &&
      !patternOf(shape.pattern).test(text),
    enum: shape.enum !== undefined && text !== undefined && !shape.enum.includes(text),
  };
  return ALL.filter((constraint) => is[constraint]);
}

function ruleOf(shape: ShapeModel, constraint: (typeof ALL)[number], value: unknown): string {
  const what = typeof value === "number" ? "value" : "length";
  const rules = {
    max: `have ${what} less than or equal to ${shape.max}`,
    min: `have ${what} greater than or equal to ${shape.min}`,
    pattern: `satisfy regular expression pattern: ${shape.pattern}`,
    enum: `satisfy enum value set: [${shape.enum?.join(", ")}]`,
  };
  return rules[constraint];
}

/** NaN, which no bound refuses, for what has no size. */
function sizeOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  return isObject(value) ? Object.keys(value).length : NaN;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" &&
  value !== null &&
  !(value instanceof Date) &&
  !(value instanceof Uint8Array) &&
  !Array.isArray(value);

/** As Java writes lists and maps. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one: unknown) => textOf(one)).join(", ")}]`;
  if (!isObject(value)) return String(value);
  return `{${Object.entries(value)
    .map(([key, one]) => `${key}=${textOf(one)}`)
    .join(", ")}}`;
}

/** `RoleName` is `roleName` in messages. */
function below(at: string, member: string): string {
  const name = `${member.charAt(0).toLowerCase()}${member.slice(1)}`;
  return at === "" ? name : `${at}.${name}`;
}
