/** A part of a pattern: text whose `*` and `?` are wildcards, or, `literal`, text that stands for itself. */
export interface Piece {
  readonly text: string;
  readonly literal: boolean;
}

/**
 * What the wildcards of a pattern may stand for.
 * - `exact`: there are none, `*` and `?` are themselves (StringEquals).
 * - `free`: any characters (StringLike, actions).
 * - `arn`: each of the first five colon-separated parts is matched apart, the sixth takes the rest ("IAM JSON policy elements:
 *   Condition operators", ARN operators).
 * - `resource`: likewise, but a `*` that ends a part reaches beyond its colon ("IAM JSON policy elements: Resource").
 */
export type Wildcards = "exact" | "free" | "arn" | "resource";

interface Wildcard {
  readonly many: boolean;
  readonly colons: boolean;
}
type Token = string | Wildcard;

/** A compiled pattern; `only` is set when it has no wildcard and so stands for one text. */
export interface Glob {
  readonly tokens: readonly Token[];
  readonly only: string | undefined;
}

export function compileGlob(pieces: readonly Piece[], wildcards: Wildcards): Glob {
  const characters = pieces.flatMap(({ text, literal }) => Array.from(text, (character) => ({ character, literal })));
  let part = 0;
  const tokens = characters.map(({ character, literal }, index): Token => {
    if (character === ":") part += 1;
    if (literal || wildcards === "exact" || (character !== "*" && character !== "?")) return character;
    const following = characters[index + 1]?.character;
    const atEnd = following === undefined || following === ":";
    const many = character === "*";
    return { many, colons: wildcards === "free" || part >= 5 || (wildcards === "resource" && many && atEnd) };
  });
  const only = tokens.every((token) => typeof token === "string") ? tokens.join("") : undefined;
  return { tokens, only };
}

/**
 * Whether the glob matches the whole text. It follows all ways through the pattern at once: the time is bounded by the product of
 * both lengths, whatever the pattern (a regular expression with many `.*` isn't).
 */
export function matchesGlob(glob: Glob, text: string): boolean {
  if (glob.only !== undefined) return glob.only === text;
  let positions = new Set<number>();
  reach(glob, 0, positions);
  for (const character of text) {
    const next = new Set<number>();
    for (const position of positions) {
      const token = glob.tokens[position];
      if (token === undefined) continue;
      if (typeof token === "string") {
        if (token === character) reach(glob, position + 1, next);
      } else if (token.colons || character !== ":") {
        reach(glob, token.many ? position : position + 1, next);
      }
    }
    if (next.size === 0) return false;
    positions = next;
  }
  return positions.has(glob.tokens.length);
}

/** Adds a position, and those behind it that are reached without a character, since `*` may stand for nothing. */
function reach(glob: Glob, position: number, into: Set<number>): void {
  for (let at = position; ; at += 1) {
    into.add(at);
    const token = glob.tokens[at];
    if (typeof token !== "object" || !token.many) return;
  }
}
