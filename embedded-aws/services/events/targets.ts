// Targets of rules: Lambda functions and SQS queues.
import type { EventBridge, Target } from "@aws-sdk/client-eventbridge";
import { parseArn } from "../../core/arn.ts";
import { AwsError, notModelled } from "../../core/errors.ts";
import { pageByKey } from "../../core/paging.ts";
import { operations, type Call } from "../../core/service.ts";
import { onRule, ruleOf } from "./state.ts";

// «Quotas», EventBridge user guide.
const MAX_TARGETS = 5;

const invalid = (message: string) => new AwsError("ValidationException", message, { status: 400 });

function checkTarget(target: Target, call: Call): void {
  const { Id = "", Arn = "" } = target;
  const arn = parseArn(Arn);
  if (!arn) throw invalid(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  const isFunction = arn.service === "lambda" && arn.resource.startsWith("function:");
  if (!isFunction && arn.service !== "sqs") throw notModelled(`The target ${Arn} of an event rule`);
  if (arn.account !== call.account || arn.region !== call.region)
    throw notModelled(`The target ${Arn} of an event rule, in another account or Region,`);
  if (target.RoleArn !== undefined) {
    if (isFunction) throw invalid(`RoleArn is not supported for target ${Arn}.`);
    throw notModelled("RoleArn of an event rule's target");
  }
  const deadLetters = target.DeadLetterConfig?.Arn;
  const queue = deadLetters === undefined ? undefined : parseArn(deadLetters);
  // «Using dead-letter queues»: a standard queue in the rule's Region.
  if (
    deadLetters !== undefined &&
    (queue?.service !== "sqs" || queue.region !== call.region || queue.resource.endsWith(".fifo"))
  )
    throw invalid(
      `Parameter DeadLetterConfig.Arn ${deadLetters} of target ${Id} is not the ARN of a standard SQS queue ` +
        `in ${call.region}.`,
    );
}

export const targets = operations<EventBridge>({
  PutTargets: {
    authorize: ({ Rule }, call) => onRule(call, "PutTargets", Rule),
    run: ({ Rule, EventBusName, Targets = [] }, call) => {
      const rule = ruleOf(call, Rule, EventBusName);
      for (const target of Targets) checkTarget(target, call);
      const ids = new Set([...rule.targets.keys(), ...Targets.map(({ Id = "" }) => Id)]);
      if (ids.size > MAX_TARGETS)
        throw new AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
      for (const target of Targets) rule.targets.set(target.Id ?? "", target);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
  },
  RemoveTargets: {
    authorize: ({ Rule }, call) => onRule(call, "RemoveTargets", Rule),
    run: ({ Rule, EventBusName, Ids = [] }, call) => {
      const rule = ruleOf(call, Rule, EventBusName);
      // An id that isn't there is no failure. Not confirmed in the API reference.
      for (const id of Ids) rule.targets.delete(id);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
  },
  ListTargetsByRule: {
    authorize: ({ Rule }, call) => onRule(call, "ListTargetsByRule", Rule),
    run: (input, call) => {
      const { Rule, EventBusName, Limit = 100, NextToken } = input;
      const { items, next } = pageByKey(ruleOf(call, Rule, EventBusName).targets.values(), ({ Id = "" }) => Id, {
        token: NextToken,
        limit: Limit,
        code: "ValidationException",
      });
      return { Targets: items, ...(next === undefined ? {} : { NextToken: next }) };
    },
  },
});
