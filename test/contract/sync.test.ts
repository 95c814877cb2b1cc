// What whoever lists things and the announce function say to each other: they may be of two releases.
import { expect } from "chai";
import * as v from "valibot";
import { syncEventSchema, syncReportSchema } from "../../shared/contract/sync.ts";

const asked = (more: object = {}) => ({ source: "iot-hooks.sync", run: "backfill", things: ["lamp"], ...more });
const names = (count: number) => Array.from({ length: count }, (_, index) => `lamp-${index}`);
const takes = (event: object) => v.is(syncEventSchema, event);

describe("what is asked of the announce function beside events", () => {
  it("is of a source that no event of AWS has, by a backfill or a reconciliation", () => {
    expect(takes(asked())).to.equal(true);
    expect(takes(asked({ run: "reconcile" }))).to.equal(true);
    expect(takes(asked({ run: "repair" }))).to.equal(false);
    expect(takes(asked({ source: "aws.iot" }))).to.equal(false);
  });

  it("tells of no deletions unless it says so", () => {
    expect(v.parse(syncEventSchema, asked()).tombstones).to.equal(false);
    expect(v.parse(syncEventSchema, asked({ tombstones: true })).tombstones).to.equal(true);
  });

  it("names one thing to a hundred", () => {
    expect([0, 1, 100, 101].map((count) => takes(asked({ things: names(count) })))).to.deep.equal([
      false,
      true,
      true,
      false,
    ]);
    expect(takes(asked({ things: ["a/b"] }))).to.equal(false);
  });
});

describe("what the announce function answers", () => {
  const answers = (answer: object) => v.is(syncReportSchema, { things: [{ thing: "lamp", ...answer }] });

  it("says of each thing what became of it, and of none what nobody knows", () => {
    for (const outcome of ["announced", "deletion announced", "not there", "failed", "not reached"])
      expect(answers({ outcome }), outcome).to.equal(true);
    expect(answers({ outcome: "lost" })).to.equal(false);
    expect(answers({})).to.equal(false);
    expect(v.is(syncReportSchema, { things: [{ outcome: "announced" }] })).to.equal(false);
    expect(v.is(syncReportSchema, {})).to.equal(false);
  });

  it("may say why, and whether asking again may help", () => {
    const answer = { outcome: "failed", reason: "describe failed", error: "ThrottlingException: slow", again: true };
    expect(answers(answer)).to.equal(true);
    for (const field of ["reason", "error", "again"]) expect(answers({ ...answer, [field]: 7 }), field).to.equal(false);
  });
});
