// What the device registry reads out of an item: whose claim it is, whether the state is known, and whether it is what
// an attempt wrote whose answer was lost.
import { expect } from "chai";
import type { Change } from "../../partner/lambda/change.ts";
import { type Item, claimOf, eventIdsOf, knows, says } from "../../partner/lambda/registry-requests.ts";
import { change, gone } from "./changes.ts";

const THERE: Item = {
  subjectId: { S: "id-1" },
  version: { N: "1" },
  observedAt: { N: "1000" },
  deleted: { BOOL: false },
  snapshot: { S: '{"thingName":"lamp"}' },
};
const GONE: Item = { observedAt: { N: "1000" }, deleted: { BOOL: true } };
const without = (item: Item, ...names: string[]): Item =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));

describe("a claim in an item", () => {
  it("has its token and its end, and is none without either", () => {
    const claim = (M: Item) => claimOf({ claim: { M } });
    expect(claim({ token: { S: "t" }, until: { N: "7" } })).to.deep.equal({ token: "t", until: 7 });
    for (const M of [{}, { token: { S: "t" } }, { until: { N: "7" } }]) expect(claim(M)).to.equal(undefined);
    for (const item of [undefined, {}, { claim: { S: "t" } }]) expect(claimOf(item)).to.equal(undefined);
  });
});

describe("the events in an item", () => {
  it("are its texts, and none where there are none", () => {
    expect(eventIdsOf({ eventIds: { L: [{ S: "a" }, { N: "1" }, { S: "b" }] } })).to.deep.equal(["a", "b"]);
    for (const item of [undefined, {}]) expect(eventIdsOf(item)).to.deep.equal([]);
  });
});

describe("a state", () => {
  const unversioned = without(THERE, "version");
  const rows: readonly (readonly [string, boolean, Item | undefined, Change])[] = [
    ["the same version of the same life", true, THERE, change({ snapshot: "{}" })],
    ["another version", false, THERE, change({ version: 2 })],
    ["another life", false, THERE, change({ subjectId: "id-2" })],
    ["a life that wasn't named", false, without(THERE, "subjectId"), change()],
    ["what is gone", false, GONE, change()],
    ["a deletion of what is there", false, THERE, gone(1000)],
    ["nothing", false, undefined, change()],
    ["a claim alone", false, { claim: { M: {} } }, gone(1000)],
    ["a time alone", false, { observedAt: { N: "1000" } }, change()],
    ["the same words without a version", true, unversioned, change({ version: undefined })],
    ["other words without a version", false, unversioned, change({ version: undefined, snapshot: "{}" })],
    ["no words twice", false, without(unversioned, "snapshot"), change({ version: undefined, snapshot: undefined })],
    ["words where there were none", false, without(unversioned, "snapshot"), change({ version: undefined })],
    ["a deletion, whose nobody said", true, GONE, gone(2000)],
    ["a deletion that says whose, where none had", true, GONE, gone(2000, { subjectId: "id-1" })],
    ["a deletion that doesn't say whose", true, { ...GONE, subjectId: { S: "id-1" } }, gone(2000)],
    [
      ...(["a deletion of the same life", true] as const),
      ...([{ ...GONE, subjectId: { S: "id-1" } }, gone(2000, { subjectId: "id-1" })] as const),
    ],
    [
      ...(["a deletion of another life", false] as const),
      ...([{ ...GONE, subjectId: { S: "id-1" } }, gone(2000, { subjectId: "id-2" })] as const),
    ],
  ];
  for (const [what, known, item, of] of rows)
    it(`is ${known ? "" : "not "}known where the item and the change are ${what}`, () => {
      expect(knows(item, of)).to.equal(known);
    });
});

describe("an item after a lost answer", () => {
  it("says what the change says where time, life and version are the change's", () => {
    expect(says(THERE, change())).to.equal(true);
    for (const other of [{ observedAt: 999 }, { version: 2 }, { version: undefined }, { subjectId: "id-2" }])
      expect(says(THERE, change(other)), JSON.stringify(other)).to.equal(false);
    expect(says(THERE, gone(1000))).to.equal(false);
    for (const name of Object.keys(THERE).filter((one) => one !== "snapshot"))
      expect(says(without(THERE, name), change()), name).to.equal(false);
    expect(says(without(THERE, "version", "subjectId"), change({ version: undefined, subjectId: undefined }))).to.equal(
      true,
    );
    expect(says(undefined, change())).to.equal(false);
  });

  it("says that something is gone where it is, since that time", () => {
    expect(says(GONE, gone(1000))).to.equal(true);
    expect(says({ ...GONE, version: { N: "7" } }, gone(1000))).to.equal(true);
    expect(says(GONE, gone(999))).to.equal(false);
    expect(says(GONE, change())).to.equal(false);
    expect(says(without(GONE, "deleted"), gone(1000))).to.equal(false);
  });
});
