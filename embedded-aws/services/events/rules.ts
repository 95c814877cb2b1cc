// Rules of the default event bus: pattern, state, tags.
import type { EventBridge, PutRuleRequest, Target } from "@aws-sdk/client-eventbridge";
import { arn } from "../../core/arn.ts";
import { AwsError, notModelled } from "../../core/errors.ts";
import { pageByKey } from "../../core/paging.ts";
import { operations, type Call } from "../../core/service.ts";
import { creating, mergedTags, tagList, tagging } from "../../core/tags.ts";
import { compilePattern, PatternError, type Pattern } from "../../language/pattern/index.ts";
import { nextTime, readRate } from "./schedule.ts";
import { RULES, checkBus, onRule, ruleArn, ruleOf, type Rule } from "./state.ts";

// «Quotas», EventBridge user guide.
const MAX_RULES = 300;

/** What PutRule says to tags that can't be is not confirmed. */
const limitExceeded = (message: string) => new AwsError("LimitExceededException", message);

/** @throws AwsError InvalidEventPatternException */
export function readPattern(text: string): Pattern {
  try {
    return compilePattern(text);
  } catch (error) {
    if (error instanceof PatternError) throw new AwsError("InvalidEventPatternException", error.message);
    throw error;
  }
}

const shown = ({ name, arn, patternText, schedule, state, description, roleArn }: Rule) => ({
  Name: name,
  Arn: arn,
  ...(patternText === undefined ? {} : { EventPattern: patternText }),
  ...(schedule === undefined ? {} : { ScheduleExpression: schedule.expression }),
  State: state,
  EventBusName: "default",
  ...(description === undefined ? {} : { Description: description }),
  ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
});

function putRule(input: PutRuleRequest, call: Call) {
  const { Name = "", EventPattern, ScheduleExpression, State = "ENABLED", Description, RoleArn } = input;
  checkBus(call, input.EventBusName);
  if (EventPattern === undefined && ScheduleExpression === undefined)
    throw new AwsError("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified.", {
      status: 400,
    });
  if (State !== "ENABLED" && State !== "DISABLED") throw notModelled(`The state ${State as string} of a rule`);
  const rules = call.cloud.state(RULES, call);
  const present = rules.get(Name);
  if (!present && rules.size >= MAX_RULES)
    throw new AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
  const ownArn = ruleArn(call, Name);
  const pattern = EventPattern === undefined ? undefined : readPattern(EventPattern);
  const everyMs = ScheduleExpression === undefined ? undefined : readRate(ScheduleExpression);
  present?.schedule?.timer.cancel();
  rules.set(Name, {
    name: Name,
    arn: ownArn,
    patternText: EventPattern,
    pattern,
    schedule:
      ScheduleExpression === undefined || everyMs === undefined
        ? undefined
        : { expression: ScheduleExpression, everyMs, timer: nextTime(call.cloud, call, Name, everyMs) },
    state: State,
    // What a second PutRule leaves out is gone, but its tags are ignored (API reference, PutRule).
    description: Description,
    roleArn: RoleArn,
    tags: present?.tags ?? mergedTags(new Map(), input.Tags, limitExceeded),
    targets: present?.targets ?? new Map<string, Target>(),
  });
  return { RuleArn: ownArn };
}

/** A rule by the ARN that the tagging operations take. */
function taggedRule(call: Call, resourceArn = ""): Rule {
  const name = resourceArn.split("/").at(-1) ?? "";
  if (resourceArn === arn("events", call, "event-bus/default")) throw notModelled("Tags of an event bus");
  if (resourceArn !== ruleArn(call, name))
    throw new AwsError("ValidationException", `${resourceArn} is not the ARN of a rule.`, { status: 400 });
  return ruleOf(call, name);
}
const { add, remove, list } = tagging<{ readonly ResourceARN?: string | undefined }>({
  permission: (action, { ResourceARN = "" }, call) => onRule(call, action, ResourceARN.split("/").at(-1)),
  tags: ({ ResourceARN }, call) => taggedRule(call, ResourceARN).tags,
  merged: (present, given) => mergedTags(present, given, limitExceeded),
});

export const rules = operations<EventBridge>({
  PutRule: {
    record: { response: ({ RuleArn }) => ({ RuleArn }) },
    // «you must have both the events:PutRule and events:TagResource permissions» (API reference, PutRule, Tags).
    authorize: (input, call) => creating(onRule(call, "PutRule", input.Name), "events:TagResource", input.Tags),
    run: putRule,
  },
  DescribeRule: {
    authorize: ({ Name }, call) => onRule(call, "DescribeRule", Name),
    run: ({ Name, EventBusName }, call) => ({ ...shown(ruleOf(call, Name, EventBusName)), CreatedBy: call.account }),
  },
  DeleteRule: {
    authorize: ({ Name }, call) => onRule(call, "DeleteRule", Name),
    run: ({ Name = "", EventBusName }, call) => {
      checkBus(call, EventBusName);
      const rules = call.cloud.state(RULES, call);
      if ((rules.get(Name)?.targets.size ?? 0) > 0)
        throw new AwsError("ValidationException", "Rule can't be deleted since it has targets.", { status: 400 });
      // Deleting what isn't there succeeds: held against AWS by another project's tests (getmoto/moto, test_events.py).
      rules.get(Name)?.schedule?.timer.cancel();
      rules.delete(Name);
      return {};
    },
  },
  ListRules: {
    authorize: (_input, call) => ({ action: "events:ListRules", resource: ruleArn(call, "*") }),
    run: (input, call) => {
      checkBus(call, input.EventBusName);
      const { NamePrefix = "", Limit = 100, NextToken } = input;
      const named = [...call.cloud.state(RULES, call).values()].filter(({ name }) => name.startsWith(NamePrefix));
      const { items, next } = pageByKey(named, ({ name }) => name, {
        token: NextToken,
        limit: Limit,
        code: "ValidationException",
      });
      return { Rules: items.map(shown), ...(next === undefined ? {} : { NextToken: next }) };
    },
  },
  EnableRule: {
    authorize: ({ Name }, call) => onRule(call, "EnableRule", Name),
    run: ({ Name, EventBusName }, call) => {
      ruleOf(call, Name, EventBusName).state = "ENABLED";
      return {};
    },
  },
  DisableRule: {
    authorize: ({ Name }, call) => onRule(call, "DisableRule", Name),
    run: ({ Name, EventBusName }, call) => {
      ruleOf(call, Name, EventBusName).state = "DISABLED";
      return {};
    },
  },
  TagResource: add("TagResource"),
  UntagResource: remove("UntagResource"),
  ListTagsForResource: list("ListTagsForResource", (tags) => ({ Tags: tagList(tags) })),
});
