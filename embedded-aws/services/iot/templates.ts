// Substitution templates: `${expression}` in a field of an action, evaluated on the message («Substitution templates»
// of the developer guide). The expression is one of the rule SQL, so the rule SQL evaluates it.
import { AwsError } from "../../core/errors.ts";
import { evaluateRule, type RuleInput } from "../../language/sql/index.ts";
import { compileSql } from "./sql.ts";

/**
 * Returns a function from a message to the text. Throws SqlParseException; the returned function throws where a value
 * is undefined.
 */
export function compileTemplate(text: string): (input: RuleInput) => string {
  const parts = text.split(/\$\{([^}]*)\}/).map((part, index) => {
    if (index % 2 === 0) return () => part;
    const query = compileSql(`SELECT (${part}) AS result FROM '#'`);
    return (input: RuleInput): string => {
      const evaluated = evaluateRule(query, input);
      const { result } = evaluated.matched
        ? (JSON.parse(Buffer.from(evaluated.output).toString()) as { result?: unknown })
        : {};
      // What AWS puts in place of Undefined is not confirmed.
      if (result === undefined) throw new AwsError("UndefinedTemplate", `\${${part}} is undefined for this message`);
      return typeof result === "string" ? result : JSON.stringify(result);
    };
  });
  return (input) => parts.map((part) => part(input)).join("");
}
