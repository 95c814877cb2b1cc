// The schedule's function by itself: how it goes on beyond its own time, and where it ends.
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { reconciler } from "../../customer/lambda/reconciliation.ts";
import type { SyncEvent } from "../../shared/contract/sync.ts";
import { invocation } from "./invocation.ts";

const ANNOUNCE = "arn:aws:lambda:us-east-1:111111111111:function:announce:live";
const SCHEDULED = { source: "aws.events", "detail-type": "Scheduled Event", detail: {} };

function reconciling(pages: number) {
  const announced: SyncEvent[] = [];
  const handedOn: unknown[] = [];
  const lines: Readonly<Record<string, unknown>>[] = [];
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
    time: { now: () => 0, wait: () => Promise.resolve() },
    log: (line) => lines.push(line),
  });
  return { run, announced, handedOn, lines };
}

describe("the schedule's function", () => {
  it("has each thing announced, as of a reconciliation, without deletions, and says how many", async () => {
    const { run, announced, handedOn, lines } = reconciling(3);
    await run(SCHEDULED, invocation(900_000));
    expect(announced.map(({ things }) => things).flat()).to.deep.equal(["thing-0", "thing-1", "thing-2"]);
    expect(announced[0]).to.include({ source: "iot-hooks.sync", run: "reconcile", tombstones: false });
    expect(handedOn).to.deep.equal([]);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.deep.include({ outcome: "reconciled", link: 1, things: 3 });
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
    expect(handedOn).to.deep.equal([]);
  });
});
