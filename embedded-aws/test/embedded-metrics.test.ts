import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "chai";
import { CUSTOMER, startCloud, type RunningCloud } from "./cloud.ts";

const DIRECTIVE = {
  Namespace: "App",
  Dimensions: [["customer"], ["customer", "reason"]],
  Metrics: [{ Name: "Rejected", Unit: "Count" }, { Name: "Size" }],
};

describe("metrics within log events, in CloudWatch's embedded format", () => {
  const at = { logGroupName: "/app", logStreamName: "one" };
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  beforeEach(async () => {
    await running.cloud.reset();
    const logs = new CloudWatchLogs(running.config(CUSTOMER));
    await logs.createLogGroup({ logGroupName: "/app" });
    await logs.createLogStream(at);
  });
  after(() => running.endpoint.close());

  const now = () => running.cloud.clock.now();
  const event = (replaced: object = {}, fields: object = {}) => ({
    _aws: { Timestamp: now(), CloudWatchMetrics: [{ ...DIRECTIVE, ...replaced }] },
    customer: "111111111111",
    reason: "not JSON",
    Rejected: 1,
    Size: [3, 5],
    ...fields,
  });
  async function put(...events: readonly (object | string)[]): Promise<void> {
    const logEvents = events.map((said) => ({
      timestamp: now(),
      message: typeof said === "string" ? said : JSON.stringify(said),
    }));
    await new CloudWatchLogs(running.config(CUSTOMER)).putLogEvents({ ...at, logEvents });
  }
  /** But for what the log group counts of itself. */
  const listed = async () =>
    ((await new CloudWatch(running.config(CUSTOMER)).listMetrics({})).Metrics ?? [])
      .filter(({ Namespace }) => Namespace !== "AWS/Logs")
      .map(
        ({ Namespace, MetricName, Dimensions = [] }) =>
          [Namespace, MetricName, Object.fromEntries(Dimensions.map(({ Name = "", Value }) => [Name, Value]))] as const,
      );

  it("become metrics, one of each set of dimensions", async () => {
    await put(event());

    const [alone, withReason] = [{ customer: "111111111111" }, { customer: "111111111111", reason: "not JSON" }];
    expect(await listed()).to.have.deep.members([
      ["App", "Rejected", alone],
      ["App", "Rejected", withReason],
      ["App", "Size", alone],
      ["App", "Size", withReason],
    ]);
  });

  it("add up, each value of a list counted", async () => {
    await put(event(), event({}, { Size: 10 }));

    const { Datapoints } = await new CloudWatch(running.config(CUSTOMER)).getMetricStatistics({
      Namespace: "App",
      MetricName: "Size",
      Dimensions: [{ Name: "customer", Value: "111111111111" }],
      StartTime: new Date(now() - 60_000),
      EndTime: new Date(now() + 60_000),
      Period: 3600,
      Statistics: ["Sum", "SampleCount", "Minimum", "Maximum"],
    });
    expect(Datapoints?.[0]).to.include({ Sum: 18, SampleCount: 3, Minimum: 3, Maximum: 10 });
  });

  it("are kept at the time that they give", async () => {
    await put({ ...event(), _aws: { Timestamp: now() - 3_600_000, CloudWatchMetrics: [DIRECTIVE] } });

    const { Datapoints } = await new CloudWatch(running.config(CUSTOMER)).getMetricStatistics({
      Namespace: "App",
      MetricName: "Rejected",
      Dimensions: [{ Name: "customer", Value: "111111111111" }],
      StartTime: new Date(now() - 3_720_000),
      EndTime: new Date(now() - 3_480_000),
      Period: 300,
      Statistics: ["Sum"],
    });
    expect(Datapoints?.[0]).to.include({ Sum: 1 });
  });

  const ignored: readonly (readonly [string, () => object | string])[] = [
    ["a text", () => `{"_aws": no JSON`],
    ["a record of Lambda around it", () => ({ level: "INFO", message: event() })],
    ["a list", () => [event()]],
    ["no time", () => ({ ...event(), _aws: { CloudWatchMetrics: [DIRECTIVE] } })],
    ["a time of three weeks ago", () => ({ ...event(), _aws: { Timestamp: 0, CloudWatchMetrics: [DIRECTIVE] } })],
    ["no name space", () => event({ Namespace: undefined })],
    ["dimensions that aren't there", () => event({ Dimensions: [["region"]] })],
    ["dimensions that are no texts", () => event({}, { customer: 7 })],
    ["values that are no numbers", () => event({}, { Rejected: "1", Size: [1, "2"] })],
    ["values that aren't there", () => event({}, { Rejected: undefined, Size: [] })],
    ["more than 100 values", () => event({ Metrics: [{ Name: "Size" }] }, { Size: Array<number>(101).fill(1) })],
    ["more than 30 dimensions", () => event({ Dimensions: [Array<string>(31).fill("customer")] })],
    ["more than 100 metrics", () => event({ Metrics: Array<object>(101).fill({ Name: "Size" }) })],
  ];
  for (const [what, said] of ignored) {
    it(`bring nothing with ${what}, and the event is logged all the same`, async () => {
      await put(said());

      expect(await listed()).to.deep.equal([]);
      const { events } = await new CloudWatchLogs(running.config(CUSTOMER)).getLogEvents(at);
      expect(events).to.have.length(1);
    });
  }
});
