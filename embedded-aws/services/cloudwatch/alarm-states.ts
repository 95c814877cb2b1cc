// What happens to alarms that are there: states set by hand, actions switched on and off, tags.
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../core/errors.ts";
import { operations, type Call } from "../../core/service.ts";
import { mergedTags, tagList, tagging } from "../../core/tags.ts";
import { ALARMS, noAlarm, onAlarm, type Alarm } from "./alarm.ts";
import { invalid } from "./checks.ts";
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

const { add, remove, list } = tagging<{ readonly ResourceARN?: string | undefined }>({
  permission: (action, { ResourceARN = "" }, call) => ({
    ...onAlarm(call, action, ResourceARN.split(":").slice(6).join(":")),
    resource: ResourceARN,
  }),
  tags: ({ ResourceARN }, call) => taggedAlarm(ResourceARN, call).tags,
  merged: (present, given) => mergedTags(present, given, invalid),
});

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
  TagResource: add("TagResource"),
  UntagResource: remove("UntagResource"),
  ListTagsForResource: list("ListTagsForResource", (tags) => ({ Tags: tagList(tags) })),
});
