// The schedule's function by itself: how it goes on beyond its own time, and where it ends.
import type { IoTClient } from "@aws-sdk/client-iot";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { reconciler } from "../../customer/lambda/reconciliation.ts";
import { allThings } from "../../customer/lambda/thing-pages.ts";
import type { SyncEvent } from "../../shared/contract/sync.ts";
import { invocation } from "./invocation.ts";

const ANNOUNCE = "arn:aws:lambda:us-east-1:111111111111:function:announce:live";
const SCHEDULED = { source: "aws.events", "detail-type": "Scheduled Event", detail: {} };

function reconciling(pages: number) {
  const announced: SyncEvent[] = [];
  const handedOn: unknown[] = [];
  const lines: Readonly<Record<string, unknown>>[] = [];
  const waits: number[] = [];
  const send = ({ input }: { input: { FunctionName: string; InvocationType?: string; Payload: Uint8Array } }) => {
    const payload: unknown = JSON.parse(Buffer.from(input.Payload).toString());
    if (input.FunctionName !== ANNOUNCE) {
      expect(input).to.include({ FunctionName: invocation().invokedFunctionArn, InvocationType: "Event" });
      handedOn.push(payload);
      return Promise.resolve({});
    }
    const event = payload as SyncEvent;
    announced.push(event);
    const things = event.things.map((thing) => ({ thing, outcome: "announced" }));
    return Promise.resolve({ Payload: Buffer.from(JSON.stringify({ things })) });
  };
  const run = reconciler({
    pages: (token = "0") => {
      const at = Number(token);
      return Promise.resolve({ things: [`thing-${at}`], next: at + 1 < pages ? String(at + 1) : undefined });
    },
    lambda: { send } as unknown as LambdaClient,
    announceAliasArn: ANNOUNCE,
    time: {
      now: () => 0,
      wait: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
    },
    log: (line) => lines.push(line),
  });
  return { run, announced, handedOn, lines, waits };
}

describe("the schedule's function", () => {
  it("has each thing announced, as of a reconciliation, without deletions, and says how many", async () => {
    const { run, announced, handedOn, lines } = reconciling(3);
    await run(SCHEDULED, invocation(900_000));
    expect(announced.map(({ things }) => things).flat()).to.deep.equal(["thing-0", "thing-1", "thing-2"]);
    expect(announced[0]).to.include({ source: "iot-hooks.sync", run: "reconcile", tombstones: false });
    expect(handedOn).to.deep.equal([]);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.deep.equal({
      ...{ outcome: "reconciled", link: 1, things: 3 },
      counts: { announced: 3, "deletion announced": 0, "not there": 0, failed: 0, "not reached": 0 },
    });
  });

  it("lists five pages a second, and has a hundred things announced: live events come first", async () => {
    const { run, waits } = reconciling(3);
    await run(SCHEDULED, invocation(900_000));
    // By a clock that stands still: what is listed waits for 200 ms more each time, what is announced for 10.
    expect(waits).to.deep.equal([200, 10, 400, 20]);
  });

  it("goes on itself while more than ninety seconds are left", async () => {
    for (const [remaining, links] of [
      [90_001, 0],
      [90_000, 1],
    ] as const) {
      const { run, handedOn, lines } = reconciling(2);
      await run(SCHEDULED, invocation(remaining));
      expect(handedOn, `${remaining} ms`).to.have.length(links);
      expect(lines[0]).to.include({ outcome: links === 0 ? "reconciled" : "to be continued" });
    }
  });

  it("begins at the first thing where the event isn't one that it handed on", async () => {
    for (const event of [
      { source: "iot-hooks.reconcile", link: 1, token: "1" },
      { source: "iot-hooks.reconcile", link: 2.5, token: "1" },
      { source: "iot-hooks.reconcile", link: 2 },
      { source: "aws.events", link: 2, token: "1" },
    ]) {
      const { run, announced, lines } = reconciling(2);
      await run(event, invocation(900_000));
      expect(announced.flatMap(({ things }) => things)).to.deep.equal(["thing-0", "thing-1"]);
      expect(lines[0]).to.include({ link: 1 });
    }
  });

  it("hands the rest on to itself before its time is up, and goes on from there", async () => {
    const { run, announced, handedOn } = reconciling(2);
    await run(SCHEDULED, invocation(60_000));
    expect(handedOn).to.deep.equal([{ source: "iot-hooks.reconcile", link: 2, token: "1" }]);
    await run(handedOn[0], invocation(60_000));
    expect(announced.map(({ things }) => things).flat()).to.deep.equal(["thing-0", "thing-1"]);
    expect(handedOn).to.have.length(1);
  });

  it("ends after fifteen invocations, before Lambda ends it, and says so", async () => {
    const { run, handedOn } = reconciling(100);
    const failure = await run({ source: "iot-hooks.reconcile", link: 15, token: "50" }, invocation(60_000)).then(
      () => expect.fail("it went on"),
      (error: unknown) => error as Error,
    );
    expect(failure).to.include({ name: "ReconciliationUnfinished" });
    expect(failure.message).to.match(/^After 15 invocations there are still things .*: take .* hooks backfill from a/);
    expect(handedOn).to.deep.equal([]);
  });
});

describe("a page of things", () => {
  it("is as large as AWS IoT makes one, of one type where that is asked for, and says where the next begins", async () => {
    const asked: unknown[] = [];
    const answers: object[] = [{ things: [{ thingName: "lamp" }, {}, { thingName: "bulb" }], nextToken: "2" }, {}];
    const iot = {
      send: ({ input }: { input: unknown }) => {
        asked.push(input);
        return Promise.resolve(answers.shift());
      },
    } as unknown as IoTClient;
    expect(await allThings(iot, "light")(undefined)).to.deep.equal({ things: ["lamp", "bulb"], next: "2" });
    expect(await allThings(iot)("2")).to.deep.equal({ things: [], next: undefined });
    expect(asked).to.deep.equal([
      { maxResults: 250, nextToken: undefined, thingTypeName: "light" },
      { maxResults: 250, nextToken: "2", thingTypeName: undefined },
    ]);
  });
});
