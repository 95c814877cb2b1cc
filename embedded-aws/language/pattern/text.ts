// String tests of event patterns. Case is folded per character, to lower or upper case, as aws/event-ruler does it.

/** The offset behind `wanted` in `text` from its beginning, or -1. */
function walk(text: string, wanted: string): number {
  let at = 0;
  for (const character of wanted) {
    const form = forms(character).find((form) => text.startsWith(form, at));
    if (form === undefined) return -1;
    at += form.length;
  }
  return at;
}

const forms = (character: string): string[] => [character.toLowerCase(), character.toUpperCase()];

export const equalsIgnoringCase = (text: string, wanted: string): boolean => walk(text, wanted) === text.length;

export const startsIgnoringCase = (text: string, wanted: string): boolean => walk(text, wanted) >= 0;

export function endsIgnoringCase(text: string, wanted: string): boolean {
  let end = text.length;
  for (const character of Array.from(wanted).reverse()) {
    const form = forms(character).find((form) => text.endsWith(form, end));
    if (form === undefined) return false;
    end -= form.length;
  }
  return true;
}

/**
 * A test for a wildcard expression: `*` stands for any characters, `\*` and `\\` for themselves. Linear in the text for
 * each piece between stars.
 * @throws SyntaxError with event-ruler's sentence; the position counts from the opening quote, as there
 */
export function wildcard(wanted: string): (text: string) => boolean {
  const pieces = splitAtStars(wanted);
  const first = pieces[0] ?? "";
  if (pieces.length === 1) return (text) => text === first;
  const last = pieces.at(-1) ?? "";
  const middle = pieces.slice(1, -1);
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const piece of middle) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at + last.length <= text.length;
  };
}

/** The pieces between the stars. @throws SyntaxError as {@link wildcard} */
export function splitAtStars(wanted: string): string[] {
  const pieces = [""];
  const add = (character: string): void => {
    pieces.push(`${pieces.pop() ?? ""}${character}`);
  };
  for (let at = 0; at < wanted.length; at++) {
    const character = wanted.charAt(at);
    const next = wanted.charAt(at + 1);
    if (character === "*") {
      if (next === "*") throw new SyntaxError(`Consecutive wildcard characters at pos ${at + 1}`);
      pieces.push("");
    } else if (character === "\\") {
      if (next !== "*" && next !== "\\") throw new SyntaxError(`Invalid escape character at pos ${at + 1}`);
      add(next);
      at++;
    } else {
      add(character);
    }
  }
  return pieces;
}
