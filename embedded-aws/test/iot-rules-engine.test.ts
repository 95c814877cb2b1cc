// What topic rules do with messages: actions, the error action, Basic Ingest, and what is counted of it.
import { expect } from "chai";
import fc from "fast-check";
import { METRICS } from "../core/metrics.ts";
import { parseRule, topicMatches } from "../language/sql/index.ts";
import { RuleIndex } from "../services/iot/rule-index.ts";
import type { TopicRule } from "../services/iot/rules.ts";
import { PARTNER } from "./cloud.ts";
import { FUNCTION, PLACE, ruleArn, Scene } from "./iot-scene.ts";

const INVOKE = [{ lambda: { functionArn: FUNCTION } }];
const QUEUE = `http://127.0.0.1:4499/${PARTNER}/queue`;

describe("IoT of the embedded AWS: topic rules", () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.start();
  });
  beforeEach(() => scene.reset());
  after(() => scene.running.endpoint.close());

  describe("with a lambda action", () => {
    it(
      "invoke the function asynchronously, as the service for this rule and " + "account, with what the SQL made",
      async () => {
        await scene.rule("hooks", "SELECT *, topic(2) AS accountId FROM 'hooks/+/+'", INVOKE);
        await scene.publish("hooks/111111111111/create_thing", { thingName: "lamp" });
        const [asked] = scene.asked;
        expect(asked?.input).to.include({ FunctionName: FUNCTION, InvocationType: "Event" });
        expect(JSON.parse(Buffer.from(asked?.input.Payload as Uint8Array).toString())).to.deep.equal({
          thingName: "lamp",
          accountId: "111111111111",
        });
        expect(asked?.call.caller).to.include({
          kind: "service",
          arn: "iot.amazonaws.com",
          sourceArn: ruleArn("hooks"),
          sourceAccount: PARTNER,
        });
      },
    );
    it("are in the same trace as the message that set them off", async () => {
      await scene.rule("hooks", "SELECT * FROM 'a'", INVOKE);
      await scene.publish("a", {});
      const entries = scene.running.cloud.trace.since();
      const published = entries.find(({ name }) => name === "Publish");
      const matched = scene.effects("RuleMatched")[0];
      expect(matched?.parentId).to.equal(published?.spanId);
      expect(scene.asked[0]?.call.span.parentId).to.equal(matched?.spanId);
    });
  });

  describe("with an sqs action", () => {
    for (const useBase64 of [false, true])
      it(`send as the role, ${useBase64 ? "in base64" : "as it is"}`, async () => {
        const roleArn = await scene.role("send", "sqs:SendMessage", "*");
        await scene.rule("hooks", "SELECT * FROM 'a'", [{ sqs: { roleArn, queueUrl: QUEUE, useBase64 } }]);
        await scene.publish("a", { n: 1 });
        const [asked] = scene.asked;
        const body = useBase64 ? Buffer.from('{"n":1}').toString("base64") : '{"n":1}';
        expect(asked?.input).to.deep.equal({ QueueUrl: QUEUE, MessageBody: body });
        expect(asked?.call.caller.roleArn).to.equal(roleArn);
      });
  });

  describe("whose action fails", () => {
    it("run their error action once, with all failures and the message as it was", async () => {
      const helpless = await scene.role("helpless", "iot:Publish", "*");
      const actions = ["b", "c"].map((name) => ({ sqs: { queueUrl: `${QUEUE}-${name}`, roleArn: helpless } }));
      const errorAction = { sqs: { queueUrl: QUEUE, roleArn: await scene.role("send", "sqs:SendMessage", "*") } };
      await scene.rule("on", "SELECT n FROM 'a'", actions, { errorAction });
      await scene.publish("a", { n: 1, m: 2 });
      const [message, ...more] = scene.asked;
      expect(more).to.deep.equal([]);
      expect(message?.input.QueueUrl).to.equal(QUEUE);
      const { cloudwatchTraceId, failures, ...rest } = JSON.parse(message?.input.MessageBody as string) as Record<
        string,
        unknown
      >;
      expect(cloudwatchTraceId).to.match(/^[0-9a-f-]{36}$/);
      expect(rest).to.deep.equal({
        ruleName: "on",
        topic: "a",
        clientId: "n/a",
        base64OriginalPayload: Buffer.from('{"n":1,"m":2}').toString("base64"),
      });
      const reported = failures as { failedAction: string; failedResource: string; errorMessage: string }[];
      expect(reported.map(({ failedAction, failedResource }) => [failedAction, failedResource]).sort()).to.deep.equal([
        ["SQSAction", `${QUEUE}-b`],
        ["SQSAction", `${QUEUE}-c`],
      ]);
      expect(reported[0]?.errorMessage).to.match(
        /^Failed to send message to SQS\. .* was .*sqs:SendMessage.*Message arrived on: a, Action: sqs, QueueUrl: /,
      );
    });
    it("leave their error action alone when all goes well", async () => {
      const roleArn = await scene.role("send", "sqs:SendMessage", "*");
      await scene.rule("on", "SELECT * FROM 'a'", INVOKE, { errorAction: { sqs: { queueUrl: QUEUE, roleArn } } });
      await scene.publish("a", {});
      expect(scene.asked.map(({ operation }) => operation)).to.deep.equal(["Invoke"]);
    });
    it("say in the trace when the error action fails too", async () => {
      const roleArn = await scene.role("helpless", "iot:Publish", "*");
      const errorAction = { sqs: { queueUrl: QUEUE, roleArn } };
      await scene.rule("on", "SELECT * FROM 'a'", [{ sqs: { queueUrl: QUEUE, roleArn } }], { errorAction });
      await scene.publish("a", {});
      expect(scene.effects("ErrorActionFailed")[0]?.detail).to.include({ rule: "on", resource: QUEUE });
    });
    it("don't keep other rules or other actions from their work", async () => {
      const roleArn = await scene.role("helpless", "iot:Publish", "*");
      await scene.rule("one", "SELECT * FROM 'a'", [{ sqs: { queueUrl: QUEUE, roleArn } }, ...INVOKE]);
      await scene.rule("two", "SELECT * FROM 'a'", INVOKE);
      await scene.publish("a", {});
      expect(scene.asked).to.have.length(2);
    });
  });

  describe("that do nothing say why in the trace", () => {
    it("because they are disabled, until they are enabled", async () => {
      await scene.rule("hooks", "SELECT * FROM 'a'", INVOKE, { ruleDisabled: true });
      await scene.publish("a", {});
      expect(scene.effects("RuleSkipped")[0]?.detail?.reason).to.match(/disabled/);
      await scene.iot.enableTopicRule({ ruleName: "hooks" });
      await scene.publish("a", {});
      expect(scene.asked).to.have.length(1);
    });
    it("because of their WHERE", async () => {
      await scene.rule("hooks", "SELECT * FROM 'a' WHERE n > 1", INVOKE);
      await scene.publish("a", { n: 1 });
      expect(scene.asked).to.deep.equal([]);
      expect(scene.effects("RuleSkipped")[0]?.detail?.reason).to.match(/WHERE/);
    });
    it("and nothing at all where the topic isn't theirs", async () => {
      await scene.rule("hooks", "SELECT * FROM 'a/#'", INVOKE);
      await scene.publish("a", {});
      expect(scene.running.cloud.trace.since().filter(({ kind }) => kind === "effect")).to.deep.equal([]);
    });
  });

  describe("reached by Basic Ingest", () => {
    it("get the message alone, with the topic that follows the prefix", async () => {
      await scene.rule("hooks", "SELECT topic() AS t, topic(1) AS first FROM 'a/b'", INVOKE);
      await scene.rule("other", "SELECT * FROM 'a/b'", INVOKE);
      const heard = scene.hear("a/b");
      await scene.publish("$aws/rules/hooks/a/b", {});
      heard.stop();
      expect(heard.messages).to.deep.equal([]);
      expect(scene.asked.map(({ input }) => Buffer.from(input.Payload as Uint8Array).toString())).to.deep.equal([
        '{"t":"a/b","first":"a"}',
      ]);
      expect(scene.running.cloud.trace.usage()[PARTNER]?.["iot:messages"]).to.equal(undefined);
    });
    it("lose it where they don't exist, with nothing but a metric and a line in the trace", async () => {
      await scene.publish("$aws/rules/nobody/a", {});
      expect(scene.effects("RuleNotFound")[0]?.error?.message).to.match(/nobody, which doesn't exist/);
      const metrics = [...scene.running.cloud.state(METRICS, PLACE).values()];
      expect(metrics.find(({ name }) => name === "RuleNotFound")?.dimensions).to.deep.equal({ RuleName: "nobody" });
    });
  });

  it("count what AWS measures and prices", async () => {
    await scene.rule("hooks", "SELECT * FROM 'a'", INVOKE);
    await scene.publish("a", { long: "x".repeat(6_000) });
    const usage = scene.running.cloud.trace.usage()[PARTNER];
    expect(usage).to.include({ "iot:messages": 2, "iot:rulesTriggered": 1, "iot:actionsExecuted": 1 });
    const metrics = [...scene.running.cloud.state(METRICS, PLACE).values()];
    expect(metrics.map(({ name }) => name)).to.include.members(["TopicMatch", "RulesExecuted", "Success"]);
    expect(metrics.find(({ name }) => name === "Success")?.dimensions).to.deep.equal({
      RuleName: "hooks",
      ActionType: "Lambda",
    });
  });

  const counted = (metric: string) =>
    [...scene.running.cloud.state(METRICS, PLACE).values()]
      .filter(({ name }) => name === metric)
      .map(({ dimensions, datapoints }) => [dimensions["RuleName"], datapoints.reduce((sum, one) => sum + one.sum, 0)]);

  it("count messages that are no JSON where it is asked for, and nowhere else", async () => {
    await scene.rule("reads", "SELECT name, colour FROM 'a'", INVOKE);
    await scene.rule("copies", "SELECT *, topic() AS topic FROM 'b'", INVOKE);
    await scene.rule("encodes", "SELECT encode(*, 'base64') AS data FROM 'a'", INVOKE);
    for (const [topic, text] of [
      ["a", "{"],
      ["b", "{"],
      ["a", '{"name":1}'],
      ["a", ""],
    ] as const)
      await scene.data.publish({ topic, payload: Buffer.from(text) });
    await scene.running.cloud.settled();
    expect(counted("ParseError")).to.have.deep.members([
      ["reads", 1],
      ["copies", 1],
    ]);
  });

  it("lose a message that they are throttled for, with nothing but a metric and a line in the trace", async () => {
    await scene.rule("hooks", "SELECT * FROM 'a'", INVOKE);
    const fault = { service: "iot", operation: "RuleMessage", fault: "throttle", times: 1 };
    await scene.running.control("PUT", "faults", [fault]);
    await scene.publish("a", {});
    expect(scene.asked).to.deep.equal([]);
    expect(counted("RuleMessageThrottled")).to.deep.equal([["hooks", 1]]);
    expect(scene.effects("RuleMessageThrottled")[0]?.error?.message).to.match(/lost: Rate exceeded/);
    await scene.publish("a", {});
    expect(scene.asked).to.have.length(1);
  });

  it("are found by topic exactly as if each were asked", () => {
    const level = fc.constantFrom("a", "b", "+");
    const filter = fc
      .tuple(fc.array(level, { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([levels, open]) => [...levels, ...(open ? ["#"] : [])].join("/"));
    const topic = fc
      .array(fc.constantFrom("a", "b", "$aws"), { minLength: 1, maxLength: 5 })
      .map((levels) => levels.join("/"));
    fc.assert(
      fc.property(fc.array(filter, { maxLength: 12 }), topic, (filters, published) => {
        const rules = filters.map(
          (text, at) => ({ name: String(at), query: parseRule(`SELECT * FROM '${text}'`) }) as TopicRule,
        );
        const found = new RuleIndex<(typeof rules)[number]>().matching(published, rules).map(({ name }) => name);
        const asked = rules.filter(({ query }) => topicMatches(query, published)).map(({ name }) => name);
        expect(found.sort()).to.deep.equal(asked.sort());
      }),
      { numRuns: 500 },
    );
  });
});
