// Lines that fit a terminal, broken at spaces; a word longer than a line, such as an ARN, after a separator in it.

/** A name and the separators behind it: `arn:`, `role/`, `cross_`. */
const PIECE = /[^/:\-._,=]+[/:\-._,=]*|[/:\-._,=]+/g;

/** Whether a terminal has colours, and whoever sits there wants them (NO_COLOR). */
export const wantsColour = (out: { readonly isTTY: boolean; readonly hasColors?: () => boolean }): boolean =>
  out.isTTY && out.hasColors?.() !== false;

/** The columns of a terminal; 80 where the output goes elsewhere. */
export const columnsOf = (out: { readonly columns?: number }): number => out.columns ?? 80;

/** Lines of at most `width` characters, the first of at most `first`. Only a longer piece without separator is cut. */
export function wrap(text: string, width: number, first = width): string[] {
  const lines: string[] = [];
  let line = "";
  const room = () => (lines.length === 0 ? first : width);
  const end = () => {
    lines.push(line);
    line = "";
  };
  const append = (piece: string) => {
    if (line !== "" && line.length + piece.length > room()) end();
    while (piece.length > room()) {
      line = piece.slice(0, room());
      piece = piece.slice(line.length);
      end();
    }
    line += piece;
  };
  for (const word of text.split(" ")) {
    const spaced = line === "" ? word : ` ${word}`;
    if (line.length + spaced.length <= room()) {
      line += spaced;
      continue;
    }
    if (line !== "") end();
    for (const piece of word.length > room() ? (word.match(PIECE) ?? []) : [word]) append(piece);
  }
  lines.push(line);
  return lines;
}
