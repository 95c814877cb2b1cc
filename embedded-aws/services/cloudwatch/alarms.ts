// Alarms on one metric: made, described, deleted. Composite alarms, metric math and anomaly detection are not modelled.
import type { CloudWatch, PutMetricAlarmInput } from "@aws-sdk/client-cloudwatch";
import { parseArn } from "../../core/arn.ts";
import { notModelled } from "../../core/errors.ts";
import { pageByKey } from "../../core/paging.ts";
import { operations, type Call } from "../../core/service.ts";
import { creating, mergedTags } from "../../core/tags.ts";
import { ALARMS, alarmArn, described, onAlarm, type Alarm } from "./alarm.ts";
import { contradictory, dimensionsOf, invalid, periodOf } from "./checks.ts";
import { isComparison, isMissingData, MISSING_DATA, type Criteria } from "./evaluation.ts";
import { statisticOf } from "./series.ts";
import { watch } from "./watch.ts";

const WEEK_SECONDS = 604_800;
const DAY_SECONDS = 86_400;
const MAX_RECORDS = 100;

/**
 * Limits: `PutMetricAlarm` in the API reference. @throws AwsError InvalidParameterValue, InvalidParameterCombination,
 * NotModelledHere
 */
function criteriaOf(input: PutMetricAlarmInput): Criteria {
  const { Period = 0, EvaluationPeriods = 0, DatapointsToAlarm = EvaluationPeriods, Threshold } = input;
  const { ComparisonOperator = "", TreatMissingData = "missing", Namespace } = input;
  periodOf(input.Period);
  statisticOf(input.Statistic);
  dimensionsOf(input.Dimensions);
  if (!isComparison(ComparisonOperator)) throw notModelled(`The comparison "${ComparisonOperator}"`);
  if (!isMissingData(TreatMissingData))
    throw invalid(`TreatMissingData must be one of ${MISSING_DATA.join(", ")}, not "${TreatMissingData}".`);
  if (EvaluationPeriods < 1 || DatapointsToAlarm < 1 || DatapointsToAlarm > EvaluationPeriods)
    throw invalid(
      `DatapointsToAlarm (${DatapointsToAlarm}) must be 1 or more, and no more than EvaluationPeriods ` +
        `(${EvaluationPeriods}).`,
    );
  if (EvaluationPeriods * Period > (Period >= 3600 ? WEEK_SECONDS : DAY_SECONDS))
    throw contradictory(
      "Metrics cannot be checked across more than a day, or seven days with periods of an hour or more " +
        `(${EvaluationPeriods} periods of ${Period} seconds).`,
    );
  if (Threshold === undefined || !Number.isFinite(Threshold)) throw invalid("An alarm needs a finite Threshold.");
  return {
    comparison: ComparisonOperator,
    threshold: Threshold,
    evaluationPeriods: EvaluationPeriods,
    datapointsToAlarm: DatapointsToAlarm,
    // «Alarms that evaluate metrics in the AWS/DynamoDB namespace always ignore missing data» (`PutMetricAlarm`,
    // TreatMissingData).
    missingData: Namespace === "AWS/DynamoDB" ? "ignore" : TreatMissingData,
  };
}

function put(input: PutMetricAlarmInput, call: Call) {
  const name = input.AlarmName ?? "";
  if (!input.Namespace || !input.MetricName)
    throw contradictory(`The alarm ${name} needs a Namespace and a MetricName.`);
  const actions = [input.AlarmActions, input.OKActions, input.InsufficientDataActions];
  for (const list of actions) {
    for (const action of list ?? []) if (!parseArn(action)) throw invalid(`Invalid arn syntax: ${action}`);
  }
  const criteria = criteriaOf(input);
  const tags = mergedTags(new Map(), input.Tags, invalid);
  const alarms = call.cloud.state(ALARMS, call);
  const existing = alarms.get(name);
  const now = call.time;
  const fresh: Alarm = {
    name,
    arn: alarmArn(call, name),
    tags,
    settings: input,
    criteria,
    actionsEnabled: true,
    configuredAt: now,
    state: "INSUFFICIENT_DATA",
    reason: "Unchecked: Initial alarm creation",
    changedAt: now,
  };
  // An update replaces all but the state and the tags (`PutMetricAlarm`).
  const alarm = existing ?? fresh;
  Object.assign(alarm, { settings: input, criteria, configuredAt: now, actionsEnabled: input.ActionsEnabled ?? true });
  alarms.set(name, alarm);
  watch(call.cloud, call);
  return {};
}

export const alarms = operations<CloudWatch>({
  PutMetricAlarm: {
    // Tags at creation need cloudwatch:TagResource too (`PutMetricAlarm`, Tags).
    authorize: (input, call) =>
      creating(onAlarm(call, "PutMetricAlarm", input.AlarmName), "cloudwatch:TagResource", input.Tags),
    run: put,
  },
  DescribeAlarms: {
    authorize: (_input, call) => onAlarm(call, "DescribeAlarms", "*"),
    run: (input, call) => {
      const { AlarmNames: names, AlarmNamePrefix: prefix, StateValue: state, ActionPrefix: action } = input;
      if (names && prefix !== undefined)
        throw contradictory("AlarmNamePrefix and AlarmNames can't be used in one request.");
      const metricAlarms = input.AlarmTypes === undefined || input.AlarmTypes.includes("MetricAlarm");
      const found = [...call.cloud.state(ALARMS, call).values()].filter(
        (alarm) =>
          metricAlarms &&
          (names === undefined || names.includes(alarm.name)) &&
          alarm.name.startsWith(prefix ?? "") &&
          (state === undefined || alarm.state === state) &&
          (action === undefined || alarm.settings.AlarmActions?.some((one) => one.startsWith(action))),
      );
      const { items, next } = pageByKey(found, ({ name }) => name, {
        token: input.NextToken,
        limit: input.MaxRecords ?? MAX_RECORDS,
        code: "InvalidNextToken",
      });
      return { MetricAlarms: items.map(described), CompositeAlarms: [], NextToken: next };
    },
  },
  DeleteAlarms: {
    authorize: (input, call) => (input.AlarmNames ?? []).map((name) => onAlarm(call, "DeleteAlarms", name)),
    run: (input, call) => {
      // Names that don't exist hinder nothing (`DeleteAlarms`).
      for (const name of input.AlarmNames ?? []) call.cloud.state(ALARMS, call).delete(name);
      return {};
    },
  },
});
