import { SqlParseError } from "./error.ts";

/** `text` is the source as written, without the quotes for a string; `end` has none. */
export interface Token {
  kind: "name" | "number" | "string" | "symbol" | "end";
  text: string;
  /** The quote around a string. */
  quote?: string;
  offset: number;
}

const space = /\s+/y;
const forms = [
  ["name", /[A-Za-z_][A-Za-z0-9_]*/y],
  ["number", /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  // A quote inside a string is doubled, as in ANSI SQL, and a backslash stands for itself: not confirmed for AWS IoT.
  ["string", /'(?:[^']|'')*'|"(?:[^"]|"")*"/y],
  ["symbol", /<>|<=|>=|!=|[=<>+\-*/%()[\]{},.:]/y],
] as const;

/** @throws SqlParseError at a character that begins nothing */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(sql)?.[0];
  };
  for (;;) {
    at += take(space)?.length ?? 0;
    if (at >= sql.length) return [...tokens, { kind: "end", text: "", offset: at }];
    const form = forms.find(([, pattern]) => take(pattern) !== undefined);
    if (form === undefined) {
      const character = String.fromCodePoint(sql.codePointAt(at) ?? 0);
      const unclosed = character === "'" || character === '"';
      throw new SqlParseError(unclosed ? "a string is not closed" : `"${character}" is not understood`, at);
    }
    const [kind, pattern] = form;
    const source = take(pattern) ?? "";
    tokens.push(kind === "string" ? stringToken(source, at) : { kind, text: source, offset: at });
    at += source.length;
  }
}

function stringToken(source: string, offset: number): Token {
  const quote = source.charAt(0);
  return { kind: "string", text: source.slice(1, -1).replaceAll(quote + quote, quote), quote, offset };
}
