// What can break of the customer's schedule.
import { put } from "./either.ts";
import type { Breakage, Scene } from "./scene.ts";

const lacking = (id: string, sid: string): Breakage => ({
  finds: [`customer role.${id}`, ...(sid === "AnnounceThings" ? [`customer role.${id}`] : [])],
  broken: `its function's role lacks the statement ${sid}`,
  break: async (scene) => {
    const role = await scene.roleOfFunction("customer", scene.reconciliation.functionName);
    return scene.withPolicy("customer", role, (statements) => statements.filter(({ Sid }) => Sid !== sid));
  },
});

const targets = async ({ customer: { events }, reconciliation }: Scene) => {
  const Rule = reconciliation.ruleName;
  return { Rule, Targets: (await events.listTargetsByRule({ Rule })).Targets ?? [] };
};

export const RECONCILE_BREAKAGES: readonly Breakage[] = [
  {
    finds: ["customer rule.disabled"],
    broken: "the schedule is switched off",
    break: async ({ customer: { events }, reconciliation: { ruleName: Name } }) => {
      await events.disableRule({ Name });
      return () => events.enableRule({ Name });
    },
  },
  {
    finds: ["customer rule.target"],
    broken: "the schedule calls nothing",
    break: async (scene) => {
      const { events } = scene.customer;
      const { Rule, Targets } = await targets(scene);
      await events.removeTargets({ Rule, Ids: Targets.map(({ Id = "" }) => Id) });
      return () => events.putTargets({ Rule, Targets });
    },
  },
  {
    finds: ["customer rule.missing"],
    broken: "the schedule is deleted",
    break: async (scene) => {
      const { events } = scene.customer;
      const { Rule, Targets } = await targets(scene);
      const { ScheduleExpression } = await events.describeRule({ Name: Rule });
      await events.removeTargets({ Rule, Ids: Targets.map(({ Id = "" }) => Id) });
      await events.deleteRule({ Name: Rule });
      return async () => {
        await events.putRule({ Name: Rule, ScheduleExpression });
        await events.putTargets({ Rule, Targets });
      };
    },
  },
  {
    finds: ["customer function.switched-off"],
    broken: "its function is switched off",
    break: async ({ customer: { lambda }, reconciliation: { functionName: FunctionName } }) => {
      await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 0 });
      return () => lambda.deleteFunctionConcurrency({ FunctionName });
    },
  },
  {
    finds: ["customer function.permission"],
    broken: "the schedule may not call its function",
    break: async ({ customer: { lambda }, reconciliation, outputs }) => {
      const at = { FunctionName: reconciliation.functionName, Qualifier: "live" };
      const { Policy = "" } = await lambda.getPolicy(at);
      const { Statement } = JSON.parse(Policy) as { Statement: readonly { Sid: string }[] };
      for (const { Sid } of Statement) await lambda.removePermission({ ...at, StatementId: Sid });
      const { region, accountId } = outputs.customer;
      return () =>
        lambda.addPermission({
          ...at,
          StatementId: "rule",
          Action: "lambda:InvokeFunction",
          Principal: "events.amazonaws.com",
          SourceArn: `arn:aws:events:${region}:${accountId}:rule/${reconciliation.ruleName}`,
        });
    },
  },
  lacking("may-not-list", "ListThings"),
  lacking("may-not-invoke", "AnnounceThings"),
  {
    finds: ["customer logs.missing"],
    broken: "its function's log group is deleted",
    break: async ({ customer: { logs }, reconciliation: { logGroupName } }) => {
      await logs.deleteLogGroup({ logGroupName });
      return async () => {
        await logs.createLogGroup({ logGroupName });
        await logs.putRetentionPolicy({ logGroupName, retentionInDays: 30 });
      };
    },
  },
  {
    finds: ["customer alarms.ringing", "customer queue.letters"],
    broken: "a run didn't take place",
    break: (scene) => scene.withLetter("customer", scene.reconciliation.deadLetterQueueUrls.reconcile),
  },
  {
    finds: ["customer queue.policy"],
    broken: "the schedule may not send to its queue",
    break: async ({ customer: { sqs }, reconciliation }) => {
      const QueueUrl = reconciliation.deadLetterQueueUrls.reconcileRule;
      const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["Policy"] });
      const put = (Policy: string) => sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy } });
      await put("");
      return () => put(Attributes?.["Policy"] ?? "");
    },
  },
  {
    finds: ["customer alarms.missing"],
    broken: "nothing watches its function",
    break: async ({ customer: { cloudwatch }, reconciliation }) => {
      const { MetricAlarms = [] } = await cloudwatch.describeAlarms({});
      const [alarm] = MetricAlarms.filter(
        ({ MetricName, Dimensions = [] }) =>
          MetricName === "Errors" && Dimensions.some(({ Value }) => Value === reconciliation.functionName),
      );
      if (alarm === undefined) throw new Error("There is no such alarm.");
      await cloudwatch.deleteAlarms({ AlarmNames: [alarm.AlarmName ?? ""] });
      return () => cloudwatch.putMetricAlarm(put(alarm));
    },
  },
];
