// The sentences are those of aws/event-ruler (JsonRuleCompiler, CIDR, WildcardParser), which reach users through
// InvalidEventPatternException; its form is as users have quoted it in public issues.
import { expect } from "chai";
import { compilePattern, PatternError } from "../../../language/pattern/index.ts";

function refusal(text: string): string {
  try {
    compilePattern(text);
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
  return "accepted";
}

const field = (entry: unknown): string => JSON.stringify({ a: [entry] });

const TOKEN =
  "Unrecognized token 'this': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

const reasons: [text: string, reason: string][] = [
  ["[]", "Filter is not an object"],
  ['"a"', "Filter is not an object"],
  ["{}", "Empty objects are not allowed"],
  ['{"a":{}}', "Empty objects are not allowed"],
  ['{"a":[]}', "Empty arrays are not allowed"],
  ['{"slug":"x"}', '"slug" must be an object or an array'],
  ['{"a":1}', '"a" must be an object or an array'],
  ['{"a":[["x"]]}', "Match value must be String, number, true, false, or null"],
  [field({}), "Match expression name not found"],
  [field({ regex: "a" }), "Unrecognized match type regex"],
  [field({ toString: "a" }), "Unrecognized match type toString"],
  [field({ prefix: "a", suffix: "b" }), "Only one key allowed in match expression"],
  ['{"a":[{"prefix":"a","prefix":"b"}]}', "Only one key allowed in match expression"],
  [field({ prefix: ["a"] }), "prefix match pattern must be a string"],
  [field({ suffix: 1 }), "suffix match pattern must be a string"],
  [field({ prefix: {} }), "Prefix expression name not found"],
  [field({ suffix: {} }), "Suffix expression name not found"],
  [field({ prefix: { wildcard: "a" } }), "Unsupported prefix pattern: wildcard"],
  [field({ suffix: { prefix: "a" } }), "Unsupported suffix pattern: prefix"],
  [field({ prefix: { "equals-ignore-case": 1 } }), "equals-ignore-case match pattern must be a string"],
  [field({ "equals-ignore-case": ["a"] }), "equals-ignore-case match pattern must be a string"],
  [field({ wildcard: 1 }), "wildcard match pattern must be a string"],
  [field({ wildcard: "ab**" }), "Consecutive wildcard characters at pos 3"],
  [field({ wildcard: "a\\b" }), "Invalid escape character at pos 2"],
  [field({ wildcard: "a\\" }), "Invalid escape character at pos 2"],
  [field({ "anything-but": {} }), "Anything-But expression name not found"],
  [field({ "anything-but": { numeric: ["=", 1] } }), "Unsupported anything-but pattern: numeric"],
  [field({ "anything-but": { constructor: "a" } }), "Unsupported anything-but pattern: constructor"],
  [field({ "anything-but": { prefix: "a", suffix: "b" } }), "Only one key allowed in match expression"],
  [field({ "anything-but": { prefix: "" } }), "Null prefix/suffix not allowed"],
  [field({ "anything-but": { suffix: ["a", ""] } }), "Null prefix/suffix not allowed"],
  [field({ "anything-but": { prefix: 1 } }), "prefix/suffix match pattern must be a string"],
  [field({ "anything-but": { suffix: [true] } }), "prefix/suffix match pattern must be a string"],
  [field({ "anything-but": { wildcard: [1] } }), "wildcard match pattern must be a string"],
  [field({ "anything-but": { wildcard: ["a", "**"] } }), "Consecutive wildcard characters at pos 1"],
  [
    field({ "anything-but": { "equals-ignore-case": [1] } }),
    "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
  ],
  [field({ "anything-but": true }), "Value of anything-but must be an array or single string/number value."],
  [
    field({ "anything-but": { prefix: null } }),
    "Value of anything-but must be an array or single string/number value.",
  ],
  [field({ "anything-but": [null] }), "Inside anything but list, start|null|boolean is not supported."],
  [
    field({ "anything-but": ["a", 1] }),
    "Inside anything but list, either all values are number or string, mixed type is not supported",
  ],
  [
    field({ "anything-but": [] }),
    "Inside anything but list, either all values are number or string, mixed type is not supported",
  ],
  ['{"a":[{"anything-but":12345678901234567890}]}', "Cannot compare number : 12345678901234567890"],
  [field({ numeric: 1 }), "Value of numeric must be an array."],
  [field({ numeric: [] }), "Invalid member in numeric match"],
  [field({ numeric: [1] }), "Invalid member in numeric match"],
  [field({ numeric: ["!", 1] }), "Unrecognized numeric range operator: !"],
  [field({ numeric: ["toString", 1] }), "Unrecognized numeric range operator: toString"],
  [field({ numeric: ["="] }), "Value of equals must be numeric"],
  [field({ numeric: ["=", "1"] }), "Value of equals must be numeric"],
  [field({ numeric: [">=", null] }), "Value of >= must be numeric"],
  [field({ numeric: ["=", 1, "<", 2] }), "Too many elements in numeric expression"],
  [field({ numeric: ["<", 1, ">", 0] }), "Too many elements in numeric expression"],
  [field({ numeric: [">", 1, 2] }), "Bad value in numeric range"],
  [field({ numeric: [">", 1, ">", 2] }), "Bad numeric range operator: >"],
  [field({ numeric: [">", 1, "<"] }), "Value of < must be numeric"],
  [field({ numeric: [">", 1, "<", 2, 3] }), "Too many terms in numeric range expression"],
  [field({ numeric: [">", 2, "<", 1] }), "Bottom must be less than top"],
  [field({ numeric: [">=", 1, "<=", 1] }), "Bottom must be less than top"],
  ['{"a":[{"numeric":["=",1e400]}]}', "Cannot compare number : 1e400"],
  ['{"a":[{"numeric":["=",0.10000000000000000001]}]}', "Cannot compare number : 0.10000000000000000001"],
  [field({ cidr: 1 }), "prefix match pattern must be a string"],
  [field({ cidr: "10.0.0.0" }), "Malformed CIDR, one '/' required"],
  [field({ cidr: "10.0.0.0/8/8" }), "Malformed CIDR, one '/' required"],
  [field({ cidr: "10.0.0.0/x" }), "Malformed CIDR, mask bits must be an integer"],
  [field({ cidr: "10.0.0.0/8x" }), "Malformed CIDR, mask bits must be an integer"],
  [field({ cidr: "10.0.0.0/-1" }), "Malformed CIDR, mask bits must not be negative"],
  [field({ cidr: "10.0.0.0/32" }), "IPv4 mask bits must be < 32"],
  [field({ cidr: "::/128" }), "IPv6 mask bits must be < 128"],
  [field({ cidr: "host/8" }), "Nonstandard IP address: host"],
  [field({ exists: "true" }), "exists match pattern must be either true or false."],
  [field({ exists: null }), "exists match pattern must be either true or false."],
  ['{"$or":1}', "It must be an Array followed with $or."],
  ['{"$or":[{"a":[1]}]}', "There must have at least 2 Objects in $or relationship."],
  ['{"$or":[{"a":[1]},["b"]]}', "Only JSON object is allowed in array of $or relationship."],
  ['{"$or":[{"a":[1]},{"x":{"prefix":["b"]}}]}', "prefix is Ruler reserved fieldName which cannot be used inside $or."],
  ['{"$or":[{"a":[1]},{}]}', "Empty objects are not allowed"],
  ['{"a":[1],}', "Unexpected character ('}' (code 125)): was expecting double-quote to start field name"],
  ['{"a" [1]}', "Unexpected character ('[' (code 91)): was expecting a colon to separate field name and value"],
  ['{"a":[1] "b":[1]}', "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries"],
  ['{"a":[1 2]}', "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"],
  ['{"a":[1]} x', "Unexpected character ('x' (code 120)): was expecting the end of the document"],
  ['{"a":[x]}', TOKEN.replace("this", "x")],
  ['{"a":["x]}', "Unexpected character ('\"' (code 34)): was expecting a closed string"],
  ['{"a":["\\x"]}', "Unexpected character ('\"' (code 34)): was expecting a closed string"],
  ['{"a":["\\u12"]}', "Unexpected character ('\"' (code 34)): was expecting a closed string"],
  ["", "Unexpected end-of-input: was expecting a JSON value"],
];

/** Sentences that AWS gives without a place (recorded on AWS by another project's tests). */
const PLACELESS = /^(Malformed CIDR|Nonstandard IP|IPv\d mask|Rule is too complex)/;

describe("what EventBridge refuses in an event pattern", () => {
  for (const [text, reason] of reasons) {
    it(`${text === "" ? "an empty text" : text}: ${reason}`, () => {
      expect(refusal(text)).to.satisfy((message: string) =>
        message.startsWith(
          PLACELESS.test(reason)
            ? `Event pattern is not valid. Reason: ${reason}`
            : `Event pattern is not valid. Reason: ${reason}\n at [Source: (String)"${text}"; line: 1, column: `,
        ),
      );
    });
  }

  const places: [text: string, line: number, column: number][] = [
    // As quoted in a public issue.
    ['{"source": ["aws.health"], "detail": {}}', 1, 40],
    ['{"a":[]}', 1, 8],
    ['{"a":true}', 1, 10],
    ['{"a":\n  "x"}', 2, 4],
    ['{"a":\n\n 12}', 3, 4],
    ['{"a"', 1, 5],
    ['{"a":[x]}', 1, 8],
  ];
  for (const [text, line, column] of places) {
    it(`is placed behind the token that was read: ${JSON.stringify(text)}`, () => {
      expect(refusal(text)).to.match(new RegExp(`; line: ${line}, column: ${column}\\]$`));
    });
  }

  // Recorded on AWS by another project's tests.
  const whole: [text: string, reason: string, places: number[]][] = [
    ['{"detail": {"equal": [{"NUMERIC": ["=", 5]}]}}', "Unrecognized match type NUMERIC", [36]],
    [
      '{"detail": {"state": [{"anything-but": {"prefix": [123, "test"]}}]}}',
      "prefix/suffix match pattern must be a string",
      [55, 55],
    ],
    [
      '{"detail": {"state": [{"anything-but": {"equals-ignore-case": 123}}]}}',
      "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
      [66],
    ],
    ["{'bad': 1}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name", [2]],
    ["this is valid json but not a dict", TOKEN, [5]],
    ['["not", "a", "dict", "but valid json"]', "Filter is not an object", [2]],
    ['{"a": [{"cidr": "xx.11.xx/8"}]}', "Nonstandard IP address: xx.11.xx", []],
  ];
  for (const [text, reason, columns] of whole)
    it(`is said with ${columns.length} places: ${text}`, () => {
      const places = columns.map((column) => `\n at [Source: (String)"${text}"; line: 1, column: ${column}]`);
      expect(refusal(text)).to.equal(`Event pattern is not valid. Reason: ${reason}${places.join("")}`);
    });

  const taken = ["/Users/*/dir/dir/dir/dir/dir/doc.txt", "arn:aws:events:us-east-1:*:event-bus/*", "*a*b*c*d*"];
  for (const wildcard of taken)
    it(`is not the wildcard expression ${wildcard}`, () => {
      expect(refusal(field({ wildcard }))).to.equal("accepted");
    });
  const complex: [string, object[]][] = [
    ["many stars", [{ wildcard: "*:*:*:*:*:event-bus/*" }]],
    ["repeated characters after a star", [{ wildcard: `*${"a".repeat(9)}` }]],
    ["wildcards inside anything-but", [{ "anything-but": { wildcard: `*${"a".repeat(9)}` } }]],
    ["many expressions for one field", ["1", "2", "3", "4", "5"].map((end) => ({ wildcard: `*a${end}` }))],
  ];
  for (const [what, conditions] of complex)
    it(`is a rule that is too complex: ${what}`, () => {
      expect(refusal(JSON.stringify({ a: conditions }))).to.match(/Reason: Rule is too complex - try using fewer/);
    });
  it("is a rule whose complexity can't be told in reasonable time", () => {
    const pieces = Array.from({ length: 8 }, (_, at) => `${"ab".repeat(at)}a${"c".repeat(at)}b`);
    const began = performance.now();
    refusal(field({ wildcard: `*${pieces.join("*")}` }));
    expect(performance.now() - began).to.be.lessThan(5_000);
  });

  it("quotes at most 500 characters", () => {
    const quoted = (length: number): string => refusal(JSON.stringify("x".repeat(length - 2)));
    expect(quoted(500)).to.contain(`${"x".repeat(498)}""; line`);
    expect(quoted(512)).to.contain(`${"x".repeat(499)}"[truncated 12 chars]; line`);
  });
  it("is a pattern longer than 2048 characters", () => {
    const ofLength = (length: number): string => `{"a":["${"x".repeat(length - 10)}"]}`;
    expect(refusal(ofLength(2048))).to.equal("accepted");
    expect(refusal(ofLength(2049))).to.contain("The pattern has 2049 characters, 2048 are allowed");
  });
  it("is $or with more than 1000 combinations", () => {
    const or = (count: number): string => `"$or":[${Array(count).fill('{"a":[1]}').join(",")}]`;
    const nested = (inner: number): string => `{${or(10)},"b":{${or(10)},"c":{${or(inner)}}}}`;
    expect(refusal(nested(10))).to.equal("accepted");
    expect(refusal(nested(11))).to.contain("$or makes 1100 rule combinations, 1000 are allowed");
  });
});
