// What is watched: each metric with the dimensions that AWS gives it, and who is told.
import { expect } from "chai";
import { type Inputs, type Recorded } from "../harness/run-stack.ts";
import { CUSTOMER, PARTNER, runCustomer, runPartner, runRoot } from "../harness/stacks.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const alarmsOf = (resources: readonly Recorded[]) =>
  Object.fromEntries(
    resources.filter(({ type }) => type === ALARM).map(({ name, inputs }) => [name.replace("iot-hooks-", ""), inputs]),
  ) as Readonly<Record<string, Inputs>>;
/** `namespace metric dimensions`, by alarm. */
const watched = (resources: readonly Recorded[]) =>
  Object.fromEntries(
    Object.entries(alarmsOf(resources)).map(([name, { namespace, metricName, dimensions }]) => [
      name,
      [namespace, metricName, dimensions] as unknown[],
    ]),
  );

const queue = (QueueName: string) => ({
  letters: ["AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName }],
  old: ["AWS/SQS", "ApproximateAgeOfOldestMessage", { QueueName }],
});
const functionMetric = (FunctionName: string, metric: string) => [
  "AWS/Lambda",
  metric,
  { FunctionName, Resource: `${FunctionName}:live` },
];
const ofFunction = (key: string, name: string) => ({
  [`${key}-errors`]: functionMetric(name, "Errors"),
  [`${key}-throttles`]: functionMetric(name, "Throttles"),
  [`${key}-dropped`]: functionMetric(name, "AsyncEventsDropped"),
  [`${key}-undelivered`]: functionMetric(name, "DestinationDeliveryFailures"),
  [`${key}-backlog`]: functionMetric(name, "AsyncEventAge"),
});

for (const preview of [false, true]) {
  describe(`alarms (${preview ? "preview" : "up"})`, () => {
    it("watch the customer's queues, function and rule", async () => {
      const { resources } = await runCustomer({}, { preview });
      const registry = queue("iot-hooks-registry-dead-letters-1234567");
      const announce = queue("iot-hooks-announce-dead-letters-1234567");
      const rule = { RuleName: "iot-hooks-registry-1234567" };
      expect(watched(resources)).to.deep.equal({
        "registry-letters": registry.letters,
        "registry-letters-old": registry.old,
        "announce-letters": announce.letters,
        "announce-letters-old": announce.old,
        ...ofFunction("announce", "iot-hooks-announce-1234567"),
        "registry-failed": ["AWS/Events", "FailedInvocations", rule],
        "registry-to-queue": ["AWS/Events", "InvocationsSentToDlq", rule],
        "registry-lost": ["AWS/Events", "InvocationsFailedToBeSentToDlq", rule],
      });
    });

    it("watch the customer's schedule, where it has one: its queues, but for age, and its function", async () => {
      const { resources } = await runCustomer({ reconcile: "rate(1 day)" }, { preview });
      const own = Object.entries(watched(resources)).filter(([name]) => name.startsWith("reconcile"));
      expect(Object.fromEntries(own)).to.deep.equal({
        "reconcile-rule-letters": queue("iot-hooks-reconcile-rule-dead-letters-1234567").letters,
        "reconcile-letters": queue("iot-hooks-reconcile-dead-letters-1234567").letters,
        ...ofFunction("reconcile", "iot-hooks-reconcile-1234567"),
      });
    });

    it("watch the partner's queues, function, rule, and who is kept from publishing", async () => {
      const { resources } = await runPartner({ nameSuffix: "eu" }, { preview });
      const rule = queue("iot-hooks-receive-rule-dead-letters-1234567");
      const receive = queue("iot-hooks-receive-dead-letters-1234567");
      const RuleName = "iot_hooks_receive_eu";
      expect(watched(resources)).to.deep.equal({
        "rule-letters": rule.letters,
        "rule-letters-old": rule.old,
        "receive-letters": receive.letters,
        "receive-letters-old": receive.old,
        ...ofFunction("receive", "iot-hooks-receive-1234567"),
        "rule-failed": ["AWS/IoT", "Failure", { RuleName, ActionType: "Lambda" }],
        "rule-lost": ["AWS/IoT", "ErrorActionFailure", { RuleName, ActionType: "SQS" }],
        "rule-lost-sqs": ["AWS/IoT", "ErrorActionFailure", { RuleName, ActionType: "Sqs" }],
        "rule-parse": ["AWS/IoT", "ParseError", { RuleName }],
        "rule-throttled": ["AWS/IoT", "RuleMessageThrottled", { RuleName }],
        corrected: ["CrossAccountIotHooks", "Corrected", {}],
        "publish-denied": ["AWS/IoT", "PublishIn.AuthError", { Protocol: "HTTP" }],
        "publish-throttled": ["AWS/IoT", "PublishIn.Throttle", { Protocol: "HTTP" }],
      });
    });

    it("ring at the first one in a minute; but for age, at half of what a queue keeps, and for a real backlog", async () => {
      const all = { ...alarmsOf((await runCustomer({}, { preview })).resources) };
      Object.assign(all, alarmsOf((await runPartner({}, { preview })).resources));
      for (const [name, alarm] of Object.entries(all)) {
        expect(alarm, name).to.include({
          comparisonOperator: "GreaterThanThreshold",
          period: 60,
          evaluationPeriods: 1,
          // A level's highest, and of what happens how often it did.
          statistic: /-letters(?:-old)?$|-backlog$/.test(name) ? "Maximum" : "Sum",
        });
        const threshold = name.endsWith("-old") ? 604_800 : name.endsWith("-backlog") ? 900_000 : 0;
        expect(alarm.threshold, name).to.equal(threshold);
        expect(alarm.alarmDescription, name).to.match(/^[A-Z].*\.$/);
      }
    });

    it("watch a queue and topic rules instead of EventBridge's with registry-events, and both with both", async () => {
      const by = async (trigger: string) =>
        Object.keys(watched((await runCustomer({ trigger }, { preview })).resources));
      const cloudtrail = await by("cloudtrail");
      const kept = cloudtrail.filter((name) => !name.startsWith("registry-"));
      const kinds = ["failed", "lost", "lost-sqs", "throttled"].map((end) => `events-thing-${end}`);
      const added = ["events-letters", "events-letters-old", ...kinds];
      expect(await by("registry-events")).to.have.members([...kept, ...added]);
      expect(await by("both")).to.have.members([...cloudtrail, ...added]);
    });

    it("say of letters what they are, and what to do about them", async () => {
      const settings = { reconcile: "rate(1 day)", trigger: "both" };
      const all = { ...alarmsOf((await runCustomer(settings, { preview })).resources) };
      Object.assign(all, alarmsOf((await runPartner({}, { preview })).resources));
      const letters = Object.entries(all).filter(([name]) => name.endsWith("-letters"));
      const said = letters.map(([name, { alarmDescription }]) => {
        const found = /^There are dead letters: (.*)\. Read why in them, mend it, and (.*)\.$/.exec(
          String(alarmDescription),
        );
        return [name.replace("-letters", ""), found?.[1], found?.[2]];
      });
      expect(said).to.have.deep.members([
        ["registry", "events that EventBridge could not hand to the function", "send them again"],
        ["events", "events that AWS IoT could not hand to the function", "send them again"],
        ["announce", "events that could not be announced to the partner", "send them again"],
        ["reconcile-rule", "runs that EventBridge could not begin", "empty the queue: the next run makes up for it"],
        ["reconcile", "runs that Lambda gave up", "empty the queue: the next run makes up for it"],
        ["rule", "messages that the topic rule could not hand to the function", "send them again"],
        ["receive", "messages that the function could not take", "send them again"],
      ]);
    });

    it("take silence for good news, but of a queue: what lies in it is still there", async () => {
      const all = { ...alarmsOf((await runCustomer({}, { preview })).resources) };
      Object.assign(all, alarmsOf((await runPartner({}, { preview })).resources));
      for (const [name, { treatMissingData, namespace }] of Object.entries(all))
        expect(treatMissingData, name).to.equal(namespace === "AWS/SQS" ? "ignore" : "notBreaching");
    });

    it("tell the topic that was named, and nobody without one", async () => {
      const topic = (account: string) => `arn:aws:sns:us-east-1:${account}:on-call`;
      const { resources } = await runRoot(
        { customerAlarmTopicArn: topic(CUSTOMER), partnerAlarmTopicArn: topic(PARTNER) },
        { preview },
      );
      for (const { type, account, inputs } of resources)
        if (type === ALARM) expect(inputs.alarmActions).to.deep.equal([topic(account?.accountId ?? "")]);
      for (const { alarmActions } of Object.values(alarmsOf((await runCustomer({}, { preview })).resources)))
        expect(alarmActions).to.deep.equal([]);
    });
  });
}
