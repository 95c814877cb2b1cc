// Who has things announced: what is asked again, how often and how slowly, and where it ends.
import { LambdaServiceException, type LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { Pace } from "../../customer/lambda/pace.ts";
import { type Sent, sendThings } from "../../customer/lambda/sync-sender.ts";
import type { SyncEvent, SyncedThing } from "../../shared/contract/sync.ts";

const ANNOUNCE = "arn:aws:lambda:us-east-1:111111111111:function:announce:live";

/** What Lambda answers to an Invoke, or what the SDK throws. */
type Answer = { readonly Payload?: unknown; readonly FunctionError?: string } | Error;
type Answers = (event: SyncEvent, turn: number) => Answer;

const of = (things: readonly string[], answer: Partial<SyncedThing>): Answer => ({
  Payload: { things: things.map((thing) => ({ thing, outcome: "announced", ...answer })) },
});
const announced: Answers = ({ things }) => of(things, {});
const refusal = (name: string) =>
  new LambdaServiceException({ name, $fault: "client", $metadata: {}, message: `${name} says AWS` });
const threw = (errorType: string, errorMessage: string): Answer => ({
  FunctionError: "Unhandled",
  Payload: { errorType, errorMessage },
});

function sending(answers: Answers, rate = 1_000_000) {
  const events: SyncEvent[] = [];
  const waits: number[] = [];
  const send = ({ input }: { input: { FunctionName: string; Payload: Uint8Array } }) => {
    expect(input.FunctionName).to.equal(ANNOUNCE);
    const event = JSON.parse(Buffer.from(input.Payload).toString()) as SyncEvent;
    const answer = answers(event, events.push(event));
    if (answer instanceof Error) return Promise.reject(answer);
    const { Payload, ...rest } = answer;
    return Promise.resolve({
      ...rest,
      ...(Payload === undefined ? {} : { Payload: Buffer.from(JSON.stringify(Payload)) }),
    });
  };
  const pace = new Pace(rate, { now: () => 0, wait: () => Promise.resolve() });
  const run = (things: readonly string[], tombstones?: boolean): Promise<Sent> =>
    sendThings(
      {
        ...{ lambda: { send } as unknown as LambdaClient, functionAliasArn: ANNOUNCE, run: "backfill" as const, pace },
        wait(ms) {
          waits.push(ms);
          return Promise.resolve();
        },
      },
      things,
      tombstones,
    );
  return { run, events, waits, pace };
}

const rejected = async (sent: Promise<Sent>): Promise<Error> => {
  try {
    await sent;
  } catch (error) {
    return error as Error;
  }
  throw new Error("It was sent.");
};

describe("whoever has things announced", () => {
  it("sends fifty in an event, and deletions only where that is asked for", async () => {
    const things = Array.from({ length: 120 }, (_, index) => `lamp-${index}`);
    const { run, events, waits } = sending(announced);

    const { counts, failures } = await run(things);
    await run(["lamp"], true);

    expect(events.map(({ things: some }) => some.length)).to.deep.equal([50, 50, 20, 1]);
    expect(events.slice(0, 3).flatMap(({ things: some }) => some)).to.deep.equal(things);
    expect(events.map(({ tombstones }) => tombstones)).to.deep.equal([false, false, false, true]);
    for (const event of events) expect(event).to.include({ source: "iot-hooks.sync", run: "backfill" });
    expect(counts).to.include({ announced: 120, failed: 0, "not reached": 0 });
    expect(failures).to.deep.equal([]);
    expect(waits).to.deep.equal([]);
  });

  it("asks again for those alone that another try may help, after a pause that doubles", async () => {
    const again: Partial<SyncedThing> = { outcome: "not reached", again: true };
    const denied = { outcome: "failed", reason: "denied", again: false } as const;
    const { run, events, waits } = sending(({ things }, turn) =>
      turn === 4
        ? of(things, {})
        : { Payload: { things: things.map((thing) => ({ thing, ...(thing === "late" ? again : denied) })) } },
    );

    const { counts, failures } = await run(["late", "lamp"]);

    expect(events.map(({ things }) => things)).to.deep.equal([["late", "lamp"], ["late"], ["late"], ["late"]]);
    expect(waits).to.deep.equal([1_000, 2_000, 4_000]);
    expect(counts).to.include({ announced: 1, failed: 1, "not reached": 0 });
    expect(failures).to.deep.equal([{ thing: "lamp", ...denied }]);
  });

  it("gives a thing up after five tries, and says so of it", async () => {
    const { run, events } = sending(({ things }) =>
      of(things, { outcome: "not reached", reason: "time", again: true }),
    );

    const { counts, failures } = await run(["lamp"]);

    expect(events).to.have.length(5);
    expect(counts).to.include({ announced: 0, "not reached": 1 });
    expect(failures).to.deep.equal([{ thing: "lamp", outcome: "not reached", reason: "time", again: true }]);
  });

  it("goes slower for each round that leaves something, and faster again by sixteenths", async () => {
    const rates: number[] = [];
    const { run, pace } = sending(({ things }, turn) => {
      rates.push(pace.rate);
      return of(things, turn < 3 ? { outcome: "not reached", again: true } : {});
    }, 160);

    await run(["lamp"]);
    await run(["lamp"]);

    expect(rates).to.deep.equal([160, 80, 40, 50]);
    expect(pace.rate).to.equal(60);
  });

  for (const [why, failure, said] of [
    ["Lambda throttles", () => refusal("TooManyRequestsException"), "TooManyRequestsException"],
    ["the function throws", () => threw("Error", "connection lost"), "Error: connection lost"],
    ["the function ends without words", () => ({ FunctionError: "Unhandled", Payload: {} }), "an error: without words"],
    [
      "nothing is answered by a function that failed",
      () => ({ FunctionError: "Unhandled" }),
      "an error: without words",
    ],
  ] as const)
    it(`tries again where ${why}, and goes on when that is over`, async () => {
      const once = sending((event, turn) => (turn === 1 ? failure() : announced(event, turn)));
      expect((await once.run(["lamp"])).counts).to.include({ announced: 1 });
      expect(once.events).to.have.length(2);

      const always = sending(failure);
      const error = await rejected(always.run(["lamp"]));
      expect(always.events).to.have.length(5);
      expect(error).to.have.property("name", "SyncUnavailable");
      expect(error.message).to.match(/^The announce function could not be had, in 5 tries: /);
      expect(error.message).to.include(said);
    });

  for (const name of ["AccessDeniedException", "ResourceNotFoundException"])
    it(`ends at once where AWS says ${name}: asking again brings the same`, async () => {
      const { run, events } = sending(() => refusal(name));
      expect(await rejected(run(["lamp"]))).to.have.property("name", name);
      expect(events).to.have.length(1);
    });

  for (const errorType of ["AnnounceFailure", "MisconfiguredFunction"])
    it(`ends at once where the function says ${errorType}, in its words`, async () => {
      const { run, events } = sending(() => threw(errorType, "sync_thing is no operation of this function"));
      const error = await rejected(run(["lamp"]));
      expect(error).to.have.property("name", "SyncRefused");
      expect(error.message).to.equal("sync_thing is no operation of this function");
      expect(events).to.have.length(1);
    });

  for (const [what, answer] of [
    ["something else", { Payload: { statusCode: 200 } }],
    ["nothing", {}],
  ] as const)
    it(`ends at once where the function answers ${what}: it isn't the announce function`, async () => {
      const { run } = sending(() => answer);
      const error = await rejected(run(["lamp"]));
      expect(error).to.have.property("name", "SyncRefused");
      expect(error.message).to.equal(
        `What ${ANNOUNCE} answers is no report about things: it is another function, or of another release.`,
      );
    });
});
