// The sender's texts can be as long as a message; logs and errors get the start of one, without what a terminal obeys.
import { escaped } from "../contract/printable.ts";

/** Bytes of a text within a line: a line has up to six such texts and stays below 4 KB. */
const EXCERPT_BYTES = 300;

/** As JSON has it, quotes left out: escapes count. */
const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

export function excerpt(text: string, most = EXCERPT_BYTES): string {
  const start = escaped(text.slice(0, most));
  if (text.length <= most && bytesOf(start) <= most) return start;
  let kept = start.slice(0, most);
  while (bytesOf(kept) > most) kept = kept.slice(0, Math.floor(kept.length * 0.9));
  // Not in the middle of a character.
  return `${kept.replace(/[\ud800-\udbff]$/, "")}… (${text.length} characters)`;
}

/** One line of what went wrong: an error's name, which of AWS's is its code, and its words. */
export const inWords = (error: unknown): string =>
  excerpt(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
