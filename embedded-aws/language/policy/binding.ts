import type { Policy } from "./document.ts";
import { invalidPrincipal } from "./principal.ts";
import type { PrincipalElement, PrincipalEntry } from "./principal.ts";
import { isObject } from "./json.ts";

/**
 * Binds the users and roles that a policy names to their unique ids, as AWS does when it is saved: a namesake that is
 * created later isn't meant. "AWS JSON policy elements: Principal", IAM role principals. Sessions stay as they are,
 * by name (not confirmed).
 * @param resolve the unique id of a user's or role's ARN, or of a unique id itself, if there is one
 * @param accountExists whether there is an account of that id: one that doesn't exist is refused as well
 * @throws PolicyError Invalid principal in policy
 */
export function bindPrincipals(
  policy: Policy,
  resolve: (arnOrId: string) => string | undefined,
  accountExists: (account: string) => boolean = () => true,
): Policy {
  const bind = (entry: PrincipalEntry): PrincipalEntry => {
    if (entry.kind === "account" && !accountExists(entry.value)) throw invalidPrincipal("AWS", entry.value);
    if (entry.kind !== "user" && entry.kind !== "role" && entry.kind !== "id") return entry;
    const boundId = resolve(entry.value);
    if (boundId === undefined) throw invalidPrincipal("AWS", entry.value);
    return { ...entry, boundId };
  };
  const rebind = (element: PrincipalElement | undefined) =>
    element === undefined ? undefined : { ...element, entries: element.entries.map(bind) };
  return {
    ...policy,
    statements: policy.statements.map((statement) => ({ ...statement, principals: rebind(statement.principals) })),
  };
}

/**
 * The policy's text as AWS shows it: a user or role by its ARN of today, or by its unique id when it doesn't exist
 * any more. The text is left as it was given unless a principal has to be replaced.
 * @param arnOf the ARN of a unique id, undefined for one that was deleted
 */
export function renderPrincipals(policy: Policy, arnOf: (uniqueId: string) => string | undefined): string {
  const shown = new Map<string, string>();
  for (const { principals } of policy.statements) {
    for (const { value, boundId } of principals?.entries ?? []) {
      if (boundId !== undefined) shown.set(value, arnOf(boundId) ?? boundId);
    }
  }
  if ([...shown].every(([value, now]) => value === now)) return policy.text;
  const render = (value: unknown): unknown => {
    if (typeof value === "string") return shown.get(value) ?? value;
    return Array.isArray(value) ? value.map(render) : value;
  };
  const renderStatement = (statement: unknown): unknown => {
    if (!isObject(statement)) return statement;
    const entries = Object.entries(statement).map(([element, content]): [string, unknown] => {
      const types = element === "Principal" || element === "NotPrincipal";
      if (!types || !isObject(content)) return [element, content];
      return [element, { ...content, ...("AWS" in content ? { AWS: render(content["AWS"]) } : {}) }];
    });
    return Object.fromEntries(entries);
  };
  const document = JSON.parse(policy.text) as Record<string, unknown>;
  const { Statement: statements } = document;
  return JSON.stringify({
    ...document,
    Statement: Array.isArray(statements) ? statements.map(renderStatement) : renderStatement(statements),
  });
}
