// Finds the rules of a topic without asking every rule: a tree by the levels of their filters.
import { type RuleQuery, topicMatches } from "../../language/sql/index.ts";

interface Indexed {
  readonly query: RuleQuery;
}

interface Node<R> {
  readonly next: Map<string, Node<R>>;
  /** Rules whose filter ends here. */
  readonly rules: R[];
}
const node = <R>(): Node<R> => ({ next: new Map(), rules: [] });

export class RuleIndex<R extends Indexed> {
  #root: Node<R> | undefined;

  /** The next search builds the tree anew. */
  clear(): void {
    this.#root = undefined;
  }

  /** Those of `rules` whose FROM matches the topic. The tree only proposes; the language decides. */
  matching(topic: string, rules: Iterable<R>): R[] {
    const root = (this.#root ??= build(rules));
    let here = [root];
    const proposed: R[] = [];
    for (const level of topic.split("/")) {
      for (const { next } of here) proposed.push(...(next.get("#")?.rules ?? []));
      here = here.flatMap(({ next }) => [next.get(level) ?? [], next.get("+") ?? []].flat());
    }
    for (const { rules: ending } of here) proposed.push(...ending);
    return proposed.filter(({ query }) => topicMatches(query, topic));
  }
}

function build<R extends Indexed>(rules: Iterable<R>): Node<R> {
  const root = node<R>();
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
