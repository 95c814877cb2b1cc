// How a target's table says what becomes of a resource's inputs. What a table doesn't name is refused: a property that
// was left out without a word would be missed by nobody until it is needed.
import type { Planned } from "./plan.ts";
import type { Members, Value } from "./value.ts";

/** Of one input: the property that it becomes, or those. */
export type Rename = string | ((value: Value, resource: Planned) => Members);
export type Renames = Readonly<Record<string, Rename>>;

/** Throws for an input without a row. */
export function renamed(inputs: Value, renames: Renames, resource: Planned, path: string): Members {
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs) || "kind" in inputs)
    throw new Error(`hooks kit expected members in ${path}, and found something else`);
  const properties = Object.entries(inputs as Members).map(([input, value]): Members => {
    const rename = renames[input];
    if (rename === undefined)
      throw new Error(
        `hooks kit doesn't know what becomes of ${path}.${input}: say so in the table of kit/ for this target`,
      );
    return typeof rename === "string" ? { [rename]: value } : rename(value, resource);
  });
  return Object.assign({}, ...properties) as Members;
}

/** An input that has members of its own. */
export const members =
  (property: string, renames: Renames): Rename =>
  (value, resource) => ({ [property]: renamed(value, renames, resource, `${resource.id}.${property}`) });

/** An input whose members become properties beside the others. */
export const inline =
  (renames: Renames): Rename =>
  (value, resource) =>
    renamed(value, renames, resource, resource.id);

/** Nothing: it says which resource this one belongs to, which is said otherwise. */
export const nothing: Rename = () => ({});

/** A list of such. */
export const listOf =
  (property: string, renames: Renames): Rename =>
  (value, resource) => ({
    [property]: (value as readonly Value[]).map((element) =>
      renamed(element, renames, resource, `${resource.id}.${property}`),
    ),
  });

/** An input that says nothing where it has this value, and is refused where it has another. */
export const only =
  (expected: Value): Rename =>
  (value, { id }) => {
    if (value === expected) return {};
    throw new Error(
      `hooks kit can only say ${JSON.stringify(expected)} in ${id}, and the component says something else`,
    );
  };

/** An input that is left out where it has the value that stands for none. */
export const unless =
  (none: Value, property: string): Rename =>
  (value) =>
    value === none ? {} : { [property]: value };
