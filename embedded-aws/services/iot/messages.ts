// The message broker: who hears a message that was published. Devices don't connect here; what listens is topic
// rules, and listeners within this process.
import type { Place } from "../../core/arn.ts";
import type { Cloud } from "../../core/service.ts";
import type { Span } from "../../core/trace.ts";
import { parseRule, topicMatches, type RuleQuery } from "../../language/sql/index.ts";
import { runNamedRule, runRules, type Message } from "./rules-engine.ts";

export type Listener = (message: Message, place: Place) => void;

interface Subscription {
  readonly place: Place;
  readonly filter: RuleQuery;
  readonly listener: Listener;
}
/** Beside the state, not in it: whoever watches goes on watching after a reset. */
const subscriptions = new WeakMap<Cloud, Set<Subscription>>();

/**
 * Calls `listener` with every message on topics that `topicFilter` (`debug/+/#`) matches as a rule's FROM does, until
 * the returned function is called. Basic Ingest has no subscribers. Throws for a malformed filter.
 */
export function subscribe(cloud: Cloud, place: Place, topicFilter: string, listener: Listener): () => void {
  const filter = parseRule(`SELECT * FROM '${topicFilter}'`);
  const of = subscriptions.get(cloud) ?? new Set();
  subscriptions.set(cloud, of);
  const subscription = { place: { account: place.account, region: place.region }, filter, listener };
  of.add(subscription);
  return () => of.delete(subscription);
}

/**
 * Hands a message to all who listen. It has been checked and authorised before. Returns whether a rule takes it
 * further.
 */
export function publishMessage(cloud: Cloud, { account, region }: Place, message: Message, cause: Span): boolean {
  const place = { account, region };
  const ingest = basicIngest(message.topic);
  if (ingest) {
    runNamedRule(cloud, place, ingest.rule, { ...message, topic: ingest.topic }, cause);
    return true;
  }
  for (const { place: of, filter, listener } of subscriptions.get(cloud) ?? [])
    if (of.account === account && of.region === region && topicMatches(filter, message.topic)) listener(message, of);
  return runRules(cloud, place, message, cause);
}

/** `$aws/rules/<rule>/<topic>`: straight to one rule, which sees the topic without the prefix («Basic Ingest»). */
export function basicIngest(topic: string): { rule: string; topic: string } | undefined {
  const match = /^\$aws\/rules\/([^/]+)\/(.*)$/s.exec(topic);
  return match ? { rule: match[1] ?? "", topic: match[2] ?? "" } : undefined;
}
