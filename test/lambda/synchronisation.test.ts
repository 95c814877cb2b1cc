// What the announce function makes of things that somebody lists, with the real SDK client of AWS IoT.
import { IoTClient } from "@aws-sdk/client-iot";
import { expect } from "chai";
import { announcer } from "../../customer/lambda/announcement.ts";
import { CLIENT } from "../../shared/lambda/clients.ts";
import type { Operation } from "../../shared/contract/operations.ts";
import { MAX_SYNC_THINGS, type SyncEvent } from "../../shared/contract/sync.ts";
import { AwsStub } from "./aws-stub.ts";
import { THING } from "./descriptions.ts";
import type { Line } from "../../shared/lambda/meter.ts";
import { Gauge, LetterBox, QUEUE_URL, invocation } from "./invocation.ts";
import { CUSTOMER, PARTNER, THING_ARN } from "./records.ts";

const NOW = "2026-01-02T03:04:05.678Z";
const gone = THING_ARN.replace("lamp", "gone");

describe("announce function asked for things as they are", () => {
  const aws = new AwsStub();
  let iot: IoTClient;
  before(async () => {
    const credentials = { accessKeyId: "ASIAFUNCTION", secretAccessKey: "secret" };
    iot = new IoTClient({ ...CLIENT, endpoint: await aws.start(), region: "us-east-1", credentials, maxAttempts: 1 });
  });
  after(() => aws.stop());
  beforeEach(() => {
    aws.reset();
    aws.answers.set("GET /things/lamp", () => ({ status: 200, body: THING }));
  });

  function announcing(
    operations: readonly Operation[] = ["create_thing", "delete_thing"],
    now: () => Date = () => new Date(NOW),
  ) {
    const published: { topic: string; message: Record<string, unknown> }[] = [];
    const lines: Line[] = [];
    const gauge = new Gauge(lines);
    const box = new LetterBox();
    const announce = announcer({
      settings: {
        accountId: CUSTOMER,
        partnerRoleArn: `arn:aws:iam::${PARTNER}:role/publish-from-customer-role-${CUSTOMER}`,
        partnerRegion: "us-east-1",
        stsRegion: "us-east-1",
        operations: [...operations],
        failureQueueUrl: QUEUE_URL,
      },
      iot,
      publish: (topic, payload) => {
        published.push({ topic, message: JSON.parse(payload) as Record<string, unknown> });
        return Promise.resolve();
      },
      sendLetter: box.send,
      now,
      measure: gauge.measure,
      log: (line) => lines.push(line),
    });
    const ask = async (event: Partial<SyncEvent>, remaining?: number) => {
      const report = await announce({ source: "iot-hooks.sync", run: "backfill", ...event }, invocation(remaining));
      return report?.things ?? [];
    };
    return { ask, published, lines, measured: gauge.values, letters: box.letters };
  }

  it("publishes each as sync_thing, as described, with an id made of its ARN and version", async () => {
    const { ask, published, measured } = announcing();

    expect(await ask({ things: ["lamp"] })).to.deep.equal([{ thing: "lamp", outcome: "announced" }]);

    const hook = {
      schemaVersion: 1,
      eventId: `sync:${THING_ARN}:3`,
      eventTime: NOW,
      observedAt: NOW,
      eventName: "SyncThing",
      region: "us-east-1",
      snapshot: "registry",
      run: "backfill",
    };
    expect(published).to.deep.equal([
      { topic: `cross_account_hooks/${CUSTOMER}/sync_thing`, message: { ...THING, hook } },
    ]);
    expect(measured).to.deep.equal([[CUSTOMER, { Synced: 1 }]]);
  });

  it("announces as deleted what isn't there, where that is asked for", async () => {
    const { ask, published, measured } = announcing();

    const [answer] = await ask({ things: ["gone"], tombstones: true });

    expect(answer).to.deep.equal({ thing: "gone", outcome: "deletion announced" });
    const [{ topic, message } = { topic: "", message: {} }] = published;
    expect(topic).to.equal(`cross_account_hooks/${CUSTOMER}/delete_thing`);
    expect(message).to.include({ thingName: "gone", thingArn: gone });
    expect(message["hook"]).to.include({ eventId: `sync:${gone}:gone:${NOW}`, eventName: "SyncThing" });
    expect(measured).to.deep.equal([[CUSTOMER, { Synced: 1 }]]);
  });

  it("says only to who asked what isn't there, without that or without delete_thing among the operations", async () => {
    for (const [operations, tombstones] of [
      [["create_thing", "delete_thing"], { tombstones: false }],
      [["create_thing", "delete_thing"], {}],
      [["create_thing"], { tombstones: true }],
    ] as const) {
      const { ask, published } = announcing(operations);
      expect(await ask({ things: ["gone"], ...tombstones })).to.deep.equal([{ thing: "gone", outcome: "not there" }]);
      expect(published).to.deep.equal([]);
    }
  });

  it("answers for each thing what failed and whether asking again may help, and announces the others", async () => {
    aws.answers.set("GET /things/busy", () => ({
      status: 429,
      code: "ThrottlingException",
      body: { message: "slow" },
    }));
    aws.answers.set("GET /things/odd", () => ({ status: 200, body: { ...THING, thingName: "other" } }));
    const { ask, published, lines, letters } = announcing();

    const answers = new Map((await ask({ things: ["busy", "odd", "lamp"] })).map((one) => [one.thing, one]));

    expect(answers.get("busy")).to.include({ outcome: "failed", reason: "describe failed", again: true });
    expect(answers.get("busy")?.error).to.include("Event sync:busy is not").and.include("ThrottlingException");
    expect(answers.get("odd")).to.include({ outcome: "failed", reason: "malformed message", again: false });
    expect(answers.get("lamp")?.outcome).to.equal("announced");
    expect(published).to.have.length(1);
    expect(lines.map(({ outcome }) => outcome)).to.have.members([
      "not synchronised",
      "not synchronised",
      "synchronised",
    ]);
    expect(lines.at(-1)).to.deep.include({ run: "backfill", things: { announced: 1, failed: 2 } });
    expect(letters).to.deep.equal([]);
  });

  it("throws what nobody thought of: whoever asks is told, and not that this thing failed", async () => {
    const cause = new RangeError("no clock");
    const { ask } = announcing(["create_thing"], () => {
      throw cause;
    });
    expect(await ask({ things: ["lamp"] }).catch((error: unknown) => error)).to.equal(cause);
  });

  it("begins nothing that its time may not be enough for", async () => {
    const { ask } = announcing();

    expect(await ask({ things: ["lamp"] }, 7_999)).to.deep.equal([
      { thing: "lamp", outcome: "not reached", again: true },
    ]);
    expect(aws.calls).to.deep.equal([]);
    expect(await ask({ things: ["lamp"] }, 8_000)).to.deep.equal([{ thing: "lamp", outcome: "announced" }]);
  });

  const refused: readonly (readonly [string, Partial<SyncEvent>, readonly Operation[], string, string])[] = [
    ["no things", { things: [] }, ["create_thing"], "malformed event", "things: "],
    [
      "too many",
      { things: Array<string>(MAX_SYNC_THINGS + 1).fill("a") },
      ["create_thing"],
      "malformed event",
      "things: ",
    ],
    [
      "what is no name",
      { things: ["a/b"] },
      ["create_thing"],
      "malformed event",
      "things.0: must be the name of a thing. This is what `hooks backfill` sends: use the release that is deployed.",
    ],
    ["another run", { things: ["a"], run: "x" as never }, ["create_thing"], "malformed event", "run: "],
    [
      "things where none are announced",
      { things: ["a"] },
      ["create_thing_type", "delete_thing"],
      "operation not announced",
      "create_thing is none of the configured operations create_thing_type, delete_thing: things are announced as " +
        "they are only where their creation is.",
    ],
  ];
  for (const [what, event, operations, reason, words] of refused) {
    it(`throws for ${what}, and writes no letter: whoever asks is told`, async () => {
      const { ask, letters, lines } = announcing(operations);
      const failure = await ask(event).then(
        () => expect.fail("it was taken"),
        (error: unknown) => error as Error,
      );
      expect(failure).to.include({ name: "AnnounceFailure", reason });
      expect(failure.message).to.include(words);
      expect(lines).to.deep.equal([{ outcome: "failed", reason, error: failure.message }]);
      expect(letters).to.deep.equal([]);
    });
  }
});
