// Claims from "Functions" and the conversions of "Data types" (AWS IoT developer guide, AWS IoT SQL reference).
import { expect } from "chai";
import { run, valueOf } from "./run.ts";

const payload = {
  list: ["a", "b"],
  object: { a: "b", "my-key": 1 },
  nil: null,
  wide: 1e21,
};

const rows: [expression: string, result: unknown][] = [
  ["accountid()", "222222222222"],
  ["principal()", "AROAEXAMPLE:session"],
  ["clientid()", "n/a"],
  ["newuuid()", "123a4567-b89c-12d3-e456-789012345000"],
  ["timestamp()", 1700000000000],
  ["AccountID()", "222222222222"],
  ["accountid(1)", undefined],

  ["topic()", "devices/lamp/on"],
  ["topic(1)", "devices"],
  ["topic(3)", "on"],
  ["topic('2')", "lamp"],
  ["topic(1.6)", "lamp"],
  ["topic('1.9')", "devices"],
  ["topic(0)", undefined],
  ["topic(4)", undefined],
  ["topic(nil)", undefined],
  ["topic('x')", undefined],
  ["topic(1, 2)", undefined],

  ["isUndefined(missing)", true],
  ["isUndefined(nil)", false],
  ["isUndefined(5)", false],
  ["isUndefined(missing = 1)", true],
  ["isUndefined()", undefined],
  ["isNull(nil)", true],
  ["isNull(Null)", true],
  ["isNull(5)", false],
  ["isNull(missing)", false],

  ["concat()", undefined],
  ["concat(1)", 1],
  ["concat(missing)", undefined],
  ["concat('con', 'cat')", "concat"],
  ["concat('he', 'is', 'man')", "heisman"],
  ["concat(1, 'hello')", "1hello"],
  ["concat(1, 2)", undefined],
  ["concat('a', '(')", "a("],
  ["concat('a', nil)", undefined],
  ["concat('a', object)", 'a{"a":"b","my-key":1}'],

  ["length('hi')", 2],
  ["length(false)", 5],
  ["length(12.5)", 4],
  ["upper(wide)", "1000000000000000000000"],
  ["upper(1.5E-10)", "1.5E-10"],
  ["lower(list)", '["a","b"]'],
  ["concat('x', list, missing)", ["x", "a", "b"]],
  ["length(nil)", undefined],
  ["length('a', 'b')", undefined],
  ["lower('HELLO')", "hello"],
  ["lower(nil)", undefined],
  ["upper('hello')", "HELLO"],
  ["upper(true)", "TRUE"],
  ["upper(missing)", undefined],
  ["startswith('ranger', 'ran')", true],
  ["startswith('ranger', 'anger')", false],
  ["startswith(123, 12)", true],
  ["startswith('x', nil)", undefined],
  ["startswith(missing, 'x')", undefined],
  ["startswith('x')", undefined],

  ["encode('text', 'base64')", "dGV4dA=="],
  ['encode(5, "base64")', "NQ=="],
  ["encode(list, 'base64')", "WyJhIiwiYiJd"],
  ["encode(nil, 'base64')", undefined],
];

describe("a function of rule SQL", () => {
  for (const [expression, result] of rows) {
    it(`${expression} is ${result === undefined ? "Undefined" : JSON.stringify(result)}`, () => {
      expect(valueOf(expression, payload)).to.deep.equal(result);
    });
  }

  it("clientid() is the MQTT client's", () => {
    expect(valueOf("clientid()", {}, { clientId: "lamp-1" })).to.equal("lamp-1");
  });
  it("encode(*, 'base64') takes the payload's bytes, JSON or not", () => {
    for (const bytes of [Buffer.from('{"a": 1}'), Buffer.from([0xff, 0, 0x80]), Buffer.alloc(0)]) {
      expect(run("SELECT encode(*, 'base64') AS data FROM 'a'", bytes)).to.equal(
        JSON.stringify({ data: bytes.toString("base64") }),
      );
    }
  });
});
