// All that both sides let anybody do, with everything on: who assumes which role, who calls which function, and that
// no statement reaches further than it says here. A policy that becomes wider is seen here, whichever it is.
import { expect } from "chai";
import { type Inputs, type Recorded, inputsOf, resourceOf } from "../harness/run-stack.ts";
import { CUSTOMER, PARTNER, customerRoleIn } from "../harness/stacks.ts";
import { customerWithEverything as customer, partnerWithEverything as partner } from "./everything-on.ts";

const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const PERMISSION = "aws:lambda/permission:Permission";

const statementsOf = (policy: unknown) => (policy as Inputs).Statement as Inputs[];
const all = (resources: readonly Recorded[], type: string) => resources.filter((one) => one.type === type);
const named = (resources: readonly Recorded[], type: string) =>
  Object.fromEntries(all(resources, type).map(({ name, inputs }) => [name, inputs]));
/** Statements of all policies but the roles' trust, each with the name of what it belongs to. */
const granted = (resources: readonly Recorded[]) =>
  resources
    .filter(({ type, inputs }) => type !== ROLE && inputs.policy !== undefined)
    .flatMap(({ name, inputs }) => statementsOf(inputs.policy).map((statement): [string, Inputs] => [name, statement]));
const listOf = (value: unknown): string[] => [value].flat() as string[];

const region = (service: string, account: string, resource: string) =>
  `arn:aws:${service}:us-east-1:${account}:${resource}`;

describe("what is granted, with everything on", () => {
  it("is no action with a wildcard, and no resource beyond its own, but where there is no other way", async () => {
    const sides = [...granted((await customer()).resources), ...granted((await partner()).resources)];
    const wide = sides
      .filter(([, { Effect }]) => Effect !== "Deny")
      .flatMap(([name, { Sid, Action, Resource }]) =>
        [...listOf(Action), ...listOf(Resource)]
          .filter((text) => /[*?]/.test(text))
          .map((text) => [name, Sid as string, text]),
      );
    const logs = (account: string, name: string) =>
      region("logs", account, `log-group:/aws/lambda/iot-hooks-${name}-1234567:*`);
    expect(wide).to.have.deep.members([
      ["iot-hooks-announce", "WriteLogs", logs(CUSTOMER, "announce")],
      ["iot-hooks-announce", "DescribeThing", region("iot", CUSTOMER, "thing/*")],
      ["iot-hooks-reconcile", "WriteLogs", logs(CUSTOMER, "reconcile")],
      ["iot-hooks-reconcile", "ListThings", "*"],
      ["iot-hooks-trail", "CloudTrailWrite", `arn:aws:s3:::iot-hooks-trail-1234567/AWSLogs/${CUSTOMER}/*`],
      ["iot-hooks-receive", "WriteLogs", logs(PARTNER, "receive")],
      ...["create_thing", "sync_thing", "delete_thing"].map((operation) => [
        ...["iot-hooks-receive", "PublishDebugMessages"],
        region("iot", PARTNER, `topic/debug/????????????/${operation}`),
      ]),
    ]);
  });

  it("is denied to everybody without TLS, and allowed to nobody but services", async () => {
    const sides = [...granted((await customer()).resources), ...granted((await partner()).resources)];
    const principals = sides.flatMap(([name, { Principal, Effect }]) =>
      Principal === undefined ? [] : [[name, Effect as string, JSON.stringify(Principal)]],
    );
    const everybody = principals.filter(([, , principal]) => principal === '"*"');
    expect(everybody.map(([, effect]) => effect)).to.deep.equal(everybody.map(() => "Deny"));
    const services = principals
      .filter(([, effect]) => effect === "Allow")
      .map(([name, , principal]) => [name, principal]);
    expect(services).to.have.deep.members([
      ["iot-hooks-registry-dead-letters", '{"Service":"events.amazonaws.com"}'],
      ["iot-hooks-reconcile-rule-dead-letters", '{"Service":"events.amazonaws.com"}'],
      ["iot-hooks-trail", '{"Service":"cloudtrail.amazonaws.com"}'],
      ["iot-hooks-trail", '{"Service":"cloudtrail.amazonaws.com"}'],
    ]);
  });

  it("lets Lambda alone have the functions' roles, and the topic rules theirs", async () => {
    const lambda = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    const rules = (account: string, ...names: string[]) => {
      const arns = names.map((name) => region("iot", account, `rule/${name}`));
      return {
        Effect: "Allow",
        Principal: { Service: "iot.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": account },
          ArnLike: { "aws:SourceArn": arns.length === 1 ? arns[0] : arns },
        },
      };
    };
    const trusts = (resources: readonly Recorded[]) =>
      Object.fromEntries(
        Object.entries(named(resources, ROLE)).map(([name, { assumeRolePolicy }]) => [
          name,
          statementsOf(assumeRolePolicy),
        ]),
      );
    expect(trusts((await customer()).resources)).to.deep.equal({
      "iot-hooks-announce": [lambda],
      "iot-hooks-reconcile": [lambda],
      "iot-hooks-events-rules": [rules(CUSTOMER, `iot_hooks_events_${PARTNER}_thing`)],
    });
    expect(trusts((await partner()).resources)).to.deep.equal({
      "iot-hooks-receive": [lambda],
      "iot-hooks-receive-rule": [rules(PARTNER, "iot_hooks_receive")],
      [`iot-hooks-publish-${CUSTOMER}`]: [
        {
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${CUSTOMER}:root` },
          Action: "sts:AssumeRole",
          Condition: { ArnEquals: { "aws:PrincipalArn": [customerRoleIn(CUSTOMER)] } },
        },
      ],
    });
  });

  it("lets each rule call the one function that it is for, by its alias", async () => {
    const byRule = (principal: string, sourceArn: string, handler: string, more: object = {}) => ({
      ...{ action: "lambda:InvokeFunction", principal, sourceArn, ...more },
      ...{ function: `${handler}-1234567`, qualifier: "live" },
    });
    const event = (rule: string) => region("events", CUSTOMER, `rule/${rule}-1234567`);
    const announce = "iot-hooks-announce";
    expect(named((await customer()).resources, PERMISSION)).to.deep.equal({
      "iot-hooks-registry": byRule("events.amazonaws.com", event("iot-hooks-registry"), announce),
      "iot-hooks-reconcile-rule": byRule("events.amazonaws.com", event("iot-hooks-reconcile"), "iot-hooks-reconcile"),
      "iot-hooks-events-thing": byRule(
        "iot.amazonaws.com",
        region("iot", CUSTOMER, `rule/iot_hooks_events_${PARTNER}_thing`),
        announce,
        { sourceAccount: CUSTOMER },
      ),
    });
    const { resources } = await partner();
    expect(named(resources, PERMISSION)).to.deep.equal({
      "iot-hooks-receive": byRule(
        "iot.amazonaws.com",
        region("iot", PARTNER, "rule/iot_hooks_receive"),
        "iot-hooks-receive",
        { sourceAccount: PARTNER },
      ),
    });
  });
});

describe("what the schedule and AWS IoT's own events are given", () => {
  it("is to list things and to have them announced, and to go on", async () => {
    const { policy, role } = inputsOf((await customer()).resources, ROLE_POLICY, "iot-hooks-reconcile");
    expect(role).to.equal("iot-hooks-reconcile-1234567");
    const alias = (name: string) => region("lambda", CUSTOMER, `function:iot-hooks-${name}-1234567:live`);
    expect(policy).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "WriteLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: region("logs", CUSTOMER, "log-group:/aws/lambda/iot-hooks-reconcile-1234567:*"),
        },
        {
          Sid: "SendDeadLetters",
          Effect: "Allow",
          Action: "sqs:SendMessage",
          Resource: region("sqs", CUSTOMER, "iot-hooks-reconcile-dead-letters-1234567"),
        },
        { Sid: "ListThings", Effect: "Allow", Action: "iot:ListThings", Resource: "*" },
        {
          Sid: "AnnounceThings",
          Effect: "Allow",
          Action: "lambda:InvokeFunction",
          Resource: [alias("announce"), alias("reconcile")],
        },
      ],
    });
  });

  it("is a rule that calls the function's alias, on time, until it has it or keeps a letter", async () => {
    const { resources } = await customer();
    expect(inputsOf(resources, "aws:cloudwatch/eventRule:EventRule", "iot-hooks-reconcile")).to.deep.equal({
      description: "When all things are announced to the partner as they are",
      scheduleExpression: "rate(1 day)",
      state: "ENABLED",
    });
    expect(inputsOf(resources, "aws:cloudwatch/eventTarget:EventTarget", "iot-hooks-reconcile-rule")).to.deep.equal({
      rule: "iot-hooks-reconcile-1234567",
      arn: region("lambda", CUSTOMER, "function:iot-hooks-reconcile-1234567:live"),
      retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
      deadLetterConfig: { arn: region("sqs", CUSTOMER, "iot-hooks-reconcile-rule-dead-letters-1234567") },
    });
  });

  it("is a topic rule that calls the announce function's alias and writes its dead letters as its own role", async () => {
    const { resources } = await customer();
    const queue = "iot-hooks-events-rules-dead-letters-1234567";
    const rule = resourceOf(resources, "aws:iot/topicRule:TopicRule", "iot-hooks-events-thing");
    expect(rule.inputs).to.deep.equal({
      name: `iot_hooks_events_${PARTNER}_thing`,
      description: "Events of AWS IoT's registry that are announced to the partner",
      enabled: true,
      sql: "SELECT * FROM '$aws/events/thing/+/+' WHERE operation = 'CREATED' OR operation = 'DELETED'",
      sqlVersion: "2016-03-23",
      lambdas: [{ functionArn: region("lambda", CUSTOMER, "function:iot-hooks-announce-1234567:live") }],
      errorAction: {
        sqs: {
          queueUrl: `https://sqs.us-east-1.amazonaws.com/${CUSTOMER}/${queue}`,
          roleArn: `arn:aws:iam::${CUSTOMER}:role/iot-hooks-events-rules-1234567`,
          useBase64: false,
        },
      },
    });
    const { policy } = inputsOf(resources, ROLE_POLICY, "iot-hooks-events-rules");
    expect(statementsOf(policy)).to.deep.equal([
      { Sid: "SendDeadLetters", Effect: "Allow", Action: "sqs:SendMessage", Resource: region("sqs", CUSTOMER, queue) },
    ]);
  });
});
