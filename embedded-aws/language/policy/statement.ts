import type { Statement } from "./document.ts";
import type { Patterns } from "./elements.ts";
import { exempts, reachOf } from "./principal.ts";
import type { Principal, Reach } from "./principal.ts";
import type { Context } from "./variables.ts";

/** One request, as statements are compared with it. */
export interface Asked {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
  /** Whether the caller has a permissions boundary. */
  readonly bounded: boolean;
}

/**
 * How far a statement reaches the caller: `own` in the policies of the caller itself, which have no Principal;
 * undefined when it doesn't.
 */
export function principalReach({ principals }: Statement, { principal, bounded }: Asked): Reach | "own" | undefined {
  if (principals === undefined) return "own";
  if (principals.negated) return exempts(principals, principal, bounded) ? undefined : "direct";
  return reachOf(principals, principal);
}

export function actionMatches({ actions }: Statement, { action, context }: Asked): boolean {
  return covers(actions, action, context);
}

export function resourceMatches({ resources }: Statement, { resource, context }: Asked): boolean {
  return resources === undefined || covers(resources, resource, context);
}

/** The reach of a statement that applies to the request, allow or deny; undefined when it doesn't apply. */
export function applies(statement: Statement, asked: Asked): Reach | "own" | undefined {
  const matches =
    actionMatches(statement, asked) &&
    resourceMatches(statement, asked) &&
    statement.conditions.every((condition) => condition.holds(asked.context));
  return matches ? principalReach(statement, asked) : undefined;
}

function covers({ negated, patterns }: Patterns, value: string, context: Context): boolean {
  const results = patterns.map((pattern) => pattern.matches(value, context));
  // "Variables and tags": a variable without a value makes the statement invalid, so NotResource doesn't take hold
  // either.
  if (negated) return results.every((result) => result === false);
  return results.includes(true);
}
