// Which properties changed, and whether that means another resource.
import type { Properties, ResourceType } from "../resource.ts";
import { DEFAULTS, same } from "./values.ts";

export interface Change {
  readonly property: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}
export interface Changes {
  readonly changes: readonly Change[];
  /** The new one can't stand beside the old one: it has the same name. */
  readonly deleteBeforeReplace: boolean;
}

/** Properties that say where a name has to be unique. In another place both can stand. */
const PLACES = new Set(["role", "function", "functionName", "rule", "eventBusName"]);

/** Between the inputs of the last deployment and those of this one, both checked. */
export function changesOf(row: ResourceType, olds: Properties, news: Properties): Changes {
  const json = new Set(row.json);
  const properties = [...new Set([...Object.keys(olds), ...Object.keys(news)])]
    .filter((key) => key !== DEFAULTS)
    .sort();
  const changes = properties.flatMap((property): Change[] => {
    if (same(olds[property], news[property], json.has(property))) return [];
    const kind = olds[property] === undefined ? "add" : news[property] === undefined ? "delete" : "update";
    return [{ property, kind, replaces: row.replaceOn.includes(property) }];
  });
  const replaced = changes.filter(({ replaces }) => replaces).map(({ property }) => property);
  // Without a name of its own a type is known by the first property that replaces it, such as an identity provider's URL.
  const identity = row.autoName?.property ?? row.replaceOn[0] ?? "";
  const ownName = !((news[DEFAULTS] ?? []) as string[]).includes(identity);
  const deleteBeforeReplace =
    replaced.length > 0 && ownName && !replaced.includes(identity) && !replaced.some((key) => PLACES.has(key));
  return { changes, deleteBeforeReplace };
}
