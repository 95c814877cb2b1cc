// How much work wildcards make: aws/event-ruler counts the beginnings of wildcard expressions that one text can match
// at the same time (README, "Performance"; MachineComplexityEvaluator). From which number on EventBridge refuses a
// rule is not documented. Recorded on AWS by another project's tests: 7 is taken
// ("/Users/*/dir/dir/dir/dir/dir/doc.txt"), 10 is refused ("*:*:*:*:*:event-bus/*"). The limit between, and that it
// holds per field and not per rule, is not confirmed.
import { splitAtStars } from "./text.ts";

const REFUSED_FROM = 10;
/**
 * Sets of beginnings that are looked at; an expression that makes more is too complex as well. Ours, to bound the
 * time.
 */
const MOST_SETS = 1_000;

/** One character of an expression, undefined for a star. */
type Step = string | undefined;

const stepsOf = (wildcard: string): Step[] =>
  splitAtStars(wildcard).flatMap((piece, index) => [...(index > 0 ? [undefined] : []), ...piece.split("")]);

/** Whether some text has {@link REFUSED_FROM} or more of the expressions' beginnings match it. */
export function isTooComplex(wildcards: readonly string[]): boolean {
  const expressions = wildcards.map(stepsOf);
  const offsets = expressions.map((_, index) =>
    expressions.slice(0, index).reduce((sum, steps) => sum + steps.length + 1, 0),
  );
  const flat: (Step | null)[] = expressions.flatMap((steps) => [...steps, null]);
  // A beginning is the place behind its last step; one that ends before a star matches with the star, too.
  const withStars = (places: readonly number[]) =>
    new Set(places.flatMap((place) => (flat[place] === undefined ? [place, place + 1] : [place])));
  const characters = new Set(flat.filter((step) => typeof step === "string"));
  const after = (places: ReadonlySet<number>, character: string | undefined) =>
    withStars(
      [...places].flatMap((place) => [
        ...(place > 0 && flat[place - 1] === undefined ? [place] : []),
        ...(character !== undefined && flat[place] === character ? [place + 1] : []),
      ]),
    );
  const keyOf = (places: ReadonlySet<number>) => [...places].sort((a, b) => a - b).join();
  const start = withStars(offsets);
  const seen = new Set([keyOf(start)]);
  const waiting = [start];
  for (const places of waiting) {
    for (const character of characters) {
      const next = after(places, character);
      if (next.size >= REFUSED_FROM || seen.size > MOST_SETS) return true;
      const key = keyOf(next);
      if (next.size > 0 && !seen.has(key)) {
        seen.add(key);
        waiting.push(next);
      }
    }
  }
  return false;
}
