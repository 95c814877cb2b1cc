import { CloudWatch, type PutMetricAlarmInput, type StateValue } from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { emitMetric } from "../core/metrics.ts";
import { rangeOf, stateBy, type Criteria, type MissingData } from "../services/cloudwatch/evaluation.ts";
import { reasonFor } from "../services/cloudwatch/reason.ts";
import { CUSTOMER, DEFAULT_REGION, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";
import { assumeWith } from "./roles.ts";
import { codeOf } from "./trails.ts";

const MINUTE_MS = 60_000;
const Namespace = "Lamps";
const MetricName = "Broken";
const place = { account: PARTNER, region: DEFAULT_REGION };

describe("CloudWatch", () => {
  let running: RunningCloud;
  let cw: CloudWatch;
  before(async () => {
    running = await startCloud();
    cw = new CloudWatch(running.config(PARTNER));
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  const ago = (minutes: number) => new Date(running.cloud.clock.now() - minutes * MINUTE_MS);
  const put = (Value: number, Timestamp?: Date, more = {}) =>
    cw.putMetricData({ Namespace, MetricData: [{ MetricName, Value, Timestamp, ...more }] });

  describe("metrics", () => {
    it("makes statistics of the values of each period", async () => {
      const start = new Date(Math.floor(ago(20).getTime() / MINUTE_MS) * MINUTE_MS);
      const at = (minutes: number) => new Date(start.getTime() + minutes * MINUTE_MS);
      for (const [value, minute] of [
        [1, 0],
        [3, 4],
        [8, 5],
      ] as const)
        await put(value, at(minute));
      const { Datapoints, Label } = await cw.getMetricStatistics({
        Namespace,
        MetricName,
        StartTime: start,
        EndTime: at(15),
        Period: 300,
        Statistics: ["Average", "Sum", "SampleCount", "Minimum", "Maximum"],
      });
      expect(Label).to.equal(MetricName);
      expect(Datapoints).to.deep.equal([
        { Timestamp: at(0), Unit: "None", Average: 2, Sum: 4, SampleCount: 2, Minimum: 1, Maximum: 3 },
        { Timestamp: at(5), Unit: "None", Average: 8, Sum: 8, SampleCount: 1, Minimum: 8, Maximum: 8 },
      ]);
    });

    it("answers several queries at once, the newest value first unless told otherwise", async () => {
      await put(1, ago(3));
      await put(2, ago(2));
      const MetricStat = { Metric: { Namespace, MetricName }, Period: 60, Stat: "Sum" };
      const ask = { StartTime: ago(10), EndTime: ago(0), MetricDataQueries: [{ Id: "m", MetricStat }] };
      const values = async (more = {}) => (await cw.getMetricData({ ...ask, ...more })).MetricDataResults?.[0]?.Values;
      expect(await values()).to.deep.equal([2, 1]);
      expect(await values({ ScanBy: "TimestampAscending" })).to.deep.equal([1, 2]);
    });

    it("keeps values of another unit, of other dimensions and of another account apart", async () => {
      const Dimensions = [{ Name: "Room", Value: "hall" }];
      await put(1);
      await put(2, undefined, { Unit: "Seconds" });
      await put(4, undefined, { Dimensions });
      const sums = async (client: CloudWatch, more = {}) =>
        (
          await client.getMetricStatistics({
            ...{ Namespace, MetricName, StartTime: ago(5), EndTime: ago(-5), Period: 3600, Statistics: ["Sum"] },
            ...more,
          })
        ).Datapoints?.map(({ Sum }) => Sum);
      expect(await sums(cw)).to.deep.equal([1, 2]);
      expect(await sums(cw, { Unit: "Seconds" })).to.deep.equal([2]);
      expect(await sums(cw, { Dimensions })).to.deep.equal([4]);
      expect(await sums(new CloudWatch(running.config(CUSTOMER)))).to.deep.equal([]);
    });

    it("takes sets of values and their statistics", async () => {
      await cw.putMetricData({
        Namespace,
        MetricData: [
          { MetricName, Values: [1, 5], Counts: [3, 1] },
          { MetricName, StatisticValues: { SampleCount: 2, Sum: 20, Minimum: 9, Maximum: 11 } },
        ],
      });
      const { Datapoints } = await cw.getMetricStatistics({
        ...{ Namespace, MetricName, StartTime: ago(5), EndTime: ago(-5), Period: 3600 },
        Statistics: ["Sum", "SampleCount", "Maximum"],
      });
      expect(Datapoints?.[0]).to.include({ Sum: 28, SampleCount: 6, Maximum: 11 });
    });

    it("lists metrics by namespace, name and dimensions", async () => {
      await put(1, undefined, { Dimensions: [{ Name: "Room", Value: "hall" }] });
      emitMetric(running.cloud, place, "AWS/Lambda", "Errors", { FunctionName: "f" }, 1);
      const names = async (filter: object) =>
        (await cw.listMetrics(filter)).Metrics?.map((metric) => `${metric.Namespace ?? ""} ${metric.MetricName ?? ""}`);
      expect(await names({})).to.have.members(["Lamps Broken", "AWS/Lambda Errors"]);
      expect(await names({ Namespace: "AWS/Lambda" })).to.deep.equal(["AWS/Lambda Errors"]);
      expect(await names({ Dimensions: [{ Name: "Room" }] })).to.deep.equal(["Lamps Broken"]);
      expect(await names({ Dimensions: [{ Name: "Room", Value: "attic" }] })).to.deep.equal([]);
    });

    const window = () => ({ Namespace, MetricName, StartTime: ago(5), EndTime: ago(0), Statistics: ["Sum" as const] });
    const REFUSED: [string, () => Promise<unknown>, string][] = [
      [
        "AWS's own namespaces",
        () => cw.putMetricData({ Namespace: "AWS/IoT", MetricData: [] }),
        "InvalidParameterValueException",
      ],
      ["values of last month", () => put(1, ago(31 * 24 * 60)), "InvalidParameterValueException"],
      ["a value and values", () => put(1, undefined, { Values: [1] }), "InvalidParameterCombinationException"],
      ["high resolution", () => put(1, undefined, { StorageResolution: 1 }), "NotModelledHere"],
      [
        "an end before the start",
        () => cw.getMetricStatistics({ ...window(), EndTime: ago(9), Period: 60 }),
        "InvalidParameterValueException",
      ],
      [
        "more than 1440 datapoints",
        () => cw.getMetricStatistics({ ...window(), StartTime: ago(1442), Period: 60 }),
        "InvalidParameterCombinationException",
      ],
      [
        "a period of 90 seconds",
        () => cw.getMetricStatistics({ ...window(), Period: 90 }),
        "InvalidParameterValueException",
      ],
      [
        "metric math",
        () => cw.getMetricData({ ...window(), MetricDataQueries: [{ Id: "e", Expression: "m*2" }] }),
        "NotModelledHere",
      ],
      ["composite alarms", () => cw.putCompositeAlarm({ AlarmName: "c", AlarmRule: "ALARM(a)" }), "NotModelledHere"],
    ];
    for (const [what, call, code] of REFUSED)
      it(`refuses ${what}`, async () => {
        expect(await codeOf(call())).to.equal(code);
      });

    it("lets a role put values only into the namespace that its policy names", async () => {
      const credential = await assumeWith(running, PARTNER, [
        {
          Effect: "Allow",
          Action: "cloudwatch:PutMetricData",
          Resource: "*",
          Condition: { StringEquals: { "cloudwatch:namespace": Namespace } },
        },
      ]);
      const limited = new CloudWatch(running.config(credential));
      await limited.putMetricData({ Namespace, MetricData: [{ MetricName, Value: 1 }] });
      expect(await failure(limited.putMetricData({ Namespace: "Other", MetricData: [] }))).to.match(
        /^AccessDenied: .*is not authorized to perform: cloudwatch:PutMetricData/,
      );
    });
  });

  describe("alarms", () => {
    const ALARM: PutMetricAlarmInput = {
      AlarmName: "broken lamps",
      Namespace,
      MetricName,
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "notBreaching",
      AlarmActions: [`arn:aws:sns:us-east-1:${PARTNER}:operators`],
    };
    const ARN = `arn:aws:cloudwatch:us-east-1:${PARTNER}:alarm:broken lamps`;
    const alarm = async () => (await cw.describeAlarms({})).MetricAlarms?.[0];
    const state = async () => (await alarm())?.StateValue;

    it("goes to ALARM with the values, and back when they stop, saying so in the trace", async () => {
      await cw.putMetricAlarm(ALARM);
      expect(await alarm()).to.include({ AlarmArn: ARN, StateValue: "INSUFFICIENT_DATA", ActionsEnabled: true });
      await running.cloud.advance(MINUTE_MS);
      expect(await state()).to.equal("OK");
      await put(1);
      await running.cloud.advance(MINUTE_MS);
      expect(await state()).to.equal("ALARM");
      await running.cloud.advance(5 * MINUTE_MS);
      expect(await state()).to.equal("OK");
      const changes = running.cloud.trace.since().filter(({ name }) => name === "AlarmStateChanged");
      expect(changes.map(({ detail }) => `${String(detail?.["from"])} ${String(detail?.["to"])}`)).to.deep.equal([
        "INSUFFICIENT_DATA OK",
        "OK ALARM",
        "ALARM OK",
      ]);
      expect(changes[1]?.detail?.["actions"]).to.deep.equal(ALARM.AlarmActions);
      expect(changes[1]?.detail?.["reason"]).to.match(
        /^Threshold Crossed: 1 datapoint \[1\.0 \([\d/]{8} [\d:]{8}\)\] was greater than the threshold \(0\.0\)\.$/,
      );
    });

    // Sentences of AWS's, as recorded or as published in notifications; the numbers are theirs.
    const at = Date.UTC(2025, 5, 15, 12, 2);
    const one: Criteria = {
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 3,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      missingData: "missing",
    };
    for (const [reason, state, last, criteria, DatapointsToAlarm] of [
      [
        "Threshold Crossed: 1 datapoint [21.5 (15/06/25 12:02:00)] was greater than the threshold (21.0).",
        ...(["ALARM", [21.5], { ...one, comparison: "GreaterThanThreshold", threshold: 21 }] as const),
      ],
      [
        "Threshold Crossed: 2 datapoints [1.0 (15/06/25 12:02:00), 0.0 (15/06/25 12:02:00)] were not greater than or " +
          "equal to the threshold (3.0).",
        ...(["OK", [1, 0], { ...one, evaluationPeriods: 2, datapointsToAlarm: 2 }] as const),
      ],
      [
        "Threshold Crossed: 1 out of the last 1 datapoints [3.0 (15/06/25 12:02:00)] was greater than or equal to the " +
          "threshold (3.0) (minimum 1 datapoint for OK -> ALARM transition).",
        ...(["ALARM", [3], one, 1] as const),
      ],
      [
        "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as " +
          "[Breaching].",
        ...(["ALARM", [], { ...one, evaluationPeriods: 2 }] as const),
      ],
      [
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as " +
          "[NonBreaching].",
        ...(["OK", [], one] as const),
      ],
      ["Insufficient Data: 1 datapoint was unknown.", "INSUFFICIENT_DATA", [], one],
    ] satisfies readonly (readonly [string, StateValue, readonly number[], Criteria, number?])[])
      it(`say "${reason}"`, () => {
        const alarm = { criteria, settings: { ...ALARM, DatapointsToAlarm }, state: "OK" } as const;
        const values = last.map((value) => ({ at, value }));
        expect(reasonFor(alarm, state, values)).to.equal(reason);
      });

    it("follows what services measure of themselves", async () => {
      await cw.putMetricAlarm({
        ...ALARM,
        Namespace: "AWS/Lambda",
        MetricName: "Errors",
        Dimensions: [{ Name: "FunctionName", Value: "f" }],
      });
      emitMetric(running.cloud, place, "AWS/Lambda", "Errors", { FunctionName: "f" }, 1);
      await running.cloud.advance(MINUTE_MS);
      expect(await state()).to.equal("ALARM");
    });

    it("keeps the state and the tags of an alarm that is put again", async () => {
      await cw.putMetricAlarm({ ...ALARM, Tags: [{ Key: "team", Value: "a" }] });
      await running.cloud.advance(MINUTE_MS);
      expect(await state()).to.equal("OK");
      await cw.putMetricAlarm({ ...ALARM, AlarmDescription: "again" });
      expect(await alarm()).to.include({ StateValue: "OK", AlarmDescription: "again" });
      expect((await cw.listTagsForResource({ ResourceARN: ARN })).Tags).to.deep.equal([{ Key: "team", Value: "a" }]);
    });

    it("lists by prefix and state in pages, and deletes", async () => {
      for (const name of ["a1", "a2", "b"]) await cw.putMetricAlarm({ ...ALARM, AlarmName: name });
      const names = async (input: Parameters<typeof cw.describeAlarms>[0]) =>
        (await cw.describeAlarms(input)).MetricAlarms?.map(({ AlarmName }) => AlarmName);
      expect(await names({ AlarmNamePrefix: "a" })).to.deep.equal(["a1", "a2"]);
      expect(await names({ StateValue: "ALARM" })).to.deep.equal([]);
      const { MetricAlarms, NextToken } = await cw.describeAlarms({ MaxRecords: 2 });
      expect(MetricAlarms).to.have.length(2);
      expect(await names({ NextToken })).to.deep.equal(["b"]);
      const ResourceARN = MetricAlarms?.[0]?.AlarmArn;
      await cw.deleteAlarms({ AlarmNames: ["a1", "nobody"] });
      expect(await names({})).to.deep.equal(["a2", "b"]);
      expect((await cw.listTagsForResource({ ResourceARN })).Tags).to.deep.equal([]);
    });

    it("refuses alarms that can't be", async () => {
      expect(await codeOf(cw.putMetricAlarm({ ...ALARM, DatapointsToAlarm: 2 }))).to.equal(
        "InvalidParameterValueException",
      );
      expect(await codeOf(cw.putMetricAlarm({ ...ALARM, EvaluationPeriods: 1441 }))).to.equal(
        "InvalidParameterCombinationException",
      );
      expect(await codeOf(cw.putMetricAlarm({ ...ALARM, AlarmActions: ["operators"] }))).to.equal(
        "InvalidParameterValueException",
      );
      expect(await codeOf(cw.putMetricAlarm({ ...ALARM, Statistic: undefined, ExtendedStatistic: "p99" }))).to.equal(
        "NotModelledHere",
      );
    });

    // «Configuring how CloudWatch alarms treat missing data»: X breaches, 0 doesn't, - is missing; the newest value
    // is the last. What an alarm keeps its state by is written as =.
    const TABLE: [string, number, Record<MissingData, string>][] = [
      ["0-X-X", 3, { missing: "OK", ignore: "OK", breaching: "OK", notBreaching: "OK" }],
      ["----0", 3, { missing: "OK", ignore: "OK", breaching: "OK", notBreaching: "OK" }],
      ["-----", 3, { missing: "INSUFFICIENT_DATA", ignore: "=", breaching: "ALARM", notBreaching: "OK" }],
      ["0XX-X", 3, { missing: "ALARM", ignore: "ALARM", breaching: "ALARM", notBreaching: "ALARM" }],
      ["--X--", 3, { missing: "ALARM", ignore: "=", breaching: "ALARM", notBreaching: "OK" }],
      ["0-X-X", 2, { missing: "ALARM", ignore: "ALARM", breaching: "ALARM", notBreaching: "ALARM" }],
      ["00X0X", 2, { missing: "ALARM", ignore: "ALARM", breaching: "ALARM", notBreaching: "ALARM" }],
      ["0-X--", 2, { missing: "OK", ignore: "OK", breaching: "ALARM", notBreaching: "OK" }],
      ["----0", 2, { missing: "OK", ignore: "OK", breaching: "ALARM", notBreaching: "OK" }],
      ["---X-", 2, { missing: "ALARM", ignore: "=", breaching: "ALARM", notBreaching: "OK" }],
    ];
    for (const [pattern, datapointsToAlarm, expected] of TABLE)
      it(`decides ${pattern}, ${datapointsToAlarm} of 3, as documented`, () => {
        const criteria = {
          comparison: "GreaterThanThreshold",
          threshold: 0,
          evaluationPeriods: 3,
          datapointsToAlarm,
        } as const;
        const values = Array.from(pattern, (one) => (one === "-" ? undefined : one === "X" ? 1 : 0));
        expect(values).to.have.length(rangeOf(criteria));
        for (const missingData of ["missing", "ignore", "breaching", "notBreaching"] as const)
          expect(stateBy({ ...criteria, missingData }, values) ?? "=", missingData).to.equal(expected[missingData]);
      });
  });
});
