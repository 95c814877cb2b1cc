// The parts of `hooks backfill` by themselves: pace, answers, checkpoint, comparison. `npm run test:backfill` runs them
// together, on both sides as deployed.
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import fc from "fast-check";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pace } from "../../customer/lambda/pace.ts";
import { type SenderParts, sendThings } from "../../customer/lambda/sync-sender.ts";
import { readCheckpoint } from "../../hooks/backfill/checkpoint.ts";
import { missingNames, partsOf } from "../../hooks/backfill/known.ts";
import { LineFile } from "../../hooks/backfill/line-file.ts";
import { duration, progressText } from "../../hooks/backfill/report.ts";
import { type Work, backfill } from "../../hooks/backfill/run.ts";
import type { SyncEvent, SyncedThing } from "../../shared/contract/sync.ts";

type Answer = (event: SyncEvent) => readonly SyncedThing[];
const announced: Answer = ({ things }) => things.map((thing) => ({ thing, outcome: "announced" }));

/** A time that passes only by waiting. */
class Watch {
  ms = 0;
  readonly now = (): number => this.ms;
  readonly wait = (ms: number): Promise<void> => {
    this.ms += ms;
    return Promise.resolve();
  };
}

/** The announce function, as Lambda's client answers for it. */
function sending(answer: (event: SyncEvent) => unknown, FunctionError?: string) {
  const events: SyncEvent[] = [];
  const watch = new Watch();
  const send = ({ input }: { input: { Payload: Uint8Array } }) => {
    const event = JSON.parse(Buffer.from(input.Payload).toString()) as SyncEvent;
    events.push(event);
    const Payload = Buffer.from(JSON.stringify(answer(event)));
    return Promise.resolve(FunctionError === undefined ? { Payload } : { Payload, FunctionError });
  };
  const parts: SenderParts = {
    lambda: { send } as unknown as LambdaClient,
    functionAliasArn: "arn:aws:lambda:us-east-1:111111111111:function:announce:live",
    run: "backfill",
    pace: new Pace(100, watch),
    wait: watch.wait,
  };
  return { parts, events, watch };
}
const reporting = (answer: Answer) => sending((event) => ({ things: answer(event) }));
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `thing-${index}`);
const rejection = (run: Promise<unknown>) =>
  run.then(
    () => expect.fail("it was done"),
    (error: unknown) => error as Error,
  );

describe("hooks backfill, part by part", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "backfill parts "));
  });
  after(() => rm(folder, { recursive: true }));

  describe("pace", () => {
    it("lets no more go than its rate, however they come", async () => {
      const watch = new Watch();
      const pace = new Pace(50, watch);
      for (const count of [50, 1, 49, 100]) await pace.take(count);
      await pace.take(1);
      expect(watch.ms).to.equal(4000);
    });

    it("halves, but not without end, and comes back", () => {
      const pace = new Pace(160, new Watch());
      pace.slower();
      expect(pace.rate).to.equal(80);
      for (let count = 0; count < 20; count++) pace.slower();
      expect(pace.rate).to.equal(10);
      for (let count = 0; count < 20; count++) pace.faster();
      expect(pace.rate).to.equal(160);
    });
  });

  describe("asking the announce function", () => {
    it("hands over fifty at a time, and no more a second than it may", async () => {
      const { parts, events, watch } = reporting(announced);
      const { counts, failures } = await sendThings(parts, names(120));
      expect(events.map(({ things }) => things.length)).to.deep.equal([50, 50, 20]);
      expect(counts.announced).to.equal(120);
      expect(failures).to.deep.equal([]);
      expect(watch.ms).to.be.at.least(1000);
    });

    it("asks again for those that another try may help, five times in all, and gives up those", async () => {
      const { parts, events } = reporting(({ things }) =>
        things.map((thing) =>
          thing === "thing-0" || thing === "thing-1"
            ? { thing, outcome: "failed", reason: "why", again: thing === "thing-0" }
            : { thing, outcome: "announced" },
        ),
      );
      const { counts, failures } = await sendThings(parts, names(3));
      expect(events.map(({ things }) => things)).to.deep.equal([
        ["thing-0", "thing-1", "thing-2"],
        ...Array.from({ length: 4 }, () => ["thing-0"]),
      ]);
      expect(counts).to.include({ announced: 1, failed: 2 });
      expect(failures.map(({ thing }) => thing)).to.deep.equal(["thing-1", "thing-0"]);
    });

    const refused: readonly (readonly [string, unknown, string | undefined, string])[] = [
      ["its own refusal", { errorType: "AnnounceFailure", errorMessage: "no" }, "Unhandled", "SyncRefused"],
      ["an answer that is no report", null, undefined, "SyncRefused"],
      [
        "a function that is stopped",
        { errorType: "Sandbox.Timedout", errorMessage: "" },
        "Unhandled",
        "SyncUnavailable",
      ],
      ["an error in another form", "x", "Unhandled", "SyncUnavailable"],
    ];
    for (const [what, payload, functionError, name] of refused) {
      it(`ends the run for ${what}`, async () => {
        const { parts, events } = sending(() => payload, functionError);
        expect((await rejection(sendThings(parts, ["a"]))).name).to.equal(name);
        expect(events).to.have.length(name === "SyncRefused" ? 1 : 5);
      });
    }
  });

  it("hands over each name at least once and those of one page twice, wherever it is killed", async () => {
    const pages = fc.array(fc.array(fc.constant("x"), { maxLength: 4 }), { minLength: 1, maxLength: 8 });
    // Calls, of lists and of the function, after which it is killed; then it is started again.
    const kills = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 5 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(pages, kills, async (shape, ends) => {
        const listed = shape.map((page, at) => page.map((_, index) => `thing-${at}-${index}`));
        const handed = new Map<string, number>();
        const checkpoint = join(folder, `killed-${run++}`);
        for (const end of [...ends, Infinity]) {
          let left = end;
          const step = () => {
            if (left-- <= 0) throw new Error("killed");
          };
          const { parts } = reporting((event) => {
            for (const thing of event.things) handed.set(thing, (handed.get(thing) ?? 0) + 1);
            step();
            return announced(event);
          });
          const outcome = await backfill({
            ...work(checkpoint, parts),
            listing: {
              what: "all",
              perSecond: 1,
              isComplete: true,
              pages: (token) => {
                step();
                const at = Number(token ?? 0);
                return Promise.resolve({
                  things: listed[at] ?? [],
                  next: at + 1 < listed.length ? String(at + 1) : undefined,
                });
              },
            },
          }).catch((error: unknown) => error as Error);
          if (!(outcome instanceof Error)) break;
        }
        expect([...handed.keys()].sort()).to.deep.equal(listed.flat().sort());
        const more = [...handed.values()].reduce((sum, times) => sum + times - 1, 0);
        expect(more).to.be.at.most(4 * 5 * ends.length);
        expect((await readdir(folder)).filter((file) => file.startsWith("killed"))).to.deep.equal([]);
      }),
      { numRuns: 40 },
    );
  });

  const work = (checkpoint: string, sender: SenderParts): Work => ({
    listing: {
      what: "none",
      perSecond: 1,
      isComplete: true,
      pages: () => Promise.resolve({ things: [], next: undefined }),
    },
    listPace: new Pace(10, new Watch()),
    sender,
    checkpoint,
    of: "this",
    known: undefined,
    counts: false,
    now: () => new Date(0),
    signal: new AbortController().signal,
    progress: () => undefined,
  });

  describe("checkpoint", () => {
    it("is refused where it is another run's, or none", async () => {
      const path = join(folder, "other.json");
      const progress = {
        ...{ format: 1, of: "that", startedAt: "", isListed: false, comparedParts: 0, listed: 1, pages: 1 },
        counts: { announced: 1, "deletion announced": 0, "not there": 0, failed: 0, "not reached": 0 },
        bytes: { failures: 0, names: 0 },
      };
      await writeFile(path, JSON.stringify(progress));
      expect(await readCheckpoint(path, "that")).to.deep.equal(progress);
      expect((await rejection(readCheckpoint(path, "this"))).message).to.include(
        "of another run (that; this one: this)",
      );
      await writeFile(path, "{");
      expect((await rejection(readCheckpoint(path, "that"))).message).to.include("is no checkpoint");
      expect(await readCheckpoint(join(folder, "none"), "that")).to.equal(undefined);
    });

    it("cuts the files beside it back to what it knew", async () => {
      const path = join(folder, "lines");
      const first = await LineFile.open(path, 0);
      await first.append(["a", "b"]);
      const { bytes } = first;
      await first.append(["c"]);
      await first.close();
      const second = await LineFile.open(path, bytes);
      await second.append(["d"]);
      await second.close();
      expect(await readFile(path, "utf8")).to.equal("a\nb\nd\n");
      expect((await rejection(LineFile.open(path, 100))).name).to.equal("UserError");
    });
  });

  it("finds what the partner has and wasn't listed, in parts, of this account and Region only", async () => {
    const some = fc.uniqueArray(fc.stringMatching(/^[a-zA-Z0-9:_-]{1,8}$/), { maxLength: 30 });
    const [knownFile, listedFile] = [join(folder, "known"), join(folder, "listed")];
    const arnPrefix = "arn:aws:iot:us-east-1:111111111111:thing/";
    await fc.assert(
      fc.asyncProperty(some, some, fc.integer({ min: 1, max: 4 }), async (known, listed, parts) => {
        const others = [
          "arn:aws:iot:eu-west-1:111111111111:thing/a",
          "arn:aws:iot:us-east-1:111111111111:thinggroup/a",
        ];
        await writeFile(knownFile, [...known.map((name) => arnPrefix + name), ...others, ""].join("\n"));
        await writeFile(listedFile, listed.map((name) => `${name}\n`).join(""));
        const missing: string[] = [];
        for (let part = 0; part < parts; part++)
          missing.push(...(await missingNames({ knownFile, listedFile, arnPrefix, parts }, part)));
        expect(missing.sort()).to.deep.equal(known.filter((name) => !listed.includes(name)).sort());
      }),
      { numRuns: 40 },
    );
    expect([1, 100_000, 100_001, 1_000_000].map(partsOf)).to.deep.equal([1, 1, 2, 10]);
    await writeFile(knownFile, "lamp\n");
    const comparison = { knownFile, listedFile, arnPrefix, parts: 1 };
    expect((await rejection(missingNames(comparison, 0))).message).to.include("a line that is no ARN");
  });

  it("says how far it is, and how long it will take once it knows how many there are", () => {
    const progress = { listed: 12_500, isListed: false } as Parameters<typeof progressText>[0];
    expect(progressText(progress, 0, 100_000)).to.equal("12,500 things, 125 a second");
    expect(progressText({ ...progress, total: 1_000_000 }, 0, 100_000)).to.equal(
      "12,500 of about 1,000,000 things, 125 a second, 2 h 12 min left",
    );
    expect(duration(20)).to.equal("less than a minute");
  });
});
