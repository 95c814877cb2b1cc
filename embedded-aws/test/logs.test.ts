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

  it("lists streams by name or by their last event, either way round, in pages", async () => {
    for (const logStreamName of ["two", "three"]) await logs.createLogStream({ logGroupName: "/app", logStreamName });
    const write = async (logStreamName: string) => {
      await running.cloud.advance(1000);
      const timestamp = running.cloud.clock.now();
      await logs.putLogEvents({ ...at, logStreamName, logEvents: [{ timestamp, message: logStreamName }] });
    };
    for (const name of ["three", "one", "two"]) await write(name);
    const listed = async (more: object) => {
      const names: (string | undefined)[] = [];
      let nextToken: string | undefined;
      do {
        const page = await logs.describeLogStreams({ logGroupName: "/app", limit: 2, nextToken, ...more });
        names.push(...(page.logStreams ?? []).map(({ logStreamName }) => logStreamName));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return names;
    };
    expect(await listed({})).to.deep.equal(["one", "three", "two"]);
    expect(await listed({ descending: true })).to.deep.equal(["two", "three", "one"]);
    expect(await listed({ orderBy: "LastEventTime" })).to.deep.equal(["three", "one", "two"]);
    expect(await listed({ orderBy: "LastEventTime", descending: true })).to.deep.equal(["two", "one", "three"]);
    expect(await failure(listed({ orderBy: "LastEventTime", logStreamNamePrefix: "t" }))).to.include(
      "InvalidParameterException",
    );
  });

  it("finds in its pages what was written between them, and nothing twice", async () => {
    await put("a", "b");
    const first = await logs.filterLogEvents({ logGroupName: "/app", limit: 1 });
    await put("c");
    const second = await logs.filterLogEvents({ logGroupName: "/app", limit: 2, nextToken: first.nextToken });
    expect([...(first.events ?? []), ...(second.events ?? [])].map(({ message }) => message)).to.deep.equal([
      "a",
      "b",
      "c",
    ]);
  });

  it("refuses pages that are too large", async () => {
    for (const call of [
      logs.describeLogGroups({ limit: 51 }),
      logs.describeLogStreams({ logGroupName: "/app", limit: 51 }),
      logs.filterLogEvents({ logGroupName: "/app", limit: 10_001 }),
      logs.getLogEvents({ ...at, limit: 10_001 }),
    ])
      expect(await failure(call)).to.match(/^InvalidParameterException: 1 validation error detected/);
  });
});
