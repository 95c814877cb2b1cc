// Tags of alarms.
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../core/errors.ts";
import { operations, type Call } from "../../core/service.ts";
import { mergedTags, tagList, tagging } from "../../core/tags.ts";
import { ALARMS, onAlarm, type Alarm } from "./alarm.ts";
import { invalid } from "./checks.ts";

const findAlarm = (arn: string, call: Call): Alarm | undefined =>
  [...call.cloud.state(ALARMS, call).values()].find((one) => one.arn === arn);

/** @throws AwsError ResourceNotFoundException */
function taggedAlarm(arn = "", call: Call): Alarm {
  const alarm = findAlarm(arn, call);
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

export const tags = operations<CloudWatch>({
  TagResource: add("TagResource"),
  UntagResource: remove("UntagResource"),
  ListTagsForResource: {
    ...list("ListTagsForResource", () => ({})),
    // Of an alarm that isn't there any more: none (recorded on AWS by another project's tests).
    run: ({ ResourceARN = "" }, call) => ({ Tags: tagList(findAlarm(ResourceARN, call)?.tags ?? new Map()) }),
  },
});
