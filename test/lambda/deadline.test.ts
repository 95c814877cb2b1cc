import { once } from "node:events";
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

  it("comes while there is time left to say so, and no later than it is told to", async () => {
    await once(beforeTimeout(invocation(101)), "abort");
    await once(beforeTimeout(invocation(900_000), 20), "abort");
  });
});
