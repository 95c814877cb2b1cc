// Expressions of rule SQL, read into functions from a message to a value.

import { TokenCursor } from "./cursor.ts";
import { SqlParseError } from "./error.ts";
import { encodeBase64, functions } from "./functions.ts";
import { binaryOperators, not } from "./operators.ts";
import type { Expression } from "./query.ts";
import type { Token } from "./tokens.ts";
import { member, toText } from "./value.ts";
import type { Value } from "./value.ts";

/** Words that can't be the first name of a path. */
const reserved = new Set(["SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "AS", "CASE"]);
const ARITHMETIC = "arithmetic is not modelled";
const LITERAL = "literals of lists and objects are not modelled";
/**
 * What stands behind an expression and is refused in words of its own: operators of other SQL dialects, which
 * "Operators" (AWS IoT SQL reference) doesn't have, and what nobody here has asked for.
 */
const refused: Readonly<Record<string, string>> = {
  IN: "IN is no operator of AWS IoT SQL: use = and OR",
  BETWEEN: "BETWEEN is no operator of AWS IoT SQL: use >= and <=",
  LIKE: "LIKE is no operator of AWS IoT SQL: use startswith(text, start)",
  IS: "IS is no operator of AWS IoT SQL: use isNull(value) or isUndefined(value)",
  "!=": "!= is no operator of AWS IoT SQL: use <>",
  "[": "an index in square brackets is not documented by AWS, and get() is not modelled",
  ".": "members of anything but the payload are not modelled",
  ...Object.fromEntries(["+", "-", "*", "/", "%"].map((operator) => [operator, ARITHMETIC])),
};
const constants = new Map<string, Value>([
  ["TRUE", true],
  ["FALSE", false],
  ["NULL", null],
]);
const supported = [...functions.keys(), "encode"].sort().join(", ");
/** Operators, calls and brackets in one statement: what keeps reading and evaluating within the stack. */
const mostSteps = 500;

export class ExpressionParser extends TokenCursor {
  #steps = 0;

  #step(): void {
    if (++this.#steps <= mostSteps) return;
    throw new SqlParseError(
      `more than ${mostSteps} operators, calls and brackets are not modelled`,
      this.peek().offset,
    );
  }

  name(): string {
    if (this.peek().kind !== "name") this.unexpected("a name of letters, digits and underscores");
    return this.next().text;
  }

  /**
   * An expression, and the name that its result has without AS: that of a member of the payload, the last of its path
   * (not documented). A function's result needs one.
   */
  named(): { expression: Expression; name: string | undefined } {
    const first = this.position;
    const expression = this.expression();
    const tokens = this.since(first);
    const isPath = tokens.every(({ kind, text }, at) => (at % 2 === 0 ? kind === "name" : text === "."));
    return { expression, name: isPath && !isConstant(tokens) ? tokens.at(-1)?.text : undefined };
  }

  expression(level = 0): Expression {
    const operators = binaryOperators[level];
    if (operators === undefined) return this.#unary();
    // NOT takes in a whole comparison.
    if (level === comparisons && this.skipWord("NOT")) {
      this.#step();
      const operand = this.expression(level);
      return (message) => not(operand(message));
    }
    let left = this.expression(level + 1);
    for (;;) {
      const symbol = this.peek().text.toUpperCase();
      const operator =
        this.peek().kind !== "string" && Object.hasOwn(operators, symbol) ? operators[symbol] : undefined;
      if (operator === undefined) return left;
      this.next();
      this.#step();
      const [a, b] = [left, this.expression(level + 1)];
      left = (message) => operator(a(message), b(message));
      // One comparison at a time: a = b = c is not documented.
      if (level === comparisons) return left;
    }
  }

  #unary(): Expression {
    const value = this.#primary();
    const { kind, text, offset } = this.peek();
    const reason = kind === "string" ? undefined : refused[text.toUpperCase()];
    if (reason !== undefined) throw new SqlParseError(reason, offset);
    return value;
  }

  #primary(): Expression {
    const token = this.next();
    switch (token.kind) {
      case "string":
        return () => token.text;
      case "number":
        return this.#number(token, 1);
      case "name":
        return this.#word(token);
      default:
        this.#step();
        if (token.text === "-" && this.peek().kind === "number") return this.#number(this.next(), -1);
        if (token.text === "(") return this.#bracketed();
        if (token.text === "[" || token.text === "{") throw new SqlParseError(LITERAL, token.offset);
        if (token.text === "*")
          this.unexpected("an expression (* stands alone in SELECT, or in encode(*, 'base64'))", token);
        return this.unexpected("an expression", token);
    }
  }

  #number(token: Token, sign: 1 | -1): Expression {
    const value = sign * Number(token.text);
    if (!Number.isFinite(value)) throw new SqlParseError(`the number ${token.text} is too large`, token.offset);
    return () => value;
  }

  #bracketed(): Expression {
    if (this.isWord("SELECT")) throw new SqlParseError("a nested SELECT is not modelled", this.peek().offset);
    const inner = this.expression();
    this.expect(")");
    return inner;
  }

  #arguments(): Expression[] {
    const args: Expression[] = [];
    if (this.skip(")")) return args;
    do args.push(this.expression());
    while (this.skip(","));
    this.expect(")");
    return args;
  }

  #word(token: Token): Expression {
    if (this.skip("(")) return this.#call(token);
    const word = token.text.toUpperCase();
    const constant = constants.get(word);
    if (constant !== undefined) return () => constant;
    if (reserved.has(word)) {
      const reason = word === "CASE" ? "CASE is not modelled" : `${token.text} stands where an expression is expected`;
      throw new SqlParseError(reason, token.offset);
    }
    const path = [token.text];
    while (this.skip(".")) {
      this.#step();
      path.push(this.name());
    }
    return ({ json }) => path.reduce(member, json);
  }

  #call(token: Token): Expression {
    this.#step();
    const name = token.text.toLowerCase();
    if (name === "encode") return this.#encode();
    const row = functions.get(name);
    if (row === undefined) {
      const reason = `the function ${token.text} is not modelled; these are: ${supported}`;
      throw new SqlParseError(reason, token.offset);
    }
    const [least, most, apply] = row;
    const args = this.#arguments();
    if (args.length < least || args.length > most) return () => undefined;
    return (message) =>
      apply(
        args.map((each) => each(message)),
        message,
      );
  }

  /** `encode(*, 'base64')` takes the payload's bytes, whatever they are. */
  #encode(): Expression {
    const value = this.skip("*") ? undefined : this.expression();
    this.expect(",");
    const scheme = this.next();
    if (scheme.kind !== "string" || scheme.text !== "base64")
      throw new SqlParseError("the only encoding scheme is 'base64', as a literal", scheme.offset);
    this.expect(")");
    if (value === undefined) return ({ input }) => encodeBase64(input.payload);
    return (message) => {
      const text = toText(value(message));
      return text === undefined ? undefined : encodeBase64(text);
    };
  }
}

const comparisons = binaryOperators.findIndex((operators) => "=" in operators);

const isConstant = ([first]: readonly Token[]): boolean => constants.has(first?.text.toUpperCase() ?? "");
