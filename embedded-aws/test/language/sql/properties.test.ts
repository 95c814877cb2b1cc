import { expect } from "chai";
import fc from "fast-check";
import { evaluateRule, parseRule, SqlParseError, topicMatches } from "../../../language/sql/index.ts";
import { message, valueOf } from "./run.ts";

const words = (
  "SELECT SELECT * , AS AS FROM FROM WHERE WHERE AND OR NOT VALUE ( ) [ ] { } . : = <> < >= + - / % 1 " +
  "2.5 'a' 'a/+' \"b\" " +
  "'base64' a b payload null true topic( topic() upper( concat( encode(* get( " +
  "startswith( '$1' '('"
).split(" ");
const statement = fc.array(fc.constantFrom(...words), { maxLength: 16 }).map((parts) => ["SELECT", ...parts].join(" "));

const queries = [
  "SELECT *",
  "SELECT *, a.b AS c, topic(2) AS a",
  "SELECT encode(*, 'base64') AS data, encode(a, 'base64') AS a",
  "SELECT concat(a, b) AS c, a.b, startswith(a, b) AS r, a OR b AS o WHERE NOT a = b",
  "SELECT length(upper(a)) AS u, isNull(a) AS n, startswith(a, b) AS s, a < b AS l",
].map(parseRule);

describe("rule SQL, whatever comes", () => {
  it("no text makes parsing fail with anything but a SqlParseError", () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 3, arbitrary: statement }, { weight: 1, arbitrary: fc.string() }), (sql) => {
        try {
          evaluateRule(parseRule(sql), message('{"a":1,"b":"x"}'));
        } catch (error) {
          expect(error, sql).to.be.instanceOf(SqlParseError);
        }
      }),
      { numRuns: 600 },
    );
  });
  it("no payload makes evaluation fail, and what comes out is JSON or the payload", () => {
    const members = fc.record({ a: fc.jsonValue(), b: fc.jsonValue() });
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc
        .oneof(
          fc.json(),
          members.map((each) => JSON.stringify(each)),
        )
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...queries), payload, fc.string(), (query, bytes, topic) => {
        const result = evaluateRule(query, message(bytes, { topic }));
        if (!result.matched || Buffer.compare(Buffer.from(result.output), Buffer.from(bytes)) === 0) return;
        JSON.parse(Buffer.from(result.output).toString());
      }),
      { numRuns: 400 },
    );
  });
  it("any JSON value comes out as it went in", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (a) => {
        const sent = JSON.parse(JSON.stringify(a)) as unknown;
        expect(valueOf("a", { a: sent })).to.deep.equal(sent);
        expect(valueOf("a = b", { a: sent, b: sent })).to.equal(true);
      }),
      { numRuns: 200 },
    );
  });
  it("a topic is matched as an independent model says", () => {
    const level = fc.constantFrom("a", "b", "", "$a");
    const filter = fc
      .tuple(fc.array(fc.oneof(level, fc.constant("+")), { maxLength: 4 }), fc.constantFrom([], ["#"]))
      .map(([levels, end]) => [...levels, ...end]);
    fc.assert(
      fc.property(filter, fc.array(level, { minLength: 1, maxLength: 5 }), (levels, topic) => {
        fc.pre(levels.join("/") !== "");
        const matched = topicMatches(parseRule(`SELECT * FROM '${levels.join("/")}'`), topic.join("/"));
        expect(matched).to.equal(model(levels, topic));
      }),
      { numRuns: 600 },
    );
  });
});

/** The MQTT rule as a regular expression, with AWS's change that `a/#` needs a level below `a`. */
function model(levels: string[], topic: string[]): boolean {
  const source = levels.map((level) => (level === "+" ? "[^/]*" : level === "#" ? ".*" : level.replace("$", "\\$")));
  const reserved = topic[0]?.startsWith("$") === true && (levels[0] === "+" || levels[0] === "#");
  return !reserved && new RegExp(`^${source.join("/")}$`).test(topic.join("/"));
}
