// What the API models say about single parameters - lengths, ranges, patterns - and AWS's sentence for those that don't keep to it.
import { AwsError } from "./errors.ts";

/** Of a text its length, of a number its value. */
export interface Constraint {
  readonly min?: number;
  readonly max?: number;
  /** Has to match as a whole. */
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
}

/** Constraints by the member's name, as the API spells it: `RoleName`. */
export type Constraints = Readonly<Record<string, Constraint>>;

/**
 * Checks the members of an input that the table knows; the others are left alone, as are those that aren't there.
 * @param at what stands before the member's name in messages: `tags.1.member.`
 * @param code what the service calls it: `ValidationError` in query services, `ValidationException` in JSON ones
 * @throws AwsError with that code, and with all that is wrong in one sentence, as STS and IAM write it
 */
export function checkConstraints(input: object, constraints: Constraints, at = "", code = "ValidationError"): void {
  const wrong = Object.entries(input).flatMap(([member, value]) => {
    const constraint = constraints[member];
    if (constraint === undefined || (typeof value !== "string" && typeof value !== "number")) return [];
    const where = `Value '${value}' at '${at}${member.charAt(0).toLowerCase()}${member.slice(1)}'`;
    return broken(value, constraint).map((rule) => `${where} failed to satisfy constraint: Member must ${rule}`);
  });
  if (wrong.length === 0) return;
  const count = `${wrong.length} validation error${wrong.length === 1 ? "" : "s"} detected`;
  throw new AwsError(code, `${count}: ${wrong.join("; ")}`, { status: 400 });
}

function broken(value: string | number, { min, max, pattern, oneOf }: Constraint): string[] {
  const size = typeof value === "number" ? value : value.length;
  const what = typeof value === "number" ? "value" : "length";
  const rules: string[] = [];
  if (min !== undefined && !(size >= min)) rules.push(`have ${what} greater than or equal to ${min}`);
  if (max !== undefined && !(size <= max)) rules.push(`have ${what} less than or equal to ${max}`);
  if (pattern !== undefined && !new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(String(value)))
    rules.push(`satisfy regular expression pattern: ${pattern.source}`);
  if (oneOf !== undefined && !oneOf.includes(String(value)))
    rules.push(`satisfy enum value set: [${oneOf.join(", ")}]`);
  return rules;
}
