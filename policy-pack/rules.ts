// All rules, as a table. They are plain functions: tests run them over what a program declares, and the pack over
// what the engine shows it.
import { ACCESS_RULES } from "./access.ts";
import { NAME_RULE } from "./names.ts";
import type { Resource, Rule } from "./rule.ts";
import { SERVICE_RULES } from "./services.ts";

export const RULES: readonly Rule[] = [...ACCESS_RULES, ...SERVICE_RULES, NAME_RULE];

export interface Violation {
  readonly rule: string;
  readonly resource: string;
  readonly message: string;
}

/** Whatever breaks a rule, by resource, in the order of the rules. */
export const violations = (resources: readonly Resource[]): readonly Violation[] =>
  resources.flatMap((resource) =>
    RULES.flatMap(({ name, check }) =>
      check(resource).map((message) => ({ rule: name, resource: `${resource.name} (${resource.type})`, message })),
    ),
  );
