// "Operators" (AWS IoT developer guide, AWS IoT SQL reference), each as its table there says.

import { equal, toBoolean, toDecimal } from "./value.ts";
import type { Value } from "./value.ts";

type Operator = (left: Value, right: Value) => Value;

/** By strength: each list binds tighter than the one before it. */
export const binaryOperators: readonly Readonly<Record<string, Operator>>[] = [
  // By the text of the tables: unless both operands are Booleans, or strings that say so, the result is Undefined, so
  // that `true OR Undefined` and `Undefined OR true` are Undefined, and `false AND Undefined` is. Not confirmed
  // against AWS.
  { OR: onBooleans((left, right) => left || right) },
  { AND: onBooleans((left, right) => left && right) },
  {
    "=": (left, right) => equality(left, right),
    "<>": (left, right) => not(equality(left, right)),
    "<": onDecimals((left, right) => left < right),
    "<=": onDecimals((left, right) => left <= right),
    ">": onDecimals((left, right) => left > right),
    ">=": onDecimals((left, right) => left >= right),
  },
];

export function not(value: Value): Value {
  const boolean = toBoolean(value);
  return boolean === undefined ? undefined : !boolean;
}

function onBooleans(operator: (left: boolean, right: boolean) => boolean): Operator {
  return (left, right) => {
    const [a, b] = [toBoolean(left), toBoolean(right)];
    return a === undefined || b === undefined ? undefined : operator(a, b);
  };
}

function onDecimals(operator: (left: number, right: number) => Value): Operator {
  return (left, right) => {
    const [a, b] = [toDecimal(left), toDecimal(right)];
    return a === undefined || b === undefined ? undefined : operator(a, b);
  };
}

/** No conversions: mismatched types are unequal. */
function equality(left: Value, right: Value): Value {
  return left === undefined || right === undefined ? undefined : equal(left, right);
}
