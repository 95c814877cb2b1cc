// Regular expressions of rule SQL. AWS IoT runs Java's dialect ("regexp_matches" and "regexp_replace" in "Functions",
// AWS IoT developer guide, name none; Java's replacement syntax is what they show). Here JavaScript's engine runs
// them in its strict mode, which reads the common part alike and refuses most of what only Java has; the rest is
// refused below.
//
// A backtracking engine can take years over one message. So a search runs in a context of its own with a deadline,
// which V8 keeps inside of a match too; past it the result is Undefined, as for an expression that isn't valid. Slow
// searches of one turn of the event loop share it, whatever statements and rules they are of, or a hundred of them
// would hold up everybody for seconds. The watch costs about half a millisecond for each search.

import { createContext, Script } from "node:vm";

// Long enough for a busy machine to give the search its turn.
const deadlineMs = 200;
/** What a search may take without counting: many quick ones, of many messages, are no reason to refuse one. */
const quickMs = 2;
/** What slow searches have left in this turn. */
let leftMs = deadlineMs;

/** Processor time, so that a busy machine doesn't make a search slow. */
const cpuMs = (): number => process.threadCpuUsage().user / 1000;

function charge(ms: number): void {
  if (ms <= quickMs) return;
  if (leftMs === deadlineMs)
    setImmediate(() => {
      leftMs = deadlineMs;
    });
  leftMs -= ms;
}

/** Room for what a payload of 128 KB can become; a longer result is Undefined. */
const longestResult = 1 << 20;

/** @throws SyntaxError for what isn't a regular expression, or is one that only Java reads */
export function compileRegexp(source: string): RegExp {
  return new RegExp(inCommonDialect(source), "gu");
}

const onlyJava: readonly (readonly [RegExp, string])[] = [
  [/^&&/, "the intersection of character classes (&&)"],
  [/^\[/, "a character class inside a character class"],
];

/** Java lets a backslash stand before any character that isn't a letter or digit; JavaScript's strict mode doesn't. */
function inCommonDialect(source: string): string {
  let inClass = false;
  return source.replace(/\\([^])|&&|[^]/g, (token: string, escaped: string | undefined, at: number) => {
    if (escaped !== undefined) {
      if (/[\^$\\.*+?()[\]{}|/a-zA-Z0-9]/.test(escaped)) return token;
      return escaped === "-" ? "\\x2d" : escaped;
    }
    const foreign = inClass ? onlyJava.find(([pattern]) => pattern.test(source.slice(at))) : undefined;
    if (foreign !== undefined) throw new SyntaxError(`${foreign[1]} is not modelled`);
    if (token === "[") inClass = true;
    if (token === "]") inClass = false;
    return token;
  });
}

/** Whether the expression is found in the text; undefined past the deadline. */
export function regexpMatches(text: string, expression: RegExp): boolean | undefined {
  const found = run(text, expression, 1);
  return found === undefined ? undefined : found.length > 0;
}

/**
 * The text with every match replaced, `$1` in the replacement standing for the first group and a backslash for the
 * character behind it, as in Java.
 * @returns undefined for a replacement that isn't valid, past the deadline, or when the result gets too long
 */
export function regexpReplace(text: string, expression: RegExp, replacement: string): string | undefined {
  const found = run(text, expression, Infinity);
  if (found === undefined) return undefined;
  let result = "";
  let behind = 0;
  for (const { at, groups } of found) {
    const instead = expand(replacement, groups);
    if (instead === undefined || result.length > longestResult) return undefined;
    result += text.slice(behind, at) + instead;
    behind = at + (groups[0]?.length ?? 0);
  }
  return result + text.slice(behind);
}

/** Groups that took no part are empty, as in Java. */
function expand(replacement: string, groups: readonly (string | undefined)[]): string | undefined {
  let result = "";
  for (const [token, digits] of replacement.matchAll(/\\[^]?|\$(\d*)|[^\\$]+/g)) {
    if (token === "\\") return undefined;
    if (digits === undefined) {
      result += token.startsWith("\\") ? token.slice(1) : token;
      continue;
    }
    const number = groupNumber(digits, groups.length);
    if (number === undefined) return undefined;
    result += (groups[Number(number)] ?? "") + digits.slice(number.length);
  }
  return result;
}

/** Java takes one digit, and more as long as they still name a group. */
function groupNumber(digits: string, groups: number): string | undefined {
  let length = 1;
  while (length < digits.length && Number(digits.slice(0, length + 1)) < groups) length++;
  const number = digits.slice(0, length);
  return number !== "" && Number(number) < groups ? number : undefined;
}

interface Match {
  at: number;
  groups: (string | undefined)[];
}

const search = new Script(`{
  const found = [];
  for (const match of text.matchAll(expression)) {
    if (found.length === most) break;
    found.push({ at: match.index, groups: [...match] });
  }
  found;
}`);
const task: { text: string; expression: RegExp | undefined; most: number } = {
  text: "",
  expression: undefined,
  most: 0,
};
const context = createContext(task);

function run(text: string, expression: RegExp, most: number): Match[] | undefined {
  if (leftMs <= 0) return undefined;
  Object.assign(task, { text, expression, most });
  const began = cpuMs();
  try {
    return search.runInContext(context, { timeout: deadlineMs }) as Match[];
  } catch (error) {
    if (!isTimeout(error)) throw error;
    charge(deadlineMs);
    return undefined;
  } finally {
    charge(cpuMs() - began);
  }
}

/** The error comes from the other context, so its class isn't ours. */
const isTimeout = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
