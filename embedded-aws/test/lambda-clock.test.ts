import { expect } from "chai";
import { CUSTOMER } from "./cloud.ts";
import { LambdaScene } from "./lambda-scene.ts";

const HOUR_MS = 3_600_000;
/** Its keys last for an hour: it stays warm. */
const HALF_AN_HOUR_MS = HOUR_MS / 2;

describe("the clock of a function", () => {
  let scene: LambdaScene;
  before(async () => {
    scene = await LambdaScene.start();
  });
  beforeEach(() => scene.reset());
  after(() => scene.running.endpoint.close());

  const isNow = (ms: unknown) => {
    expect(ms).to.be.within(scene.running.cloud.clock.now() - 30_000, scene.running.cloud.clock.now());
  };

  it("is the cloud's, when it starts and in a warm environment, in each way that Date says it", async () => {
    await scene.running.cloud.advance(HOUR_MS);
    await scene.make(`
      const started = Date.now();
      exports.handler = async () =>
        [started, Date.now(), new Date().getTime(), +new Date(), Date.parse(Date()), Date.parse(new Date().toJSON())];`);
    for (const moment of (await scene.invoke()).value as number[]) isNow(moment);
    await scene.running.cloud.advance(HALF_AN_HOUR_MS);
    const [started = 0, ...moments] = (await scene.invoke()).value as number[];
    for (const moment of moments) isNow(moment);
    expect(scene.running.cloud.clock.now() - started, "it was warm").to.be.at.least(HALF_AN_HOUR_MS);
  });

  it("leaves given times alone, and what a Date is", async () => {
    await scene.running.cloud.advance(HOUR_MS);
    await scene.make(`
      exports.handler = async () => [
        new Date(7).getTime(), new Date(2026, 0).getFullYear(), Date.UTC(1970, 0, 2), Date.parse("1970-01-01T00:00:01Z"),
        new Date() instanceof Date, new Date().constructor === Date, Date.name, Date.length,
        new (class Day extends Date {})(5).getTime(), Object.prototype.toString.call(new Date()),
        process.env.EMBEDDED_AWS_CLOCK_OFFSET_MS ?? null,
      ];`);
    expect((await scene.invoke()).value).to.deep.equal([
      ...[7, 2026, 86_400_000, 1_000],
      ...[true, true, "Date", 7],
      ...[5, "[object Date]", null],
    ]);
  });

  it("is the one that it is answered by: no error is taken for a skew, and tried again", async () => {
    await scene.running.cloud.advance(HOUR_MS);
    await scene.make(
      `const { STS } = require("${import.meta.dirname}/../../node_modules/@aws-sdk/client-sts");
      exports.handler = async () => (await new STS().getCallerIdentity({})).Account;`,
      { Timeout: 20 },
    );
    scene.running.cloud.faults.set([{ service: "sts", operation: "GetCallerIdentity", fault: "deny", times: 1 }]);
    expect((await scene.invoke()).value).to.include({ errorType: "AccessDenied" });
    expect((await scene.invoke()).value).to.equal(CUSTOMER);
  });

  it("doesn't change how much time is left", async () => {
    await scene.make("exports.handler = async (_, c) => c.getRemainingTimeInMillis();", { Timeout: 20 });
    await scene.invoke();
    await scene.running.cloud.advance(HOUR_MS);
    expect((await scene.invoke()).value).to.be.within(1, 20_000);
  });
});
