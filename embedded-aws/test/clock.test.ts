import { expect } from "chai";
import fc from "fast-check";
import { Clock } from "../core/clock.ts";

const nothingToWaitFor = () => Promise.resolve();

describe("the clock", () => {
  it("runs a timer at its own time while it is advanced past it", async () => {
    const clock = new Clock();
    const start = clock.now();
    let ranAt = 0;
    clock.after(60_000, () => (ranAt = clock.now()));
    await clock.advance(3_600_000, nothingToWaitFor);
    expect(ranAt - start).to.be.within(60_000, 60_100);
    expect(clock.now() - start).to.be.at.least(3_600_000);
  });

  it("runs what a timer sets on the way, too", async () => {
    const clock = new Clock();
    const ran: string[] = [];
    clock.after(1_000, () => {
      ran.push("first");
      clock.after(1_000, () => ran.push("second"));
    });
    await clock.advance(2_500, nothingToWaitFor);
    expect(ran).to.deep.equal(["first", "second"]);
  });

  it("waits for what a timer started before the next one runs", async () => {
    const clock = new Clock();
    const ran: string[] = [];
    let work = Promise.resolve();
    clock.after(1_000, () => {
      work = new Promise((resolve) => setImmediate(resolve)).then(() => {
        ran.push("work of the first");
      });
    });
    clock.after(2_000, () => ran.push("second"));
    await clock.advance(3_000, () => work);
    expect(ran).to.deep.equal(["work of the first", "second"]);
  });

  it("does not run a timer that was cancelled", async () => {
    const clock = new Clock();
    let ran = false;
    clock.after(10, () => (ran = true)).cancel();
    await clock.advance(1_000, nothingToWaitFor);
    expect(ran).to.equal(false);
  });

  it("leaves alone what is due later", async () => {
    const clock = new Clock();
    let ran = false;
    clock.after(2_000, () => (ran = true));
    await clock.advance(1_000, nothingToWaitFor);
    expect(ran).to.equal(false);
    clock.clear();
  });

  it("runs timers in the order of their times, whatever the order in which they were set", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 30 }), async (delays) => {
        const clock = new Clock();
        const ran: number[] = [];
        for (const delay of delays) clock.after(delay + 1_000, () => ran.push(delay));
        await clock.advance(2_000_000, nothingToWaitFor);
        // Two that were set a millisecond apart may stand either way round.
        expect(ran.length).to.equal(delays.length);
        for (const [index, delay] of ran.entries()) expect(delay).to.be.at.least((ran[index - 1] ?? 0) - 50);
      }),
      { numRuns: 50 },
    );
  });
});
