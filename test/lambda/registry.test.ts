// What an item holds of a subject's state, and how a duplicate is known by it.
import { expect } from "chai";
import type { Change } from "../../partner/lambda/change.ts";
import { NOW, change, gone } from "./changes.ts";
import { RegistryScene } from "./registry-scene.ts";

describe("device registry", () => {
  const scene = new RegistryScene();
  beforeEach(() => scene.empty());

  describe("duplicates", () => {
    it("are known by their event, also where it was described anew in the meantime", async () => {
      const first = change({ version: 1 });
      expect(await scene.all(first, first, { ...first, version: 2 })).to.deep.equal([
        "applied",
        "duplicate",
        "duplicate",
      ]);
    });

    it("are known behind nineteen later changes", async () => {
      const changes = Array.from({ length: 21 }, (_, version) => change({ version }));
      await scene.all(...changes);
      expect(await scene.all({ ...(changes[1] as Change), version: 99 })).to.deep.equal(["duplicate"]);
      const [item] = await scene.items();
      expect(item?.["eventIds"]?.L).to.have.length(20);
    });

    it("aren't known by a backfill's id, which another thing of the name had before", async () => {
      const sync = { eventId: "sync:arn:1", eventIdIsUnique: false };
      const first = change({ ...sync, subjectId: "id-1", observedAt: 1 });
      const anew = change({ ...sync, subjectId: "id-2", observedAt: 2 });
      expect(await scene.all(first, first, anew)).to.deep.equal(["applied", "duplicate", "applied"]);
    });
  });

  describe("items", () => {
    it("hold the state, the last events and the description, and no claim", async () => {
      const one = change({ version: 3, observedAt: 42 });
      await scene.all(one);
      expect(await scene.items()).to.deep.equal([
        {
          subject: { S: one.subject },
          subjectId: { S: "id-1" },
          version: { N: "3" },
          observedAt: { N: "42" },
          deleted: { BOOL: false },
          eventIds: { L: [{ S: one.eventId }] },
          snapshot: { S: '{"thingName":"lamp"}' },
        },
      ]);
    });

    it("are tombstones for 90 days, without a description, and say whose they are where the deletion did", async () => {
      const first = change({ observedAt: 1 });
      const last = gone(2, { subjectId: "id-1" });
      await scene.all(first, last);
      expect(await scene.items()).to.deep.equal([
        {
          subject: { S: first.subject },
          subjectId: { S: "id-1" },
          version: { N: "1" },
          observedAt: { N: "2" },
          deleted: { BOOL: true },
          eventIds: { L: [{ S: first.eventId }, { S: last.eventId }] },
          expiresAt: { N: String((NOW + 90 * 86_400_000) / 1000) },
        },
      ]);
    });

    it("are nobody's where the deletion didn't say whose", async () => {
      await scene.all(change({ observedAt: 1 }), gone(2));
      expect((await scene.items())[0]).to.not.have.property("subjectId");
      await scene.all(gone(3, { subjectId: "id-1" }));
      expect((await scene.items())[0]).to.deep.include({ subjectId: { S: "id-1" }, observedAt: { N: "3" } });
    });

    it("have no event of a change that says none", async () => {
      await scene.all(change({ eventId: undefined }));
      expect((await scene.items())[0]?.["eventIds"]).to.deep.equal({ L: [] });
    });

    for (const [what, said] of Object.entries({
      "a life and a version": {},
      "no life": { subjectId: undefined },
      "no version": { version: undefined },
      "a deletion": { deleted: true, snapshot: undefined },
    }))
      it(`are made of ${what}, told by an event of its own, by one that may come again, and by none`, async () => {
        for (const event of [{}, { eventIdIsUnique: false }, { eventId: undefined }]) {
          await scene.empty();
          expect(await scene.all(change({ ...said, ...event }))).to.deep.equal(["applied"]);
        }
      });

    it("don't expire once there is a thing again", async () => {
      await scene.all(gone(1), change({ observedAt: 2 }));
      expect((await scene.items())[0]).to.not.have.property("expiresAt");
    });

    it("take the largest description that can be sent", async () => {
      await scene.all(change({ snapshot: JSON.stringify("x".repeat(128 * 1024 - 2)) }));
      expect((await scene.items())[0]?.["snapshot"]?.S).to.have.length(128 * 1024);
    });
  });
});
