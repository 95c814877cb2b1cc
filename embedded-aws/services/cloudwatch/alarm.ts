import type { MetricAlarm, PutMetricAlarmInput, StateValue } from "@aws-sdk/client-cloudwatch";
import { arn, type Place } from "../../core/arn.ts";
import type { Call, Permission } from "../../core/service.ts";
import { stateOf } from "../../core/state.ts";
import { resourceTagKeys } from "../../core/tags.ts";
import type { Criteria } from "./evaluation.ts";

export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly tags: Map<string, string>;
  /** As PutMetricAlarm brought it. */
  settings: PutMetricAlarmInput;
  criteria: Criteria;
  actionsEnabled: boolean;
  configuredAt: Date;
  state: StateValue;
  reason: string;
  /** Of the last change of the state. */
  changedAt: Date;
}

export const ALARMS = stateOf("cloudwatch", () => new Map<string, Alarm>());

export const alarmArn = (place: Place, name: string): string => arn("cloudwatch", place, `alarm:${name}`);

/** Permission on one alarm; `*` for all («Actions, resources, and condition keys for Amazon CloudWatch»). */
export function onAlarm(call: Call, action: string, name = ""): Permission {
  return {
    action: `cloudwatch:${action}`,
    resource: alarmArn(call, name),
    context: resourceTagKeys(call.cloud.state(ALARMS, call).get(name)?.tags),
  };
}

/** As DescribeAlarms shows it. */
export function described(alarm: Alarm): MetricAlarm {
  const { Tags: _, ...settings } = alarm.settings;
  return {
    ...settings,
    AlarmArn: alarm.arn,
    OKActions: settings.OKActions ?? [],
    AlarmActions: settings.AlarmActions ?? [],
    InsufficientDataActions: settings.InsufficientDataActions ?? [],
    Dimensions: settings.Dimensions ?? [],
    ActionsEnabled: alarm.actionsEnabled,
    AlarmConfigurationUpdatedTimestamp: alarm.configuredAt,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: alarm.changedAt,
    StateTransitionedTimestamp: alarm.changedAt,
  };
}
