import { expect } from "chai";
import { parseRule, SqlParseError } from "../../../language/sql/index.ts";

function refusal(sql: string): string {
  try {
    parseRule(sql);
  } catch (error) {
    if (error instanceof SqlParseError) return error.message;
    throw error;
  }
  return "accepted";
}

const name = "a name of letters, digits and underscores";

const refusals: [sql: string, character: number, reason: string][] = [
  ["", 1, "the statement ends where this is expected: the statement begins with SELECT (SET is not modelled)"],
  ["SET @a = 1 SELECT *", 5, '"@" is not understood'],
  ["UPDATE a", 1, '"UPDATE" stands where this is expected: the statement begins with SELECT (SET is not modelled)'],
  ["SELECT", 7, "the statement ends where this is expected: an expression"],
  ["SELECT FROM 'a'", 8, "FROM stands where an expression is expected"],
  ["SELECT a, FROM 'a'", 11, "FROM stands where an expression is expected"],
  ["SELECT select FROM 'a'", 8, "select stands where an expression is expected"],
  ["SELECT (where) AS a", 9, "where stands where an expression is expected"],
  ["SELECT 1 = and AS a", 12, "and stands where an expression is expected"],
  ["SELECT 1 = or AS a", 12, "or stands where an expression is expected"],
  ["SELECT 1 = not AS a", 12, "not stands where an expression is expected"],
  ["SELECT as AS a", 8, "as stands where an expression is expected"],
  [
    "SELECT a b FROM 'a'",
    10,
    '"b" stands where this is expected: an operator, the next clause or the end of the statement',
  ],
  [
    "SELECT a FROM 'a' WHERE b LIMIT 1",
    27,
    '"LIMIT" stands where this is expected: an operator, the next clause or the end of the statement',
  ],
  ["SELECT a FROM 'a' WHERE a IN [1]", 27, "IN is no operator of AWS IoT SQL: use = and OR"],
  ["SELECT a FROM 'a' WHERE a between 1 AND 2", 27, "BETWEEN is no operator of AWS IoT SQL: use >= and <="],
  ["SELECT a FROM 'a' WHERE a LIKE 'b%'", 27, "LIKE is no operator of AWS IoT SQL: use startswith(text, start)"],
  [
    "SELECT a FROM 'a' WHERE a IS NULL",
    27,
    "IS is no operator of AWS IoT SQL: use isNull(value) or isUndefined(value)",
  ],
  [
    "SELECT a FROM 'a' WHERE a = 1 = 1",
    31,
    '"=" stands where this is expected: an operator, the next clause or the end of the statement',
  ],
  ["SELECT a FROM 'a' WHERE a != 1", 27, "!= is no operator of AWS IoT SQL: use <>"],
  [
    "SELECT a 'AND' b AS c",
    10,
    '"AND" stands where this is expected: an operator, the next clause or the end of the statement',
  ],
  [
    "SELECT a '+' b AS c",
    10,
    '"+" stands where this is expected: an operator, the next clause or the end of the statement',
  ],
  [
    "SELECT VALUE a FROM 'a'",
    14,
    '"a" stands where this is expected: an operator, the next clause or the end of the statement',
  ],
  ["SELECT * AS all", 10, '"AS" stands where this is expected: an operator, the next clause'],
  ["SELECT a AS b.c", 14, '"." stands where this is expected: an operator, the next clause'],
  ["SELECT 1 FROM 'a'", 8, "an expression in SELECT needs a name: add AS and a name"],
  ["SELECT a, 'x' FROM 'a'", 11, "an expression in SELECT needs a name: add AS and a name"],
  ["SELECT null FROM 'a'", 8, "an expression in SELECT needs a name: add AS and a name"],
  ["SELECT a = b FROM 'a'", 8, "an expression in SELECT needs a name: add AS and a name"],
  ["SELECT topic(2) FROM 'a'", 8, "an expression in SELECT needs a name: add AS and a name"],
  // Of regular expressions a rule with a hundred of them held everybody up once.
  ["SELECT regexp_matches(a, 'b') AS c", 8, "the function regexp_matches is not modelled"],
  ["SELECT upper(a).c FROM 'a'", 16, "members of anything but the payload are not modelled"],
  ["SELECT (a).c FROM 'a'", 11, "members of anything but the payload are not modelled"],
  ...["+", "-", "*", "/", "%"].map((operator): [string, number, string] => [
    `SELECT a ${operator} b AS c`,
    10,
    "arithmetic is not modelled",
  ]),
  ["SELECT (a) FROM 'a'", 8, "an expression in SELECT needs a name: add AS and a name"],
  ["SELECT a AS 'b' FROM 'a'", 13, `"b" stands where this is expected: ${name}`],
  ["SELECT a.0 FROM 'a'", 10, `"0" stands where this is expected: ${name}`],
  ["SELECT a.", 10, `the statement ends where this is expected: ${name}`],
  ["SELECT a[0] AS b", 9, "an index in square brackets is not documented by AWS, and get() is not modelled"],
  ["SELECT a AS b FROM x", 20, "FROM takes one topic filter in single quotes"],
  ['SELECT a AS b FROM "x"', 20, "FROM takes one topic filter in single quotes"],
  ["SELECT a AS b FROM", 19, "FROM takes one topic filter in single quotes"],
  ["SELECT a AS b FROM ''", 20, "the topic filter is empty"],
  ["SELECT * FROM 'a/#/b'", 15, "in the topic filter a/#/b, + and # must be whole levels, and # the last one"],
  ["SELECT * FROM 'a#'", 15, "in the topic filter a#, + and # must be whole levels, and # the last one"],
  ["SELECT * FROM 'a/b+/c'", 15, "in the topic filter a/b+/c, + and # must be whole levels, and # the last one"],
  ["SELECT * FROM '1/2/3/4/5/6/7/8/9'", 15, "the topic filter 1/2/3/4/5/6/7/8/9 has more than 7 slashes"],
  [`SELECT * FROM '${"é".repeat(128)}x'`, 15, "the topic filter is longer than 256 bytes"],
  ["SELECT 'a AS b", 8, "a string is not closed"],
  ['SELECT "a AS b', 8, "a string is not closed"],
  ["SELECT a ; b", 10, '";" is not understood'],
  ["SELECT 😀", 8, '"😀" is not understood'],
  ["SELECT -a AS b", 8, '"-" stands where this is expected: an expression'],
  ["SELECT , AS b", 8, '"," stands where this is expected: an expression'],
  [
    "SELECT a = * AS b",
    12,
    "\"*\" stands where this is expected: an expression (* stands alone in SELECT, or in encode(*, 'base64'))",
  ],
  [
    "SELECT upper(*) AS b",
    14,
    "\"*\" stands where this is expected: an expression (* stands alone in SELECT, or in encode(*, 'base64'))",
  ],
  ["SELECT (a AS b", 11, '"AS" stands where this is expected: ")"'],
  ["SELECT upper(a AS b", 16, '"AS" stands where this is expected: ")"'],
  ["SELECT [a, b] AS c", 8, "literals of lists and objects are not modelled"],
  ["SELECT {'a': 1} AS b", 8, "literals of lists and objects are not modelled"],
  ["SELECT 1E999 AS b", 8, "the number 1E999 is too large"],
  ["SELECT (SELECT VALUE n FROM e) AS b", 9, "a nested SELECT is not modelled"],
  ["SELECT CASE a WHEN 1 THEN 2 END AS b", 8, "CASE is not modelled"],
  [
    "SELECT md5(a) AS b",
    8,
    "the function md5 is not modelled; these are: accountid, clientid, concat, encode, isnull, isundefined, " +
      "length, lower, newuuid, principal, startswith, " +
      "timestamp, topic, upper",
  ],
  [
    "SELECT a 'AS' b",
    10,
    '"AS" stands where this is expected: an operator, the next clause or the end of the statement',
  ],
  [
    "SELECT a '[' AS b",
    10,
    '"[" stands where this is expected: an operator, the next clause or the end of the statement',
  ],
  ["SELECT (a ')' AS b", 11, '")" stands where this is expected: ")"'],
  ["SELECT encode(*, 'base64' + b) AS b", 27, '"+" stands where this is expected: ")"'],
  ["SELECT encode(*, 'hex') AS b", 18, "the only encoding scheme is 'base64', as a literal"],
  ["SELECT encode(*, base64) AS b", 18, "the only encoding scheme is 'base64', as a literal"],
  ["SELECT encode(*) AS b", 16, '")" stands where this is expected: ","'],
  ["SELECT encode(a, 'base64', 1) AS b", 26, '"," stands where this is expected: ")"'],
  ...["get(a, 0)", "decode(a, 'base64')", "cast(a AS int)"].map((call): [string, number, string] => [
    `SELECT ${call} AS b`,
    8,
    `the function ${call.split("(")[0] ?? ""} is not modelled; these are: `,
  ]),
];

describe("a rule's statement that is refused", () => {
  for (const [sql, character, reason] of refusals) {
    it(`${JSON.stringify(sql)}: ${reason}`, () => {
      expect(
        refusal(sql).startsWith(`The rule's SQL can't be read at character ${character}: ${reason}`),
        refusal(sql),
      ).to.equal(true);
    });
  }

  it("has more than 500 operators, calls and brackets, in whatever form", () => {
    const forms: ((count: number) => string)[] = [
      (count) => `SELECT a${" AND a".repeat(count)} AS a`,
      (count) => `SELECT ${"NOT ".repeat(count)}a AS a`,
      (count) => `SELECT ${"(".repeat(count)}a${")".repeat(count)} AS a`,
      (count) => `SELECT ${"upper(".repeat(count)}a${")".repeat(count)} AS a`,
      (count) => `SELECT a${".b".repeat(count)} AS a`,
    ];
    for (const form of forms) {
      expect(refusal(form(500)), form(1)).to.equal("accepted");
      expect(refusal(form(501)), form(1)).to.contain("more than 500 operators, calls and brackets are not modelled");
    }
  });
});
