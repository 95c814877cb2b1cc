import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "chai";
import { CUSTOMER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";

describe("CloudWatch Logs of the embedded AWS", () => {
  const at = { logGroupName: "/app", logStreamName: "one" };
  let running: RunningCloud;
  let logs: CloudWatchLogs;
  before(async () => {
    running = await startCloud();
  });
  beforeEach(async () => {
    await running.cloud.reset();
    logs = new CloudWatchLogs(running.config(CUSTOMER));
    await logs.createLogGroup({ logGroupName: "/app", tags: { a: "1" } });
    await logs.createLogStream(at);
  });
  after(() => running.endpoint.close());
  const put = (...texts: readonly string[]) => {
    const timestamp = running.cloud.clock.now();
    return logs.putLogEvents({ ...at, logEvents: texts.map((message) => ({ timestamp, message })) });
  };
  const found = async (filterPattern: string) =>
    (await logs.filterLogEvents({ logGroupName: "/app", filterPattern })).events?.map(({ message }) => message);

  it("finds events by words, phrases and exclusions", async () => {
    await put("ERROR disk full", "ERROR disk slow", "INFO fine");
    expect(await found("ERROR -slow")).to.deep.equal(["ERROR disk full"]);
    expect(await found('"disk slow"')).to.deep.equal(["ERROR disk slow"]);
    expect(await found("?fine ?full")).to.deep.equal(["ERROR disk full", "INFO fine"]);
  });

  it("refuses filter patterns that it can't read instead of finding everything", async () => {
    expect(await failure(found("{ $.level = 1 }"))).to.include("NotModelledHere");
  });

  it("pages through found events, each once", async () => {
    await put("a", "b", "c");
    const first = await logs.filterLogEvents({ logGroupName: "/app", limit: 2 });
    const second = await logs.filterLogEvents({ logGroupName: "/app", limit: 2, nextToken: first.nextToken });
    expect([...(first.events ?? []), ...(second.events ?? [])].map(({ message }) => message)).to.deep.equal([
      "a",
      "b",
      "c",
    ]);
    expect(second.nextToken).to.equal(undefined);
  });

  it("gives back the same forward token at the end of a stream, and new events with it later", async () => {
    await put("a");
    const first = await logs.getLogEvents({ ...at, startFromHead: true });
    const again = await logs.getLogEvents({ ...at, nextToken: first.nextForwardToken });
    expect([again.events, again.nextForwardToken]).to.deep.equal([[], first.nextForwardToken]);
    await put("b");
    const later = await logs.getLogEvents({ ...at, nextToken: again.nextForwardToken });
    expect(later.events?.map(({ message }) => message)).to.deep.equal(["b"]);
  });

  it("forgets events when their retention is over", async () => {
    await logs.putRetentionPolicy({ logGroupName: "/app", retentionInDays: 1 });
    await put("old");
    await running.cloud.advance(86_400_001);
    const client = new CloudWatchLogs({
      ...running.config(CUSTOMER),
      systemClockOffset: running.cloud.clock.now() - Date.now(),
    });
    expect((await client.filterLogEvents({ logGroupName: "/app" })).events).to.deep.equal([]);
  });

  it("shows groups with retention, ARN and tags", async () => {
    await logs.putRetentionPolicy({ logGroupName: "/app", retentionInDays: 30 });
    const [group] = (await logs.describeLogGroups({ logGroupNamePrefix: "/a" })).logGroups ?? [];
    expect(group).to.include({
      logGroupName: "/app",
      retentionInDays: 30,
      arn: `arn:aws:logs:us-east-1:${CUSTOMER}:log-group:/app:*`,
    });
    expect((await logs.listTagsForResource({ resourceArn: group?.logGroupArn ?? "" })).tags).to.deep.equal({ a: "1" });
  });

  it("says what isn't there, and what is there already", async () => {
    expect(await failure(logs.createLogGroup({ logGroupName: "/app" }))).to.equal(
      "ResourceAlreadyExistsException: The specified log group already exists",
    );
    expect(await failure(logs.filterLogEvents({ logGroupName: "/none" }))).to.equal(
      "ResourceNotFoundException: The specified log group does not exist.",
    );
    expect(await failure(logs.putRetentionPolicy({ logGroupName: "/app", retentionInDays: 2 }))).to.include(
      "InvalidParameterException",
    );
  });
});
