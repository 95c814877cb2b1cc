// What a topic rule can do with a message: invoke a function, send to a queue. Every call is made as AWS makes it: to
// Lambda as iot.amazonaws.com, to SQS with the role that the action names.
import type { Action } from "@aws-sdk/client-iot";
import { parseArn } from "../../core/arn.ts";
import { notModelled } from "../../core/errors.ts";
import { serviceCaller, type Caller } from "../../core/identity.ts";
import { invalid } from "./checks.ts";
import type { ActionRun, RuleAction } from "./rule-action.ts";

export const IOT = "iot.amazonaws.com";
/** How the sessions begin as which rules act. AWS's name of them is not documented. */
export const RULE_SESSION = "rule-";

/**
 * Throws InvalidRequestException, NotModelledHere.
 */
export function compileAction(action: Action): RuleAction {
  const [kind, ...others] = Object.keys(action).filter((key) => action[key as keyof Action] !== undefined);
  if (kind === undefined || others.length > 0) throw invalid("Each action of a rule does exactly one thing.");
  if (action.lambda) return lambda(action.lambda);
  if (action.sqs) return sqs(action.sqs);
  throw notModelled(`The rule action ${kind}`);
}

function lambda(action: NonNullable<Action["lambda"]>): RuleAction {
  const functionArn = action.functionArn ?? "";
  if (parseArn(functionArn)?.service !== "lambda")
    throw invalid(`A lambda action needs the ARN of a function, which "${functionArn}" is not.`);
  return {
    type: "Lambda",
    resource: functionArn,
    failed: "Failed to invoke lambda function.",
    described: `Function: ${functionArn}`,
    run: async ({ cloud, place, rule, output, span }) => {
      await cloud.call({
        service: "lambda",
        operation: "Invoke",
        input: { FunctionName: functionArn, InvocationType: "Event", Payload: output },
        caller: serviceCaller(IOT, rule.arn, place.account),
        account: place.account,
        region: place.region,
        cause: span,
      });
    },
  };
}

function sqs({ roleArn, queueUrl = "", useBase64 = false }: NonNullable<Action["sqs"]>): RuleAction {
  if (!/^https?:\/\/[^/]+\/\d{12}\/[\w.-]+$/.test(queueUrl))
    throw invalid(`An sqs action needs the URL of a queue, which "${queueUrl}" is not.`);
  return {
    type: "SQS",
    resource: queueUrl,
    roleArn: roleOf(roleArn),
    failed: "Failed to send message to SQS.",
    described: `QueueUrl: ${queueUrl}`,
    run: async (delivery) => {
      const { cloud, place, output, span } = delivery;
      await cloud.call({
        service: "sqs",
        operation: "SendMessage",
        input: { QueueUrl: queueUrl, MessageBody: Buffer.from(output).toString(useBase64 ? "base64" : "utf8") },
        caller: await assume({ ...delivery, ...sessionOf(delivery.rule) }, roleOf(roleArn)),
        account: place.account,
        region: place.region,
        cause: span,
      });
    },
  };
}

function roleOf(roleArn: string | undefined): string {
  const arn = parseArn(roleArn ?? "");
  if (arn?.service === "iam" && arn.resource.startsWith("role/")) return roleArn as string;
  throw invalid(`The action needs the ARN of a role that IoT may assume, which "${roleArn ?? ""}" is not.`);
}

/** For what a rule assumes a role, and as whom it shows itself. */
export const sessionOf = (rule: { readonly name: string; readonly arn: string }) => ({
  source: rule.arn,
  session: `${RULE_SESSION}${rule.name}`,
});

interface Assuming extends Pick<ActionRun, "cloud" | "place" | "span"> {
  /** ARN of what IoT acts for. */
  readonly source: string;
  readonly session: string;
}

/** The caller as whom IoT acts. Throws what STS answered. */
export async function assume({ cloud, place, span, source, session }: Assuming, roleArn: string): Promise<Caller> {
  const answer = (await cloud.call({
    service: "sts",
    operation: "AssumeRole",
    input: { RoleArn: roleArn, RoleSessionName: session.slice(0, 64), DurationSeconds: 900 },
    caller: serviceCaller(IOT, source, place.account),
    account: place.account,
    region: place.region,
    cause: span,
  })) as { readonly Credentials: { readonly AccessKeyId: string } };
  const credential = cloud.identities.take(answer.Credentials.AccessKeyId);
  if (!credential) throw new Error(`The session of ${roleArn} that STS has just given is not known.`);
  return { ...credential.caller, credential };
}
