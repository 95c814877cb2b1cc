// What a letter or AWS says, on its way to a terminal.

/** Control characters, and what has no width or turns the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** One line of at most `length` characters, in which nothing moves the cursor: whoever wrote it may be anybody. */
export function printable(text: string, length = 200): string {
  const shown = text.replace(/\s+/g, " ").replace(UNPRINTABLE, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
  return shown.length <= length ? shown : `${shown.slice(0, length - 1)}…`;
}

/** Whom AWS refuses what, with the resource's ARN, and then the reason. */
const ANSWER = 500;

/** One line of what AWS, or the way to it, answered. */
export function inWords(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error));
  // A connection that can't be made has its words in the attempts alone.
  const inner = error instanceof AggregateError ? (error.errors as unknown[])[0] : undefined;
  const { message } = inner instanceof Error ? inner : error;
  const said = message.startsWith(error.name) || error.name === "Error" ? message : `${error.name}: ${message}`;
  return printable(said, ANSWER);
}

/** The same, with its full stop. */
export const inSentence = (error: unknown): string => inWords(error).replace(/\.?$/, ".");

/** For machines, and for a terminal where there is none: JSON means the same however its characters are spelled. */
export const inJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(UNPRINTABLE, (character) =>
    character === "\n"
      ? character
      : character
          .split("")
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
          .join(""),
  );
