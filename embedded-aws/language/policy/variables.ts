import { syntaxError } from "./error.ts";
import { conditionKey } from "./keys.ts";
import { compileGlob, matchesGlob } from "./match.ts";
import type { Glob, Piece, Wildcards } from "./match.ts";

/** Condition keys in lower case, each with its values. */
export type Context = Pick<ReadonlyMap<string, readonly string[]>, "get">;

/** A string of a policy that is compared with a string of the request. */
export interface Pattern {
  readonly source: string;
  /** @returns undefined when a variable has no value in this request, so that nothing can be compared */
  matches(value: string, context: Context): boolean | undefined;
}

interface Variable {
  readonly key: string;
  readonly fallback: string | undefined;
}

interface Options {
  readonly wildcards: Wildcards;
  readonly ignoreCase?: boolean;
  /** `${…}` is a variable in policies of version 2012-10-17, and plain text in older ones. */
  readonly variables: boolean;
}

/** "IAM policy elements: Variables and tags", special characters: each stands for itself. */
const special: ReadonlySet<string> = new Set(["*", "?", "$"]);

/** @throws PolicyError for a variable that isn't closed, isn't well formed, or isn't modelled */
export function compilePattern(source: string, { wildcards, ignoreCase = false, variables }: Options): Pattern {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  const parts = variables ? parse(source) : [{ text: source, literal: false }];
  const compile = (pieces: readonly Piece[]) =>
    compileGlob(
      pieces.map(({ text, literal }) => ({ text: fold(text), literal })),
      wildcards,
    );
  const fixed = parts.filter((part): part is Piece => "text" in part);
  if (fixed.length === parts.length) {
    const glob = compile(fixed);
    return { source, matches: (value) => matchesGlob(glob, fold(value)) };
  }
  return {
    source,
    matches(value, context) {
      const pieces = resolve(parts, context);
      return pieces === undefined ? undefined : matchesGlob(compile(pieces) satisfies Glob, fold(value));
    },
  };
}

/** Which variables a text has, as written. */
export const variablePattern = /\$\{([^}]*)\}/g;

function parse(source: string): (Piece | Variable)[] {
  const parts: (Piece | Variable)[] = [];
  let from = 0;
  for (const match of source.matchAll(variablePattern)) {
    parts.push({ text: source.slice(from, match.index), literal: false }, variable(match[1] ?? ""));
    from = match.index + match[0].length;
  }
  const rest = source.slice(from);
  // What AWS says to this is not confirmed.
  if (rest.includes("${")) throw syntaxError(`The variable in ${JSON.stringify(source)} isn't closed with a brace.`);
  parts.push({ text: rest, literal: false });
  return parts;
}

function variable(inner: string): Piece | Variable {
  if (special.has(inner)) return { text: inner, literal: true };
  const [, name, , fallback] = /^([^,']+?)\s*(,\s*'([^']*)')?$/.exec(inner) ?? [];
  if (name === undefined) {
    throw syntaxError(`The variable \${${inner}} isn't of the form \${key} or \${key, 'default'}.`);
  }
  return { key: conditionKey(name), fallback };
}

/** The value of a variable stands for itself, also where it has a `*` (not confirmed: AWS documents only `${*}`). */
function resolve(parts: readonly (Piece | Variable)[], context: Context): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (const part of parts) {
    if ("text" in part) {
      pieces.push(part);
      continue;
    }
    const values = context.get(part.key);
    // Only keys with a single value can be used as variables: "Single-valued vs. multivalued context keys".
    const value = values?.length === 1 ? values[0] : part.fallback;
    if (value === undefined) return undefined;
    pieces.push({ text: value, literal: true });
  }
  return pieces;
}
