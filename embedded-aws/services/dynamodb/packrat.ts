// dynalite's parsers of expressions, made to remember. They were generated (by PEG.js) without its `cache`, and their
// grammars try every way of each pair of brackets: eight in each other took minutes, and the handful of a usual
// condition some ten milliseconds. With what a rule made of a place remembered, time grows with the length of the text,
// which DynamoDB bounds.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { compileFunction } from "node:vm";
import { type Parse, parsedOnce } from "./parsed-once.ts";

const START = "function peg$parse(input, options) {\n";
/** Those that brackets may stand in. The others are cheaper to try again than to remember. */
const RULE = /^ {2}function (peg\$parse\w*(?:Expression|Operand|Parens|Function|List))\(\) \{$/gm;

/**
 * Not within a rule that only looks whether it would match, which says nothing in errors, and isn't deep. Lists are
 * copied: what is made of them puts names in their places.
 */
const remembering = (rules: number): string => `
  const results = new Map();
  const copied = (result) => (Array.isArray(result) ? [...result] : result);
  function remembered(rule, parse) {
    if (peg$silentFails > 0) return parse();
    const place = peg$currPos * ${rules} + rule;
    let known = results.get(place);
    if (known === undefined) {
      const result = copied(parse());
      results.set(place, (known = { result, end: peg$currPos }));
    }
    peg$currPos = known.end;
    return copied(known.result);
  }
`;

/**
 * The parser of a file that PEG.js generated, remembering.
 * @throws Error where the file isn't of the form that PEG.js 0.10 gives its parsers
 */
function packratOf(file: string): Parse {
  const source = readFileSync(file, "utf8");
  const rules = source.match(RULE)?.length ?? 0;
  if (rules === 0 || !source.includes(START)) throw new Error(`${file} is no parser of PEG.js 0.10.`);
  let rule = 0;
  const remembers = source
    .replace(RULE, (_, name: string) => {
      const own = `peg$plain${rule}`;
      return `  function ${name}() { return remembered(${rule++}, ${own}); }\n  function ${own}() {`;
    })
    .replace(START, () => START + remembering(rules));
  const module: { exports: { parse?: Parse } } = { exports: {} };
  const run = compileFunction(remembers, ["module"], { filename: file }) as (of: typeof module) => void;
  run(module);
  return module.exports.parse as Parse;
}

/** Has dynalite parse by parsers that remember, and each expression once. */
export function rememberWhatIsParsed(): void {
  const require = createRequire(import.meta.url);
  for (const name of ["conditionParser", "projectionParser", "updateParser"]) {
    const file = require.resolve(`dynalite/db/${name}.js`);
    (require(file) as { parse: Parse }).parse = parsedOnce(packratOf(file));
  }
}
