// The form of a message: what the schema of version 1 takes, field by field, and where it ends.
import { expect } from "chai";
import * as v from "valibot";
import { MAX_PAYLOAD_BYTES, messageSchema, unversionedMessageSchema } from "../../shared/contract/message.ts";
import { MESSAGE } from "../lambda/rule-events.ts";

const takes = (fields: object) => v.is(messageSchema, { ...MESSAGE, ...fields });
const takesHook = (fields: object) => takes({ hook: { ...MESSAGE.hook, ...fields } });
const each = <T>(values: readonly T[], taken: (value: T) => boolean) => values.map((value) => taken(value));

describe("the form of a message", () => {
  it("has texts of one to 1024 characters, all of which can be printed", () => {
    const texts = ["", "x", "x".repeat(1024), "x".repeat(1025), "a\u001bb", 7];
    expect(each(texts, (thingId) => takes({ thingId }))).to.deep.equal([false, true, true, false, false, false]);
  });

  it("has 128 KB at most, as AWS IoT takes them", () => {
    expect(MAX_PAYLOAD_BYTES).to.equal(131_072);
  });

  it("has versions that are whole numbers from 0 on", () => {
    const versions = [0, 7, -1, 1.5, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1, "1"];
    expect(each(versions, (version) => takes({ version }))).to.deep.equal([
      true,
      true,
      false,
      false,
      true,
      false,
      false,
    ]);
  });

  it("has attributes that are an object of texts, and nothing else", () => {
    const wrong = [undefined, null, "room", 7, true, ["room"], { room: 7 }, { room: null }];
    for (const attributes of wrong) expect(takes({ attributes }), JSON.stringify(attributes)).to.equal(false);
    for (const attributes of [{}, { room: "" }]) expect(takes({ attributes })).to.equal(true);
    const { hook: _, ...sample } = MESSAGE;
    expect(v.is(unversionedMessageSchema, { ...sample, attributes: undefined })).to.equal(true);
    expect(v.is(unversionedMessageSchema, { ...sample, attributes: null })).to.equal(false);
  });

  it("has times of UTC", () => {
    const times = ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05+01:00", "2026-01-02"];
    for (const field of ["eventTime", "observedAt"])
      expect(
        each(times, (time) => takesHook({ [field]: time })),
        field,
      ).to.deep.equal([true, true, false, false]);
  });

  it("says whether the registry or the event has what it says, and may say which run asked", () => {
    expect(each(["registry", "event", "guess"], (snapshot) => takesHook({ snapshot }))).to.deep.equal([
      true,
      true,
      false,
    ]);
    expect(each([undefined, "reconcile", ""], (run) => takesHook({ run }))).to.deep.equal([true, true, false]);
    expect(takesHook({ schemaVersion: 2 })).to.equal(false);
  });

  it("lets keys of later versions through", () => {
    const { hook } = MESSAGE;
    const later = { ...MESSAGE, colour: "red", hook: { ...hook, trace: "x" } };
    expect(v.parse(messageSchema, later)).to.deep.equal(later);
  });
});
