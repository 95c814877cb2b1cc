import { EventBridge } from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import { CUSTOMER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";
import { codeOf } from "./trails.ts";

const FUNCTION = `arn:aws:lambda:us-east-1:${CUSTOMER}:function:announce:live`;
const PATTERN = JSON.stringify({ source: ["my.app"] });
const entry = { Source: "my.app", DetailType: "Something happened", Detail: JSON.stringify({ name: "lamp" }) };

describe("EventBridge", () => {
  let running: RunningCloud;
  let events: EventBridge;
  before(async () => {
    running = await startCloud();
    events = new EventBridge(running.config(CUSTOMER));
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  const effects = (name: string) => running.cloud.trace.since().filter((entry) => entry.name === name);

  it("keeps rules, and replaces all but their tags and targets when they are put again", async () => {
    const Tags = [{ Key: "team", Value: "a" }];
    const { RuleArn = "" } = await events.putRule({ Name: "r", EventPattern: PATTERN, Description: "first", Tags });
    expect(RuleArn).to.equal(`arn:aws:events:us-east-1:${CUSTOMER}:rule/r`);
    await events.putTargets({ Rule: "r", Targets: [{ Id: "f", Arn: FUNCTION }] });
    await events.putRule({ Name: "r", EventPattern: PATTERN, State: "DISABLED", Tags: [{ Key: "x", Value: "y" }] });
    const rule = await events.describeRule({ Name: "r" });
    expect(rule).to.include({ Arn: RuleArn, State: "DISABLED", EventBusName: "default", EventPattern: PATTERN });
    expect(rule.Description).to.equal(undefined);
    expect((await events.listTagsForResource({ ResourceARN: RuleArn })).Tags).to.deep.equal(Tags);
    expect((await events.listTargetsByRule({ Rule: "r" })).Targets).to.deep.equal([{ Id: "f", Arn: FUNCTION }]);
  });

  it("deletes a rule only after its targets", async () => {
    await events.putRule({ Name: "r", EventPattern: PATTERN });
    await events.putTargets({ Rule: "r", Targets: [{ Id: "f", Arn: FUNCTION }] });
    expect(await codeOf(events.deleteRule({ Name: "r" }))).to.equal("ValidationException");
    await events.removeTargets({ Rule: "r", Ids: ["f"] });
    await events.deleteRule({ Name: "r" });
    expect(await codeOf(events.describeRule({ Name: "r" }))).to.equal("ResourceNotFoundException");
  });

  it("lists rules by prefix, in pages", async () => {
    for (const Name of ["a1", "a2", "b1"]) await events.putRule({ Name, EventPattern: PATTERN });
    const first = await events.listRules({ NamePrefix: "a", Limit: 1 });
    expect(first.Rules?.map(({ Name }) => Name)).to.deep.equal(["a1"]);
    const second = await events.listRules({ NamePrefix: "a", NextToken: first.NextToken });
    expect(second.Rules?.map(({ Name }) => Name)).to.deep.equal(["a2"]);
    expect(second.NextToken).to.equal(undefined);
  });

  const REFUSED: [string, (events: EventBridge) => Promise<unknown>, string][] = [
    ["a pattern that is none", (it) => it.putRule({ Name: "r", EventPattern: "{" }), "InvalidEventPatternException"],
    ["a rule with neither pattern nor schedule", (it) => it.putRule({ Name: "r" }), "ValidationException"],
    ["a name with a space", (it) => it.putRule({ Name: "a b", EventPattern: PATTERN }), "ValidationException"],
    ["a cron", (it) => it.putRule({ Name: "r", ScheduleExpression: "cron(0 3 * * ? *)" }), "NotModelledHere"],
    ["one in the plural", (it) => it.putRule({ Name: "r", ScheduleExpression: "rate(1 days)" }), "ValidationException"],
    [
      "two in the singular",
      (it) => it.putRule({ Name: "r", ScheduleExpression: "rate(2 day)" }),
      "ValidationException",
    ],
    [
      "a bus that isn't there",
      (it) => it.putRule({ Name: "r", EventPattern: PATTERN, EventBusName: "mine" }),
      "ResourceNotFoundException",
    ],
    [
      "targets of a rule that isn't there",
      (it) => it.putTargets({ Rule: "r", Targets: [{ Id: "f", Arn: FUNCTION }] }),
      "ResourceNotFoundException",
    ],
  ];
  for (const [what, call, code] of REFUSED)
    it(`refuses ${what}`, async () => {
      expect(await codeOf(call(events))).to.equal(code);
    });

  const REFUSED_TARGETS: [string, object, string][] = [
    ["an ARN that is none", { Arn: "announce" }, "ValidationException"],
    ["a topic", { Arn: `arn:aws:sns:us-east-1:${CUSTOMER}:t` }, "NotModelledHere"],
    ["a role for a function", { Arn: FUNCTION, RoleArn: "arn:aws:iam::111111111111:role/r" }, "ValidationException"],
    ["an input of its own", { Arn: FUNCTION, Input: "{}" }, "NotModelledHere"],
    ["a part of the event", { Arn: FUNCTION, InputPath: "$.detail" }, "NotModelledHere"],
    ["186 retries", { Arn: FUNCTION, RetryPolicy: { MaximumRetryAttempts: 186 } }, "ValidationException"],
    ["an age of 59 seconds", { Arn: FUNCTION, RetryPolicy: { MaximumEventAgeInSeconds: 59 } }, "ValidationException"],
    [
      "dead letters for a FIFO queue",
      { Arn: FUNCTION, DeadLetterConfig: { Arn: `arn:aws:sqs:us-east-1:${CUSTOMER}:dead.fifo` } },
      "ValidationException",
    ],
    ["dead letters for a function", { Arn: FUNCTION, DeadLetterConfig: { Arn: FUNCTION } }, "ValidationException"],
    [
      "a template",
      { Arn: FUNCTION, InputTransformer: { InputTemplate: '"<aws.events.rule-name>"' } },
      "NotModelledHere",
    ],
    ["parameters of other targets", { Arn: FUNCTION, SqsParameters: { MessageGroupId: "g" } }, "NotModelledHere"],
  ];
  for (const [what, target, code] of REFUSED_TARGETS)
    it(`refuses a target with ${what}`, async () => {
      await events.putRule({ Name: "r", EventPattern: PATTERN });
      const Targets = [{ Id: "f", Arn: "", ...target }];
      expect(await codeOf(events.putTargets({ Rule: "r", Targets }))).to.equal(code);
      expect((await events.listTargetsByRule({ Rule: "r" })).Targets).to.deep.equal([]);
    });

  it("takes five targets, not six", async () => {
    await events.putRule({ Name: "r", EventPattern: PATTERN });
    const Targets = ["1", "2", "3", "4", "5", "6"].map((Id) => ({ Id, Arn: FUNCTION }));
    expect(await codeOf(events.putTargets({ Rule: "r", Targets }))).to.equal("LimitExceededException");
    await events.putTargets({ Rule: "r", Targets: Targets.slice(1) });
  });

  it("says for each entry of PutEvents whether it was taken, and never takes one of AWS's own sources", async () => {
    const { Entries, FailedEntryCount } = await events.putEvents({
      Entries: [entry, { ...entry, Source: "aws.iot" }, { ...entry, Detail: "[]" }, { ...entry, Source: "" }],
    });
    expect(FailedEntryCount).to.equal(3);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).to.deep.equal([
      undefined,
      "NotAuthorizedForSourceException",
      "MalformedDetail",
      "InvalidArgument",
    ]);
  });

  it("takes an event for a bus that isn't there, and delivers the others of its batch", async () => {
    await events.putRule({ Name: "r", EventPattern: PATTERN });
    const { Entries, FailedEntryCount } = await events.putEvents({
      Entries: [{ ...entry, EventBusName: "no" }, entry],
    });
    await running.cloud.settled();
    expect(FailedEntryCount).to.equal(0);
    expect(Entries?.map(({ EventId }) => typeof EventId)).to.deep.equal(["string", "string"]);
    expect(effects("EventDropped")[0]?.error?.message).to.match(/there is no event bus no/);
    expect(effects("RuleMatched").map(({ detail }) => detail?.["eventId"])).to.deep.equal([Entries?.[1]?.EventId]);
  });

  it("says that tags of an event bus are not modelled", async () => {
    const ResourceARN = `arn:aws:events:us-east-1:${CUSTOMER}:event-bus/default`;
    const refusal = events.tagResource({ ResourceARN, Tags: [{ Key: "a", Value: "b" }] });
    expect(await codeOf(refusal)).to.equal("NotModelledHere");
  });

  it("triggers the enabled rules whose pattern matches", async () => {
    await events.putRule({ Name: "yes", EventPattern: PATTERN });
    await events.putRule({ Name: "off", EventPattern: PATTERN, State: "DISABLED" });
    await events.putRule({ Name: "other", EventPattern: JSON.stringify({ source: ["other"] }) });
    await events.putEvents({ Entries: [entry] });
    await running.cloud.settled();
    expect(effects("RuleMatched").map(({ detail }) => detail?.["rule"])).to.deep.equal([
      `arn:aws:events:us-east-1:${CUSTOMER}:rule/yes`,
    ]);
    await events.enableRule({ Name: "off" });
    await events.disableRule({ Name: "yes" });
    await events.putEvents({ Entries: [entry] });
    await running.cloud.settled();
    expect(effects("RuleMatched").at(-1)?.detail?.["rule"]).to.match(/rule\/off$/);
    expect(effects("RuleMatched")).to.have.length(2);
  });

  it("tries a pattern on an event", async () => {
    const event = { id: "1", account: "1", source: "my.app", time: "", region: "", resources: [], "detail-type": "t" };
    const Event = JSON.stringify(event);
    expect((await events.testEventPattern({ Event, EventPattern: PATTERN })).Result).to.equal(true);
    const other = JSON.stringify({ source: ["other"] });
    expect((await events.testEventPattern({ Event, EventPattern: other })).Result).to.equal(false);
  });

  it("tries a pattern on an event without resources, and on none that lacks anything else", async () => {
    const event = { id: "1", account: "1", source: "my.app", time: "", region: "", "detail-type": "t" };
    const result = await events.testEventPattern({ Event: JSON.stringify(event), EventPattern: PATTERN });
    expect(result.Result).to.equal(true);
    for (const Event of ["{}", "[]", "text", JSON.stringify({ ...event, "detail-type": undefined })]) {
      const refusal = await failure(events.testEventPattern({ Event, EventPattern: PATTERN }));
      expect(refusal).to.equal("ValidationException: Parameter Event is not valid.");
    }
  });

  it("refuses a wildcard pattern that is too complex", async () => {
    const EventPattern = JSON.stringify({ a: [{ wildcard: "*:*:*:*:*:event-bus/*" }] });
    expect(await failure(events.putRule({ Name: "r", EventPattern }))).to.equal(
      "InvalidEventPatternException: Event pattern is not valid. Reason: Rule is too complex - try using " +
        "fewer wildcard characters or fewer repeating character sequences after a wildcard character",
    );
  });
});
