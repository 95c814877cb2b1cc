// Finds the rules of a topic without asking every rule: a tree by the levels of their filters.
import { topicMatches } from "../../language/sql/index.ts";
import type { TopicRule } from "./rules.ts";

interface Node {
  readonly next: Map<string, Node>;
  /** Rules whose filter ends here. */
  readonly rules: TopicRule[];
}
const node = (): Node => ({ next: new Map(), rules: [] });

export class RuleIndex {
  #root: Node | undefined;

  /** The next search builds the tree anew. */
  clear(): void {
    this.#root = undefined;
  }

  /** Those of `rules` whose FROM matches the topic. The tree only proposes; the language decides. */
  matching(topic: string, rules: Iterable<TopicRule>): TopicRule[] {
    const root = (this.#root ??= build(rules));
    let here = [root];
    const proposed: TopicRule[] = [];
    for (const level of topic.split("/")) {
      for (const { next } of here) proposed.push(...(next.get("#")?.rules ?? []));
      here = here.flatMap(({ next }) => [next.get(level) ?? [], next.get("+") ?? []].flat());
    }
    for (const { rules: ending } of here) proposed.push(...ending);
    return proposed.filter(({ query }) => topicMatches(query, topic));
  }
}

function build(rules: Iterable<TopicRule>): Node {
  const root = node();
  for (const rule of rules) {
    // A rule without FROM is reached by Basic Ingest only.
    if (!rule.query.filter) continue;
    let at = root;
    for (const level of rule.query.filter.levels) {
      let below = at.next.get(level);
      if (!below) at.next.set(level, (below = node()));
      at = below;
    }
    at.rules.push(rule);
  }
  return root;
}
