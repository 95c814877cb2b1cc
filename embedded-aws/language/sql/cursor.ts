// Where a reader of rule SQL stands among the tokens of a statement.
import { SqlParseError } from "./error.ts";
import { tokensOf, type Token } from "./tokens.ts";

export class TokenCursor {
  readonly #tokens: readonly Token[];
  #at = 0;

  /** @throws SqlParseError, as do all methods */
  constructor(sql: string) {
    this.#tokens = tokensOf(sql);
  }

  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)];
    return token ?? { kind: "end", text: "", offset: 0 };
  }

  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  skip(symbol: string): boolean {
    const found = this.peek().kind === "symbol" && this.peek().text === symbol;
    if (found) this.#at++;
    return found;
  }

  isWord(word: string): boolean {
    return this.peek().kind === "name" && this.peek().text.toUpperCase() === word;
  }

  skipWord(word: string): boolean {
    const found = this.isWord(word);
    if (found) this.#at++;
    return found;
  }

  expectWord(word: string, expected = word): void {
    if (!this.skipWord(word)) this.unexpected(expected);
  }

  expectEnd(): void {
    if (this.peek().kind !== "end") this.unexpected("an operator, the next clause or the end of the statement");
  }

  /** @throws SqlParseError where the next token isn't that symbol */
  expect(symbol: string): void {
    if (!this.skip(symbol)) this.unexpected(`"${symbol}"`);
  }

  unexpected(expected: string, { kind, text, offset } = this.peek()): never {
    const found = kind === "end" ? "the statement ends" : `"${text}" stands`;
    throw new SqlParseError(`${found} where this is expected: ${expected}`, offset);
  }

  /** How many tokens have been read. */
  get position(): number {
    return this.#at;
  }

  /** The tokens that have been read since then. */
  since(position: number): readonly Token[] {
    return this.#tokens.slice(position, this.#at);
  }
}
