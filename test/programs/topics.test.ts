// Which topics the partner's own code may be given: none that could reach the receive function again, or the debug
// topics, or AWS IoT's own.
import { expect } from "chai";
import fc from "fast-check";
import * as v from "valibot";
import { topicPatterns } from "../../partner/topics.ts";

const RESERVED = ["cross_account_hooks/", "debug/", "$aws/"];
const taken = (pattern: string): boolean => v.safeParse(topicPatterns, [pattern]).success;
/** IAM's wildcards, by another way than the code under test: as a regular expression. */
const matches = (pattern: string, topic: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[$.+()[\]{}|^\\/]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  ).test(topic);

describe("topics for the partner's own code", () => {
  it("are none that a reserved topic matches, whatever wildcards stand in them", () => {
    const part = fc.constantFrom("*", "?", "d", "debug", "/", "cross_account_hooks", "$aws", "x", "*s/", "rules");
    const pattern = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(pattern, fc.constantFrom(...RESERVED), fc.string({ maxLength: 20 }), (given, prefix, rest) => {
        if (matches(given, prefix + rest)) expect(taken(given), `${given} takes ${prefix + rest}`).to.equal(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it("are refused only where there is a topic that shows why", () => {
    const part = fc.constantFrom("*", "?", "d", "debug", "/", "cross_account_hooks", "$aws", "x", "hooks", "e");
    const pattern = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(pattern, (given) => {
        if (taken(given)) return;
        // Filled in at random until one of the reserved prefixes comes out: what a wildcard stands for is found among
        // the ends of the prefix itself.
        const witness = RESERVED.some((prefix) =>
          [...Array(given.length + 1).keys()].some((end) => {
            const remains = given.slice(end).replaceAll("*", "").replaceAll("?", "x");
            return (
              matches(given, prefix + remains) || matches(given, prefix + given.slice(end).replaceAll(/[*?]/g, "x"))
            );
          }),
        );
        expect(witness, given).to.equal(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("may be anything else", () => {
    for (const pattern of [
      "fleet/*",
      "desk/?",
      "debugging/*",
      "cross_account_hooks",
      "a*b",
      "d?bu/*",
      "debug",
      "x*/debug/y",
    ])
      expect(taken(pattern), pattern).to.equal(true);
  });
});
