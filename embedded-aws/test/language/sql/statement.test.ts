// Claims from "SELECT clause", "FROM clause", "WHERE clause", "JSON extensions" and "Working with binary payloads"
// (AWS IoT developer guide).
import { expect } from "chai";
import { evaluateRule, parseRule, topicMatches } from "../../../language/sql/index.ts";
import { message, run } from "./run.ts";

const sample = '{"color":{"red":255,"green":0},"temperature":50}';

const rows: [what: string, sql: string, payload: string, output: string | undefined][] = [
  ["a member", "SELECT temperature FROM 'a'", sample, '{"temperature":50}'],
  ["a member under another name", "select temperature as t from 'a'", sample, '{"t":50}'],
  ["several members", "SELECT temperature, color.green AS g FROM 'a'", sample, '{"temperature":50,"g":0}'],
  ["a nested member, by its last name", "SELECT color.red FROM 'a'", sample, '{"red":255}'],
  ["no item that is Undefined", "SELECT missing, color.blue AS b, 1 AS one FROM 'a'", sample, '{"one":1}'],
  ["Null", "SELECT NULL AS n FROM 'a'", "{}", '{"n":null}'],
  ["everything", "SELECT * FROM 'a'", ' {"n": 12345678901234567890}', ' {"n": 12345678901234567890}'],
  ["everything and more", "SELECT *, 15 AS speed FROM 'a'", '{"t":1}', '{"t":1,"speed":15}'],
  ["the later of two items of a name", "SELECT *, 2 AS t, 3 AS t FROM 'a'", '{"t":1,"u":1}', '{"t":3,"u":1}'],
  ["everything over an earlier item", "SELECT 2 AS t, * FROM 'a'", '{"t":1}', '{"t":1}'],
  ["a payload's own when the item is Undefined", "SELECT *, topic(9) AS t FROM 'a'", '{"t":1}', '{"t":1}'],
  ["a member called value, without FROM", "SELECT value", '{"value":1}', '{"value":1}'],
  ["a member called value, before WHERE", "SELECT value WHERE value = 1", '{"value":1}', '{"value":1}'],
  ["a member called value, in AND", "SELECT value AND true AS v", '{"value":true}', '{"v":true}'],
  ["a member called value, in OR", "SELECT value OR false AS v", '{"value":true}', '{"v":true}'],
  ["whatever blanks stand between", " SELECT\n\t 1  AS   one ", "{}", '{"one":1}'],
  ["a member called value", "SELECT value FROM 'a'", '{"value":1}', '{"value":1}'],
  [
    "a member called value under another name",
    "SELECT value AS v, value.x FROM 'a'",
    '{"value":{"x":1}}',
    '{"v":{"x":1},"x":1}',
  ],
  ["a member called __proto__", "SELECT __proto__ FROM 'a'", '{"__proto__":{"a":1}}', '{"__proto__":{"a":1}}'],
  ["a payload's member called __proto__", "SELECT *, 1 AS b FROM 'a'", '{"__proto__":1}', '{"__proto__":1,"b":1}'],
  ["any payload unchanged", "SELECT * FROM 'a'", "not JSON", "not JSON"],
  ["any payload unchanged, with nothing added", "SELECT *, 1 AS b FROM 'a'", "[1]", "[1]"],
  ["what is added to an empty payload", "SELECT *, 1 AS b FROM 'a'", "", '{"b":1}'],
  ["an empty payload", "SELECT * FROM 'a'", "", ""],
  ["no members of a payload that isn't JSON", "SELECT a, 1 AS b FROM 'a'", "{a}", '{"b":1}'],
  ["no members of a payload that is a list", "SELECT length, 1 AS b FROM 'a'", "[1]", '{"b":1}'],

  ["nothing when WHERE is false", "SELECT * FROM 'a' WHERE temperature > 50", sample, undefined],
  [
    "the message when WHERE is true",
    "SELECT temperature FROM 'a' WHERE temperature >= 50 AND color.red = 255",
    sample,
    '{"temperature":50}',
  ],
  ["nothing when WHERE is Undefined", "SELECT * FROM 'a' WHERE missing = 1", sample, undefined],
  ["nothing when WHERE is no Boolean", "SELECT * FROM 'a' WHERE 'true'", sample, undefined],
  ["nothing for names of SELECT in WHERE", "SELECT temperature AS t FROM 'a' WHERE t = 50", sample, undefined],
  ["nothing when WHERE looks into what isn't JSON", "SELECT * FROM 'a' WHERE type = 'x'", "\u0000", undefined],
  ["any payload when WHERE doesn't look into it", "SELECT * FROM 'a' WHERE topic(1) = 'devices'", "\u0001", "\u0001"],
];

describe("a rule's statement", () => {
  for (const [what, sql, payload, output] of rows) {
    it(`gives ${what}: ${sql}`, () => {
      expect(run(sql, payload)).to.equal(output);
    });
  }

  it("passes bytes that aren't UTF-8 unchanged, and finds nothing in them", () => {
    const bytes = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    const result = evaluateRule(parseRule("SELECT *"), message(bytes));
    expect(result).to.deep.equal({ matched: true, output: bytes });
    expect(run("SELECT isUndefined(a) AS u", bytes)).to.equal('{"u":true}');
  });
  it("takes JSON that begins with a byte order mark for no JSON", () => {
    expect(run("SELECT a, 1 AS b FROM 'a'", '\ufeff{"a":1}')).to.equal('{"b":1}');
  });
  it("reads JSON down to 1000 levels", () => {
    const nested = (levels: number): string =>
      `{"t":"\\"[[","a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)},"b":[],"c":[${"{},".repeat(1000)}0]}`;
    expect(run("SELECT b FROM 'a'", nested(1000))).to.equal('{"b":[]}');
    expect(run("SELECT b FROM 'a'", nested(1001))).to.equal("{}");
  });
  it("makes what the partner's rule of this system makes", () => {
    const sql =
      "SELECT encode(*, 'base64') AS data, topic() AS topic, topic(2) AS accountId, topic(3) AS operation, " +
      "timestamp() AS receivedAt, principal() AS principal FROM 'cross_account_hooks/+/+'";
    expect(
      JSON.parse(run(sql, "\u0000", { topic: "cross_account_hooks/111111111111/create_thing" }) ?? ""),
    ).to.deep.equal({
      data: "AA==",
      topic: "cross_account_hooks/111111111111/create_thing",
      accountId: "111111111111",
      operation: "create_thing",
      receivedAt: 1700000000000,
      principal: "AROAEXAMPLE:session",
    });
  });
  it("leaves principal() out where nobody is known", () => {
    const { principal: _, ...input } = message("{}");
    const result = evaluateRule(parseRule("SELECT principal() AS p, 1 AS b"), input);
    expect(result.matched && Buffer.from(result.output).toString()).to.equal('{"b":1}');
  });
});

describe("the FROM clause", () => {
  const filters: [filter: string, matching: string[], others: string[]][] = [
    ["a/b", ["a/b"], ["a", "a/b/c", "a/B", "/a/b", "a/b/"]],
    ["a/+", ["a/b", "a/", "a/$x"], ["a", "a/b/c", "b/b"]],
    ["+/b", ["a/b", "/b"], ["b", "a/c", "$aws/b"]],
    ["+", ["a", ""], ["a/b", "$a"]],
    ["a/#", ["a/b", "a/b/c", "a/"], ["a", "ab/c"]],
    ["#", ["a", "a/b", "/"], ["$aws/events", "$a"]],
    ["a/+/c/#", ["a/b/c/d", "a/b/c/d/e"], ["a/b/c", "a/b/x/d"]],
    ["$aws/events/thing/+/created", ["$aws/events/thing/lamp/created"], ["$aws/events/thing/lamp/deleted"]],
    ["a.b/(c", ["a.b/(c"], ["axb/(c"]],
  ];
  for (const [filter, matching, others] of filters) {
    const takesIn = (topic: string): boolean => topicMatches(parseRule(`SELECT * FROM '${filter}'`), topic);
    for (const topic of matching) {
      it(`'${filter}' takes in ${topic}`, () => {
        expect(takesIn(topic)).to.equal(true);
      });
    }
    for (const topic of others) {
      it(`'${filter}' leaves out ${topic}`, () => {
        expect(takesIn(topic)).to.equal(false);
      });
    }
  }
  it("may be left out, for Basic Ingest alone", () => {
    expect(topicMatches(parseRule("SELECT *"), "a")).to.equal(false);
  });
  it("takes a filter of 256 bytes, and of 8 levels, or more below $aws", () => {
    expect(topicMatches(parseRule(`SELECT * FROM '${"é".repeat(128)}'`), "é".repeat(128))).to.equal(true);
    for (const filter of ["1/2/3/4/5/6/7/8", "$aws/2/3/4/5/6/7/8/9"]) {
      expect(topicMatches(parseRule(`SELECT * FROM '${filter}'`), filter)).to.equal(true);
    }
  });
});
