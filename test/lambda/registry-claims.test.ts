// Who is at work on a subject; what becomes of a claim when the own code ends, fails or is ended, or an answer is lost.
import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import type { Change } from "../../partner/lambda/change.ts";
import { ClaimLost, LEASE_MARGIN_MS, RESERVED_MS, SubjectClaimed } from "../../partner/lambda/registry.ts";
import { NOW, change, gone, time } from "./changes.ts";
import { RegistryScene } from "./registry-scene.ts";

const nothing = () => Promise.resolve();
/** The partner's own code, counted. */
class Runs {
  count = 0;
  readonly run = () => {
    this.count++;
    return Promise.resolve();
  };
}
const thrownBy = (run: Promise<unknown>): Promise<Error> =>
  run.then(
    () => expect.fail("it was applied"),
    (error: unknown) => error as Error,
  );

describe("device registry", () => {
  const scene = new RegistryScene();
  beforeEach(() => scene.empty());

  describe("claims", () => {
    const leased = async (ms: number, token = "another") => {
      const { subject } = change();
      const claim = { M: { token: { S: token }, until: { N: String(NOW + ms) } } };
      await scene.table.put({ subject: { S: subject }, claim });
    };

    it("are there while the partner's own code runs, for as long as the invocation may and a little more", async () => {
      const one = change();
      await scene.registry().apply(one, time(12_000), async () => {
        const [item] = await scene.items();
        expect(item).to.have.all.keys("subject", "claim");
        const { token, ...claim } = item?.["claim"]?.M ?? {};
        expect(token?.S).to.match(/^[0-9a-f-]{36}$/);
        expect(claim).to.deep.equal({
          eventId: { S: one.eventId },
          until: { N: String(NOW + 12_000 + LEASE_MARGIN_MS) },
        });
      });
    });

    it("end with what the partner's own code throws, and leave nothing of a thing that wasn't known", async () => {
      const cause = new Error("the database is away");
      expect(await thrownBy(scene.registry().apply(change(), time(), () => Promise.reject(cause)))).to.equal(cause);
      expect(await scene.items()).to.deep.equal([]);
    });

    it("end with what the partner's own code throws, and leave the state as it was, but for who was told", async () => {
      await scene.all(change({ version: 1 }));
      const [before] = await scene.items();
      await thrownBy(scene.registry().apply(change({ version: 2 }), time(), () => Promise.reject(new Error("no"))));
      expect(await scene.items()).to.deep.equal([{ ...before, unsettled: { BOOL: true } }]);
      await scene.all(change({ version: 2 }));
      expect((await scene.items())[0]).to.not.have.property("unsettled");
    });

    for (const [how, begun] of [
      [
        "failed",
        (deletion: Change) =>
          thrownBy(scene.registry().apply(deletion, time(), () => Promise.reject(new Error("half done")))),
      ],
      [
        "was ended in the middle",
        async (deletion: Change) => {
          await new Promise<void>((started) => {
            void scene.registry().apply(deletion, time(), () => {
              started();
              return new Promise(() => undefined);
            });
          });
          scene.clock += 60_000;
        },
      ],
    ] as const)
      it(`have the own code run for what is known, where it ${how} for something else since`, async () => {
        const runs = new Runs();
        const seen = (observedAt: number) =>
          scene.registry().apply(change({ version: 1, observedAt }), time(), runs.run);
        await seen(1);
        await begun(gone(2));
        expect([await seen(3), await seen(4)]).to.deep.equal(["applied", "duplicate"]);
        expect(runs.count).to.equal(2);
        // What came to nothing is old by now: nobody hears of it again.
        expect(await scene.all(gone(2))).to.deep.equal(["stale"]);
        expect((await scene.items())[0]).to.not.have.any.keys("claim", "unsettled");
      });

    it("are for no event that the own code ran for, whatever its next look at the customer's registry found", async () => {
      const runs = new Runs();
      const seen = (look: Partial<Change>) => scene.registry().apply(change(look), time(), runs.run);
      await seen({ version: 1, observedAt: 1, eventId: "one" });
      await thrownBy(scene.registry().apply(gone(2), time(), () => Promise.reject(new Error("half done"))));
      expect(await seen({ version: 1, observedAt: 3, eventId: "two" })).to.equal("applied");
      expect(await seen({ version: 2, observedAt: 4, eventId: "two" })).to.equal("duplicate");
      expect(await seen({ version: 2, observedAt: 4, eventId: "three" })).to.equal("applied");
      expect(runs.count).to.equal(3);
    });

    it("keep an id once, however often what it says is seen", async () => {
      for (const observedAt of [1, 2, 3]) await scene.all(change({ version: 1, observedAt, eventId: "one" }));
      expect((await scene.items())[0]?.["eventIds"]).to.deep.equal({ L: [{ S: "one" }] });
    });

    it("let the retry of a change that failed run it again", async () => {
      const one = change();
      let runs = 0;
      const run = () => (++runs === 1 ? Promise.reject(new Error("no")) : Promise.resolve());
      await thrownBy(scene.registry().apply(one, time(), run));
      expect(await scene.registry().apply(one, time(), run)).to.equal("applied");
      expect(runs).to.equal(2);
    });

    it("are waited for by what a backfill found, whose id another thing of the name had before", async () => {
      const sync = { eventId: "sync:arn:1", eventIdIsUnique: false };
      await scene.all(change({ ...sync, subjectId: "id-1", observedAt: 1 }));
      const [known] = await scene.items();
      const claim = { M: { token: { S: "another" }, until: { N: String(NOW + 8_000) } } };
      await scene.table.put({ ...known, claim });
      const anew = change({ ...sync, subjectId: "id-2", observedAt: 2 });
      expect(await scene.all(anew, anew)).to.deep.equal(["applied", "duplicate"]);
      expect((await scene.items())[0]).to.deep.include({ subjectId: { S: "id-2" } });
    });

    it("of an invocation that crashed are waited for, and taken over when the lease has ended", async () => {
      await leased(8_000);
      const runs = new Runs();
      expect(await scene.registry().apply(change(), time(), runs.run)).to.equal("applied");
      expect(runs.count).to.equal(1);
      expect(scene.clock).to.be.within(NOW + 8_000, NOW + 10_100);
      expect(scene.waits.slice(0, 4)).to.deep.equal([50, 100, 200, 400]);
      expect(Math.max(...scene.waits)).to.equal(2_000);
    });

    it("that outlast what the invocation can wait are thrown, with the subject and their end", async () => {
      await leased(60_000);
      const until = NOW + 20_000;
      const remaining = { ...time(), remaining: () => until - scene.clock };
      const error = await thrownBy(scene.registry().apply(change(), remaining, nothing));
      expect(error).to.be.instanceOf(SubjectClaimed);
      expect(error.message).to.equal(
        `Another invocation is at work on ${change().subject}, until 2026-01-02T03:05:10.000Z at most.`,
      );
      expect(until - scene.clock).to.be.within(RESERVED_MS, RESERVED_MS + 2_000);
    });

    it("leave an earlier change stale as soon as they end with a later one", async () => {
      const runs = new Runs();
      const earlier = change({ version: 1 });
      const later = change({ version: 2 });
      let ended: (() => void) | undefined;
      const end = new Promise<void>((resolve) => (ended = resolve));
      let waiting: Promise<string> | undefined;
      const outcome = await scene.registry().apply(later, time(), async () => {
        await new Promise<void>((claimed) => {
          const wait = () => {
            claimed();
            return end;
          };
          waiting = scene.registry({ wait }).apply(earlier, time(), runs.run);
        });
      });
      ended?.();
      expect([outcome, await waiting]).to.deep.equal(["applied", "stale"]);
      expect(runs.count).to.equal(0);
    });

    it("let one of many at a time run, and the newest of them last", async () => {
      const changes = Array.from({ length: 12 }, (_, version) => change({ version }));
      let running = 0;
      const ran: (number | undefined)[] = [];
      const wait = () => new Promise<void>((resolve) => setImmediate(resolve));
      const outcomes = await Promise.all(
        changes.map((one) =>
          scene.registry({ wait }).apply(one, time(), async () => {
            expect(++running).to.equal(1);
            ran.push(one.version);
            await scene.items();
            running--;
          }),
        ),
      );
      expect(ran.at(-1)).to.equal(11);
      expect(ran).to.deep.equal([...ran].sort((one, other) => (one ?? 0) - (other ?? 0)));
      expect(outcomes.filter((outcome) => outcome === "applied")).to.have.length(ran.length);
      expect((await scene.items())[0]?.["version"]).to.deep.equal({ N: "11" });
    });

    it("that were lost to another invocation while the own code ran are thrown, and nothing is applied", async () => {
      const error = await thrownBy(scene.registry().apply(change(), time(), () => leased(60_000)));
      expect(error).to.be.instanceOf(ClaimLost);
      expect(error.message).to.include(change().subject);
      expect((await scene.items())[0]).to.not.have.property("observedAt");
    });

    it("hold where the item's time was up meanwhile", async () => {
      const { subject } = change();
      const outcome = await scene.registry().apply(change(), time(), async () => {
        await scene.table.remove({ subject: { S: subject } });
      });
      expect(outcome).to.equal("applied");
      expect((await scene.items())[0]).to.include.keys("observedAt");
    });

    it("that can't be released are logged, with their end, and the failure itself is thrown", async () => {
      const cause = new Error("the database is away");
      const away = {
        send: (command: { constructor: { name: string } }) =>
          command instanceof UpdateItemCommand
            ? scene.table.send(command)
            : Promise.reject(Object.assign(new Error("slow down"), { name: "ThrottlingException" })),
      } as unknown as DynamoDBClient;
      const registry = scene.registry({ client: away });
      expect(await thrownBy(registry.apply(change(), time(), () => Promise.reject(cause)))).to.equal(cause);
      expect(scene.lines).to.deep.equal([
        {
          outcome: "claim not released",
          subject: change().subject,
          until: new Date(NOW + 30_000 + LEASE_MARGIN_MS).toISOString(),
          error: "ThrottlingException: slow down",
        },
      ]);
    });
  });

  describe("lost answers", () => {
    /** Sends each write twice, as the SDK does when the answer to the first didn't arrive. */
    const twice = {
      send: async (command: UpdateItemCommand) => {
        await scene.table.send(command);
        return scene.table.send(command);
      },
    } as unknown as DynamoDBClient;

    it("change nothing: a claim and an application are found to be one's own", async () => {
      for (const one of [change({ observedAt: 1 }), change({ eventId: undefined, version: 2 }), gone(2000)]) {
        const runs = new Runs();
        expect(await scene.registry({ client: twice }).apply(one, time(), runs.run)).to.equal("applied");
        expect(runs.count).to.equal(1);
      }
      expect(await scene.items()).to.have.length(1);
    });

    it("of a release change nothing either", async () => {
      const cause = new Error("no");
      const registry = scene.registry({ client: twice });
      expect(await thrownBy(registry.apply(change(), time(), () => Promise.reject(cause)))).to.equal(cause);
      expect(await scene.items()).to.deep.equal([]);
      expect(scene.lines).to.deep.equal([]);
    });
  });

  it("throws what DynamoDB says, without running anything", async () => {
    const away = { send: () => Promise.reject(Object.assign(new Error("slow down"), { name: "ThrottlingException" })) };
    const runs = new Runs();
    const registry = scene.registry({ client: away as unknown as DynamoDBClient });
    const error = await thrownBy(registry.apply(change(), time(), runs.run));
    expect(error).to.have.property("name", "ThrottlingException");
    expect(runs.count).to.equal(0);
  });
});
