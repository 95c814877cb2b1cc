// Topic rules: made, changed, looked at.
import type { Action, IoT, TopicRulePayload } from "@aws-sdk/client-iot";
import { arn } from "../../core/arn.ts";
import { AwsError, messageOf, notModelled } from "../../core/errors.ts";
import { operations, type Call, type Permission } from "../../core/service.ts";
import { assume, compileAction, IOT, sessionOf } from "./actions.ts";
import { invalid, on, page } from "./checks.ts";
import type { RuleAction } from "./rule-action.ts";
import { RULES, type TopicRule } from "./rules.ts";
import { compileSql } from "./sql.ts";
import { newTags, tagsOfHeader } from "./tags.ts";

/** «AWS IoT Core endpoints and quotas», rules engine. */
const ACTIONS = 10;

const resource = (input: { readonly ruleName?: string | undefined }) => `rule/${input.ruleName ?? ""}`;

/**
 * A rule that doesn't exist is answered as one that the caller may not see: none of these operations knows
 * ResourceNotFoundException.
 */
function ruleOf(call: Call, name: string | undefined): TopicRule {
  const rule = call.cloud.state(RULES, call).rules.get(name ?? "");
  if (!rule) throw new AwsError("UnauthorizedException", `Access to topic rule '${name ?? ""}' was denied`);
  return rule;
}

/** To hand a role to a service needs iam:PassRole («Passing role permissions» of the developer guide). */
function passed(payload: TopicRulePayload | undefined): Permission[] {
  const given = [...(payload?.actions ?? []), ...(payload?.errorAction ? [payload.errorAction] : [])];
  const roles = given.map(({ sqs }) => sqs?.roleArn);
  return [...new Set(roles)].flatMap((role) =>
    role === undefined ? [] : [{ action: "iam:PassRole", resource: role, context: { "iam:PassedToService": IOT } }],
  );
}

/**
 * AWS tries the roles when a rule is saved, disabled or not, with the sentence that users have quoted in public
 * issues. It tries the role of get_dynamodb() in the SQL, too: functions that take roles are not modelled, and
 * refused with the statement.
 */
async function tryRoles(call: Call, rule: { readonly name: string; readonly arn: string }, actions: RuleAction[]) {
  for (const roleArn of new Set(actions.flatMap((action) => action.roleArn ?? [])))
    try {
      await assume({ cloud: call.cloud, place: call, span: call.span, ...sessionOf(rule) }, roleArn);
    } catch (error) {
      call.note({ roleArn, problem: messageOf(error) });
      throw invalid(
        `AWS IoT (${IOT}) is unable to assume role (sts:AssumeRole) on resource: ${roleArn}. If the role was ` +
          "just created or updated, please try again in a few seconds.",
      );
    }
}

function sqlVersion(payload: TopicRulePayload): string {
  // Without one it is 2015-10-08 («SQL versions»). Where the two differ (nested objects, arrays) both are evaluated
  // as 2016-03-23 here.
  const version = payload.awsIotSqlVersion ?? "2015-10-08";
  if (version === "beta") throw notModelled("The SQL version beta");
  if (!["2016-03-23", "2015-10-08"].includes(version)) throw invalid(`There is no SQL version "${version}".`);
  return version;
}

async function build(
  call: Call,
  name: string,
  payload: TopicRulePayload | undefined,
  kept: Pick<TopicRule, "serial" | "createdAt" | "tags">,
): Promise<TopicRule> {
  if (!payload) throw invalid("A rule needs a topicRulePayload.");
  const given: readonly Action[] = payload.actions ?? [];
  if (given.length > ACTIONS) throw invalid(`A rule has at most ${ACTIONS} actions, not ${given.length}.`);
  const ruleArn = arn("iot", call, `rule/${name}`);
  const actions = given.map(compileAction);
  const errorAction = payload.errorAction ? compileAction(payload.errorAction) : undefined;
  const rule: TopicRule = {
    ...kept,
    name,
    arn: ruleArn,
    sql: payload.sql ?? "",
    sqlVersion: sqlVersion(payload),
    description: payload.description,
    given: { actions: given, errorAction: payload.errorAction },
    query: compileSql(payload.sql ?? ""),
    actions,
    errorAction,
    disabled: payload.ruleDisabled ?? false,
  };
  await tryRoles(call, rule, errorAction ? [...actions, errorAction] : actions);
  return rule;
}

export const TOPIC_RULES = operations<IoT>({
  CreateTopicRule: {
    authorize: (input, call) => [
      on(call, "CreateTopicRule", resource(input), tagsOfHeader(input.tags)),
      ...passed(input.topicRulePayload),
    ],
    run: async (input, call) => {
      const { rules, index, nextSerial } = call.cloud.state(RULES, call);
      const { ruleName: name = "" } = input;
      const exists = () => {
        const existing = rules.get(name);
        if (!existing) return;
        const fields = { resourceId: name, resourceArn: existing.arn };
        const message = `Topic Rule '${name}' already exists for account`;
        throw new AwsError("ResourceAlreadyExistsException", message, { fields });
      };
      exists();
      const kept = { serial: nextSerial(), createdAt: call.time, tags: newTags(tagsOfHeader(input.tags)) };
      const rule = await build(call, name, input.topicRulePayload, kept);
      exists();
      rules.set(name, rule);
      index.clear();
      return {};
    },
  },
  ReplaceTopicRule: {
    authorize: (input, call) => [on(call, "ReplaceTopicRule", resource(input)), ...passed(input.topicRulePayload)],
    run: async (input, call) => {
      const old = ruleOf(call, input.ruleName);
      const { serial, createdAt, tags } = old;
      const rule = await build(call, old.name, input.topicRulePayload, { serial, createdAt, tags });
      const { rules, index } = call.cloud.state(RULES, call);
      rules.set(rule.name, rule);
      index.clear();
      return {};
    },
  },
  GetTopicRule: {
    authorize: (input, call) => on(call, "GetTopicRule", resource(input)),
    run: (input, call) => {
      const rule = ruleOf(call, input.ruleName);
      return {
        ruleArn: rule.arn,
        rule: {
          ruleName: rule.name,
          sql: rule.sql,
          ...(rule.description === undefined ? {} : { description: rule.description }),
          createdAt: rule.createdAt,
          actions: [...rule.given.actions],
          ...(rule.given.errorAction ? { errorAction: rule.given.errorAction } : {}),
          ruleDisabled: rule.disabled,
          awsIotSqlVersion: rule.sqlVersion,
        },
      };
    },
  },
  ListTopicRules: {
    authorize: (_input, call) => on(call, "ListTopicRules"),
    run: (input, call) => {
      const { ruleDisabled } = input;
      const rules = call.cloud.state(RULES, call).rules.values();
      const wanted = ({ disabled }: TopicRule) => ruleDisabled === undefined || disabled === ruleDisabled;
      const { items, nextToken } = page(rules, input, { limit: 10_000, wanted });
      return {
        rules: items.map(({ name, arn: ruleArn, createdAt, disabled }) => ({
          ruleName: name,
          ruleArn,
          createdAt,
          ruleDisabled: disabled,
        })),
        nextToken,
      };
    },
  },
  EnableTopicRule: {
    authorize: (input, call) => on(call, "EnableTopicRule", resource(input)),
    run: (input, call) => {
      ruleOf(call, input.ruleName).disabled = false;
      return {};
    },
  },
  DisableTopicRule: {
    authorize: (input, call) => on(call, "DisableTopicRule", resource(input)),
    run: (input, call) => {
      ruleOf(call, input.ruleName).disabled = true;
      return {};
    },
  },
  DeleteTopicRule: {
    authorize: (input, call) => on(call, "DeleteTopicRule", resource(input)),
    run: (input, call) => {
      const { rules, index } = call.cloud.state(RULES, call);
      rules.delete(ruleOf(call, input.ruleName).name);
      index.clear();
      return {};
    },
  },
});
