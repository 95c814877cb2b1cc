// Rules of the default event bus: pattern, state, tags.
import type { EventBridge, PutRuleRequest, Tag, Target } from "@aws-sdk/client-eventbridge";
import { checkConstraints, type Constraints } from "../../core/constraints.ts";
import { AwsError, notModelled } from "../../core/errors.ts";
import { pageByKey } from "../../core/paging.ts";
import { operations, type Call } from "../../core/service.ts";
import { compilePattern, PatternError, type Pattern } from "../../language/pattern/index.ts";
import { RULES, checkBus, onRule, ruleArn, ruleOf, type Rule } from "./state.ts";

// EventBridge API reference: PutRule, and «Quotas» in the user guide.
const CONSTRAINTS: Constraints = {
  Name: { min: 1, max: 64, pattern: /[.\-_A-Za-z0-9]+/ },
  Rule: { min: 1, max: 64, pattern: /[.\-_A-Za-z0-9]+/ },
  NamePrefix: { min: 1, max: 64, pattern: /[.\-_A-Za-z0-9]+/ },
  Description: { max: 512 },
  EventPattern: { max: 4096 },
  Limit: { min: 1, max: 100 },
  Key: { min: 1, max: 128 },
  Value: { max: 256 },
};
const MAX_RULES = 300;
const MAX_TAGS = 50;

export const checkParameters = (input: object, at = ""): void => {
  checkConstraints(input, CONSTRAINTS, at, "ValidationException");
};

/** @throws AwsError InvalidEventPatternException */
export function readPattern(text: string): Pattern {
  try {
    return compilePattern(text);
  } catch (error) {
    if (error instanceof PatternError) throw new AwsError("InvalidEventPatternException", error.message);
    throw error;
  }
}

function mergedTags(present: ReadonlyMap<string, string>, tags: readonly Tag[] = []): Map<string, string> {
  tags.forEach((tag, index) => {
    checkParameters(tag, `tags.${index + 1}.member.`);
  });
  const merged = new Map([...present, ...tags.map(({ Key = "", Value = "" }) => [Key, Value] as const)]);
  // The words are not confirmed.
  if (merged.size > MAX_TAGS) throw new AwsError("LimitExceededException", `A rule may have at most ${MAX_TAGS} tags.`);
  return merged;
}

const requestTags = (tags: readonly Tag[] = [], keys: readonly string[] = []) => ({
  ...Object.fromEntries(tags.map(({ Key = "", Value }) => [`aws:RequestTag/${Key}`, Value])),
  "aws:TagKeys": [...tags.map(({ Key = "" }) => Key), ...keys],
});

const shown = ({ name, arn, patternText, state, description, roleArn }: Rule) => ({
  Name: name,
  Arn: arn,
  EventPattern: patternText,
  State: state,
  EventBusName: "default",
  ...(description === undefined ? {} : { Description: description }),
  ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
});

function putRule(input: PutRuleRequest, call: Call) {
  const { Name = "", EventPattern, State = "ENABLED", Description, RoleArn } = input;
  checkParameters(input);
  checkBus(call, input.EventBusName);
  if (input.ScheduleExpression !== undefined) throw notModelled("A rule with a ScheduleExpression");
  if (EventPattern === undefined)
    throw new AwsError("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified.", {
      status: 400,
    });
  if (State !== "ENABLED" && State !== "DISABLED") throw notModelled(`The state ${State as string} of a rule`);
  const rules = call.cloud.state(RULES, call);
  const present = rules.get(Name);
  if (!present && rules.size >= MAX_RULES)
    throw new AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
  const arn = ruleArn(call, Name);
  rules.set(Name, {
    name: Name,
    arn,
    patternText: EventPattern,
    pattern: readPattern(EventPattern),
    state: State,
    // What a second PutRule leaves out is gone, but its tags are ignored (API reference, PutRule).
    description: Description,
    roleArn: RoleArn,
    tags: present?.tags ?? mergedTags(new Map(), input.Tags),
    targets: present?.targets ?? new Map<string, Target>(),
  });
  return { RuleArn: arn };
}

/** A rule by the ARN that the tagging operations take. */
function taggedRule(call: Call, resourceArn = ""): Rule {
  const name = resourceArn.split("/").at(-1) ?? "";
  if (resourceArn !== ruleArn(call, name))
    throw new AwsError("ValidationException", `${resourceArn} is not the ARN of a rule.`, { status: 400 });
  return ruleOf(call, name);
}
const onTagged = (call: Call, action: string, resourceArn = "") => onRule(call, action, resourceArn.split("/").at(-1));

export const rules = operations<EventBridge>({
  PutRule: {
    record: { response: ({ RuleArn }) => ({ RuleArn }) },
    authorize: (input, call) => {
      const needed = onRule(call, "PutRule", input.Name);
      return { ...needed, context: { ...needed.context, ...(input.Tags ? requestTags(input.Tags) : {}) } };
    },
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
      // Deleting what isn't there succeeds. Not confirmed in the API reference.
      rules.delete(Name);
      return {};
    },
  },
  ListRules: {
    authorize: (_input, call) => ({ action: "events:ListRules", resource: ruleArn(call, "*") }),
    run: (input, call) => {
      checkParameters(input);
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
  TagResource: {
    authorize: ({ ResourceARN, Tags }, call) => {
      const needed = onTagged(call, "TagResource", ResourceARN);
      return { ...needed, context: { ...needed.context, ...requestTags(Tags) } };
    },
    run: ({ ResourceARN, Tags }, call) => {
      const { tags } = taggedRule(call, ResourceARN);
      for (const [key, value] of mergedTags(tags, Tags)) tags.set(key, value);
      return {};
    },
  },
  UntagResource: {
    authorize: ({ ResourceARN, TagKeys }, call) => {
      const needed = onTagged(call, "UntagResource", ResourceARN);
      return { ...needed, context: { ...needed.context, ...requestTags([], TagKeys) } };
    },
    run: ({ ResourceARN, TagKeys = [] }, call) => {
      const { tags } = taggedRule(call, ResourceARN);
      for (const key of TagKeys) tags.delete(key);
      return {};
    },
  },
  ListTagsForResource: {
    authorize: ({ ResourceARN }, call) => onTagged(call, "ListTagsForResource", ResourceARN),
    run: ({ ResourceARN }, call) => ({
      Tags: [...taggedRule(call, ResourceARN).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  },
});
