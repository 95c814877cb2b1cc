// The statement, clause by clause: "AWS IoT SQL reference" (AWS IoT developer guide). Keywords and function names are
// taken in any case: the guide writes both `AS` and `as`; for function names it is not confirmed.

import { SqlParseError } from "./error.ts";
import { ExpressionParser } from "./expression.ts";
import type { Item, RuleQuery } from "./query.ts";
import { readFilter } from "./topic.ts";
import type { TopicFilter } from "./topic.ts";

/**
 * Reads a rule's statement, `SELECT … [FROM 'filter'] [WHERE …]`, of SQL version 2016-03-23.
 * @throws SqlParseError for what is malformed or not modelled here
 */
export function parseRule(sql: string): RuleQuery {
  const parser = new ExpressionParser(sql);
  parser.expectWord("SELECT", "the statement begins with SELECT (SET is not modelled)");
  const value = startsValue(parser) ? parser.valueOrAll() : undefined;
  const items: Item[] = [];
  if (value === undefined) {
    do items.push(readItem(parser));
    while (parser.skip(","));
  }
  const filter = parser.skipWord("FROM") ? readFrom(parser) : undefined;
  const where = parser.skipWord("WHERE") ? parser.expression() : undefined;
  parser.expectEnd();
  return { items, value, filter, where };
}

/** VALUE is a keyword only where an expression follows; it may be a name in the payload too. */
function startsValue(parser: ExpressionParser): boolean {
  if (!parser.isWord("VALUE")) return false;
  const next = parser.peek(1);
  const clause = ["FROM", "AS", "AND", "OR", "WHERE"].includes(next.text.toUpperCase());
  const all = next.text === "*" && ["FROM", "WHERE", ""].includes(parser.peek(2).text.toUpperCase());
  const expression = next.kind === "symbol" ? "([{".includes(next.text) : next.kind !== "end" && !clause;
  if (!expression && !all) return false;
  parser.skipWord("VALUE");
  return true;
}

function readItem(parser: ExpressionParser): Item {
  if (parser.skip("*")) {
    if (!parser.skipWord("AS")) return { all: true };
    // `* AS payload` is in wide use; the guide doesn't have it.
    return { all: false, as: parser.path(), expression: ({ json }) => json };
  }
  const start = parser.peek();
  const { expression, name } = parser.named();
  if (parser.skipWord("AS")) return { all: false, as: parser.path(), expression };
  // That an item without AS goes by the last name of its path, or by its function's name, is not documented.
  if (name !== undefined) return { all: false, as: [name], expression };
  throw new SqlParseError("an expression in SELECT needs a name: add AS and a name", start.offset);
}

function readFrom(parser: ExpressionParser): TopicFilter {
  const token = parser.next();
  if (token.kind !== "string" || token.quote !== "'") {
    throw new SqlParseError("FROM takes one topic filter in single quotes", token.offset);
  }
  const filter = readFilter(token.text);
  if (typeof filter === "string") throw new SqlParseError(filter, token.offset);
  return filter;
}
