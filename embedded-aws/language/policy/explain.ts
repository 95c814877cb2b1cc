import type { Statement } from "./document.ts";
import type { Patterns } from "./elements.ts";
import type { AuthorizationRequest, Missing, Participant, Side } from "./decision.ts";
import type { Condition } from "./conditions.ts";
import type { Principal, PrincipalElement } from "./principal.ts";
import { actionMatches, principalReach, resourceMatches } from "./statement.ts";
import type { Asked } from "./statement.ts";

/** Sentences are kept to about this many characters: long ARNs lose their middle. */
const LENGTH = 200;

/** One degree of brevity. */
interface Shorten {
  readonly text: (text: string) => string;
  /** Two texts of which the reader has to see the difference. */
  readonly pair: (one: string, other: string) => readonly [string, string];
}

/** What is missing on one side of a denied request, and which statement came nearest to it. */
export function explainMissing(
  side: Side,
  request: AuthorizationRequest,
  participants: readonly Participant[],
  asked: Asked,
): Missing {
  const ofSide = participants.filter((participant) => participant.side === side);
  const owner = side === "resource" || side === "trust" ? request.resourceAccount : request.principal.account;
  const nearest = nearestStatement(ofSide, asked);
  return {
    side,
    account: owner,
    sentence: fit((shorten) => missingSentence(side, request, ofSide, shorten)),
    ...(nearest === undefined ? {} : { nearest }),
  };
}

function missingSentence(
  side: Side,
  { principal, action, resource, resourceAccount }: AuthorizationRequest,
  [policy]: readonly Participant[],
  shorten: Shorten,
): string {
  const caller = shorten.text(principal.roleArn ?? principal.arn);
  const what = `${action} on ${shorten.text(resource)}`;
  const name = policy === undefined ? "" : shorten.text(policy.name);
  switch (side) {
    case "identity":
      return policy === undefined
        ? `${caller} has no policy at all: it needs one that allows ${what}.`
        : `No policy of ${caller} allows ${what}.`;
    case "boundary":
      return `The permissions boundary ${name} of ${caller} doesn't allow ${what}.`;
    case "session":
      return `No session policy of ${shorten.text(principal.arn)} allows ${what}.`;
    case "resource":
    case "trust":
      if (policy !== undefined) return `The ${name} doesn't allow ${caller} to call ${what}.`;
      return (
        `${shorten.text(resource)} in account ${resourceAccount} has no policy: it needs one that allows ` +
        `${caller} to call ${action}.`
      );
  }
}

interface Candidate {
  readonly participant: Participant;
  readonly statement: Statement;
  readonly reasons: readonly ((shorten: Shorten) => string)[];
  /** Compared in order, the greatest is the nearest. */
  readonly nearness: readonly number[];
}

/**
 * The Allow statement that fits best: the right action first, then the fewest mismatches, then the most similar
 * resource or action.
 */
function nearestStatement(participants: readonly Participant[], asked: Asked): Missing["nearest"] {
  const candidates = participants.flatMap((participant) =>
    participant.policy.statements
      .filter(({ effect }) => effect === "Allow")
      .map((statement) => candidate(participant, statement, asked))
      .filter((candidate) => candidate !== undefined),
  );
  const [first, ...others] = candidates;
  if (first === undefined) return undefined;
  const { participant, statement, reasons } = others.reduce(
    (best, other) => (nearer(other, best) ? other : best),
    first,
  );
  const because = fit((shorten) => {
    const [reason] = reasons;
    return (
      `Statement ${shorten.text(statement.label)} of ${shorten.text(participant.name)} ` + `${reason?.(shorten) ?? ""}.`
    );
  });
  return { policy: participant.name, statement: statement.label, because };
}

function nearer(one: Candidate, other: Candidate): boolean {
  for (const [index, value] of one.nearness.entries()) {
    const than = other.nearness[index] ?? 0;
    if (value !== than) return value > than;
  }
  return false;
}

/** Undefined for a statement about another service: it is no help to name it. */
function candidate(participant: Participant, statement: Statement, asked: Asked): Candidate | undefined {
  const { actions, resources, principals, conditions } = statement;
  const action = actionMatches(statement, asked);
  const [service = ""] = asked.action.split(":");
  const sameService = actions.patterns.some(({ source }) =>
    source.toLowerCase().startsWith(`${service.toLowerCase()}:`),
  );
  if (!action && !sameService) return undefined;
  const reasons: ((shorten: Shorten) => string)[] = [];
  if (!action) {
    reasons.push((shorten) => {
      const [allowed, wanted] = contrast(sources(actions), asked.action, shorten);
      return `allows ${except(actions)}${allowed}, not ${wanted}`;
    });
  }
  if (!resourceMatches(statement, asked) && resources !== undefined) {
    reasons.push((shorten) => {
      const verb = action ? `allows ${asked.action} on` : "is about";
      const [allowed, wanted] = contrast(sources(resources), asked.resource, shorten);
      return `${verb} ${except(resources)}${allowed}, not on ${wanted}`;
    });
  }
  if (principalReach(statement, asked) === undefined && principals !== undefined) {
    reasons.push((shorten) => principalReason(principals, asked.principal, shorten));
  }
  for (const condition of conditions) {
    if (!condition.holds(asked.context)) reasons.push((shorten) => conditionReason(condition, asked, shorten));
  }
  const similarity = Math.max(
    0,
    ...(action ? (resources?.patterns ?? []) : actions.patterns).map(({ source }) =>
      commonPrefix(source, action ? asked.resource : asked.action),
    ),
  );
  return { participant, statement, reasons, nearness: [action ? 1 : 0, -reasons.length, similarity] };
}

const sources = ({ patterns }: Patterns) => patterns.map(({ source }) => source);
const except = ({ negated }: Patterns) => (negated ? "all but " : "");

/** Of several texts the one that resembles the wanted one most, with the number of the others; and the wanted one. */
function contrast(texts: readonly string[], wanted: string, shorten: Shorten): readonly [string, string] {
  const [closest = "", ...others] = texts.toSorted(
    (one, other) => commonPrefix(other, wanted) - commonPrefix(one, wanted),
  );
  const [shown, shownWanted] = shorten.pair(closest, wanted);
  return [others.length === 0 ? shown : `${shown} (and ${others.length} more)`, shownWanted];
}

function principalReason({ entries }: PrincipalElement, caller: Principal, shorten: Shorten): string {
  const own = caller.roleArn ?? caller.arn;
  const stale = entries.find(({ value, boundId }) => value === own && boundId !== undefined);
  if (stale !== undefined) {
    return (
      `names ${shorten.text(own)} as it was when the policy was saved (${stale.boundId ?? ""}), not today's ` +
      `(${caller.uniqueId}): save it again`
    );
  }
  const values = entries.map(({ value }) => value);
  const [named, wanted] = contrast(values, own, shorten);
  return `names ${named}, the caller is ${wanted}`;
}

function conditionReason(
  { operator, keyAsWritten, values, requested }: Condition,
  { context }: Asked,
  shorten: Shorten,
): string {
  const found = requested(context);
  const condition = `has the condition ${operator} ${keyAsWritten}, which wants`;
  if (found === undefined) return `${condition} ${shorten.text(values.join(" or "))}: the request has no such key`;
  const [wanted, has] = contrast(values, found.join(", "), shorten);
  return `${condition} ${wanted}: the request has ${has}`;
}

function commonPrefix(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length]?.toLowerCase() === other[length]?.toLowerCase()) length += 1;
  return length;
}

/** The fullest form of a sentence that isn't too long. */
function fit(sentence: (shorten: Shorten) => string): string {
  const forms = shorteners.map((shorten) => sentence(shorten));
  return forms.find((form) => form.length <= LENGTH) ?? forms.at(-1) ?? "";
}

const shorteners: readonly Shorten[] = [
  { text: (text) => text, pair: (one, other) => [one, other] },
  ...[90, 60, 45, 30, 20].map((width): Shorten => ({
    text: (text) => ending(withoutParts(text, width > 60 ? 4 : 5), width),
    pair: (one, other) => fromDifference(one, other, width),
  })),
];

/** An ARN loses first what people know anyway, then its account. */
function withoutParts(text: string, count: number): string {
  return text.startsWith("arn:") ? `…${text.split(":").slice(count).join(":")}` : text;
}

function ending(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - width + 1)}`;
}

/** Both from the separator before their first difference, or from shortly before it. */
function fromDifference(one: string, other: string, width: number): readonly [string, string] {
  const common = one.slice(0, commonPrefix(one, other));
  const separator = Math.max(common.lastIndexOf("/"), common.lastIndexOf(":"), 0);
  const from = Math.max(separator, common.length - Math.floor(width / 2));
  const cut = (text: string) => {
    const rest = from === 0 ? text : `…${text.slice(from)}`;
    return rest.length <= width ? rest : `${rest.slice(0, width - 1)}…`;
  };
  return [cut(one), cut(other)];
}
