// The rules engine: which rules a message matches, what their SQL makes of it, and what becomes of their actions.
import type { Place } from "../../core/arn.ts";
import type { Cloud } from "../../core/service.ts";
import { AwsError, messageOf } from "../../core/errors.ts";
import { uuid } from "../../core/ids.ts";
import { emitMetric } from "../../core/metrics.ts";
import { childSpan, type Span } from "../../core/trace.ts";
import { evaluateRule, type RuleInput } from "../../language/sql/index.ts";
import type { ActionRun, RuleAction } from "./rule-action.ts";
import { RULES, type TopicRule } from "./rules.ts";

/** Where a message can be throttled on its way to a rule. */
export const RULE_MESSAGE = "RuleMessage";

/** Characters of a rule's output that the trace keeps. */
const SHOWN = 500;

/** What was published, as the message broker passes it on. */
export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** What principal() of the rule SQL says: `<unique id>:<session name>` of a role's session. */
  readonly principal: string;
}
interface Failure {
  readonly action: RuleAction;
  readonly message: string;
}

/** Runs every rule whose FROM matches the message's topic. Nobody waits for it. Returns whether there was one. */
export function runRules(cloud: Cloud, place: Place, message: Message, cause: Span): boolean {
  const { index, rules } = cloud.state(RULES, place);
  let matched = false;
  for (const rule of index.matching(message.topic, rules.values())) {
    matched = true;
    start(cloud, place, rule, message, cause);
  }
  return matched;
}

/** Basic Ingest: one rule, by name, whatever its FROM says (that AWS doesn't look at it is not confirmed). */
export function runNamedRule(cloud: Cloud, place: Place, name: string, message: Message, cause: Span): void {
  const rule = cloud.state(RULES, place).rules.get(name);
  if (rule && !rule.disabled) {
    start(cloud, place, rule, message, cause);
    return;
  }
  // «AWS IoT metrics and dimensions»: RuleNotFound is all that is left of the message.
  emitMetric(cloud, place, "AWS/IoT", "RuleNotFound", { RuleName: name }, 1);
  const problem =
    `The message was sent to the rule ${name}, which ${rule ? "is disabled" : "doesn't exist"}: it is ` + "lost.";
  const error = { code: "RuleNotFound", message: problem };
  cloud.effect({ ...about(place, childSpan(cause), "RuleNotFound"), outcome: "failed", error, detail: { rule: name } });
}

const about = ({ account, region }: Place, span: Span, name: string) => ({
  span,
  account,
  region,
  service: "iot",
  name,
});

function start(cloud: Cloud, place: Place, rule: TopicRule, message: Message, cause: Span): void {
  const span = childSpan(cause);
  cloud.background(() => run(cloud, place, rule, message, span), about(place, span, "RuleFailed"));
}

async function run(cloud: Cloud, place: Place, rule: TopicRule, message: Message, span: Span): Promise<void> {
  const metric = (name: string, dimensions: Record<string, string> = {}) => {
    emitMetric(cloud, place, "AWS/IoT", name, { RuleName: rule.name, ...dimensions }, 1);
  };
  const shown = { rule: rule.name, topic: message.topic, sql: rule.sql };
  const skipped = (reason: string) => {
    cloud.effect({ ...about(place, span, "RuleSkipped"), detail: { ...shown, reason } });
  };
  if (rule.disabled) {
    skipped(`The rule ${rule.name} matches the topic but is disabled.`);
    return;
  }
  metric("TopicMatch");
  try {
    await cloud.failOnDemand("iot", RULE_MESSAGE, place);
  } catch (error) {
    // «AWS IoT metrics and dimensions»: throttled by the rules engine, for an account's limit or «malicious behavior».
    // What becomes of the message isn't said. That it is lost, without the error action, is not confirmed.
    metric("RuleMessageThrottled");
    const problem = { code: "RuleMessageThrottled", message: `The message is lost: ${messageOf(error)}` };
    const detail = { ...shown, fault: true };
    cloud.effect({ ...about(place, span, "RuleMessageThrottled"), outcome: "failed", error: problem, detail });
    return;
  }
  const input: RuleInput = {
    topic: message.topic,
    payload: message.payload,
    principal: message.principal,
    accountId: place.account,
    now: cloud.clock.now(),
    newUuid: uuid,
    // «AWS IoT metrics and dimensions»: JSON parse errors of messages that a rule listens to. That the rule goes on,
    // what it asked for being Undefined, is not confirmed.
    notJson: () => {
      metric("ParseError");
    },
  };
  const evaluated = evaluateRule(rule.query, input);
  metric("RulesExecuted");
  cloud.trace.count(place.account, "iot:rulesTriggered");
  if (!evaluated.matched) {
    skipped(`The WHERE of the rule ${rule.name} is not true for this message.`);
    return;
  }
  const text = Buffer.from(evaluated.output).toString();
  const output = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  cloud.effect({ ...about(place, span, "RuleMatched"), detail: { ...shown, output } });
  const delivery: ActionRun = { cloud, place, rule, output: evaluated.output, span };
  const failures: Failure[] = [];
  await Promise.all(
    rule.actions.map(async (action) => {
      cloud.trace.count(place.account, "iot:actionsExecuted");
      const failure = await attempt(action, delivery, "RuleActionFailed");
      metric(failure ? "Failure" : "Success", { ActionType: action.type });
      if (failure) failures.push(failure);
    }),
  );
  if (failures.length === 0 || !rule.errorAction) return;
  cloud.trace.count(place.account, "iot:actionsExecuted");
  const report = errorReport(rule, message, failures);
  const failed = await attempt(rule.errorAction, { ...delivery, output: report }, "ErrorActionFailed");
  metric(failed ? "ErrorActionFailure" : "ErrorActionSuccess", { ActionType: rule.errorAction.type });
}

/** AWS's own retries of actions are not modelled: how many there are is not documented. */
async function attempt(action: RuleAction, delivery: ActionRun, name: string): Promise<Failure | undefined> {
  const { cloud, place, rule, span } = delivery;
  try {
    await action.run(delivery);
    return undefined;
  } catch (error) {
    const message = messageOf(error);
    const code = error instanceof AwsError ? error.code : "InternalFailure";
    const detail = { rule: rule.name, action: action.type, resource: action.resource };
    cloud.effect({ ...about(place, span, name), outcome: "failed", error: { code, message }, detail });
    return { action, message };
  }
}

/**
 * «Error handling (error action)»: one message for all failed actions of a rule. The wording of errorMessage follows
 * its example.
 */
function errorReport(rule: TopicRule, message: Message, failures: readonly Failure[]): Uint8Array {
  const report = {
    ruleName: rule.name,
    topic: message.topic,
    cloudwatchTraceId: uuid(),
    // Of a message that came over HTTP: as clientid() says it; not confirmed.
    clientId: "n/a",
    base64OriginalPayload: Buffer.from(message.payload).toString("base64"),
    failures: failures.map(({ action, message: received }) => ({
      failedAction: `${action.type}Action`,
      failedResource: action.resource,
      errorMessage:
        `${action.failed} The error received was ${received}. Message arrived on: ${message.topic}, Action: ` +
        `${action.type.toLowerCase()}, ${action.described}`,
    })),
  };
  return Buffer.from(JSON.stringify(report));
}
