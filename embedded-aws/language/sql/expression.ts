// Expressions of rule SQL, read into functions from a message to a value.

import { TokenCursor } from "./cursor.ts";
import { SqlParseError } from "./error.ts";
import { casts, decodeBase64, encodeBase64, functions } from "./functions.ts";
import { binaryOperators, not } from "./operators.ts";
import type { Expression } from "./query.ts";
import type { Token } from "./tokens.ts";
import { member, toText } from "./value.ts";
import type { Value } from "./value.ts";

/** Words that can't be the first name of a path. */
const reserved = new Set(["SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "AS", "CASE"]);
/** Operators of other SQL dialects that "Operators" (AWS IoT SQL reference) doesn't have, with what it has instead. */
const foreign: Readonly<Record<string, string>> = {
  IN: "= and OR",
  BETWEEN: ">= and <=",
  LIKE: "startswith(text, start)",
  IS: "isNull(value) or isUndefined(value)",
};
const constants = new Map<string, Value>([
  ["TRUE", true],
  ["FALSE", false],
  ["NULL", null],
]);
const supported = [...functions.keys(), "cast", "decode", "encode"].sort().join(", ");
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

  /** Names joined by dots. */
  path(): [string, ...string[]] {
    const path: [string, ...string[]] = [this.#name()];
    while (this.skip(".")) path.push(this.#name());
    return path;
  }

  #name(): string {
    if (this.peek().kind !== "name") {
      this.unexpected('a name of letters, digits and underscores (for other members: get(object, "name"))');
    }
    return this.next().text;
  }

  /** What SELECT VALUE takes: `*` or an expression. */
  valueOrAll(): Expression {
    return this.skip("*") ? ({ json }) => json : this.expression();
  }

  /** An expression, and the name that its result has without AS. */
  named(): { expression: Expression; name: string | undefined } {
    const first = this.position;
    const expression = this.expression();
    return { expression, name: resultName(this.since(first)) };
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

  /** A primary expression with the members that are taken from it: get(x, 0).v */
  #unary(): Expression {
    let value = this.#primary();
    while (this.skip(".")) {
      this.#step();
      const [object, name] = [value, this.#name()];
      value = (message) => member(object(message), name);
    }
    const word = this.peek().text.toUpperCase();
    const instead = this.peek().kind === "name" && Object.hasOwn(foreign, word) ? foreign[word] : undefined;
    if (instead !== undefined)
      throw new SqlParseError(`${word} is no operator of AWS IoT SQL: use ${instead}`, this.peek().offset);
    if (this.peek().text === "[" && this.peek().kind === "symbol") {
      const reason = "an index in square brackets is not documented: use get(array, index)";
      throw new SqlParseError(reason, this.peek().offset);
    }
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
        if (token.text === "[") return this.#array();
        if (token.text === "{") return this.#object();
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

  /** That Undefined items are left out of an array literal, as of an object, is not documented. */
  #array(): Expression {
    const items = this.#list("]", () => this.expression());
    return (message) => items.map((item) => item(message)).filter((value) => value !== undefined);
  }

  #object(): Expression {
    const members = this.#list("}", () => {
      if (this.peek().kind !== "string") this.unexpected("a member's name in quotes");
      const name = this.next().text;
      this.expect(":");
      return [name, this.expression()] as const;
    });
    return (message) => Object.fromEntries(members.map(([name, value]) => [name, value(message)]));
  }

  #list<T>(close: string, read: () => T): T[] {
    const items: T[] = [];
    if (this.skip(close)) return items;
    do items.push(read());
    while (this.skip(","));
    this.expect(close);
    return items;
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
    return ({ json }) => member(json, token.text);
  }

  #call(token: Token): Expression {
    this.#step();
    const name = token.text.toLowerCase();
    if (name === "cast") return this.#cast();
    if (name === "encode") return this.#encode();
    const args = this.#list(")", () => this.#argument());
    if (name === "decode") {
      const [value, scheme, more] = args;
      if (value === undefined || more !== undefined) {
        throw new SqlParseError("decode takes a value and 'base64'", token.offset);
      }
      checkScheme(scheme?.literal, scheme?.offset ?? this.peek().offset);
      return (message) => decodeBase64(value.expression(message));
    }
    const row = functions.get(name);
    if (row === undefined) {
      const reason = `the function ${token.text} is not modelled; these are: ${supported}`;
      throw new SqlParseError(reason, token.offset);
    }
    const [least, most, apply] = row;
    if (args.length < least || args.length > most) return () => undefined;
    const expressions = args.map((arg) => arg.expression);
    return (message) =>
      apply(
        expressions.map((each) => each(message)),
        message,
      );
  }

  /** A function's argument; if it is nothing but a string, that too. */
  #argument(): Argument {
    const [token, first] = [this.peek(), this.position];
    const expression = this.expression();
    const literal = token.kind === "string" && this.position === first + 1 ? token : undefined;
    return { expression, literal, offset: token.offset };
  }

  #cast(): Expression {
    const value = this.expression();
    this.expectWord("AS");
    const type = this.next();
    const convert = type.kind === "name" ? casts.get(type.text.toLowerCase()) : undefined;
    if (convert === undefined) {
      const reason = `cast knows no type ${type.text}; it knows: ${[...casts.keys()].join(", ")}`;
      throw new SqlParseError(reason, type.offset);
    }
    this.expect(")");
    return (message) => convert(value(message));
  }

  /** `encode(*, 'base64')` takes the payload's bytes, whatever they are. */
  #encode(): Expression {
    const value = this.skip("*") ? undefined : this.expression();
    this.expect(",");
    const scheme = this.#argument();
    checkScheme(scheme.literal, scheme.offset);
    this.expect(")");
    if (value === undefined) return ({ input }) => encodeBase64(input.payload);
    return (message) => {
      const text = toText(value(message));
      return text === undefined ? undefined : encodeBase64(text);
    };
  }
}

const comparisons = binaryOperators.findIndex((operators) => "=" in operators);

interface Argument {
  expression: Expression;
  literal: Token | undefined;
  offset: number;
}

function checkScheme(literal: Token | undefined, offset: number): void {
  if (literal?.text === "base64") return;
  throw new SqlParseError("the only encoding scheme is 'base64', as a literal", offset);
}

/** `a.b` goes by b, `topic(2)` by topic; an expression with operators has no name. */
function resultName(tokens: readonly Token[]): string | undefined {
  const [first] = tokens;
  if (first?.kind !== "name" || constants.has(first.text.toUpperCase())) return undefined;
  if (tokens.every(({ kind, text }, at) => (at % 2 === 0 ? kind === "name" : text === "."))) return tokens.at(-1)?.text;
  return isOneCall(tokens) ? first.text : undefined;
}

function isOneCall(tokens: readonly Token[]): boolean {
  let depth = 0;
  return tokens.every(({ kind, text }, at) => {
    if (kind === "symbol" && text === "(") depth++;
    if (kind === "symbol" && text === ")") depth--;
    return at === 0 || depth > 0 || at === tokens.length - 1;
  });
}
