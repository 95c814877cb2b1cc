// From a parser's error to AWS's.
import { AwsError } from "../../core/errors.ts";
import { parseRule, SqlParseError, type RuleQuery } from "../../language/sql/index.ts";

/** Throws SqlParseException, with the parser's own sentence. */
export function compileSql(sql: string): RuleQuery {
  try {
    return parseRule(sql);
  } catch (error) {
    if (error instanceof SqlParseError) throw new AwsError("SqlParseException", error.message);
    throw error;
  }
}
