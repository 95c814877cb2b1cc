// dynalite parses the expressions of each request anew, with a grammar that tries every way of each pair of
// parentheses: that was nine tenths of a history. The registry has a handful of expressions, so that each is parsed
// once for names and types of values; what is known by then takes the values of the request at hand. (What depends on
// more than a value's type, `attribute_type` and `BETWEEN`, the registry doesn't use.)
type Values = Readonly<Record<string, object>>;
type Unused = Record<string, true>;

interface Context {
  readonly attrNames?: Readonly<Record<string, string>>;
  readonly attrVals?: Values;
  readonly unusedAttrNames: Unused;
  readonly unusedAttrVals: Unused;
}
type Parse = (text: string, options: { readonly context: Context }) => unknown;

interface Parsed {
  readonly result: unknown;
  /** The very objects that are in the result. */
  readonly values: Values;
  readonly usedNames: readonly string[];
  readonly usedValues: readonly string[];
}

const typesOf = (values: Values): object =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Object.keys(value)]));

const allOf = (names: object): Unused => Object.fromEntries(Object.keys(names).map((name) => [name, true]));

/** The result of one request for another one. */
function withValues(node: unknown, values: ReadonlyMap<unknown, unknown>): unknown {
  if (values.has(node)) return values.get(node);
  if (Array.isArray(node)) return node.map((member) => withValues(member, values));
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, member]) => [key, withValues(member, values)]));
}

/** Makes a parser of dynalite's keep what it parsed. */
export function parseOnce(parser: { parse: Parse }): void {
  const { parse } = parser;
  const known = new Map<string, Parsed>();
  parser.parse = (text, { context }) => {
    const { attrNames = {}, attrVals = {} } = context;
    const key = JSON.stringify([text, attrNames, typesOf(attrVals)]);
    let parsed = known.get(key);
    if (parsed === undefined) {
      const [unusedAttrNames, unusedAttrVals] = [allOf(attrNames), allOf(attrVals)];
      const result = parse(text, { context: { ...context, unusedAttrNames, unusedAttrVals } });
      parsed = {
        result,
        values: attrVals,
        usedNames: Object.keys(attrNames).filter((name) => unusedAttrNames[name] === undefined),
        usedValues: Object.keys(attrVals).filter((name) => unusedAttrVals[name] === undefined),
      };
      known.set(key, parsed);
    }
    for (const name of parsed.usedNames) Reflect.deleteProperty(context.unusedAttrNames, name);
    for (const name of parsed.usedValues) Reflect.deleteProperty(context.unusedAttrVals, name);
    const replaced = Object.entries(parsed.values).map(([name, value]) => [value, attrVals[name]] as const);
    return withValues(parsed.result, new Map(replaced));
  };
}
