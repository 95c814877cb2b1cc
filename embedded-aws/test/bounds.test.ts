// What the embedded AWS keeps of the past is bounded, so that it can run for days: the newest stays, and what is
// older goes.
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { S3 } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { DEFAULT_REGION } from "../core/accounts.ts";
import { childSpan } from "../core/trace.ts";
import { HISTORY, TRAILS } from "../services/cloudtrail/state.ts";
import { CUSTOMER, startCloud, type RunningCloud } from "./cloud.ts";
import { makeTrail } from "./trails.ts";

describe("what is kept of the past", () => {
  const place = { account: CUSTOMER, region: DEFAULT_REGION };
  let running: RunningCloud;
  /** The most records of the trail that waited for their file. */
  let most = 0;
  before(async () => {
    running = await startCloud();
    const cloudtrail = await makeTrail(running, CUSTOMER);
    await cloudtrail.startLogging({ Name: "audit" });
    const [trail] = running.cloud.state(TRAILS, place).values();
    for (let n = 0; n < 7_000; n++) {
      await call("iot", "CreateThing", { thingName: `thing-${n}` });
      most = Math.max(most, trail?.pending.length ?? Number.NaN);
    }
  });
  after(() => running.endpoint.close());

  /** Calls of the administrator, past the wire. */
  const call = (service: string, operation: string, input: object) => {
    const { caller } = running.cloud.administrator(CUSTOMER);
    return running.cloud.call({ service, operation, input, caller, ...place });
  };

  it("is some 20,000 entries of the trace, the newest", async () => {
    const span = childSpan(undefined);
    for (let n = 0; n < 26_000; n++)
      running.cloud.effect({ ...place, span, service: "iot", name: "RuleMatched", outcome: "ok" });
    const kept = running.cloud.trace.since();
    expect(kept.length).to.be.within(20_000, 25_000);
    const first = kept[0]?.id ?? 0;
    expect(kept.every(({ id }, index) => id === first + index)).to.equal(true);
    const before = kept.at(-1)?.id ?? 0;
    await call("sts", "GetCallerIdentity", {});
    expect(running.cloud.trace.since(before).map(({ id }) => id)).to.deep.equal([before + 1]);
  });

  it("is some 5,000 events of CloudTrail's history, the newest", async () => {
    await call("iot", "CreateThing", { thingName: "the-newest" });
    const { records } = running.cloud.state(HISTORY, place);
    expect(records.length).to.be.within(5_000, 6_250);
    expect(records.at(-1)?.requestParameters).to.deep.equal({ thingName: "the-newest" });
  });

  it("is no more than 5,000 records of a trail: then they go into its bucket", async () => {
    expect(most).to.be.within(4_000, 5_000);
    await running.cloud.settled();
    const s3 = new S3({ ...running.config(CUSTOMER), forcePathStyle: true });
    const { Contents = [] } = await s3.listObjectsV2({ Bucket: `audit-${CUSTOMER}` });
    expect(Contents.filter(({ Key = "" }) => Key.endsWith(".json.gz"))).to.have.length(1);
  });

  it("is some 5,000 events of a log stream, the newest, and 500 streams of a group", async () => {
    const logGroupName = "group";
    await call("logs", "CreateLogGroup", { logGroupName });
    const stream = { logGroupName, logStreamName: "stream-0" };
    for (let n = 0; n < 501; n++)
      await call("logs", "CreateLogStream", { logGroupName, logStreamName: `stream-${n === 0 ? "first" : n - 1}` });
    const timestamp = running.cloud.clock.now();
    for (let n = 0; n < 7; n++) {
      const logEvents = Array.from({ length: 1_000 }, (_, index) => ({ timestamp, message: `${n * 1_000 + index}` }));
      await call("logs", "PutLogEvents", { ...stream, logEvents });
    }
    const client = new CloudWatchLogs(running.config(CUSTOMER));
    const { events = [] } = await client.getLogEvents({ ...stream, limit: 10_000 });
    expect(events.length).to.be.within(5_000, 6_250);
    expect(events.at(-1)?.message).to.equal("6999");
    const { logStreams = [] } = await client.describeLogStreams({ logGroupName, logStreamNamePrefix: "stream-first" });
    expect(logStreams).to.deep.equal([]);
  });
});
