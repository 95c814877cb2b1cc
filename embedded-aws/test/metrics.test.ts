import { expect } from "chai";
import { EmbeddedAws } from "../core/cloud.ts";
import { emitMetric, METRICS } from "../core/metrics.ts";

const PLACE = { account: "111111111111", region: "us-east-1" };

describe("Metrics of the embedded AWS", () => {
  let cloud: EmbeddedAws;
  beforeEach(() => {
    cloud = new EmbeddedAws([]);
  });
  const emit = (name: string, value: number, dimensions: Record<string, string> = {}) => {
    emitMetric(cloud, PLACE, "AWS/Test", name, dimensions, value);
  };
  const metrics = () => [...cloud.state(METRICS, PLACE).values()];

  it("keep one value per minute, from which all statistics can be made", async () => {
    // To the beginning of a minute, so that the three values don't lie on both sides of one.
    await cloud.advance(60_000 - (cloud.clock.now() % 60_000));
    for (const value of [3, 1, 2]) emit("Errors", value);
    await cloud.advance(60_000);
    emit("Errors", 5);
    const [errors] = metrics();
    const summed = errors?.datapoints.map(({ at: _, ...values }) => values);
    expect(summed).to.deep.equal([
      { sum: 6, count: 3, minimum: 1, maximum: 3 },
      { sum: 5, count: 1, minimum: 5, maximum: 5 },
    ]);
    expect(errors?.datapoints[1]?.at).to.equal((errors?.datapoints[0]?.at ?? 0) + 60_000);
  });
  it("are the same for the same dimensions, in whatever order", () => {
    emit("Errors", 1, { A: "1", B: "2" });
    emit("Errors", 1, { B: "2", A: "1" });
    emit("Errors", 1, { A: "1" });
    expect(metrics().map(({ dimensions }) => dimensions)).to.deep.equal([{ A: "1", B: "2" }, { A: "1" }]);
  });
  it("are bounded: a day of minutes, and two thousand metrics", async () => {
    for (let minute = 0; minute < 1_500; minute++) {
      emit("Errors", minute);
      await cloud.clock.advance(60_000, () => Promise.resolve());
    }
    expect(metrics()[0]?.datapoints).to.have.length(1_440);
    for (let at = 0; at < 2_000; at++) emit(`Metric${at}`, 1);
    expect(metrics()).to.have.length(2_000);
    expect(metrics().some(({ name }) => name === "Errors")).to.equal(false);
  });
});
