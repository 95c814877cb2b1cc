// Whether something rings when an event is stuck or lost, whether it rings now, and whether anybody hears it.
import { DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Account } from "../account.ts";
import { type Found, REDEPLOY } from "../finding.ts";
import type { DeployedFunction } from "../functions.ts";
import { look } from "../look.ts";
import { everyPage } from "../../pages.ts";
import { queueNameOf } from "./queues.ts";

type Watched = readonly [metric: string, dimension: string, value: string];

/** What at least has to be watched of a function, by metric: the dimension, and its value. */
const watchedOf = ({ functionName, queues }: DeployedFunction): Watched[] => [
  ...queues.map(({ url }): Watched => ["ApproximateNumberOfMessagesVisible", "QueueName", queueNameOf(url)]),
  ...["Errors", "Throttles", "AsyncEventsDropped", "DestinationDeliveryFailures"].map((metric): Watched => [
    metric,
    "FunctionName",
    functionName,
  ]),
];

const OF_RULE = {
  events: ["FailedInvocations", "InvocationsFailedToBeSentToDlq"],
  iot: ["Failure", "ErrorActionFailure", "RuleMessageThrottled"],
} as const;

/** The schedule's rule isn't among them: what it can't begin is a letter, and nothing is lost by it. */
const watched = ({ side, functions }: Account): Watched[] => [
  ...functions.flatMap(watchedOf),
  ...functions[0].rules.flatMap(({ name, service }) =>
    [...OF_RULE[service], ...(side === "partner" ? ["ParseError"] : [])].map((metric): Watched => [
      metric,
      "RuleName",
      name,
    ]),
  ),
];

export async function* alarms(account: Account): AsyncGenerator<Found> {
  const { cloudwatch, outputs } = account;
  const all = await look("the alarms", "cloudwatch:DescribeAlarms", () =>
    everyPage(async (NextToken) => {
      const { MetricAlarms = [], NextToken: next } = await cloudwatch.send(
        new DescribeAlarmsCommand({ AlarmTypes: ["MetricAlarm"], NextToken }),
      );
      return { items: MetricAlarms, next };
    }),
  );
  const on = (metric: string, dimension: string, value: string) =>
    all.filter(
      ({ MetricName, Dimensions = [] }) =>
        MetricName === metric && Dimensions.some(({ Name, Value }) => Name === dimension && Value === value),
    );
  const wanted = watched(account);
  const missing = wanted.filter((row) => on(...row).length === 0);
  if (missing.length > 0)
    yield {
      id: "alarms.missing",
      severity: "risk",
      what: `No alarm watches ${missing.map(([metric, , value]) => `${metric} of ${value}`).join(", ")}.`,
      why: "Nobody hears of it when events are stuck or lost.",
      mend: REDEPLOY,
    };
  yield* state(new Set(wanted.flatMap((row) => on(...row))), outputs.region);
}

function* state(ours: ReadonlySet<MetricAlarm>, region: string): Generator<Found> {
  for (const { AlarmName = "", AlarmDescription = "", StateValue } of ours)
    if (StateValue === "ALARM")
      yield {
        id: "alarms.ringing",
        severity: "risk",
        what: `The alarm ${AlarmName} rings: ${AlarmDescription}`,
        why: "It says so itself.",
        mend: `aws cloudwatch describe-alarm-history --alarm-name ${AlarmName} --region ${region}`,
      };
  const silenced = [...ours].filter(({ ActionsEnabled }) => ActionsEnabled === false);
  if (silenced.length > 0)
    yield {
      id: "alarms.silenced",
      severity: "risk",
      what: `${silenced.length} alarms may not tell anybody: their actions are switched off.`,
      why: "They ring in the console only.",
      mend: `aws cloudwatch enable-alarm-actions --region ${region} --alarm-names ${silenced
        .map(({ AlarmName = "" }) => AlarmName)
        .join(" ")}`,
    };
  if (ours.size > 0 && [...ours].every(({ AlarmActions = [] }) => AlarmActions.length === 0))
    yield {
      id: "alarms.nobody-told",
      severity: "note",
      what: "The alarms tell nobody.",
      why: "They ring in the console only, where somebody has to look.",
      mend: "pulumi config set alarmTopicArn ARN_OF_AN_SNS_TOPIC && pulumi up",
    };
}
