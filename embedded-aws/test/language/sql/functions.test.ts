// Claims from "Functions" and the conversions of "Data types" (AWS IoT developer guide, AWS IoT SQL reference).
import { expect } from "chai";
import { run, valueOf } from "./run.ts";

const payload = {
  list: ["a", "b"],
  object: { a: "b", "my-key": 1 },
  numbered: { 0: "zero" },
  nil: null,
  encoded: "eyAidGVtcGVyYXR1cmUiOiAzMyB9Cg==",
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
  ["concat([1, 2, 3], 4)", [1, 2, 3, 4]],
  ["concat([1, 2, 3], 'hello', [4, [5]])", [1, 2, 3, "hello", 4, [5]]],
  ["concat('x', [nil], missing)", ["x", null]],

  ["length('hi')", 2],
  ["length(false)", 5],
  ["length(12.5)", 4],
  ["length(nil)", undefined],
  ["length('a', 'b')", undefined],
  ["lower('HELLO')", "hello"],
  ["lower(['HELLO'])", '["hello"]'],
  ["lower(nil)", undefined],
  ["upper('hello')", "HELLO"],
  ["upper(['hello'])", '["HELLO"]'],
  ["upper(true)", "TRUE"],
  ["upper(missing)", undefined],
  ["startswith('ranger', 'ran')", true],
  ["startswith('ranger', 'anger')", false],
  ["startswith(123, 12)", true],
  ["startswith('x', nil)", undefined],
  ["startswith(missing, 'x')", undefined],
  ["startswith('x')", undefined],

  ["get(list, 1)", "b"],
  ["get(list, 0)", "a"],
  ["get(list, 2)", undefined],
  ["get(list, -1)", undefined],
  ["get(list, '1')", "b"],
  ["get(list, 0.6)", "b"],
  ["get(list, '0.9')", "a"],
  ["get(list, 'length')", undefined],
  ["get(list, nil)", undefined],
  ["get('abc', 1)", "b"],
  ["get('abc', 3)", undefined],
  ["get(object, 'a')", "b"],
  ["get(object, 'my-key')", 1],
  ["get(object, 0)", undefined],
  ["get(object, 'toString')", undefined],
  ["get(numbered, '0')", "zero"],
  ["get(numbered, 0)", undefined],
  ["get(get(object, 'a'), 0)", "b"],
  ["get(nil, 'a')", undefined],
  ["get(5, 0)", undefined],

  ["encode('text', 'base64')", "dGV4dA=="],
  ['encode(5, "base64")', "NQ=="],
  ["encode(list, 'base64')", "WyJhIiwiYiJd"],
  ["encode(nil, 'base64')", undefined],
  ["decode('dGV4dA==', 'base64')", "text"],
  ["decode('dGV4dA', 'base64')", "text"],
  ["decode(encoded, 'base64').temperature", 33],
  ["decode('bnVsbA==', 'base64')", null],
  ["decode('MTI=', 'base64')", 12],
  ["decode('', 'base64')", ""],
  ["decode('?', 'base64')", null],
  ["decode('x', 'base64')", null],
  ["decode('dGV4dA===', 'base64')", null],
  ["decode('_w==', 'base64')", null],
  ["decode('/w==', 'base64')", null],
  ["decode(5, 'base64')", null],
  ["decode(nil, 'base64')", null],
  ["decode(missing, 'base64')", undefined],

  ["cast(true AS Int)", 1],
  ["cast(false AS integer)", 0],
  ["cast(1.9 AS Int)", 1],
  ["cast(-1.5 AS Int)", -2],
  ["cast('-1.5' AS Int)", -2],
  ["cast('x' AS Int)", undefined],
  ["cast(nil AS Int)", undefined],
  ["cast('2.50' AS Decimal)", 2.5],
  ["cast('5e2' as double)", 500],
  ["cast(true AS decimal)", 1],
  ["cast(list AS Decimal)", undefined],
  ["cast('1E999' AS Decimal)", undefined],
  ["cast(0 AS Bool)", false],
  ["cast(0.5 AS Boolean)", true],
  ["cast('FALSE' AS Boolean)", false],
  ["cast('yes' AS Boolean)", undefined],
  ["cast(nil AS Boolean)", undefined],
  ["cast(12 AS String)", "12"],
  ["cast(wide AS nvarchar)", "1000000000000000000000"],
  ["cast(1.5E-10 AS text)", "1.5e-10"],
  ["cast(true AS ntext)", "true"],
  ["cast('as is' AS varchar)", "as is"],
  ["cast(object AS String)", '{"a":"b","my-key":1}'],
  ["cast(nil AS String)", undefined],
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
  it("decode(encode(*, 'base64'), 'base64') reads a payload that isn't a JSON object", () => {
    const sql =
      "SELECT decode(encode(*, 'base64'), 'base64') AS value FROM 'a' WHERE decode(encode(*, 'base64'), 'base64') > 50";
    expect(run(sql, "80")).to.equal('{"value":80}');
    expect(run(sql, "40")).to.equal(undefined);
  });
});
