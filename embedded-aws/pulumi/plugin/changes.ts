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
  /**
   * Pulumi's bridge says so of whatever the program itself named, whether or not the name changes; the option
   * `deleteBeforeReplace: false` overrules it.
   */
  readonly deleteBeforeReplace: boolean;
}

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
  const name = row.autoName?.property;
  const named = name !== undefined && news[name] !== undefined && !((news[DEFAULTS] ?? []) as string[]).includes(name);
  const deleteBeforeReplace = named && changes.some(({ replaces }) => replaces);
  return { changes, deleteBeforeReplace };
}
