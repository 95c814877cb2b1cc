// The dead-letter queues of a function: whether they are there, what lies in them, and whether EventBridge may send.
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { type AccountRegion, regionalArn } from "../../../shared/contract/names.ts";
import type { Account } from "../account.ts";
import { type Found, REDEPLOY } from "../finding.ts";
import { type DeployedFunction, eventRuleOf } from "../functions.ts";
import { lookFor } from "../look.ts";
import { letsService } from "../policy.ts";

export const queueNameOf = (url: string): string => url.split("/").at(-1) ?? "";
export const queueArnOf = (account: AccountRegion, url: string): string =>
  regionalArn("sqs", account, queueNameOf(url));

export async function* queues({ sqs, outputs }: Account, of: DeployedFunction): AsyncGenerator<Found> {
  const { name: ruleName = "" } = eventRuleOf(of) ?? {};
  const ruleArn = regionalArn("events", outputs, `rule/${ruleName}`);
  for (const { name, url: QueueUrl, ofEventRule, letters: about } of of.queues) {
    const attributes = await lookFor(`the queue ${name}`, "sqs:GetQueueAttributes", () =>
      sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] })),
    );
    if (attributes === undefined) {
      yield {
        id: "queue.missing",
        severity: "risk",
        what: `There is no queue ${queueNameOf(QueueUrl)} (${name}).`,
        why: "What this hop can't hand on is lost.",
        mend: REDEPLOY,
      };
      continue;
    }
    const {
      ApproximateNumberOfMessages = "0",
      ApproximateNumberOfMessagesNotVisible = "0",
      Policy,
    } = attributes.Attributes ?? {};
    const letters = Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
    if (letters > 0)
      yield {
        id: "queue.letters",
        severity: "risk",
        what: `About ${letters} letters lie in the queue ${name}.`,
        ...about,
      };
    if (ofEventRule && !letsRuleSend(Policy, queueArnOf(outputs, QueueUrl), ruleArn, outputs.accountId))
      yield {
        id: "queue.policy",
        severity: "risk",
        what: `The policy of the queue ${name} doesn't let EventBridge send for the rule ${ruleName}.`,
        why: "What EventBridge can't hand to the function is lost.",
        mend: REDEPLOY,
      };
  }
}

const letsRuleSend = (policy: string | undefined, resource: string, ruleArn: string, accountId: string): boolean =>
  letsService(policy, {
    service: "events.amazonaws.com",
    action: "sqs:SendMessage",
    resource,
    context: { "aws:SourceArn": ruleArn, "aws:SourceAccount": accountId },
  });
