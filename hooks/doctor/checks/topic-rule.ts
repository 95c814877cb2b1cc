// The partner's topic rule: whether it is there and on, says what it was deployed with, and is alone.
import {
  GetTopicRuleCommand,
  ListTopicRulesCommand,
  type TopicRule,
  type TopicRuleListItem,
} from "@aws-sdk/client-iot";
import { RULE_SQL, RULE_SQL_VERSION } from "../../../partner/lambda/rule-sql.ts";
import type { Account } from "../account.ts";
import { type Found, REDEPLOY } from "../finding.ts";
import { look } from "../look.ts";
import { everyPage } from "../../pages.ts";
import { customersOf } from "../customers.ts";
import { hookTopics, takes } from "../topics.ts";
import { queueArnOf } from "./queues.ts";

type Partner = Account<"partner">;

const listed = ({ iot }: Account): Promise<TopicRuleListItem[]> =>
  look("the topic rules", "iot:ListTopicRules", () =>
    everyPage(async (nextToken) => {
      const { rules = [], nextToken: next } = await iot.send(new ListTopicRulesCommand({ nextToken }));
      return { items: rules, next };
    }),
  );

const ruleNamed = async ({ iot }: Account, ruleName: string): Promise<TopicRule> =>
  (await look(`the topic rule ${ruleName}`, "iot:GetTopicRule", () => iot.send(new GetTopicRuleCommand({ ruleName }))))
    .rule ?? {};

const inOneLine = (sql: string | undefined): string => (sql ?? "").replace(/\s+/g, " ").trim();

/** A rule as it was deployed. */
export interface Deployed {
  readonly ruleName: string;
  readonly sql: string;
  readonly sqlVersion: string;
  readonly queueUrl: string | undefined;
  /** What is lost without it, and what is where it selects something else: sentences. */
  readonly lost: string;
  readonly otherwise: string;
}

export const topicRule = (partner: Partner): AsyncGenerator<Found> =>
  asDeployed(partner, {
    ruleName: partner.outputs.ruleName,
    sql: RULE_SQL,
    sqlVersion: RULE_SQL_VERSION,
    queueUrl: partner.outputs.deadLetterQueueUrls.topicRule,
    lost: "What customers publish reaches nobody, and is lost.",
    otherwise:
      "The function trusts what only the rules engine knows, and finds it under the names that this release deploys.",
  });

/** What of a rule that calls the function isn't as it was deployed. */
export async function* asDeployed(account: Account, deployed: Deployed): AsyncGenerator<Found> {
  const { functionAliasArn, region } = account.outputs;
  const { ruleName, sql, sqlVersion, lost, otherwise } = deployed;
  // A rule that isn't there is answered as one that nobody may see: the list knows.
  if (!(await listed(account)).some((one) => one.ruleName === ruleName)) {
    yield {
      id: "topic-rule.missing",
      severity: "broken",
      what: `There is no topic rule ${ruleName}.`,
      why: lost,
      mend: REDEPLOY,
    };
    return;
  }
  const rule = await ruleNamed(account, ruleName);
  if (rule.ruleDisabled === true)
    yield {
      id: "topic-rule.disabled",
      severity: "broken",
      what: `The topic rule ${ruleName} is switched off.`,
      why: lost,
      mend: `aws iot enable-topic-rule --rule-name ${ruleName} --region ${region}`,
    };
  if (inOneLine(rule.sql) !== inOneLine(sql))
    yield {
      id: "topic-rule.sql",
      severity: "broken",
      what: `The topic rule ${ruleName} says: ${inOneLine(rule.sql)}`,
      why: otherwise,
      mend: REDEPLOY,
    };
  if (rule.awsIotSqlVersion !== sqlVersion)
    yield {
      id: "topic-rule.sql-version",
      severity: "broken",
      what: `The topic rule ${ruleName} is read as SQL version ${rule.awsIotSqlVersion ?? "none"}, not ${sqlVersion}.`,
      why: "Older versions don't have the functions that it uses, or read them otherwise.",
      mend: REDEPLOY,
    };
  if (!(rule.actions ?? []).some(({ lambda }) => lambda?.functionArn === functionAliasArn))
    yield {
      id: "topic-rule.action",
      severity: "broken",
      what: `The topic rule ${ruleName} doesn't call ${functionAliasArn}.`,
      why: "Messages reach the function by its alias only.",
      mend: REDEPLOY,
    };
  yield* errorAction(account, rule, deployed);
}

async function* errorAction(
  account: Account,
  rule: TopicRule,
  { ruleName, queueUrl: wanted }: Deployed,
): AsyncGenerator<Found> {
  const { queueUrl, roleArn } = rule.errorAction?.sqs ?? {};
  if (queueUrl === undefined || queueUrl !== wanted || roleArn === undefined) {
    yield {
      id: "topic-rule.no-queue",
      severity: "risk",
      what: `The topic rule ${ruleName} doesn't put what fails into its dead-letter queue.`,
      why: "What AWS IoT can't hand to the function is lost.",
      mend: REDEPLOY,
    };
    return;
  }
  const decision = await account.simulate(roleArn, "sqs:SendMessage", queueArnOf(account.outputs, queueUrl));
  if (decision !== "allowed")
    yield {
      id: "topic-rule.queue-denied",
      severity: "risk",
      what: `The role ${roleArn} of the topic rule ${decision === undefined ? "is gone" : "may not send to its dead-letter queue"}.`,
      why: "What AWS IoT can't hand to the function is lost.",
      mend: REDEPLOY,
    };
}

/** Rules of others that see what customers announce. */
export async function* otherTopicRules(partner: Partner): AsyncGenerator<Found> {
  const ours = partner.outputs.ruleName;
  const topics = hookTopics((await customersOf(partner)).keys());
  for (const { ruleName = "", ruleDisabled } of await listed(partner)) {
    if (ruleName === ours || ruleDisabled === true) continue;
    const { sql } = await ruleNamed(partner, ruleName);
    const [, filter = ""] = /\bFROM\s+'([^']*)'/i.exec(sql ?? "") ?? [];
    if (topics.some((topic) => takes(filter, topic)))
      yield {
        id: "topic-rule.others",
        severity: "risk",
        what: `The topic rule ${ruleName} takes hook topics too, by '${filter}'.`,
        why: "It sees what customers announce, without the function's checks, and costs for each message.",
        mend: `aws iot get-topic-rule --rule-name ${ruleName} --region ${partner.outputs.region}   (narrow its FROM, or delete it)`,
      };
  }
}
