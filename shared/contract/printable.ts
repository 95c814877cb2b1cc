// Texts of others, before they reach a log, a terminal or the partner's own code.

/**
 * Control characters (C0 with ANSI's escape, DEL, C1), what reverses the direction of writing or breaks a line
 * (Unicode, "bidirectional formatting characters", line and paragraph separator), halves of a character, and what is no
 * character. None of them can be in a name, an attribute or a description of AWS IoT (its API model's patterns).
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/u;
const EACH = new RegExp(UNPRINTABLE.source, "gu");

export const isPrintable = (text: string): boolean => !UNPRINTABLE.test(text);

/** Each such character as JSON can spell it: `\u001b`. Within a JSON text the meaning stays the same. */
export const escaped = (text: string): string =>
  text.replace(EACH, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
