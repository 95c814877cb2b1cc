import { expect } from "chai";
import { beforeTimeout } from "../../shared/lambda/deadline.ts";
import { invocation } from "./invocation.ts";

describe("the end of calls before the invocation's", () => {
  it("is there whatever time is left, odd or none", () => {
    // Half of an odd number is no number of milliseconds that a timer takes.
    for (const remaining of [0, 1, 2, 2_371, 2_999, 3_001, 900_000])
      for (const most of [Infinity, 0.5])
        expect(beforeTimeout(invocation(remaining), most).aborted, String(remaining)).to.equal(false);
  });

  describe("comes after", () => {
    const real = AbortSignal.timeout.bind(AbortSignal);
    const after: number[] = [];
    beforeEach(() => {
      after.length = 0;
      AbortSignal.timeout = (ms) => {
        after.push(ms);
        return real(ms);
      };
    });
    afterEach(() => {
      AbortSignal.timeout = real;
    });

    for (const [remaining, most, ms, because] of [
      [900_000, Infinity, 898_500, "a second and a half is left to say so"],
      [3_000, Infinity, 1_500, "there both bounds meet"],
      [101, Infinity, 50, "half of what is left is left for that, where it is little"],
      [900_000, 20, 20, "it was told to end no later"],
      [101, 80, 50, "it was told to end later than there is time"],
    ] as const)
      it(`${ms} ms of ${remaining}, at most ${most}: ${because}`, () => {
        beforeTimeout(invocation(remaining), most);
        expect(after).to.deep.equal([ms]);
      });
  });
});
