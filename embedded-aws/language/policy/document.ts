import { parseConditions } from "./conditions.ts";
import type { Condition } from "./conditions.ts";
import { parseActions, parseResources, strings } from "./elements.ts";
import type { Patterns } from "./elements.ts";
import { malformed, syntaxError } from "./error.ts";
import { duplicateKey, isObject } from "./json.ts";
import { parsePrincipals } from "./principal.ts";
import type { PrincipalElement } from "./principal.ts";

/** Where a policy may stand: it decides which elements are required or forbidden. */
export type PolicyKind = "identity" | "resource" | "trust" | "session";

export interface Policy {
  readonly kind: PolicyKind;
  /** The document as it was given. */
  readonly text: string;
  readonly statements: readonly Statement[];
}

export interface Statement {
  /** The Sid, or # and the position, from 1. */
  readonly label: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: Patterns;
  /** Undefined in trust policies, which stand at the one resource that they are about. */
  readonly resources: Patterns | undefined;
  /** Undefined in the policies of an identity. */
  readonly principals: PrincipalElement | undefined;
  readonly conditions: readonly Condition[];
}

const documentElements = new Set(["Version", "Id", "Statement"]);
const statementElements = new Set([
  ...["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"],
]);

/**
 * Reads a policy and checks it as AWS does when it is saved. "Grammar of the IAM JSON policy language".
 * @throws PolicyError with the code MalformedPolicyDocument, or NotModelled for what AWS takes and this doesn't
 */
export function parsePolicy(text: string, kind: PolicyKind): Policy {
  const document = readJson(text, kind);
  for (const element of Object.keys(document)) {
    if (!documentElements.has(element)) throw syntaxError(`A policy has no element ${JSON.stringify(element)}.`);
  }
  const { Version: version, Id: id, Statement: element } = document;
  if (version !== undefined && version !== "2008-10-17" && version !== "2012-10-17") {
    throw syntaxError("Version has to be 2012-10-17 (or 2008-10-17, without variables).");
  }
  const ofIdentity = kind === "identity" || kind === "session";
  if (ofIdentity && version !== "2012-10-17") {
    throw malformed("Policy document must be version 2012-10-17 or greater.");
  }
  if (id !== undefined && typeof id !== "string") throw syntaxError("Id has to be a string.");
  const list: unknown[] = Array.isArray(element) ? element : [element];
  if (element === undefined || list.length === 0) throw syntaxError("The policy has no statement.");
  const statements = list.map((item, index) => parseStatement(item, index, kind, version === "2012-10-17"));
  // "IAM JSON policy elements: Sid".
  const sids = list
    .map((item) => (isObject(item) ? item["Sid"] : undefined))
    .filter((sid) => typeof sid === "string" && sid !== "");
  const twice = sids.find((sid, index) => sids.indexOf(sid) !== index);
  if (twice !== undefined) {
    throw malformed("Statement IDs (SID) in a single policy must be unique.", `${JSON.stringify(twice)} isn't.`);
  }
  return { kind, text, statements };
}

/** Characters of a policy as IAM's quotas count them: without white space. "IAM and AWS STS quotas". */
export function policySize(text: string): number {
  return text.replaceAll(/\s/g, "").length;
}

function readJson(text: string, kind: PolicyKind): Record<string, unknown> {
  const invalid = (detail: string) =>
    kind === "trust" ? malformed("This policy contains invalid Json", `(${detail})`) : syntaxError(detail);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw invalid(`It isn't JSON: ${(error as SyntaxError).message}.`);
  }
  if (!isObject(document)) throw invalid("A policy has to be a JSON object.");
  const twice = duplicateKey(text);
  if (twice !== undefined) throw syntaxError(`The element ${JSON.stringify(twice)} stands twice in one object.`);
  return document;
}

function parseStatement(item: unknown, index: number, kind: PolicyKind, variables: boolean): Statement {
  if (!isObject(item)) throw syntaxError(`Statement ${index + 1} isn't an object.`);
  for (const element of Object.keys(item)) {
    if (!statementElements.has(element)) throw syntaxError(`A statement has no element ${JSON.stringify(element)}.`);
  }
  const { Sid: sid = "", Effect: effect, Condition: condition = {} } = item;
  if (typeof sid !== "string") throw syntaxError(`The Sid of statement ${index + 1} isn't a string.`);
  // Queues, functions and buckets allow more in theirs ("Grammar of the IAM JSON policy language", sid_string).
  if (kind !== "resource" && !/^[0-9A-Za-z]*$/.test(sid)) {
    throw malformed(
      "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
      `(${JSON.stringify(sid)} doesn't).`,
    );
  }
  const label = sid === "" ? `#${index + 1}` : sid;
  if (effect !== "Allow" && effect !== "Deny")
    throw syntaxError(`The Effect of statement ${label} has to be Allow or Deny.`);
  const [actions, notAction] = eitherOf(item, "Action", label);
  if (actions === undefined) throw malformed("Policy statement must contain actions.", `${label} has none.`);
  return {
    label,
    effect,
    principals: readPrincipals(item, kind, effect, label),
    actions: parseActions(strings(actions, "Action"), notAction, kind === "trust"),
    resources: readResources(item, kind, label, variables),
    conditions: parseConditions(condition, variables),
  };
}

/** The element or its opposite, and whether it is the opposite. */
function eitherOf(item: Record<string, unknown>, name: string, label: string): [element: unknown, negated: boolean] {
  const opposite = `Not${name}`;
  if (item[name] !== undefined && item[opposite] !== undefined) {
    throw syntaxError(`Statement ${label} has both ${name} and ${opposite}.`);
  }
  return item[name] === undefined ? [item[opposite], true] : [item[name], false];
}

function readPrincipals(
  item: Record<string, unknown>,
  kind: PolicyKind,
  effect: "Allow" | "Deny",
  label: string,
): PrincipalElement | undefined {
  const [element, negated] = eitherOf(item, "Principal", label);
  if (kind === "identity" || kind === "session") {
    if (element !== undefined) throw malformed("Policy document should not specify a principal.", `${label} does.`);
    return undefined;
  }
  if (element === undefined) throw malformed("Missing required field Principal", `(statement ${label}).`);
  if (negated && effect === "Allow") throw malformed("Allow with NotPrincipal is not allowed.", `${label} has it.`);
  // "AWS JSON policy elements: NotPrincipal": neither in identity-based policies nor in trust policies.
  if (negated && kind === "trust") throw malformed("AssumeRole policy must not contain NotPrincipal field.");
  return parsePrincipals(element, negated, kind === "trust");
}

function readResources(
  item: Record<string, unknown>,
  kind: PolicyKind,
  label: string,
  variables: boolean,
): Patterns | undefined {
  const [element, negated] = eitherOf(item, "Resource", label);
  if (kind === "trust") {
    if (element === undefined) return undefined;
    throw malformed(
      negated ? "AssumeRole policy must not contain resources." : "Has prohibited field Resource",
      `(${label}).`,
    );
  }
  if (element === undefined) {
    throw kind === "resource"
      ? malformed("Missing required field Resource", `(statement ${label}).`)
      : malformed("Policy statement must contain resources.", `${label} has none.`);
  }
  return parseResources(strings(element, "Resource"), negated, variables);
}
