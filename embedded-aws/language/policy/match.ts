/** A part of a pattern: text whose `*` and `?` are wildcards, or, `literal`, text that stands for itself. */
export interface Piece {
  readonly text: string;
  readonly literal: boolean;
}

/**
 * What the wildcards of a pattern may stand for.
 * - `exact`: there are none, `*` and `?` are themselves (StringEquals).
 * - `free`: any characters (StringLike, actions).
 * - `arn`: each of the first five colon-separated parts is matched apart, the sixth takes the rest ("IAM JSON policy
 *   elements: Condition operators", ARN operators).
 * - `resource`: likewise, but a `*` that ends a part reaches beyond its colon ("IAM JSON policy elements: Resource").
 */
export type Wildcards = "exact" | "free" | "arn" | "resource";

interface Wildcard {
  readonly many: boolean;
  readonly colons: boolean;
}
type Token = string | Wildcard;

/** A compiled pattern: the text before its first wildcard, and what follows. */
export interface Glob {
  readonly prefix: string;
  readonly tokens: readonly Token[];
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
  let prefix = "";
  let from = 0;
  for (; typeof tokens[from] === "string"; from += 1) prefix += tokens[from] as string;
  return { prefix, tokens: tokens.slice(from) };
}

/**
 * Whether the glob matches the whole text. It follows all ways through the pattern at once: the time is bounded by
 * the product of both lengths, whatever the pattern (a regular expression with many `.*` isn't).
 */
export function matchesGlob({ prefix, tokens }: Glob, text: string): boolean {
  if (!text.startsWith(prefix)) return false;
  if (tokens.length === 0) return text.length === prefix.length;
  let positions = new Set<number>();
  reach(tokens, 0, positions);
  for (const character of text.slice(prefix.length)) {
    const next = new Set<number>();
    for (const position of positions) {
      const token = tokens[position];
      if (token === undefined) continue;
      if (typeof token === "string") {
        if (token === character) reach(tokens, position + 1, next);
      } else if (token.colons || character !== ":") {
        // A `*` at the end takes all that is left: most patterns have one.
        if (token.many && token.colons && position === tokens.length - 1) return true;
        reach(tokens, token.many ? position : position + 1, next);
      }
    }
    if (next.size === 0) return false;
    positions = next;
  }
  return positions.has(tokens.length);
}

/** Adds a position, and those behind it that are reached without a character, since `*` may stand for nothing. */
function reach(tokens: readonly Token[], position: number, into: Set<number>): void {
  for (let at = position; ; at += 1) {
    into.add(at);
    const token = tokens[at];
    if (typeof token !== "object" || !token.many) return;
  }
}
