// Who uses a table has a handful of expressions and asks them again and again, with other values: each is parsed once
// for names and types of values. What is known by then takes the values of the request at hand.
type Values = Readonly<Record<string, object>>;
type Unused = Record<string, unknown>;

/** What dynalite's parsers are told, and where they cross off what an expression used. */
interface Context {
  readonly attrNames?: Readonly<Record<string, string>>;
  readonly attrVals?: Values;
  readonly unusedAttrNames: Unused;
  readonly unusedAttrVals: Unused;
  readonly isKeyCondition?: boolean;
}
export type Parse = (text: string, options: { readonly context: Context }) => unknown;

interface Parsed {
  readonly result: unknown;
  /** The objects that stand in the result for the values. */
  readonly slots: Values;
  readonly usedNames: readonly string[];
  readonly usedValues: readonly string[];
}

/** Whether these may stand depends on more of a value than its type. */
const BY_VALUE = /between|attribute_type/i;
const MOST_EXPRESSIONS = 1_000;
/** Characters of an expression with its names. Longer ones are parsed anew. */
const MOST_TEXT = 10_000;

const keyOf = (text: string, { attrNames, attrVals = {}, isKeyCondition }: Context): string =>
  JSON.stringify([text, attrNames, Object.entries(attrVals).map(typed), isKeyCondition]);

const typed = ([name, value]: [string, object]) => [name, ...Object.keys(value)];

const copyOf = <T>(node: T): T => {
  if (Array.isArray(node)) return node.map(copyOf) as T;
  if (typeof node !== "object" || node === null) return node;
  // dynalite looks names up in objects without a prototype.
  const copy = Object.create(Object.getPrototypeOf(node) as object | null) as Record<string, unknown>;
  for (const [name, member] of Object.entries(node)) copy[name] = copyOf<unknown>(member);
  return copy as T;
};

/** A parser that gives what `parse` does, and asks it once for expressions that differ in values alone. */
export function parsedOnce(parse: Parse): Parse {
  const known = new Map<string, Parsed>();
  return (text, options) => {
    const { context } = options;
    const key = keyOf(text, context);
    if (key.length > MOST_TEXT || BY_VALUE.test(text)) return parse(text, options);
    let parsed = known.get(key);
    if (parsed === undefined) {
      parsed = parsedFirst(parse, text, context);
      // Words about what is wrong with it may name a value.
      if (typeof parsed.result === "string") return parse(text, options);
      if (known.size >= MOST_EXPRESSIONS) known.clear();
      known.set(key, parsed);
    }
    for (const name of parsed.usedNames) Reflect.deleteProperty(context.unusedAttrNames, name);
    for (const name of parsed.usedValues) Reflect.deleteProperty(context.unusedAttrVals, name);
    for (const [name, slot] of Object.entries(parsed.slots)) Object.assign(slot, context.attrVals?.[name]);
    return copyOf(parsed.result);
  };
}

function parsedFirst(parse: Parse, text: string, context: Context): Parsed {
  const { attrNames = {}, attrVals = {} } = context;
  const slots = Object.fromEntries(Object.entries(attrVals).map(([name, value]) => [name, { ...value }]));
  const unusedAttrNames: Unused = { ...attrNames };
  const unusedAttrVals: Unused = { ...attrVals };
  const result = parse(text, { context: { ...context, attrVals: slots, unusedAttrNames, unusedAttrVals } });
  return {
    result,
    slots,
    usedNames: Object.keys(attrNames).filter((name) => !(name in unusedAttrNames)),
    usedValues: Object.keys(attrVals).filter((name) => !(name in unusedAttrVals)),
  };
}
