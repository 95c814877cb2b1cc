// dynalite understands the expressions and does what they say: its checks and its actions, asked directly. The tables
// are ours, in memory, and answer at once, so that an action is done when `ask` returns: nobody sees half of one,
// nothing is under way when the cloud stops, and what dynalite throws reaches who asked. It needs no thread of its own:
// its parsers take time by the length of an expression (packrat.ts), and a page of a Scan ends at 1 MB.
import { createRequire } from "node:module";
import type * as DynamoDB from "@aws-sdk/client-dynamodb";
import { AwsError, notModelled } from "../../core/errors.ts";
import type { ItemsInOrder } from "./items-in-order.ts";
import { rememberWhatIsParsed } from "./packrat.ts";

/** What dynalite has to know of a table. */
export interface Table {
  readonly description: DynamoDB.TableDescription;
  readonly items: ItemsInOrder;
}

/** By the names of dynalite's files: what each is given, and what it answers. */
interface Actions {
  readonly deleteItem: readonly [DynamoDB.DeleteItemInput, DynamoDB.DeleteItemOutput];
  readonly getItem: readonly [DynamoDB.GetItemInput, DynamoDB.GetItemOutput];
  readonly putItem: readonly [DynamoDB.PutItemInput, DynamoDB.PutItemOutput];
  readonly query: readonly [DynamoDB.QueryInput, DynamoDB.QueryOutput];
  readonly scan: readonly [DynamoDB.ScanInput, DynamoDB.ScanOutput];
  readonly updateItem: readonly [DynamoDB.UpdateItemInput, DynamoDB.UpdateItemOutput];
}
export type Action = keyof Actions;
export type InputOf<Name extends Action> = Actions[Name][0];
export type OutputOf<Name extends Action> = Actions[Name][1];

type Act = (store: object, data: object, done: (error: unknown, output?: object) => void) => void;
interface Validation {
  readonly types: Readonly<Record<string, unknown>>;
  readonly custom: unknown;
}
interface Checks {
  readonly checkTypes: (data: object, types: object) => object;
  readonly checkValidations: (data: object, types: object, custom: unknown, store: object) => void;
}

const require = createRequire(import.meta.url);
let loaded: Checks | undefined;

/** Loaded at the first call: few of those who start this cloud need tables. */
function checks(): Checks {
  if (loaded === undefined) {
    rememberWhatIsParsed();
    loaded = require("dynalite/validations") as Checks;
  }
  return loaded;
}
const validationOf = (name: string): Validation => require(`dynalite/validations/${name}.js`) as Validation;

/**
 * @param own parameters that this service takes care of itself
 * @returns the input as it is on the wire, with what dynalite's checks made of it
 * @throws AwsError as DynamoDB refuses an input; NotModelledHere for a parameter that dynalite would drop without a
 *   word
 */
export function checked(name: string, input: object, own: readonly string[] = []): object {
  const { types, custom } = validationOf(name);
  const operation = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  if (Object.values(input).some(hasNull))
    throw new AwsError("SerializationException", `${operation} can't be asked with null in a parameter.`);
  const given = Object.entries(input).filter(([parameter, value]) => value !== undefined && !own.includes(parameter));
  for (const [parameter, value] of given) {
    if (!(parameter in types)) throw notModelled(`The parameter ${parameter} of dynamodb:${operation}`);
    if (parameter.endsWith("Expression") && typeof value === "string") checkExpression(parameter, value);
  }
  return inWordsOfAws(() => {
    const { checkTypes, checkValidations } = checks();
    const data = checkTypes(Object.fromEntries(given.map(([parameter, value]) => [parameter, toWire(value)])), types);
    checkValidations(data, types, custom, LIMITS);
    return data;
  });
}

/**
 * Does one action, from beginning to end.
 * @param own parameters that this service takes care of itself
 * @throws AwsError as DynamoDB refuses it
 */
export function ask<Name extends Action>(
  tables: ReadonlyMap<string, Table>,
  name: Name,
  input: InputOf<Name>,
  own: readonly string[] = [],
): OutputOf<Name> {
  const data = checked(name, input, own);
  const act = require(`dynalite/actions/${name}.js`) as Act;
  let ended: { readonly error: unknown; readonly output: object | undefined } | undefined;
  return inWordsOfAws(() => {
    act(storeOf(tables), data, (error, output) => (ended = { error, output }));
    tables.get(input.TableName ?? "")?.items.flow();
    if (ended === undefined) throw new Error(`dynalite's ${name} didn't end.`);
    if (ended.error !== null && ended.error !== undefined) throw ended.error as Error;
    return fromWire(ended.output) as OutputOf<Name>;
  });
}

/** The tables as dynalite's actions ask for them. */
const storeOf = (tables: ReadonlyMap<string, Table>) => ({
  ...LIMITS,
  getTable(name: string, done: (error: unknown, table?: object) => void) {
    const table = tables.get(name);
    if (table) done(null, table.description);
    else done(new AwsError("ResourceNotFoundException", "Requested resource not found"));
  },
  getItemDb: (name: string) => tables.get(name)?.items,
});

/** dynalite's errors are answers as they are on the wire. Whatever else is thrown is a defect. */
function inWordsOfAws<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const { body, statusCode } = error as { body?: WireError; statusCode?: number };
    if (body === undefined) throw error;
    const [, code = "InternalServerError"] = body.__type.split("#");
    throw new AwsError(
      code,
      body.message ?? body.Message ?? "",
      statusCode === undefined ? {} : { status: statusCode },
    );
  }
}
interface WireError {
  readonly __type: string;
  readonly message?: string;
  readonly Message?: string;
}

const LIMITS = { options: { maxItemSize: 400 * 1024 } };
/** «Service, account, and table quotas in Amazon DynamoDB»: the maximum length of an expression string. */
const MAX_EXPRESSION_BYTES = 4096;
/** As clients report it of AWS, which appends what is put beyond the end of a list. */
const MAX_INDEX = 4_294_967_294;
/** dynalite looks at each place up to an index. No item has room for a list that long. */
const MAX_INDEX_HERE = 1_000_000;

function checkExpression(parameter: string, text: string): void {
  const bytes = Buffer.byteLength(text);
  const refuse = (why: string) => new AwsError("ValidationException", `Invalid ${parameter}: ${why}`);
  if (bytes > MAX_EXPRESSION_BYTES)
    throw refuse(`Expression size has exceeded the maximum allowed size; expression size: ${bytes}`);
  for (const [, index = ""] of text.matchAll(/\[(\d+)\]/g)) {
    if (Number(index) > MAX_INDEX) throw refuse(`List index is not within the allowable range; index: [${index}]`);
    if (Number(index) > MAX_INDEX_HERE) throw notModelled(`An index of a list beyond ${MAX_INDEX_HERE}`);
  }
}

/** Whether a null stands anywhere in a list or a map. */
const hasNull = (value: unknown): boolean =>
  value === null ||
  (typeof value === "object" &&
    !(value instanceof Uint8Array) &&
    Object.values(value).some((member) => hasNull(member)));

/** Of the SDK's values those of the wire: bytes are text in base64. A copy, which dynalite may keep and change. */
function toWire(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, toWire(member)]));
}

/** And back. An attribute that is called B or BS is no text and no list of texts: its value is a map, by its type. */
function fromWire(value: unknown, name = ""): unknown {
  if (typeof value === "string") return name === "B" ? Uint8Array.from(Buffer.from(value, "base64")) : value;
  if (Array.isArray(value)) return value.map((member) => fromWire(member, name === "BS" ? "B" : ""));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fromWire(member, key)]));
}
