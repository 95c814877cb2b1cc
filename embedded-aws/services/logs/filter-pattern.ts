import { notModelled } from "../../core/errors.ts";

/**
 * «Filter and pattern syntax», unstructured events: words that must all be there, `?word` for any of them, `-word`
 * for none, quotes.
 * @throws AwsError NotModelledHere for the other kinds of pattern
 */
export function matcher(pattern: string): (message: string) => boolean {
  if (/^\s*[{[%]/.test(pattern))
    throw notModelled(`The filter pattern ${pattern} (JSON, columns, regular expressions)`);
  const terms = [...pattern.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, quoted, word]) => ({
    sign,
    text: quoted?.replace(/\\(.)/g, "$1") ?? word ?? "",
  }));
  const any = terms.filter(({ sign }) => sign === "?");
  return (message) =>
    terms.every(({ sign, text }) => sign === "?" || message.includes(text) === (sign !== "-")) &&
    (any.length === 0 || any.some(({ text }) => message.includes(text)));
}
