// The small form; `npm run test:inputs` is the long one.
import { expect } from "chai";
import { announceAnything, receiveAnything } from "./handlers.ts";

describe("whatever comes in", () => {
  const seed = Date.now() % 2 ** 31;

  it(`announce ends with an outcome that somebody is told of (seed ${seed})`, async () => {
    const outcomes = await announceAnything(400, seed);
    expect([...outcomes.keys()]).to.include.members(["announced", "rejected malformed event"]);
  });

  it(`receive ends with an outcome that somebody is told of (seed ${seed})`, async () => {
    const outcomes = await receiveAnything(400, seed);
    expect([...outcomes.keys()]).to.include.members(["received", "rejected malformed message"]);
  });
});
