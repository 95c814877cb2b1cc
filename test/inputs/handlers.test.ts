// The small form; `npm run test:inputs` is the long one.
import { expect } from "chai";
import { PROPERTIES } from "./handlers.ts";

/** Among what some hundred inputs come to. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  announce: ["announced", "synchronised", "rejected malformed event"],
  receive: ["received", "applied", "stale", "rejected malformed message"],
};

describe("whatever comes in", () => {
  const seed = Date.now() % 2 ** 31;
  for (const [name, property] of Object.entries(PROPERTIES))
    it(`${name} ends with an outcome that somebody is told of (seed ${seed})`, async () => {
      const outcomes = await property(200, seed);
      expect([...outcomes.keys()]).to.include.members(EXPECTED[name] ?? []);
    });
});
