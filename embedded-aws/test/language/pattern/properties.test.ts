import { expect } from "chai";
import fc from "fast-check";
import { compilePattern, explain, matches, PatternError } from "../../../language/pattern/index.ts";

const name = fc.stringMatching(/^[a-z]{1,4}$/);
const scalar = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const { event } = fc.letrec<{ event: Record<string, unknown>; value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(scalar, { maxLength: 3 }), tie("event")),
  event: fc.dictionary(name, tie("value"), { minKeys: 1, maxKeys: 4 }),
}));

/** The event's own leaves as a pattern, or undefined for an event without any. */
function patternOf(value: Record<string, unknown>): Record<string, unknown> | undefined {
  const entries = Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
    if (Array.isArray(each)) return each.length > 0 ? [[key, each]] : [];
    if (typeof each !== "object" || each === null) return [[key, [each]]];
    const inner = patternOf(each as Record<string, unknown>);
    return inner === undefined ? [] : [[key, inner]];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** Text near enough to patterns that much of it compiles. */
const nearPattern = fc
  .array(
    fc.constantFrom(
      ...'{ } [ ] , : " \\ * $or a 1 -0.5 null true'.split(" "),
      '"a"',
      '"prefix"',
      '"numeric"',
      '">"',
      '{"a":[',
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(""));

describe("event patterns, whatever comes", () => {
  it("no text makes compiling fail with anything but a PatternError", () => {
    fc.assert(
      fc.property(fc.oneof(nearPattern, fc.string(), fc.json()), (text) => {
        try {
          compilePattern(text);
        } catch (error) {
          expect(error).to.be.instanceOf(PatternError);
        }
      }),
      { numRuns: 600 },
    );
  });
  it("no entry makes compiling fail with anything but a PatternError", () => {
    const filter = fc.constantFrom(
      "prefix",
      "suffix",
      "wildcard",
      "equals-ignore-case",
      "anything-but",
      "numeric",
      "cidr",
      "exists",
    );
    const operand = fc.oneof(scalar, fc.array(scalar, { maxLength: 4 }), fc.dictionary(filter, scalar, { maxKeys: 2 }));
    fc.assert(
      fc.property(fc.dictionary(filter, operand, { maxKeys: 2 }), event, (entry, sent) => {
        try {
          matches(compilePattern(JSON.stringify({ a: [entry] })), sent);
        } catch (error) {
          expect(error).to.be.instanceOf(PatternError);
        }
      }),
      { numRuns: 600 },
    );
  });
  it("matching never throws, and is explained exactly when it fails", () => {
    const patterns = [
      '{"a":[1]}',
      '{"a":{"b":["x"],"c":[{"exists":false}]}}',
      '{"$or":[{"a":[null]},{"b":[{"prefix":""}]}]}',
    ];
    const compiled = fc.constantFrom(...patterns.map(compilePattern));
    fc.assert(
      fc.property(compiled, fc.oneof(fc.jsonValue(), fc.anything(), event), (pattern, sent) => {
        expect(explain(pattern, sent) === undefined).to.equal(matches(pattern, sent));
      }),
      { numRuns: 600 },
    );
  });
  it("a pattern made of an event's own leaves matches the event", () => {
    fc.assert(
      fc.property(event, (sent) => {
        const pattern = patternOf(sent);
        fc.pre(pattern !== undefined && JSON.stringify(pattern).length <= 2048);
        expect(matches(compilePattern(JSON.stringify(pattern)), JSON.parse(JSON.stringify(sent)))).to.equal(true);
      }),
      { numRuns: 400 },
    );
  });
  it("anything-but is the opposite of the value, where there is one", () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.constantFrom("a", "b", 1, 2));
    fc.assert(
      fc.property(value, fc.oneof(value, scalar), (named, sent) => {
        const [but, exact] = [{ "anything-but": named }, named].map((entry) =>
          compilePattern(JSON.stringify({ a: [entry] })),
        );
        if (but === undefined || exact === undefined) throw new Error("both compile");
        // An IP address is compared as an address by the one and as a string by the other.
        fc.pre(!/^[\d.:a-fA-F]*[.:]/.test(String(named)));
        expect(matches(but, { a: sent })).to.equal(!matches(exact, { a: sent }));
      }),
      { numRuns: 400 },
    );
  });
  it("a wildcard expression accepts what a regular expression in its place accepts", () => {
    const piece = fc.constantFrom("a", "b", "ab", "*", "\\*", "\\\\");
    const text = fc.array(fc.constantFrom("a", "b", "*", "\\"), { maxLength: 8 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), text, (pieces, sent) => {
        fc.pre(!pieces.some((each, at) => each === "*" && pieces[at + 1] === "*"));
        const regular = new RegExp(`^${pieces.map((each) => (each === "*" ? ".*" : each)).join("")}$`, "s");
        const pattern = compilePattern(JSON.stringify({ a: [{ wildcard: pieces.join("") }] }));
        expect(matches(pattern, { a: sent })).to.equal(regular.test(sent));
      }),
      { numRuns: 600 },
    );
  });
});
