// The three writes of the device registry, as DynamoDB takes them. The order of changes is decided here, by the
// condition of a claim, and nowhere else.
import type { AttributeValue, DeleteItemCommandInput, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import type { Change } from "./change.ts";
import { ATTRIBUTES } from "../../shared/contract/registry-attributes.ts";

export type Item = Record<string, AttributeValue>;

/** Somebody's right to run the partner's own code for a subject. */
export interface Claim {
  /** Of one attempt, so that a request that is repeated finds what it did itself. */
  readonly token: string;
  /** Milliseconds since 1970. From then on anybody may claim. */
  readonly until: number;
}

/** How many ids of events that said its state an item keeps, the latest ones: by them a duplicate is known. */
const KEPT_EVENT_IDS = 20;

/**
 * How long a tombstone stays. What it guards against is an older message of the thing that is still on its way: a
 * day with EventBridge, then twice fourteen days in each side's queues, and the time that it takes to look there.
 */
const TOMBSTONE_MS = 90 * 24 * 3_600_000;

const NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  [...Object.values(ATTRIBUTES), "token", "until"].map((name) => [`#${name}`, name]),
);
/** DynamoDB refuses a name or a value that no expression uses. */
const used = <T>(all: Readonly<Record<string, T>>, ...expressions: readonly string[]): Record<string, T> =>
  Object.fromEntries(
    Object.entries(all).filter(([placeholder]) =>
      expressions.some((expression) => new RegExp(`${placeholder}\\b`).test(expression)),
    ),
  );

const S = (text: string): AttributeValue => ({ S: text });
const N = (number: number): AttributeValue => ({ N: String(number) });

/** Of a change as far as it says them: no expression uses what it doesn't say. */
const valuesOf = ({ subjectId, version, eventId, snapshot, observedAt, deleted }: Change) => ({
  ...(subjectId === undefined ? {} : { ":subjectId": S(subjectId) }),
  ...(version === undefined ? {} : { ":version": N(version) }),
  ...(eventId === undefined ? {} : { ":eventId": S(eventId) }),
  ...(snapshot === undefined ? {} : { ":snapshot": S(snapshot) }),
  ":observedAt": N(observedAt),
  ":deleted": { BOOL: deleted },
  ":false": { BOOL: false },
});

/**
 * Any of these makes a change news. Within one life the version decides, where there is one; from life to life, the
 * later look at the registry.
 */
function news({ subjectId, version, deleted, lastOfTie }: Change): readonly string[] {
  const nothing = "attribute_not_exists(#observedAt)";
  const later = `#observedAt ${lastOfTie ? "<=" : "<"} :observedAt`;
  if (subjectId === undefined) return [nothing, later];
  // An id doesn't come back: whatever else of that life arrives behind its tombstone is old, and before it nothing of
  // that life was later, whatever the clocks said.
  const same = "#subjectId = :subjectId AND #deleted = :false";
  if (deleted) return [nothing, later, same];
  return [
    nothing,
    ...(version === undefined
      ? // What only its event told of says nothing new of a life that was described.
        [`${same} AND attribute_not_exists(#version) AND ${later}`]
      : [`${same} AND attribute_not_exists(#version)`, `${same} AND #version < :version`]),
    // Without the first of these it would depend on what <> means for an attribute that isn't there, as in the
    // tombstone of a thing that was never heard of.
    `attribute_not_exists(#subjectId) AND ${later}`,
    `#subjectId <> :subjectId AND ${later}`,
  ];
}

/**
 * What is known already, seen again later. That isn't news, but it moves the time at which it was last seen: a look
 * between the two that found something else was at another clock's time.
 */
const SEEN_AGAIN =
  "#subjectId = :subjectId AND #deleted = :false AND #version = :version AND #observedAt < :observedAt";
const seenAgain = ({ subjectId, version, deleted }: Change): readonly string[] =>
  deleted || subjectId === undefined || version === undefined ? [] : [SEEN_AGAIN];

interface At {
  readonly tableName: string;
  readonly now: number;
}

const OWN_CLAIM = "#claim.#token = :token";

/** An update under a condition, which shows the item as it is where that fails. */
const updateOf = (
  { subject }: Change,
  tableName: string,
  expressions: Readonly<Record<"UpdateExpression" | "ConditionExpression", string>>,
  values: Readonly<Record<string, AttributeValue>>,
): UpdateItemCommandInput => ({
  TableName: tableName,
  Key: { subject: S(subject) },
  ...expressions,
  ExpressionAttributeNames: used(NAMES, ...Object.values(expressions)),
  ExpressionAttributeValues: used(values, ...Object.values(expressions)),
  ReturnValuesOnConditionCheckFailure: "ALL_OLD",
});

/**
 * Fails, and shows the item, for a duplicate, for what is out of date, and while there is another claim than `ended`,
 * whose lease is over: what that was for may have been told. Whoever comes after a claim that took it over, and that
 * nobody ended either, finds that one past in turn: it needn't be written.
 */
export function claimRequest(
  change: Change,
  { token, until }: Claim,
  tableName: string,
  ended: Claim | undefined,
): UpdateItemCommandInput {
  const free = `${ended === undefined ? "attribute_not_exists(#claim)" : "#claim.#token = :ended"} OR ${OWN_CLAIM}`;
  const isNews = news(change);
  // DynamoDB refuses brackets around brackets.
  const unseenNews =
    change.eventId === undefined || !change.eventIdIsUnique
      ? isNews
      : [`(attribute_not_exists(#eventIds) OR NOT contains(#eventIds, :eventId)) AND (${isNews.join(" OR ")})`];
  const wanted = [...unseenNews, ...seenAgain(change)].join(" OR ");
  const ConditionExpression = `(${free}) AND (${wanted})`;
  const values = {
    ...valuesOf(change),
    ":claim": {
      M: { ...(change.eventId === undefined ? {} : { eventId: S(change.eventId) }), token: S(token), until: N(until) },
    },
    ":token": S(token),
    ...(ended && { ":ended": S(ended.token) }),
  };
  const expressions = { UpdateExpression: "SET #claim = :claim", ConditionExpression };
  return { ...updateOf(change, tableName, expressions, values), ReturnValues: "ALL_OLD" };
}

/** Makes the change the item's state, and ends the claim. `before` is the item as the claim found it. */
export function applyRequest(
  change: Change,
  { token }: Claim,
  before: Item | undefined,
  { tableName, now }: At,
): UpdateItemCommandInput {
  const { subjectId, version, snapshot, deleted } = change;
  const set = ["observedAt", "deleted", "eventIds"];
  const remove = ["claim", "unsettled"];
  (snapshot === undefined ? remove : set).push("snapshot");
  (deleted ? set : remove).push("expiresAt");
  // A tombstone says whose it is where the deletion did. Where it didn't, a later look may find the life again that was
  // known before: it had begun by then, and a clock that was ahead made the look that found nothing the later one.
  (subjectId === undefined ? remove : set).push("subjectId");
  if (!deleted) (version === undefined ? remove : set).push("version");
  const UpdateExpression =
    `SET ${set.map((name) => `#${name} = :${name}`).join(", ")} ` +
    `REMOVE ${remove.map((name) => `#${name}`).join(", ")}`;
  // Without an item nobody else has claimed it: it was a tombstone, and its time was up.
  const ConditionExpression = `${OWN_CLAIM} OR attribute_not_exists(#subject)`;
  const values = {
    ...valuesOf(change),
    ":eventIds": eventIdsWith(before, change),
    // Time to live counts in seconds (DynamoDB Developer Guide, "Using time to live").
    ":expiresAt": N(Math.ceil((now + TOMBSTONE_MS) / 1000)),
    ":token": S(token),
  };
  return updateOf(change, tableName, { UpdateExpression, ConditionExpression }, values);
}

/** Ends a claim on what is known already, and says when and of which event it was last seen. */
export function seenRequest(
  change: Change,
  { token }: Claim,
  before: Item | undefined,
  tableName: string,
): UpdateItemCommandInput {
  // A deletion may say whose tombstone it is.
  const life = change.subjectId === undefined ? "" : ", #subjectId = :subjectId";
  const UpdateExpression = `SET #observedAt = :observedAt, #eventIds = :eventIds${life} REMOVE #claim, #unsettled`;
  const values = { ...valuesOf(change), ":eventIds": eventIdsWith(before, change), ":token": S(token) };
  return updateOf(change, tableName, { UpdateExpression, ConditionExpression: OWN_CLAIM }, values);
}

/** Ends a claim without a change, for which the partner's own code was begun. */
export const releaseRequest = (subject: string, { token }: Claim, tableName: string) =>
  ({
    ...ofOwnClaim(subject, token, tableName),
    UpdateExpression: "SET #unsettled = :true REMOVE #claim",
    ExpressionAttributeNames: used(NAMES, "#unsettled #claim.#token"),
    ExpressionAttributeValues: { ":token": S(token), ":true": { BOOL: true } },
  }) satisfies UpdateItemCommandInput;

/** The same where there was no state before: nothing is left of it. */
export const forgetRequest = (subject: string, { token }: Claim, tableName: string) =>
  ofOwnClaim(subject, token, tableName) satisfies DeleteItemCommandInput;

const ofOwnClaim = (subject: string, token: string, tableName: string) => ({
  TableName: tableName,
  Key: { subject: S(subject) },
  ConditionExpression: OWN_CLAIM,
  ExpressionAttributeNames: used(NAMES, "#claim.#token"),
  ExpressionAttributeValues: { ":token": S(token) },
});

/** Whether the item has a state, and not just the claim of somebody who didn't get further. */
export const hasState = (item: Item | undefined): boolean => item?.["observedAt"] !== undefined;

/** Whether the partner's own code was told of the state last, and not of something that came to nothing since. */
export const isSettled = (item: Item | undefined): boolean => item?.["unsettled"] === undefined;

export const eventIdsOf = (item: Item | undefined): string[] =>
  (item?.["eventIds"]?.L ?? []).flatMap(({ S: id }) => id ?? []);

/** Once each: every reconciliation sees a version by the same id. */
const eventIdsWith = (item: Item | undefined, { eventId }: Change): AttributeValue => ({
  L: [...new Set([...eventIdsOf(item), eventId ?? []].flat())].slice(-KEPT_EVENT_IDS).map(S),
});

export function claimOf(item: Item | undefined): Claim | undefined {
  const { token, until } = item?.["claim"]?.M ?? {};
  return token?.S === undefined || until?.N === undefined ? undefined : { token: token.S, until: Number(until.N) };
}

/** How long after the second that CloudTrail gives a call AWS IoT's own event of it may be. */
const SAME_CALL_MS = 2_000;

/**
 * Of a state that has no version: whether no call has made it anew since it was known. Another call is news, since what
 * came between the two may not be announced, or has no call: a membership ends with its thing.
 */
function isSameCall(item: Item, { observedAt, eventId, calledAt, lastOfTie }: Change): boolean {
  const before = Number(item["observedAt"]?.N);
  if (!lastOfTie) return calledAt <= before;
  if (observedAt === before) return eventId === undefined;
  // Both triggers tell of it, each by an id of its own: CloudTrail says the second, AWS IoT the millisecond.
  return before % 1000 === 0 && observedAt % 1000 !== 0 && observedAt - before < SAME_CALL_MS;
}

/** Whether this state is known already: of the same life, and of the same version or in the same words. */
export function knows(item: Item | undefined, change: Change): boolean {
  const { deleted, subjectId, version, snapshot, lastOfTie } = change;
  if (!hasState(item) || item?.["deleted"]?.BOOL !== deleted) return false;
  const known = item["subjectId"]?.S;
  if (deleted) return known === undefined || subjectId === undefined ? isSameCall(item, change) : known === subjectId;
  if (known !== subjectId || item["version"]?.N !== version?.toString()) return false;
  if (version !== undefined) return true;
  return snapshot !== undefined && item["snapshot"]?.S === snapshot && (!lastOfTie || isSameCall(item, change));
}

/** Whether the item says what the change says. */
export const says = (item: Item | undefined, { observedAt, version, subjectId, deleted }: Change): boolean =>
  item?.["observedAt"]?.N === String(observedAt) &&
  item["deleted"]?.BOOL === deleted &&
  (deleted || (item["version"]?.N === version?.toString() && item["subjectId"]?.S === subjectId));
