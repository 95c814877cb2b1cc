// The customer's EventBridge rules: whether they are there and on, take the calls that are announced, and call the
// alias.
import {
  DescribeRuleCommand,
  type DescribeRuleResponse,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { callsOf } from "../../../shared/contract/operations.ts";
import type { Account } from "../account.ts";
import { type Found, REDEPLOY } from "../finding.ts";
import { type DeployedFunction, eventRuleOf } from "../functions.ts";
import { look, lookFor } from "../look.ts";
import { everyPage } from "../../pages.ts";

type Customer = Account<"customer">;

export async function* eventRule(customer: Customer, of: DeployedFunction): AsyncGenerator<Found> {
  const { events, outputs } = customer;
  const { region } = outputs;
  const called = eventRuleOf(of);
  if (called === undefined) return;
  const { name: Name, does, off } = called;
  const rule = await lookFor("the rule", "events:DescribeRule", () => events.send(new DescribeRuleCommand({ Name })));
  if (rule === undefined) {
    yield {
      id: "rule.missing",
      severity: "broken",
      what: `There is no rule ${Name}.`,
      why: does,
      mend: REDEPLOY,
    };
    return;
  }
  if (rule.State === "DISABLED")
    yield {
      id: "rule.disabled",
      severity: "broken",
      what: `The rule ${Name} is switched off.`,
      why: off,
      mend: `aws events enable-rule --name ${Name} --region ${region}`,
    };
  if (of === customer.functions[0]) yield* pattern(customer, rule);
  yield* target(customer, of, Name);
}

async function* pattern(customer: Customer, { Name = "", EventPattern = "{}" }: DescribeRuleResponse) {
  const { operations = [] } = (await customer.settings()) ?? {};
  const unmatched: string[] = [];
  for (const eventName of callsOf(operations)) {
    const Event = JSON.stringify(sampleEvent(customer, eventName));
    const { Result } = await look("whether the rule takes a call", "events:TestEventPattern", () =>
      customer.events.send(new TestEventPatternCommand({ EventPattern, Event })),
    );
    if (Result !== true) unmatched.push(eventName);
  }
  if (unmatched.length > 0)
    yield {
      id: "rule.pattern",
      severity: "broken",
      what: `The pattern of the rule ${Name} doesn't take ${unmatched.join(", ")}, which the function announces.`,
      why: "These calls are announced to nobody.",
      mend: REDEPLOY,
    } satisfies Found;
}

/** As CloudTrail's events are, as far as patterns look into them. */
const sampleEvent = ({ outputs: { accountId, region } }: Customer, eventName: string) => ({
  version: "0",
  id: "00000000-0000-0000-0000-000000000000",
  "detail-type": "AWS API Call via CloudTrail",
  source: "aws.iot",
  account: accountId,
  time: "2026-01-01T00:00:00Z",
  region,
  resources: [],
  detail: { eventSource: "iot.amazonaws.com", eventName, awsRegion: region, recipientAccountId: accountId },
});

async function* target(
  { events, outputs: { region } }: Customer,
  of: DeployedFunction,
  Rule: string,
): AsyncGenerator<Found> {
  const { functionAliasArn } = of;
  const targets = await look("the rule's targets", "events:ListTargetsByRule", () =>
    everyPage(async (NextToken) => {
      const { Targets = [], NextToken: next } = await events.send(new ListTargetsByRuleCommand({ Rule, NextToken }));
      return { items: Targets, next };
    }),
  );
  const ours = targets.find(({ Arn }) => Arn === functionAliasArn);
  if (ours === undefined) {
    const others = targets.map(({ Arn }) => Arn).join(", ");
    yield {
      id: "rule.target",
      severity: "broken",
      what: `The rule ${Rule} doesn't call ${functionAliasArn}${others === "" ? "" : `, but ${others}`}.`,
      why: "Events reach the function by its alias only.",
      mend: REDEPLOY,
    };
  } else if (ours.DeadLetterConfig?.Arn === undefined)
    yield {
      id: "rule.no-queue",
      severity: "risk",
      what: `The rule ${Rule} has no dead-letter queue for its target.`,
      why: "What EventBridge can't hand to the function within a day is lost.",
      mend:
        `aws events put-targets --rule ${Rule} --region ${region} --targets ` +
        `Id=${ours.Id ?? ""},Arn=${functionAliasArn},DeadLetterConfig={Arn=…}   (or ${REDEPLOY})`,
    };
}
