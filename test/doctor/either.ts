// What can break on either side: shown on one of them.
import type { MetricAlarm, PutMetricAlarmInput } from "@aws-sdk/client-cloudwatch";
import type { Side } from "../../hooks/sides.ts";
import type { Breakage, Scene } from "./scene.ts";

/** An alarm as it was described, to be put again. */
export const put = (alarm: MetricAlarm, changes: Partial<PutMetricAlarmInput> = {}): PutMetricAlarmInput => {
  const kept = Object.entries(alarm).filter(([name]) => !/^(State|AlarmArn|AlarmConfigurationUpdated)/.test(name));
  return { ...(Object.fromEntries(kept) as unknown as PutMetricAlarmInput), ...changes };
};

const alarms =
  (side: Side, changes: Partial<PutMetricAlarmInput>, which: (alarm: MetricAlarm) => boolean) =>
  async ({ [side]: { cloudwatch } }: Scene) => {
    const { MetricAlarms = [] } = await cloudwatch.describeAlarms({});
    const chosen = MetricAlarms.filter(which);
    for (const alarm of chosen) await cloudwatch.putMetricAlarm(put(alarm, changes));
    return async () => {
      for (const alarm of chosen) await cloudwatch.putMetricAlarm(put(alarm));
    };
  };

export const EITHER_BREAKAGES: readonly Breakage[] = [
  {
    finds: ["partner function.switched-off"],
    broken: "the function is switched off by a reserved concurrency of 0",
    break: async ({ partner: { lambda }, outputs }) => {
      const { functionName: FunctionName } = outputs.partner;
      await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 0 });
      return () => lambda.deleteFunctionConcurrency({ FunctionName });
    },
  },
  {
    finds: ["customer quota.concurrency"],
    broken: "functions have reserved all that can be",
    break: async ({ customer: { lambda }, outputs }) => {
      const { functionName: FunctionName } = outputs.customer;
      await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 900 });
      return () => lambda.deleteFunctionConcurrency({ FunctionName });
    },
  },
  {
    finds: ["customer function.other-version"],
    broken: "the alias was moved to another version",
    break: async (scene) => {
      const before = scene.outputs;
      const mend = await scene.withVariables("customer", { MORE: "1" });
      const moved = scene.outputs;
      scene.outputs = before;
      return () => {
        scene.outputs = moved;
        return mend();
      };
    },
  },
  {
    finds: ["customer function.settings"],
    broken: "a variable of the function is none that it takes",
    break: (scene) => scene.withVariables("customer", { OPERATIONS: "forget_thing" }),
  },
  {
    finds: ["customer function.no-queue"],
    broken: "events that failed go nowhere",
    break: async ({ customer: { lambda }, outputs }) => {
      const at = { FunctionName: outputs.customer.functionName, Qualifier: "live" };
      const { DestinationConfig, MaximumRetryAttempts } = await lambda.getFunctionEventInvokeConfig(at);
      await lambda.deleteFunctionEventInvokeConfig(at);
      return () => lambda.putFunctionEventInvokeConfig({ ...at, DestinationConfig, MaximumRetryAttempts });
    },
  },
  ...(["customer", "partner"] as const).map((side): Breakage => ({
    finds: [`${side} function.permission`],
    broken: `the rule of the ${side}'s side may not call the function`,
    break: async ({ [side]: { lambda }, outputs }) => {
      const at = { FunctionName: outputs[side].functionName, Qualifier: "live" };
      const { Policy = "" } = await lambda.getPolicy(at);
      const [{ Sid, Condition, Principal }] = (JSON.parse(Policy) as { Statement: [PermissionStatement] }).Statement;
      await lambda.removePermission({ ...at, StatementId: Sid });
      const { ArnLike, StringEquals } = Condition;
      return () =>
        lambda.addPermission({
          ...at,
          StatementId: Sid,
          Action: "lambda:InvokeFunction",
          Principal: Principal.Service,
          SourceArn: ArnLike["AWS:SourceArn"],
          SourceAccount: StringEquals?.["AWS:SourceAccount"],
        });
    },
  })),
  {
    finds: ["partner logs.missing"],
    broken: "the log group is deleted",
    break: async ({ partner: { logs }, outputs }) => {
      const { logGroupName } = outputs.partner;
      await logs.deleteLogGroup({ logGroupName });
      return async () => {
        await logs.createLogGroup({ logGroupName });
        await logs.putRetentionPolicy({ logGroupName, retentionInDays: 30 });
      };
    },
  },
  {
    finds: ["partner logs.kept-for-ever"],
    broken: "the log group keeps everything",
    break: async ({ partner: { logs }, outputs }) => {
      const { logGroupName } = outputs.partner;
      await logs.deleteRetentionPolicy({ logGroupName });
      return () => logs.putRetentionPolicy({ logGroupName, retentionInDays: 30 });
    },
  },
  {
    finds: ["partner alarms.ringing", "partner queue.letters"],
    broken: "a letter lies in a queue, and its alarm rings",
    break: (scene) => scene.withLetter("partner", scene.outputs.partner.deadLetterQueueUrls.receive),
  },
  {
    finds: ["customer alarms.missing"],
    broken: "an alarm is deleted",
    break: async ({ customer: { cloudwatch } }) => {
      const { MetricAlarms = [] } = await cloudwatch.describeAlarms({});
      const [alarm] = MetricAlarms.filter(({ MetricName }) => MetricName === "DestinationDeliveryFailures");
      if (alarm === undefined) throw new Error("There is no such alarm.");
      await cloudwatch.deleteAlarms({ AlarmNames: [alarm.AlarmName ?? ""] });
      return () => cloudwatch.putMetricAlarm(put(alarm));
    },
  },
  {
    finds: ["partner alarms.silenced"],
    broken: "an alarm's actions are switched off",
    break: alarms("partner", { ActionsEnabled: false }, ({ MetricName }) => MetricName === "ParseError"),
  },
  {
    finds: ["customer alarms.nobody-told"],
    broken: "the alarms have no actions",
    break: alarms("customer", { AlarmActions: [] }, () => true),
  },
];

interface PermissionStatement {
  readonly Sid: string;
  readonly Principal: { readonly Service: string };
  readonly Condition: {
    readonly ArnLike: { readonly "AWS:SourceArn": string };
    readonly StringEquals?: { readonly "AWS:SourceAccount": string };
  };
}

/** What nobody brings back: in this order, each beside what was broken before. */
export const FOR_GOOD: readonly Breakage[] = [
  {
    finds: ["customer queue.missing"],
    broken: "a queue is deleted",
    break: async ({ customer: { sqs }, outputs }) => {
      await sqs.deleteQueue({ QueueUrl: outputs.customer.deadLetterQueueUrls.announce });
      return undefined;
    },
  },
  {
    finds: ["partner registry.missing"],
    broken: "the registry's table is deleted",
    break: async ({ partner: { dynamodb }, outputs }) => {
      const TableName = outputs.partner.registryTableName;
      await dynamodb.updateTable({ TableName, DeletionProtectionEnabled: false });
      await dynamodb.deleteTable({ TableName });
      return undefined;
    },
  },
  {
    finds: ["customer function.no-alias"],
    broken: "the alias is deleted",
    break: async ({ customer: { lambda }, outputs }) => {
      await lambda.deleteAlias({ FunctionName: outputs.customer.functionName, Name: "live" });
      return undefined;
    },
  },
  {
    finds: ["partner function.missing"],
    broken: "the function is deleted",
    break: async ({ partner: { lambda }, outputs }) => {
      await lambda.deleteFunction({ FunctionName: outputs.partner.functionName });
      return undefined;
    },
  },
];
