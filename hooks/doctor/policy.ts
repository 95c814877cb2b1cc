// Policies as doctor reads them: from outside, without knowing who will ask with which context. It says "conditionally"
// where a condition decides.

export interface Statement {
  readonly effect: "Allow" | "Deny";
  /** Patterns; with `except` set, all but these. */
  readonly actions: Patterns;
  readonly resources: Patterns;
  /** `*`, account numbers, ARNs, names of services; empty in an identity's policy. */
  readonly principals: readonly string[];
  /** By operator and key, as written. */
  readonly conditions: readonly Condition[];
}
export interface Patterns {
  readonly patterns: readonly string[];
  readonly except: boolean;
}
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

type Plain = Readonly<Record<string, unknown>>;

const list = (value: unknown): readonly string[] =>
  value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String);

/** Documents of IAM's calls are URL-encoded, those of all others aren't. */
export function readPolicy(text: string): readonly Statement[] {
  const { Statement } = JSON.parse(text.startsWith("%7B") ? decodeURIComponent(text) : text) as Plain;
  return (Array.isArray(Statement) ? (Statement as Plain[]) : [Statement as Plain]).map(readStatement);
}

function readStatement(statement: Plain): Statement {
  const patterns = (name: string): Patterns => {
    const except = statement[`Not${name}`] !== undefined;
    return { patterns: list(statement[except ? `Not${name}` : name]), except };
  };
  const principal = statement["Principal"];
  return {
    effect: statement["Effect"] === "Deny" ? "Deny" : "Allow",
    actions: patterns("Action"),
    resources: patterns("Resource"),
    principals:
      typeof principal === "object" && principal !== null ? Object.values(principal).flatMap(list) : list(principal),
    conditions: Object.entries((statement["Condition"] ?? {}) as Readonly<Record<string, Plain>>).flatMap(
      ([operator, keys]) => Object.entries(keys).map(([key, values]) => ({ operator, key, values: list(values) })),
    ),
  };
}

/**
 * `*` and `?` as IAM has them. A policy variable stands for anything: who asks may have chosen what is in it, as a
 * device has its client id.
 */
export function matches(pattern: string, text: string, flags = ""): boolean {
  const anything = pattern.replace(/\$\{[^}]*\}/g, "*");
  const source = anything
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, `s${flags}`).test(text);
}

const covers = ({ patterns, except }: Patterns, text: string, flags?: string): boolean =>
  patterns.some((pattern) => matches(pattern, text, flags)) !== except;

const concerns = (statement: Statement, action: string, resource: string): boolean =>
  covers(statement.actions, action, "i") && covers(statement.resources, resource);

export type Grant = "yes" | "conditionally" | "no";

/** Whether policies of one identity let it do that, as far as they say by themselves. */
export function grant(statements: readonly Statement[], action: string, resource: string): Grant {
  const applying = statements.filter((statement) => concerns(statement, action, resource));
  if (applying.some(({ effect, conditions }) => effect === "Deny" && conditions.length === 0)) return "no";
  const allowing = applying.filter(({ effect }) => effect === "Allow");
  if (allowing.length === 0) return "no";
  return allowing.some(({ conditions }) => conditions.length === 0) ? "yes" : "conditionally";
}

/**
 * Those of many resources that an Allow is about: a policy that names its own few asks no question for each of them.
 */
export function allowedAmong(statements: readonly Statement[], action: string, of: ReadonlySet<string>): string[] {
  const allowing = statements.filter(({ effect, actions }) => effect === "Allow" && covers(actions, action, "i"));
  return [
    ...new Set(
      allowing.flatMap(({ resources }) =>
        !resources.except && resources.patterns.every((pattern) => !/[*?$]/.test(pattern))
          ? resources.patterns.filter((pattern) => of.has(pattern))
          : [...of].filter((resource) => covers(resources, resource)),
      ),
    ),
  ];
}

/** Whether a statement's conditions hold for these values; "unknown" where they ask for others. */
export function holds(conditions: readonly Condition[], context: Readonly<Record<string, string | undefined>>) {
  const results = conditions.map((condition) => holdsOne(condition, context));
  return results.includes("no") ? "no" : results.includes("unknown") ? "unknown" : "yes";
}

function holdsOne({ operator, key, values }: Condition, context: Readonly<Record<string, string | undefined>>) {
  const [, value] = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase()) ?? [];
  if (value === undefined) return "unknown";
  if (!/^(?:String|Arn)(?:Equals|Like)$/.test(operator)) return "unknown";
  // StringEquals alone takes wildcards literally.
  const test = operator === "StringEquals" ? (one: string) => one === value : (one: string) => matches(one, value);
  return values.some(test) ? "yes" : "no";
}

/** Whether a resource's own policy lets a service do that for the resource in `context`. */
export const letsService = (
  policy: string | undefined,
  { service, action, resource, context }: ServiceRequest,
): boolean =>
  policy !== undefined &&
  readPolicy(policy).some(
    (statement) =>
      statement.effect === "Allow" &&
      statement.principals.some((principal) => [service, "*"].includes(principal)) &&
      concerns(statement, action, resource) &&
      holds(statement.conditions, context) === "yes",
  );

interface ServiceRequest {
  readonly service: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}
