// All rules, as a table. They are plain functions: tests run them over what a program declares, and the pack over
// what the engine shows it.
import { ACCESS_RULES } from "./access.ts";
import { DELIVERY_RULES, DELIVERY_STACK_RULES } from "./delivery.ts";
import { NAME_RULE } from "./names.ts";
import type { Resource, Rule, StackRule } from "./rule.ts";
import { SERVICE_RULES } from "./services.ts";

export const RULES: readonly Rule[] = [...ACCESS_RULES, ...SERVICE_RULES, ...DELIVERY_RULES, NAME_RULE];
export const STACK_RULES: readonly StackRule[] = DELIVERY_STACK_RULES;

export interface Violation {
  readonly rule: string;
  readonly resource: string;
  readonly message: string;
}

/** Whatever breaks a rule, by resource, in the order of the rules. */
export const violations = (resources: readonly Resource[]): readonly Violation[] => [
  ...resources.flatMap((resource) =>
    RULES.flatMap(({ name, check }) =>
      check(resource).map((message) => ({ rule: name, resource: shown(resource), message })),
    ),
  ),
  ...STACK_RULES.flatMap(({ name, check }) =>
    check(resources).map(({ resource, message }) => ({ rule: name, resource: shown(resource), message })),
  ),
];

const shown = ({ name, type }: Resource): string => `${name} (${type})`;
