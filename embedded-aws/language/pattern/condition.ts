// What one entry of a field's list accepts: a value, or a filter such as {"prefix": "a"}. Source of the behaviour and
// of the sentences: "Content filtering in Amazon EventBridge event patterns" (EventBridge user guide) and the public
// source of aws/event-ruler (JsonRuleCompiler), on which EventBridge runs.
//
// Numbers: compared as doubles, as event-ruler does; whether EventBridge still holds to the user guide's older limit
// of ±5.0e9 and six decimals is not confirmed. A number that no double holds is compared by its text on AWS, here by
// the nearest double, because events arrive parsed.

import { readAddress, readBlock } from "./address.ts";
import type { JsonNode } from "./json.ts";
import { endsIgnoringCase, equalsIgnoringCase, startsIgnoringCase, wildcard } from "./text.ts";

export type Scalar = string | number | boolean | null;

/** One way in which a field can be as wanted. `wants` completes the sentence "the pattern wants …". */
export type Condition =
  | { absent: true; wants: string }
  /** `wildcards`: the expressions with stars, which cost AWS time. */
  | { absent: false; wants: string; wildcards?: readonly string[]; accepts(value: Scalar): boolean };

export class ConditionError extends Error {
  /** Where in the text; undefined for sentences that AWS gives without a place. */
  readonly offset: number | undefined;
  /** event-ruler places what it finds in an anything-but list twice, the second time around the first. */
  readonly places: 1 | 2;
  constructor(message: string, offset?: number, places: 1 | 2 = 1) {
    super(message);
    this.offset = offset;
    this.places = places;
  }
}

/** Refuses what stands there instead of something else: an object or a list is not read to its end then. */
function refuse(node: JsonNode, message: string): never {
  throw new ConditionError(message, "opened" in node ? node.opened : node.offset);
}
/** Refuses what an object or a list holds, or lacks. */
function refuseWhole(node: JsonNode, message: string): never {
  throw new ConditionError(message, node.offset);
}

/** @throws ConditionError with EventBridge's sentence and the offset in the pattern's text */
export function readCondition(node: JsonNode): Condition {
  switch (node.kind) {
    case "object": {
      const { name, value } = onlyMember(node, "Match expression name not found");
      const read = Object.hasOwn(filters, name) ? filters[name] : undefined;
      return read === undefined ? refuse(value, `Unrecognized match type ${name}`) : read(value);
    }
    case "array":
      return refuse(node, "Match value must be String, number, true, false, or null");
    default:
      return exactly(node);
  }
}

type Leaf = Extract<JsonNode, { kind: "string" | "number" | "literal" }>;

function exactly(node: Leaf): Condition {
  const wanted = node.kind === "number" ? Number(node.text) : node.value;
  const wants = node.kind === "number" ? node.text : JSON.stringify(wanted);
  // event-ruler takes a string that is an IP address for the address: ::1 equals 0:0:0:0:0:0:0:1.
  const address = typeof wanted === "string" ? readAddress(wanted) : undefined;
  if (address === undefined) return { absent: false, wants, accepts: (value) => value === wanted };
  return {
    absent: false,
    wants,
    accepts(value) {
      const other = typeof value === "string" ? readAddress(value) : undefined;
      return other?.bits === address.bits && other.value === address.value;
    },
  };
}

type TextTest = (wanted: string) => (text: string) => boolean;

const textTests = {
  prefix: (wanted) => (text) => text.startsWith(wanted),
  suffix: (wanted) => (text) => text.endsWith(wanted),
  "equals-ignore-case": (wanted) => (text) => equalsIgnoringCase(text, wanted),
  wildcard,
} satisfies Record<string, TextTest>;

const ignoringCase = {
  prefix: (wanted) => (text) => startsIgnoringCase(text, wanted),
  suffix: (wanted) => (text) => endsIgnoringCase(text, wanted),
} satisfies Record<string, TextTest>;

const filters: Record<string, (node: JsonNode) => Condition> = {
  prefix: (node) => affix("prefix", node),
  suffix: (node) => affix("suffix", node),
  "equals-ignore-case": (node) => textCondition("equals-ignore-case", node),
  wildcard: (node) => textCondition("wildcard", node),
  "anything-but": anythingBut,
  numeric,
  cidr,
  exists,
};

function affix(name: "prefix" | "suffix", node: JsonNode): Condition {
  if (node.kind !== "object") return textCondition(name, node);
  const inner = onlyMember(node, `${name === "prefix" ? "Prefix" : "Suffix"} expression name not found`);
  if (inner.name !== "equals-ignore-case") return refuse(inner.value, `Unsupported ${name} pattern: ${inner.name}`);
  const wanted = stringOf(inner.value, "equals-ignore-case");
  return ofText(`a string with the ${name} ${JSON.stringify(wanted)} in any case`, ignoringCase[name](wanted));
}

const phrases = {
  prefix: "a string with the prefix",
  suffix: "a string with the suffix",
  "equals-ignore-case": "in any case",
  wildcard: "a string like",
} satisfies Record<keyof typeof textTests, string>;

function textCondition(name: keyof typeof textTests, node: JsonNode): Condition {
  const wanted = stringOf(node, name);
  const test = ofText(`${phrases[name]} ${JSON.stringify(wanted)}`, textTest(name, wanted, node));
  return name === "wildcard" ? { ...test, wildcards: [wanted] } : test;
}

/** @throws ConditionError for a malformed wildcard */
function textTest(name: keyof typeof textTests, wanted: string, node: JsonNode): (text: string) => boolean {
  try {
    return textTests[name](wanted);
  } catch (error) {
    if (error instanceof SyntaxError) return refuse(node, error.message);
    throw error;
  }
}

const ofText = (wants: string, test: (text: string) => boolean): Condition & { absent: false } => ({
  absent: false,
  wants,
  accepts: (value) => typeof value === "string" && test(value),
});

function stringOf(node: JsonNode, filter: string): string {
  return node.kind === "string" ? node.value : refuse(node, `${filter} match pattern must be a string`);
}

/** Anything-but accepts whatever is there and isn't named; it never accepts an absent field. */
function anythingBut(node: JsonNode): Condition {
  const list = node.kind === "object" ? node.members[0]?.value : node;
  try {
    return anythingButThat(node);
  } catch (error) {
    if (list?.kind !== "array" || !(error instanceof ConditionError)) throw error;
    throw new ConditionError(error.message, error.offset, 2);
  }
}

function anythingButThat(node: JsonNode): Condition {
  if (node.kind === "object") {
    const { name, value } = onlyMember(node, "Anything-But expression name not found");
    if (!isTextTest(name)) return refuse(value, `Unsupported anything-but pattern: ${name}`);
    const tests = scalarsOf(value).map((item) => {
      const wanted = excludedText(name, item);
      return { wanted, test: textTest(name, wanted, item) };
    });
    const names = tests.map(({ wanted }) => JSON.stringify(wanted)).join(", ");
    const condition = excluding(`${phrases[name]} ${names}`, (value) => {
      return typeof value === "string" && tests.some(({ test }) => test(value));
    });
    return name === "wildcard" ? { ...condition, wildcards: tests.map(({ wanted }) => wanted) } : condition;
  }
  const excluded = scalarsOf(node).map((item) => {
    if (item.kind === "string") return item.value;
    if (item.kind === "number") return comparable(item);
    return refuse(item, "Inside anything but list, start|null|boolean is not supported.");
  });
  if (new Set(excluded.map((value) => typeof value)).size !== 1) {
    return refuseWhole(
      node,
      "Inside anything but list, either all values are number or string, mixed type is not supported",
    );
  }
  const named = new Set<Scalar>(excluded);
  return excluding(excluded.map((value) => JSON.stringify(value)).join(", "), (value) => named.has(value));
}

const isTextTest = (name: string): name is keyof typeof textTests => Object.hasOwn(textTests, name);

const excluding = (what: string, excludes: (value: Scalar) => boolean): Condition & { absent: false } => ({
  absent: false,
  wants: `anything but ${what}`,
  accepts: (value) => !excludes(value),
});

function scalarsOf(node: JsonNode): JsonNode[] {
  if (node.kind === "array") return node.items;
  if (node.kind === "string" || node.kind === "number") return [node];
  return refuse(node, "Value of anything-but must be an array or single string/number value.");
}

function excludedText(name: keyof typeof textTests, node: JsonNode): string {
  if (node.kind === "string") {
    const affixed = name === "prefix" || name === "suffix";
    return affixed && node.value === "" ? refuse(node, "Null prefix/suffix not allowed") : node.value;
  }
  if (name === "wildcard") return refuse(node, "wildcard match pattern must be a string");
  if (name === "equals-ignore-case") {
    const message = "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.";
    return refuse(node, message);
  }
  return refuse(node, "prefix/suffix match pattern must be a string");
}

const comparisons: Record<string, (value: number, bound: number) => boolean> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

function numeric(node: JsonNode): Condition {
  if (node.kind !== "array") return refuse(node, "Value of numeric must be an array.");
  const [operator, bound, upperOperator, upperBound, ...more] = node.items;
  if (operator?.kind !== "string")
    return (operator ? refuse : refuseWhole)(operator ?? node, "Invalid member in numeric match");
  const compare = Object.hasOwn(comparisons, operator.value) ? comparisons[operator.value] : undefined;
  if (compare === undefined) return refuse(operator, `Unrecognized numeric range operator: ${operator.value}`);
  const bottom = boundOf(bound, operator.value === "=" ? "equals" : operator.value, node);
  const wants = `a number ${operator.value} ${bottom}`;
  if (upperOperator === undefined) return ofNumber(wants, (value) => compare(value, bottom));

  if (!operator.value.startsWith(">")) return refuse(upperOperator, "Too many elements in numeric expression");
  if (upperOperator.kind !== "string") return refuse(upperOperator, "Bad value in numeric range");
  if (upperOperator.value !== "<" && upperOperator.value !== "<=") {
    return refuse(upperOperator, `Bad numeric range operator: ${upperOperator.value}`);
  }
  const compareTop = comparisons[upperOperator.value];
  const top = boundOf(upperBound, upperOperator.value, node);
  if (more[0] !== undefined) return refuse(more[0], "Too many terms in numeric range expression");
  if (bottom >= top) return refuseWhole(node, "Bottom must be less than top");
  return ofNumber(
    `${wants} and ${upperOperator.value} ${top}`,
    (value) => compare(value, bottom) && compareTop?.(value, top) === true,
  );
}

const ofNumber = (wants: string, test: (value: number) => boolean): Condition => ({
  absent: false,
  wants,
  accepts: (value) => typeof value === "number" && test(value),
});

function boundOf(node: JsonNode | undefined, operator: string, list: JsonNode): number {
  if (node?.kind === "number") return comparable(node);
  return (node ? refuse : refuseWhole)(node ?? list, `Value of ${operator} must be numeric`);
}

/** event-ruler compares numbers as doubles and refuses those that a double would change. */
function comparable(node: Extract<JsonNode, { kind: "number" }>): number {
  const value = Number(node.text);
  if (Number.isFinite(value) && decimal(String(value)) === decimal(node.text)) return value;
  return refuse(node, `Cannot compare number : ${node.text}`);
}

/** One spelling for the size of a decimal number: digits without outer zeros, and the exponent. */
function decimal(text: string): string {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().replace(/^-/, "").split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const trimmed = digits.replace(/0+$/, "");
  if (trimmed === "") return "0";
  const power = Number(exponent) - fraction.length + digits.length - trimmed.length;
  return `${trimmed}e${power}`;
}

function cidr(node: JsonNode): Condition {
  // "prefix" is event-ruler's own slip.
  const text = stringOf(node, "prefix");
  const contains = readBlock(text);
  if (typeof contains === "string") throw new ConditionError(contains);
  return ofText(`an IP address in ${text}`, (value) => {
    const address = readAddress(value);
    return address !== undefined && contains(address);
  });
}

function exists(node: JsonNode): Condition {
  if (node.kind !== "literal" || node.value === null) {
    return refuse(node, "exists match pattern must be either true or false.");
  }
  if (!node.value) return { absent: true, wants: "no such field" };
  return { absent: false, wants: "any value", accepts: () => true };
}

function onlyMember(node: Extract<JsonNode, { kind: "object" }>, whenEmpty: string): { name: string; value: JsonNode } {
  const [member, second] = node.members;
  if (member === undefined) return refuseWhole(node, whenEmpty);
  if (second !== undefined) return refuse(second.value, "Only one key allowed in match expression");
  return member;
}
