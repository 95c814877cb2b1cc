// What happens to alarms that are there: states set by hand, actions switched on and off, tags.
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../core/errors.ts";
import { operations, type Call, type Permission } from "../../core/service.ts";
import { ALARMS, noAlarm, onAlarm, type Alarm } from "./alarm.ts";
import { invalid } from "./checks.ts";
import { tagContext, tagsFrom } from "./tags.ts";
import { setState, watch } from "./watch.ts";

const STATES = ["OK", "ALARM", "INSUFFICIENT_DATA"];

/** @throws AwsError ResourceNotFound */
function alarmOf(name = "", call: Call): Alarm {
  const alarm = call.cloud.state(ALARMS, call).get(name);
  if (!alarm) throw noAlarm(name);
  return alarm;
}

/** @throws AwsError ResourceNotFoundException, which the tagging operations answer instead of ResourceNotFound */
function taggedAlarm(arn = "", call: Call): Alarm {
  const alarm = [...call.cloud.state(ALARMS, call).values()].find((one) => one.arn === arn);
  if (!alarm) throw new AwsError("ResourceNotFoundException", `There is no alarm ${arn}.`);
  return alarm;
}

const onArn = (call: Call, action: string, arn = "", context = {}): Permission => {
  const permission = onAlarm(call, action, arn.split(":").slice(6).join(":"));
  return { ...permission, resource: arn, context: { ...permission.context, ...context } };
};

const switchActions = (action: "EnableAlarmActions" | "DisableAlarmActions", enabled: boolean) => ({
  authorize: (input: { readonly AlarmNames: readonly string[] | undefined }, call: Call) =>
    (input.AlarmNames ?? []).map((name) => onAlarm(call, action, name)),
  run: (input: { readonly AlarmNames: readonly string[] | undefined }, call: Call) => {
    // The model has no error for names that don't exist: they are passed over. Not confirmed.
    for (const name of input.AlarmNames ?? []) {
      const alarm = call.cloud.state(ALARMS, call).get(name);
      if (alarm) alarm.actionsEnabled = enabled;
    }
    return {};
  },
});

export const alarmStates = operations<CloudWatch>({
  SetAlarmState: {
    authorize: (input, call) => onAlarm(call, "SetAlarmState", input.AlarmName),
    run: (input, call) => {
      const { StateValue: state, StateReason = "", StateReasonData } = input;
      if (state === undefined || !STATES.includes(state))
        throw invalid(`StateValue must be one of ${STATES.join(", ")}, not "${state ?? ""}".`);
      if (StateReason.length > 1023) throw invalid("A StateReason has at most 1023 characters.");
      setState(call.cloud, call, alarmOf(input.AlarmName, call), state, StateReason, StateReasonData, call.span);
      // Only until the next evaluation, within a minute (`SetAlarmState`).
      watch(call.cloud, call);
      return {};
    },
  },
  EnableAlarmActions: switchActions("EnableAlarmActions", true),
  DisableAlarmActions: switchActions("DisableAlarmActions", false),
  TagResource: {
    authorize: (input, call) => onArn(call, "TagResource", input.ResourceARN, tagContext(input.Tags)),
    run: (input, call) => {
      const alarm = taggedAlarm(input.ResourceARN, call);
      const added = tagsFrom(input.Tags);
      if (new Set([...alarm.tags.keys(), ...added.keys()]).size > 50) throw invalid("An alarm has at most 50 tags.");
      for (const [key, value] of added) alarm.tags.set(key, value);
      return {};
    },
  },
  UntagResource: {
    authorize: (input, call) => onArn(call, "UntagResource", input.ResourceARN, { "aws:TagKeys": input.TagKeys ?? [] }),
    run: (input, call) => {
      const alarm = taggedAlarm(input.ResourceARN, call);
      for (const key of input.TagKeys ?? []) alarm.tags.delete(key);
      return {};
    },
  },
  ListTagsForResource: {
    authorize: (input, call) => onArn(call, "ListTagsForResource", input.ResourceARN),
    run: (input, call) => ({
      Tags: [...taggedAlarm(input.ResourceARN, call).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  },
});
