// Two customers, their partner, and everybody who might want to speak for the first of them.
import { randomUUID } from "node:crypto";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { SQS } from "@aws-sdk/client-sqs";
import { STS } from "@aws-sdk/client-sts";
import { type ClientConfig, assumeWith, documentOf } from "embedded-aws/testing";
import {
  CUSTOMER,
  CUSTOMER2,
  DEFAULT_REGION,
  PARTNER,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  lastEntry,
  roleArnOf,
  startCloud,
} from "../flow/deployment.ts";

export { DEFAULT_REGION, PARTNER };
export const [VICTIM, ATTACKER] = [CUSTOMER, CUSTOMER2];
export const ALLOWED = [
  ...(["create_thing", "update_thing", "delete_thing"] as const),
  ...(["add_thing_to_thing_group", "add_thing_to_billing_group"] as const),
] as const;
export const roleIn = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;
export const publishRole = (customer: string): string => roleIn(PARTNER, `publish-from-customer-role-${customer}`);
export const topic = (account: string, operation: string): string => `cross_account_hooks/${account}/${operation}`;

/** A message about a thing of an account, in order but for what `fields` and `hook` change. */
export const message = (account: string, fields: object = {}, hook: object = {}): Record<string, unknown> => ({
  thingName: "lamp",
  thingArn: `arn:aws:iot:${DEFAULT_REGION}:${account}:thing/lamp`,
  thingId: randomUUID(),
  version: 99,
  attributes: { forged: "yes" },
  ...fields,
  hook: {
    schemaVersion: 1,
    eventId: randomUUID(),
    eventTime: new Date().toISOString(),
    observedAt: new Date().toISOString(),
    eventName: "CreateThing",
    region: DEFAULT_REGION,
    snapshot: "registry",
    ...hook,
  },
});

export interface Stage {
  readonly running: RunningCloud;
  readonly victim: Awaited<ReturnType<typeof deployCustomer>>["outputs"];
  readonly attacker: Awaited<ReturnType<typeof deployCustomer>>["outputs"];
  readonly partner: Awaited<ReturnType<typeof deployPartner>>["outputs"];
  /** Configuration of clients. */
  readonly as: {
    /** Full power in the attacker's own account. */
    readonly attacker: ClientConfig;
    /** What the partner lets the attacker be: a session of its own publish role. */
    readonly attackersPublishRole: ClientConfig;
    /** The execution role of the attacker's announce function. */
    readonly attackersRole: ClientConfig;
    /** A device of the partner's own, with `iot:Publish` on any topic. */
    readonly partnersDevice: ClientConfig;
    /** A developer of the partner's, who may make rules and functions of their own, and nothing with ours. */
    readonly partnersDeveloper: ClientConfig;
  };
}

/** Deployed with `senderCheck` enforced, and an external id for the victim. */
export async function setTheStage(): Promise<Stage> {
  const running = await startCloud();
  const operations = JSON.stringify(ALLOWED);
  const { outputs: victim } = await deployCustomer(running, { operations, externalId: "victim-4711" });
  const { outputs: attacker } = await deployCustomer(running, { operations }, ATTACKER);
  const { outputs: partner } = await deployPartner(running, [roleArnOf(VICTIM), roleArnOf(ATTACKER)], {
    operations,
    senderCheck: "enforce",
    externalIds: JSON.stringify({ [VICTIM]: "victim-4711" }),
  });
  await new IoT(running.config(VICTIM)).createThing({ thingName: "lamp" });
  await running.cloud.settled();

  const attackersRole = await sessionOfOwnRole(running);
  const attackersPublishRole = await sessionOf(running, attackersRole, publishRole(ATTACKER));
  const device = await assumeWith(
    running,
    PARTNER,
    [{ Effect: "Allow", Action: "iot:Publish", Resource: `arn:aws:iot:${DEFAULT_REGION}:${PARTNER}:topic/*` }],
    "device",
  );
  const developer = await assumeWith(
    running,
    PARTNER,
    [{ Effect: "Allow", Action: ["iot:CreateTopicRule", "events:*"], Resource: "*" }],
    "developer",
  );
  return {
    running,
    victim,
    attacker,
    partner,
    as: {
      attacker: running.config(ATTACKER),
      attackersRole: running.config(attackersRole),
      attackersPublishRole: running.config(attackersPublishRole),
      partnersDevice: running.config(device),
      partnersDeveloper: running.config(developer),
    },
  };
}

type Keys = Parameters<RunningCloud["config"]>[0];

export async function sessionOf(running: RunningCloud, keys: Keys, RoleArn: string) {
  const { Credentials } = await new STS(running.config(keys)).assumeRole({ RoleArn, RoleSessionName: "attack" });
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** An administrator opens the function's own role to itself: what it may, the attacker may. */
async function sessionOfOwnRole(running: RunningCloud) {
  const RoleName = `publish-to-partner-role-${PARTNER}`;
  await new IAM(running.config(ATTACKER)).updateAssumeRolePolicy({
    RoleName,
    PolicyDocument: documentOf(
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      { Effect: "Allow", Principal: { AWS: ATTACKER }, Action: "sts:AssumeRole" },
    ),
  });
  return sessionOf(running, ATTACKER, roleIn(ATTACKER, RoleName));
}

/** All that the partner believes of the victim: its registry's items. */
export async function believedOf(stage: Stage, account: string): Promise<string[]> {
  const { running, partner } = stage;
  const dynamodb = new DynamoDB(running.config(PARTNER));
  const { Items = [] } = await dynamodb.scan({ TableName: partner.registryTableName, ConsistentRead: true });
  return Items.map((item) => JSON.stringify(item))
    .filter((item) => item.includes(account))
    .sort();
}

/** Who refused it, and in which words; undefined where nobody did. */
export type Refusal = { readonly layer: string; readonly words: string } | undefined;

/**
 * Makes the attempt, waits for all that follows, and finds who refused: what AWS answered, what was denied behind it,
 * or what the receive function wrote to its failure queue.
 */
export async function refusalOf(stage: Stage, attempt: () => Promise<unknown>): Promise<Refusal> {
  const { running } = stage;
  const since = lastEntry(running);
  const error = await attempt().then(
    () => undefined,
    (thrown: unknown) => thrown as Error,
  );
  await running.cloud.settled();
  const letters = await takeLetters(stage);
  if (error !== undefined) return { layer: "AWS", words: `${error.name}: ${error.message}` };
  if (letters[0] !== undefined) return { layer: "receive function", words: letters[0] };
  const denied = running.cloud.trace.since(since).find(({ outcome }) => outcome === "denied");
  if (denied !== undefined) return { layer: "AWS", words: `${denied.service}:${denied.name} denied` };
  return undefined;
}

/** Reasons in the receive function's failure queue, which is empty then. */
async function takeLetters({ running, partner }: Stage): Promise<string[]> {
  const sqs = new SQS(running.config(PARTNER));
  const QueueUrl = partner.deadLetterQueueUrls.receive;
  const reasons: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
    if (Messages.length === 0) return reasons;
    for (const { Body = "{}", ReceiptHandle } of Messages) {
      const letter = JSON.parse(Body) as { responsePayload?: { reason?: string; errorType?: string } };
      reasons.push(letter.responsePayload?.reason ?? letter.responsePayload?.errorType ?? "without a reason");
      await sqs.deleteMessage({ QueueUrl, ReceiptHandle });
    }
  }
}
