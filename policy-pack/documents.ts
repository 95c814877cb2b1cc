// Where the policy documents of a resource are, whatever its type: a table of types would let the next one through
// unseen.
import type { Resource } from "./rule.ts";

/** A statement of a policy document (IAM User Guide, "IAM JSON policy elements reference"). */
export interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: unknown;
  readonly Resource?: string | readonly string[];
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Grant {
  readonly statement: Statement;
  /** For messages: "statement WriteLogs of policy". */
  readonly where: string;
  /** Whether it says who may assume a role. */
  readonly trust: boolean;
}

/** One text or several, as IAM allows in most places. */
export const listOf = (element: string | readonly string[] | undefined): readonly string[] =>
  typeof element === "string" ? [element] : (element ?? []);

/** Whether a pattern of ARNs takes whatever there is, or whatever a service has: in all accounts and Regions. */
export const takesAll = (pattern: string): boolean => /^(?:arn(?::[\w*?-]*){0,2})?[*?:]*\*[*?:]*$/.test(pattern);

/** What the resource's policies allow. Denials take away only, and are left out. */
export function grantsOf({ props }: Resource): readonly Grant[] {
  // By the property's name: looking into each would touch what is unknown in a preview, and the engine then skips the
  // resource altogether.
  const properties = Object.keys(props).filter((property) => /polic/i.test(property));
  return properties.flatMap((property) =>
    documentsIn(props[property]).flatMap((statements) =>
      statements.flatMap((statement, index): Grant[] => {
        if (statement.Effect !== "Allow") return [];
        const label = statement.Sid ?? `#${index + 1}`;
        return [{ statement, where: `statement ${label} of ${property}`, trust: property === "assumeRolePolicy" }];
      }),
    ),
  );
}

/** The statements of each document in a value: an object, its JSON text, or either of them deeper inside. */
function documentsIn(value: unknown): readonly (readonly Statement[])[] {
  if (typeof value === "string") return value.includes('"Statement"') ? documentsIn(JSON.parse(value) as unknown) : [];
  if (typeof value !== "object" || value === null) return [];
  const { Statement: statement } = value as { Statement?: Statement | readonly Statement[] };
  if (statement === undefined) return Object.values(value).flatMap(documentsIn);
  return [Array.isArray(statement) ? (statement as readonly Statement[]) : [statement as Statement]];
}

/** Whether an ARN is of a resource in whichever account. A bucket's has no account, and names one bucket. */
export const ofAnyAccount = (arn: string): boolean =>
  takesAll(arn) || /^arn(?::[^:]*){3}:[*?]*\*[*?]*(?::|$)/.test(arn);

/**
 * Values that a condition demands of a key. Left out are operators that also hold where the key is absent (…IfExists,
 * ForAllValues: and the negated ones), and those with a value that lets everything through: of several any one will do.
 */
export function demanded({ Condition }: Statement, key: string): readonly string[] {
  return Object.entries(Condition ?? {})
    .filter(([operator]) => /^(?:ForAnyValue:)?(?:String|Arn)(?:Equals|Like|EqualsIgnoreCase)$/.test(operator))
    .flatMap(([, keys]) => Object.entries(keys))
    .filter(([name]) => name.toLowerCase() === key.toLowerCase())
    .map(([, values]) => listOf(values))
    .filter((values) => !values.some((value) => /^[*?]*$/.test(value) || takesAll(value)))
    .flat();
}
