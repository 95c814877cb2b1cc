import { malformed, syntaxError } from "./error.ts";
import { isObject } from "./json.ts";
import { conditionKey } from "./keys.ts";
import { operators } from "./operators.ts";
import { compilePattern } from "./variables.ts";
import type { Context } from "./variables.ts";

/** One operator with one key: all of them have to hold. */
export interface Condition {
  /** As written, for people: `ForAnyValue:StringLike`, `aws:TagKeys`. */
  readonly operator: string;
  readonly keyAsWritten: string;
  readonly values: readonly string[];
  readonly holds: (context: Context) => boolean;
  /** The values that the request has for the key, undefined when it hasn't got it. */
  readonly requested: (context: Context) => readonly string[] | undefined;
}

/** @returns undefined when the policy's value has a variable without a value */
type ValueTest = (requested: string, context: Context) => boolean | undefined;
type SetOperator = "ForAnyValue" | "ForAllValues" | undefined;

/** @throws PolicyError for an operator, key or value that isn't known */
export function parseConditions(element: unknown, variables: boolean): Condition[] {
  if (!isObject(element)) throw syntaxError("Condition has to be an object of operators.");
  return Object.entries(element).flatMap(([operator, keys]) => {
    if (!isObject(keys))
      throw syntaxError(`The condition operator ${operator} has to hold an object of condition keys.`);
    return Object.entries(keys).map(([key, values]) => parseCondition(operator, key, values, variables));
  });
}

function parseCondition(operator: string, keyAsWritten: string, element: unknown, variables: boolean): Condition {
  const values = (Array.isArray(element) ? element : [element]).map((value: unknown) => {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
    throw syntaxError(`The values of ${operator} ${keyAsWritten} have to be strings, numbers or booleans.`);
  });
  // Whether AWS refuses an empty list is not confirmed; it could never match.
  if (values.length === 0) throw syntaxError(`The condition ${operator} ${keyAsWritten} has no value.`);
  const shape = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(operator);
  const [, set, base = "", ifExists] = shape ?? [];
  const comparison = operators.get(base);
  // Looked at before the key: a mistyped operator isn't to be reported as an unknown key.
  if (comparison === undefined && operator !== "Null") throw syntaxError(`There is no condition operator ${operator}.`);
  const key = conditionKey(keyAsWritten);
  const requested = (context: Context) => context.get(key);
  const condition = { operator, keyAsWritten, values, requested };
  if (comparison === undefined) {
    const wanted = values.map((value) => readNull(value, keyAsWritten));
    // An empty value is null too: "Multivalued context key examples".
    return { ...condition, holds: (context) => wanted.includes(withoutEmpty(requested(context)).length === 0) };
  }
  const tests = values.map((value): ValueTest => {
    if ("wildcards" in comparison) {
      const pattern = compilePattern(value, { ...comparison, variables });
      return (text, context) => pattern.matches(text, context);
    }
    const test = comparison.prepare(value);
    // Confirmed for dates only, and only the first sentence.
    if (test === undefined) {
      throw malformed(
        "The policy failed legacy parsing.",
        `${operator} ${keyAsWritten} wants ${comparison.wants}, not ${JSON.stringify(value)}.`,
      );
    }
    return test;
  });
  const holds = (context: Context) => {
    const found = requested(context);
    if (found === undefined && ifExists !== undefined) return true;
    return compare(found, tests, comparison.negated, set as SetOperator, context);
  };
  return { ...condition, holds };
}

function readNull(value: string, key: string): boolean {
  if (value !== "true" && value !== "false") {
    throw malformed(
      "The policy failed legacy parsing.",
      `Null ${key} wants true or false, not ${JSON.stringify(value)}.`,
    );
  }
  return value === "true";
}

const withoutEmpty = (values: readonly string[] = []) => values.filter((value) => value !== "");

/**
 * A key that the request hasn't got matches nothing: the condition is false, and true when negated; but ForAllValues
 * is true and ForAnyValue false, negated or not. Several values of a negated operator: none of them may match.
 * "Condition operators", "Conditions with multiple context keys or values", "Set operators for multivalued context
 * keys".
 */
function compare(
  requested: readonly string[] | undefined,
  tests: readonly ValueTest[],
  negated: boolean,
  set: SetOperator,
  context: Context,
): boolean {
  let unresolved = false;
  const matches = (value: string) => {
    const results = tests.map((test) => test(value, context));
    unresolved ||= results.includes(undefined);
    return results.includes(true) !== negated;
  };
  const holds = () => {
    if (set === "ForAllValues") return withoutEmpty(requested).every(matches);
    if (set === "ForAnyValue") return withoutEmpty(requested).some(matches);
    if (requested === undefined) return negated;
    // Several values without a set operator: AWS advises against it and doesn't say what happens (not confirmed).
    return negated ? requested.every(matches) : requested.some(matches);
  };
  // A variable without a value makes the statement invalid ("Variables and tags"): what isn't known can't be said to
  // differ.
  return holds() && !(negated && unresolved);
}
