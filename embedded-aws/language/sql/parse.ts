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
  const items: Item[] = [];
  do items.push(readItem(parser));
  while (parser.skip(","));
  const filter = parser.skipWord("FROM") ? readFrom(parser) : undefined;
  const where = parser.skipWord("WHERE") ? parser.expression() : undefined;
  parser.expectEnd();
  return { items, filter, where };
}

function readItem(parser: ExpressionParser): Item {
  if (parser.skip("*")) return { all: true };
  const start = parser.peek();
  const { expression, name } = parser.named();
  const as = parser.skipWord("AS") ? parser.name() : name;
  if (as !== undefined) return { all: false, as, expression };
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
