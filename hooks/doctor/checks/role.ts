// The role as which a function runs: whether it is there, and may do what the function does.
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { debugTopicOf, regionalArn } from "../../../shared/contract/names.ts";
import { SUBJECTS } from "../../../shared/contract/operations.ts";
import { describedSubjects } from "../../../shared/contract/registry-events.ts";
import type { Account } from "../account.ts";
import { type Found, REDEPLOY } from "../finding.ts";
import type { DeployedFunction } from "../functions.ts";
import { lookFor } from "../look.ts";
import { queueArnOf } from "./queues.ts";

interface Need {
  /** Ends the finding's id. */
  readonly id: string;
  readonly action: string;
  readonly resource: string;
  readonly why: string;
}

async function* executionRole(account: Account, of: DeployedFunction, needs: readonly Need[]): AsyncGenerator<Found> {
  const arn = (await account.configuration(of))?.Role;
  // That there is no function is another check's finding.
  if (arn === undefined) return;
  const name = arn.split("/").at(-1) ?? "";
  const role = await lookFor("the function's role", "iam:GetRole", () =>
    account.iam.send(new GetRoleCommand({ RoleName: name })),
  );
  if (role === undefined) {
    yield {
      id: "role.missing",
      severity: "broken",
      what: `The role ${arn}, as which the function runs, is gone.`,
      why: `Lambda can't run the function. ${of.without}`,
      mend: REDEPLOY,
    };
    return;
  }
  for (const { id, action, resource, why } of needs) {
    const decision = await account.simulate(arn, action, resource);
    if (decision !== "allowed" && decision !== undefined)
      yield {
        id: `role.${id}`,
        severity: "broken",
        what:
          `The role ${name} may not ${action} on ${resource}: ` +
          `${decision === "explicitDeny" ? "a statement denies it" : "no policy allows it, or its boundary doesn't"}.`,
        why,
        mend: `aws iam list-role-policies --role-name ${name}   (then add ${action}; or ${REDEPLOY})`,
      };
  }
}

const common = ({ outputs }: Account, { logGroupName }: DeployedFunction, queueUrl: string): Need[] => [
  {
    id: "may-not-send-letters",
    action: "sqs:SendMessage",
    resource: queueArnOf(outputs, queueUrl),
    why: "Events that the function can't do are lost.",
  },
  {
    id: "may-not-log",
    action: "logs:PutLogEvents",
    resource: regionalArn("logs", outputs, `log-group:${logGroupName}:log-stream:any`),
    why: "Nobody can see what became of an event.",
  },
];

export async function* announceRole(customer: Account<"customer">): AsyncGenerator<Found> {
  const { outputs } = customer;
  const { operations = [], partnerRoleArn } = (await customer.settings()) ?? {};
  if (partnerRoleArn === undefined) return;
  const subjects = describedSubjects(operations, outputs.ruleName === undefined ? "registry-events" : "cloudtrail");
  const [announce] = customer.functions;
  yield* executionRole(customer, announce, [
    {
      id: "may-not-assume",
      action: "sts:AssumeRole",
      resource: partnerRoleArn,
      why: "The function publishes as this role of the partner's: nothing is announced.",
    },
    ...subjects.map((subject) => ({
      id: "may-not-describe",
      action: SUBJECTS[subject].describeAction,
      resource: regionalArn("iot", outputs, `${SUBJECTS[subject].arnResource}/any`),
      why: "The function describes what it announces: these events go to its dead-letter queue.",
    })),
    ...common(customer, announce, outputs.deadLetterQueueUrls.announce),
  ]);
}

export async function* reconcileRole(customer: Account<"customer">): AsyncGenerator<Found> {
  const [announce, reconcile] = customer.functions;
  const { reconciliation } = customer.outputs;
  if (reconcile === undefined || reconciliation === undefined) return;
  yield* executionRole(customer, reconcile, [
    { id: "may-not-list", action: "iot:ListThings", resource: "*", why: "No run finds a thing." },
    ...[announce, reconcile].map(({ functionAliasArn }) => ({
      id: "may-not-invoke",
      action: "lambda:InvokeFunction",
      resource: functionAliasArn,
      why: "A run has the announce function announce, and goes on in a new invocation of itself: it fails.",
    })),
    ...common(customer, reconcile, reconciliation.deadLetterQueueUrls.reconcile),
  ]);
}

export async function* receiveRole(partner: Account<"partner">): AsyncGenerator<Found> {
  const { outputs } = partner;
  const settings = await partner.settings();
  if (settings === undefined) return;
  const { registryTableName } = outputs;
  const [receive] = partner.functions;
  yield* executionRole(partner, receive, [
    ...common(partner, receive, outputs.deadLetterQueueUrls.receive),
    {
      id: "may-not-read-customers",
      action: "dynamodb:GetItem",
      resource: regionalArn("dynamodb", outputs, `table/${settings.customersTable}`),
      why: "No message can be told to be a customer's: all of them go to the function's dead-letter queue.",
    },
    ...(registryTableName === undefined
      ? []
      : [
          {
            id: "may-not-keep-registry",
            action: "dynamodb:UpdateItem",
            resource: regionalArn("dynamodb", outputs, `table/${registryTableName}`),
            why: "No message can be applied: all of them go to the function's dead-letter queue.",
          },
        ]),
    ...(settings.debug
      ? [
          {
            id: "may-not-publish-debug",
            action: "iot:Publish",
            // The policy says twelve characters: whichever account it is.
            resource: regionalArn("iot", outputs, `topic/${debugTopicOf(outputs.accountId, "create_thing")}`),
            why: "Messages are taken, but nobody sees them on the debug topics.",
          },
        ]
      : []),
  ]);
}
