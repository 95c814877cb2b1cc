// `npm run test:inputs`: 20,000 inputs for each function, and what they came to. Another seed: SEED=… npm run
// test:inputs
import { PROPERTIES } from "./handlers.ts";

const RUNS = 20_000;
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

describe(`whatever comes in, ${RUNS} times (SEED=${seed})`, () => {
  for (const [name, property] of Object.entries(PROPERTIES)) {
    it(`${name} ends with an outcome that somebody is told of`, async () => {
      const outcomes = await property(RUNS, seed);
      for (const [outcome, times] of [...outcomes].sort(([, a], [, b]) => b - a)) {
        console.log(`      ${String(times).padStart(6)}  ${outcome}`);
      }
    });
  }
});
