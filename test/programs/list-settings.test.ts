// What a list, a map and a number may be in a configuration, where each is a text, and the sentence for what not.
import { expect } from "chai";
import * as v from "valibot";
import { list, number, record } from "../../shared/configuration.ts";
import { OPERATION_NAMES, rowOf } from "../../shared/contract/operations.ts";
import * as settings from "../../shared/settings.ts";
import { EXTERNAL, TEXT, naming, said } from "./said.ts";

const configurable = OPERATION_NAMES.filter((name) => rowOf(name).eventName !== undefined).join(", ");

describe("a list", () => {
  const operations = (...names: unknown[]) => said(settings.operations, names);
  const none = `name some of ${configurable}`;

  it("of operations has some, each once, and none that isn't announced by itself", () => {
    expect(operations("create_thing", "delete_thing")).to.equal(undefined);
    expect(operations()).to.equal(`is [], but without an operation nothing is announced: ${none}`);
    for (const name of ["paint_thing", "constructor", ""])
      expect(operations("create_thing", name)).to.match(/^\[1\] is "\w*", but (there is no such operation|it must be)/);
    expect(operations("create_thing", "paint_thing")).to.equal(
      `[1] is "paint_thing", but there is no such operation: ${none}`,
    );
    expect(operations("sync_thing")).to.equal(
      '[0] is "sync_thing", but that is no call that could be announced and comes with create_thing: remove it',
    );
    expect(operations("create_thing", "delete_thing", "create_thing")).to.equal(
      '[2] is "create_thing", but the list has it already: remove one of the two',
    );
    const sorted = settings.parsed(settings.operations, ["delete_thing", "create_thing"], naming);
    expect(sorted).to.deep.equal(["create_thing", "delete_thing"]);
  });

  it("of accounts has each once", () => {
    expect(said(settings.accountIds, ["111111111111", "222222222222"])).to.equal(undefined);
    expect(said(settings.accountIds, ["111111111111", "111111111111"])).to.equal(
      '[1] is "111111111111", but the list has it already: remove one of the two',
    );
    expect(said(settings.accountIds, ["111111111111", "1"])).to.match(/^\[1\] is "1", but an AWS account has 12/);
  });

  it("stands in the configuration as JSON, of texts", () => {
    const texts = list(v.array(v.string()), ["a"]);
    expect(settings.parsed(texts, undefined, naming)).to.deep.equal(["a"]);
    expect(settings.parsed(list(v.array(v.string())), undefined, naming)).to.deep.equal([]);
    expect(settings.parsed(texts, '["b","c"]', naming)).to.deep.equal(["b", "c"]);
    const how = `but it must be a list: remove it and run "pulumi config set --path 'the x[0]' <value>"`;
    for (const given of ["a", "{}", "[", "1"])
      expect(said(texts, given), given).to.match(/^is .*, but it must be a list/);
    expect(said(texts, "a")).to.equal(`is "a", ${how}`);
    expect(said(texts, "{}")).to.equal(`is {}, ${how}`);
    const quoted = (type: string) =>
      `but the ${type} must be a text: run "pulumi config set --type string --path 'the x[1]' <value>"`;
    expect(said(texts, '["a",1]')).to.equal(`[1] is 1, ${quoted("number")}`);
    expect(said(texts, '["a",true]')).to.equal(`[1] is true, ${quoted("boolean")}`);
    for (const [given, shown] of [
      ['["a",null]', "null"],
      ['["a",""]', '""'],
      ['["a",[]]', "[]"],
    ] as const)
      expect(said(texts, given)).to.equal(`[1] is ${shown}, ${TEXT}`);
  });
});

describe("a map", () => {
  it("stands in the configuration as JSON, of texts by key", () => {
    const ids = record(settings.externalId);
    expect(settings.parsed(ids, undefined, naming)).to.deep.equal({});
    expect(settings.parsed(ids, '{"a":"id-1"}', naming)).to.deep.equal({ a: "id-1" });
    const how = `but it must be a map: remove it and run "pulumi config set --path 'the x["<key>"]' <value>"`;
    expect(said(ids, "a")).to.equal(`is "a", ${how}`);
    for (const given of ['["a"]', "null", "1"]) expect(said(ids, given)).to.equal(`is ${given}, ${how}`);
    expect(said(ids, '{"111":17}')).to.match(/^\["111"\] is 17, but the number must be a text/);
    expect(said(ids, '{"a":"b c"}')).to.equal(`.a is "b c", ${EXTERNAL}`);
  });
});

describe("a number in the configuration", () => {
  it("is one, and anything else is for its own schema to refuse", () => {
    const whole = number(settings.wholeNumber(-2, 30, "things"));
    for (const [given, value] of [
      ["7", 7],
      ["30", 30],
      ["-2", -2],
      [undefined, undefined],
    ] as const)
      expect(settings.parsed(whole, given, naming)).to.equal(value);
    const because = "but it must be a whole number of things from -2 to 30: set one";
    for (const given of ["many", "1e1", "0x1", " 1", "1.", "x1", "1x"])
      expect(said(whole, given)).to.equal(`is "${given}", ${because}`);
    for (const given of ["1.5", "1.25", "31", "-3"]) expect(said(whole, given)).to.equal(`is ${given}, ${because}`);
  });
});
