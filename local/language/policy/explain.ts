import type { Statement } from "./document.ts";
import type { Patterns } from "./elements.ts";
import type { AuthorizationRequest, Missing, Participant, Side } from "./evaluate.ts";
import type { Condition } from "./conditions.ts";
import type { Principal, PrincipalElement } from "./principal.ts";
import { actionMatches, principalReach, resourceMatches } from "./statement.ts";
import type { Asked } from "./statement.ts";

/** Sentences are kept to about this many characters: long ARNs lose their middle. */
const LENGTH = 200;

type Shorten = (text: string) => string;

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
  const caller = shorten(principal.roleArn ?? principal.arn);
  const what = `${action} on ${shorten(resource)}`;
  const name = policy === undefined ? "" : shorten(policy.name);
  switch (side) {
    case "identity":
      return policy === undefined
        ? `${caller} has no policy at all: it needs one that allows ${what}.`
        : `No policy of ${caller} allows ${what}.`;
    case "boundary":
      return `The permissions boundary ${name} of ${caller} doesn't allow ${what}.`;
    case "session":
      return `No session policy of ${shorten(principal.arn)} allows ${what}.`;
    case "resource":
    case "trust":
      if (policy !== undefined) return `The ${name} doesn't allow ${caller} to call ${what}.`;
      return `${shorten(resource)} in account ${resourceAccount} has no policy: it needs one that allows ${caller} to call ${action}.`;
  }
}

interface Candidate {
  readonly participant: Participant;
  readonly statement: Statement;
  readonly reasons: readonly ((shorten: Shorten) => string)[];
  /** Compared in order, the greatest is the nearest. */
  readonly nearness: readonly number[];
}

/** The Allow statement that fits best: the right action first, then the fewest mismatches, then the most similar resource or action. */
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
    return `Statement ${shorten(statement.label)} of ${shorten(participant.name)} ${reason?.(shorten) ?? ""}.`;
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
  if (!action) reasons.push((shorten) => `${listed("allows", actions, asked.action, shorten)}, not ${asked.action}`);
  if (!resourceMatches(statement, asked) && resources !== undefined) {
    reasons.push((shorten) => {
      const allowed = action ? `allows ${asked.action} on` : "is about";
      return `${listed(allowed, resources, asked.resource, shorten)}, not on ${shorten(asked.resource)}`;
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

/** The pattern that resembles the wanted value most, and how many others there are. */
function listed(verb: string, { negated, patterns }: Patterns, wanted: string, shorten: Shorten): string {
  const [closest = "", ...others] = patterns
    .map(({ source }) => source)
    .toSorted((one, other) => commonPrefix(other, wanted) - commonPrefix(one, wanted));
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return `${verb} ${negated ? "everything but " : ""}${shorten(closest)}${more}`;
}

function principalReason({ entries }: PrincipalElement, caller: Principal, shorten: Shorten): string {
  const own = caller.roleArn ?? caller.arn;
  const stale = entries.find(({ value, boundId }) => value === own && boundId !== undefined);
  if (stale !== undefined) {
    return `names ${shorten(own)} as it was when the policy was saved (${stale.boundId ?? ""}); it was created anew since (${caller.uniqueId}): save the policy again`;
  }
  const [closest = "", ...others] = entries
    .map(({ value }) => value)
    .toSorted((one, other) => commonPrefix(other, own) - commonPrefix(one, own));
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return `names ${shorten(closest)}${more}, the caller is ${shorten(own)}`;
}

function conditionReason(
  { operator, keyAsWritten, values, requested }: Condition,
  { context }: Asked,
  shorten: Shorten,
): string {
  const found = requested(context);
  const has = found === undefined ? "the request has none" : `the request has ${shorten(found.join(", "))}`;
  return `has the condition ${operator} ${keyAsWritten} ${shorten(values.join(" or "))}, ${has}`;
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

/** An ARN loses first what people know anyway, then its account; other text its beginning. */
const shorteners: readonly Shorten[] = [
  (text) => text,
  (text) => clip(withoutParts(text, 4), 90),
  (text) => clip(withoutParts(text, 5), 60),
  (text) => clip(withoutParts(text, 5), 45),
  (text) => clip(withoutParts(text, 5), 30),
  (text) => clip(withoutParts(text, 5), 20),
];

function withoutParts(text: string, count: number): string {
  return text.startsWith("arn:") ? `…${text.split(":").slice(count).join(":")}` : text;
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - width + 1)}`;
}
