import { malformed, notModelled, syntaxError } from "./error.ts";
import { strings } from "./elements.ts";
import { isObject } from "./json.ts";

/** Who calls. */
export interface Principal {
  /**
   * `role`: a session of a role. `account`: its root user. `federated`: who comes with a token of an identity
   * provider.
   */
  readonly kind: "user" | "role" | "service" | "account" | "federated";
  /**
   * The user's or the session's ARN; of a service its name, e.g. events.amazonaws.com; of a federated caller the
   * provider's ARN.
   */
  readonly arn: string;
  /** "" for services and federated callers. */
  readonly account: string;
  /** AIDA… of the user, AROA… of the role. */
  readonly uniqueId: string;
  /** Of role sessions: the role's ARN. */
  readonly roleArn?: string;
}

type EntryKind = "everyone" | "account" | "user" | "role" | "session" | "id" | "service" | "federated";

export interface PrincipalEntry {
  readonly kind: EntryKind;
  /** As written; of an account its id. */
  readonly value: string;
  /** The unique id to which a user or role was bound when the policy was saved. */
  readonly boundId?: string;
}

export interface PrincipalElement {
  readonly negated: boolean;
  readonly entries: readonly PrincipalEntry[];
}

/**
 * How a Principal element reaches a caller, the widest grant first. `direct`: it names the caller itself, or
 * everyone. `role`: it names the role of the session. `account`: it leaves the decision to the caller's account.
 */
export type Reach = "direct" | "role" | "account";

const partition = "arn:(?:aws|aws-cn|aws-us-gov)";
/** Shapes of `"AWS": …`: "AWS JSON policy elements: Principal". None of them takes wildcards. */
const shapes: readonly (readonly [EntryKind, RegExp])[] = [
  ["everyone", /^\*$/],
  ["account", /^(\d{12})$/],
  ["account", new RegExp(`^${partition}:iam::(\\d{12}):root$`)],
  ["user", new RegExp(`^${partition}:iam::\\d{12}:user/[\\w+=,.@/-]+$`)],
  ["role", new RegExp(`^${partition}:iam::\\d{12}:role/[\\w+=,.@/-]+$`)],
  ["session", new RegExp(`^${partition}:sts::\\d{12}:assumed-role/[\\w+=,.@-]+/[\\w+=,.@-]+$`)],
  ["id", /^(?:AIDA|AROA)[A-Z0-9]+$/],
];
const service = /^[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?$/;
/** Those that call others here. AWS refuses a name that no service has: of any other name this can't tell. */
const callingServices = /^(?:cloudtrail|events|iot|lambda)\.amazonaws\.com(?:\.cn)?$/;
const federated = new RegExp(`^(?:${partition}:iam::\\d{12}:(?:oidc|saml)-provider/.+|[a-z0-9.-]+)$`);

/** @throws PolicyError for a principal that isn't well formed, or of a type that isn't modelled */
export function parsePrincipals(element: unknown, negated: boolean, trust: boolean): PrincipalElement {
  if (element === "*") {
    // The two notations of "everyone" differ in trust policies; the sentence is AWS's.
    if (trust) throw malformed('AssumeRole policy contained an invalid principal: "STAR":"*".', 'Write {"AWS": "*"}.');
    return { negated, entries: [{ kind: "everyone", value: "*" }] };
  }
  if (!isObject(element)) throw syntaxError('Principal has to be "*" or an object of principal types.');
  const entries = Object.entries(element).flatMap(([type, values]) =>
    strings(values, `Principal ${type}`).map((value) => parseEntry(type, value)),
  );
  if (entries.length === 0) throw malformed("Missing required field Principal cannot be empty!");
  return { negated, entries };
}

/** AWS shows the type in capitals. */
export function invalidPrincipal(type: string, value: string) {
  return malformed(`Invalid principal in policy: "${type.toUpperCase()}":"${value}"`);
}

function parseEntry(type: string, value: string): PrincipalEntry {
  if (type === "AWS") {
    for (const [kind, shape] of shapes) {
      const match = shape.exec(value);
      if (match !== null) return { kind, value: match[1] ?? value };
    }
    if (/:federated-user\//.test(value))
      throw notModelled(`The principal ${value} is not modelled here: no federated users.`);
    throw invalidPrincipal(type, value);
  }
  if (type === "Service" && callingServices.test(value)) return { kind: "service", value };
  if (type === "Service" && service.test(value))
    throw notModelled(
      `The service ${value} is not modelled here: of the services only CloudTrail, EventBridge, IoT and ` +
        "Lambda call others.",
    );
  if (type === "Federated" && federated.test(value)) return { kind: "federated", value };
  if (type === "CanonicalUser")
    throw notModelled("The principal type CanonicalUser is not modelled here: name the account.");
  if (type !== "Service" && type !== "Federated") throw syntaxError(`There is no principal type ${type}.`);
  throw invalidPrincipal(type, value);
}

/** The widest grant that the element gives the caller, undefined when it doesn't name it at all. */
export function reachOf(element: PrincipalElement, caller: Principal): Reach | undefined {
  const reaches = element.entries.map((entry) => entryReach(entry, caller));
  return (["direct", "role", "account"] as const).find((reach) => reaches.includes(reach));
}

function entryReach({ kind, value, boundId }: PrincipalEntry, caller: Principal): Reach | undefined {
  const named = (own: string | undefined) => (boundId === undefined ? value === own : boundId === caller.uniqueId);
  switch (kind) {
    // services too: queues that let SNS or S3 send are commonly written so, with a condition on the source
    case "everyone":
      return "direct";
    case "account":
      return caller.account === value ? "account" : undefined;
    case "user":
      return named(caller.arn) ? "direct" : undefined;
    case "role":
      return named(caller.roleArn) ? "role" : undefined;
    case "session":
      return value === caller.arn ? "direct" : undefined;
    case "id":
      if (!named(caller.uniqueId)) return undefined;
      return caller.kind === "role" ? "role" : "direct";
    case "service":
    case "federated":
      return caller.kind === kind && value === caller.arn ? "direct" : undefined;
  }
}

/**
 * Whether NotPrincipal leaves the caller alone. AWS looks at the account, then the role, then the session, and each
 * has to be listed; a caller with a permissions boundary is never exempt. "AWS JSON policy elements: NotPrincipal".
 */
export function exempts(element: PrincipalElement, caller: Principal, bounded: boolean): boolean {
  if (bounded) return false;
  const lists = (kinds: readonly EntryKind[]) =>
    element.entries.some((entry) => kinds.includes(entry.kind) && entryReach(entry, caller) !== undefined);
  if (lists(["everyone"])) return true;
  switch (caller.kind) {
    case "service":
    case "federated":
      return lists([caller.kind]);
    case "account":
      return lists(["account"]);
    case "user":
      return lists(["account"]) && lists(["user", "id"]);
    case "role":
      return lists(["account"]) && lists(["role", "id"]) && lists(["session"]);
  }
}
