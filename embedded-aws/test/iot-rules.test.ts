// Topic rules as resources: kept, listed, refused, replaced. What they do is in iot-rules-engine.test.ts.
import { expect } from "chai";
import { PARTNER } from "./cloud.ts";
import { failure } from "./failure.ts";
import { FUNCTION, ruleArn, Scene } from "./iot-scene.ts";

const INVOKE = [{ lambda: { functionArn: FUNCTION } }];
const QUEUE = `http://127.0.0.1:4499/${PARTNER}/queue`;

describe("IoT of the embedded AWS: topic rules", () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.start();
  });
  beforeEach(() => scene.reset());
  after(() => scene.running.endpoint.close());

  describe("as resources", () => {
    it("are given back as they were given", async () => {
      await scene.rule("hooks", "SELECT * FROM 'a/#'", INVOKE, { description: "What it is for" });
      const { ruleArn: arn, rule } = await scene.iot.getTopicRule({ ruleName: "hooks" });
      const { createdAt, ...rest } = rule ?? {};
      expect(arn).to.equal(ruleArn("hooks"));
      expect(createdAt).to.be.instanceOf(Date);
      expect(rest).to.deep.equal({
        ruleName: "hooks",
        sql: "SELECT * FROM 'a/#'",
        description: "What it is for",
        actions: INVOKE,
        ruleDisabled: false,
        awsIotSqlVersion: "2016-03-23",
      });
    });
    it("have SQL version 2015-10-08 when none is given", async () => {
      await scene.iot.createTopicRule({
        ruleName: "hooks",
        topicRulePayload: { sql: "SELECT * FROM 'a'", actions: [] },
      });
      const { rule } = await scene.iot.getTopicRule({ ruleName: "hooks" });
      expect(rule?.awsIotSqlVersion).to.equal("2015-10-08");
    });
    it("can't be created twice", async () => {
      await scene.rule("hooks", "SELECT * FROM 'a'", INVOKE);
      const error = await scene.rule("hooks", "SELECT * FROM 'a'", INVOKE).catch((caught: unknown) => caught);
      expect(error).to.include({
        name: "ResourceAlreadyExistsException",
        message: "Topic Rule 'hooks' already exists for account",
        resourceArn: ruleArn("hooks"),
      });
    });
    it("that don't exist are answered as forbidden ones", async () => {
      const denied = "UnauthorizedException: Access to topic rule 'hooks' was denied";
      const topicRulePayload = { sql: "SELECT * FROM 'a'", actions: [] };
      expect(await failure(scene.iot.getTopicRule({ ruleName: "hooks" }))).to.equal(denied);
      expect(await failure(scene.iot.deleteTopicRule({ ruleName: "hooks" }))).to.equal(denied);
      expect(await failure(scene.iot.enableTopicRule({ ruleName: "hooks" }))).to.equal(denied);
      expect(await failure(scene.iot.replaceTopicRule({ ruleName: "hooks", topicRulePayload }))).to.equal(denied);
    });
    it("have no hyphen in their names", async () => {
      expect(await failure(scene.rule("my-hooks", "SELECT * FROM 'a'", INVOKE))).to.match(/^InvalidRequestException: /);
    });
    it("with SQL that can't be read are refused, with the place", async () => {
      expect(await failure(scene.rule("hooks", "SELECT FROM 'a'", INVOKE))).to.match(
        /^SqlParseException: .*at character \d+/,
      );
    });
    it("with an action that isn't modelled are refused", async () => {
      const actions = [{ sns: { targetArn: "arn:aws:sns:us-east-1:222222222222:x", roleArn: "r" } }];
      expect(await failure(scene.rule("hooks", "SELECT * FROM 'a'", actions))).to.match(
        /^NotModelledHere: The parameter topicRulePayload.actions.sns of iot:CreateTopicRule is/,
      );
    });
    it("with two things in one action, or eleven actions, are refused", async () => {
      const both = [{ ...INVOKE[0], sqs: { queueUrl: QUEUE, roleArn: "r" } }];
      expect(await failure(scene.rule("hooks", "SELECT * FROM 'a'", both))).to.match(/exactly one thing/);
      const eleven = Array.from({ length: 11 }, () => INVOKE).flat();
      expect(await failure(scene.rule("hooks", "SELECT * FROM 'a'", eleven))).to.match(
        /'topicRulePayload.actions' .* less than or equal to 10/,
      );
    });
    it("need roles that IoT may assume for them", async () => {
      const roleArn = await scene.role("other", "sqs:SendMessage", "*", "lambda.amazonaws.com");
      const create = scene.rule("hooks", "SELECT * FROM 'a'", [{ sqs: { queueUrl: QUEUE, roleArn } }]);
      // As quoted in public issues; a rule that is disabled is tried as well.
      const words =
        "InvalidRequestException: AWS IoT (iot.amazonaws.com) is unable to assume role (sts:AssumeRole) on " +
        `resource: ${roleArn}. If the role was just created or updated, please try again in a few seconds.`;
      expect(await failure(create)).to.equal(words);
      const topicRulePayload = {
        sql: "SELECT * FROM 'a'",
        ruleDisabled: true,
        actions: [{ sqs: { queueUrl: QUEUE, roleArn } }],
      };
      const disabled = scene.iot.createTopicRule({ ruleName: "off", topicRulePayload });
      expect(await failure(disabled)).to.equal(words);
    });
    it("need iam:PassRole for their roles, by whoever makes them", async () => {
      const roleArn = await scene.role("send", "sqs:SendMessage", "*");
      const { iot } = await scene.session("deployer", "iot:CreateTopicRule", ruleArn("*"));
      const create = () =>
        iot.createTopicRule({
          ruleName: "hooks",
          topicRulePayload: { sql: "SELECT * FROM 'a'", actions: [{ sqs: { queueUrl: QUEUE, roleArn } }] },
        });
      expect(await failure(create())).to.match(/^AccessDeniedException: .*iam:PassRole/);
      await scene.allow("deployer", ["iot:CreateTopicRule", "iam:PassRole"], [ruleArn("*"), roleArn]);
      await create();
    });
    it("are listed in pages, and by their state", async () => {
      for (const name of ["one", "two", "three"]) await scene.rule(name, "SELECT * FROM 'a'", INVOKE);
      await scene.iot.disableTopicRule({ ruleName: "two" });
      const first = await scene.iot.listTopicRules({ maxResults: 2 });
      const second = await scene.iot.listTopicRules({ maxResults: 2, nextToken: first.nextToken });
      const names = [...(first.rules ?? []), ...(second.rules ?? [])].map(({ ruleName }) => ruleName);
      expect(names).to.deep.equal(["one", "two", "three"]);
      expect(
        (await scene.iot.listTopicRules({ ruleDisabled: true })).rules?.map(({ ruleName }) => ruleName),
      ).to.deep.equal(["two"]);
    });
    it("carry the tags that they were created with", async () => {
      await scene.iot.createTopicRule({
        ruleName: "hooks",
        topicRulePayload: { sql: "SELECT * FROM 'a'", actions: [] },
        tags: "team=one&stage=test%20it",
      });
      const { tags } = await scene.iot.listTagsForResource({ resourceArn: ruleArn("hooks") });
      expect(tags).to.deep.equal([
        { Key: "team", Value: "one" },
        { Key: "stage", Value: "test it" },
      ]);
    });
    it("that were replaced or deleted no longer do what they did", async () => {
      await scene.rule("hooks", "SELECT * FROM 'a'", INVOKE);
      await scene.publish("a", {});
      const topicRulePayload = { sql: "SELECT * FROM 'b'", actions: INVOKE, awsIotSqlVersion: "2016-03-23" };
      await scene.iot.replaceTopicRule({ ruleName: "hooks", topicRulePayload });
      await scene.publish("a", {});
      expect(scene.asked).to.have.length(1);
      await scene.publish("b", {});
      expect(scene.asked).to.have.length(2);
      await scene.iot.deleteTopicRule({ ruleName: "hooks" });
      await scene.publish("b", {});
      expect(scene.asked).to.have.length(2);
    });
  });
});
