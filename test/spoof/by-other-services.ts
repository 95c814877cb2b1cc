// Past the topic: events, functions, queues and the table, from another account or from none.
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { IAM } from "@aws-sdk/client-iam";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import type { Attempt } from "./attempt.ts";
import { publish } from "./by-topic.ts";
import { DEFAULT_REGION, PARTNER, type Stage, VICTIM, message, publishRole, topic } from "./stage.ts";

export const ruleEvent = () => ({
  data: Buffer.from(JSON.stringify(message(VICTIM))).toString("base64"),
  topic: topic(VICTIM, "create_thing"),
  accountId: VICTIM,
  operation: "create_thing",
  receivedAt: Date.now(),
  principal: "somebody",
});
export const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const body = JSON.stringify(ruleEvent());
const record = {
  eventID: "forged",
  eventSource: "iot.amazonaws.com",
  eventName: "CreateThing",
  awsRegion: DEFAULT_REGION,
  eventTime: "2026-01-01T00:00:00Z",
  requestParameters: { thingName: "lamp" },
};
const DetailType = "AWS API Call via CloudTrail";

const tries = (what: string, refusal: string, attempt: Attempt["attempt"]): Attempt => ({
  who: "customer",
  what,
  layer: "AWS",
  refusal,
  attempt,
});

/** PutEvents answers 200 and refuses entry by entry. */
async function putEvent(stage: Stage, Source: string, EventBusName: string): Promise<void> {
  const client = new EventBridge(stage.as.attacker);
  const { Entries = [] } = await client.putEvents({
    Entries: [{ Source, DetailType, Detail: JSON.stringify(record), EventBusName }],
  });
  const [{ ErrorCode, ErrorMessage } = {}] = Entries;
  if (ErrorCode !== undefined) throw Object.assign(new Error(ErrorMessage), { name: ErrorCode });
}

const bus = `arn:aws:events:${DEFAULT_REGION}:${VICTIM}:event-bus/default`;

export const byOtherServices: readonly Attempt[] = [
  tries("calls the receive function", "AccessDeniedException", ({ as, partner }) =>
    new Lambda(as.attacker).invoke({ FunctionName: partner.functionAliasArn, Payload: json(ruleEvent()) }),
  ),
  tries("calls the receive function past its alias", "AccessDeniedException", ({ as, partner }) =>
    new Lambda(as.attacker).invoke({ FunctionName: partner.functionArn, Payload: json(ruleEvent()) }),
  ),
  tries("calls the receive function as its publish role", "AccessDeniedException", ({ as, partner }) =>
    new Lambda(as.attackersPublishRole).invoke({ FunctionName: partner.functionAliasArn, Payload: json(ruleEvent()) }),
  ),
  tries("calls the victim's announce function", "AccessDeniedException", ({ as, victim }) =>
    new Lambda(as.attacker).invoke({ FunctionName: victim.functionAliasArn, Payload: json({ detail: record }) }),
  ),
  tries("gives itself the right to call the receive function", "AccessDeniedException", ({ as, partner }) =>
    new Lambda(as.attacker).addPermission({
      FunctionName: partner.functionAliasArn,
      StatementId: "mine",
      Action: "lambda:InvokeFunction",
      Principal: "*",
    }),
  ),
  tries("replaces the receive function's code", "AccessDeniedException", ({ as, partner }) =>
    new Lambda(as.attacker).updateFunctionCode({
      FunctionName: partner.functionAliasArn.replace(/:live$/, ""),
      ZipFile: Buffer.from("PK"),
    }),
  ),
  ...(["receive", "topicRule"] as const).flatMap((queue) => [
    tries(`writes a letter into the partner's queue ${queue}`, "AccessDenied", ({ as, partner }) =>
      new SQS(as.attacker).sendMessage({ QueueUrl: partner.deadLetterQueueUrls[queue], MessageBody: body }),
    ),
    tries(`reads the partner's queue ${queue}`, "AccessDenied", ({ as, partner }) =>
      new SQS(as.attacker).receiveMessage({ QueueUrl: partner.deadLetterQueueUrls[queue] }),
    ),
  ]),
  ...(["registryRule", "announce"] as const).flatMap((queue) => [
    tries(`writes a letter into the victim's queue ${queue}`, "AccessDenied", ({ as, victim }) =>
      new SQS(as.attacker).sendMessage({ QueueUrl: victim.deadLetterQueueUrls[queue], MessageBody: body }),
    ),
    tries(`empties the victim's queue ${queue}`, "AccessDenied", ({ as, victim }) =>
      new SQS(as.attacker).purgeQueue({ QueueUrl: victim.deadLetterQueueUrls[queue] }),
    ),
  ]),
  tries("writes into the registry's table as its publish role", "AccessDeniedException", ({ as, partner }) =>
    new DynamoDB(as.attackersPublishRole).putItem({
      TableName: partner.registryTableName,
      Item: { subject: { S: `arn:aws:iot:${DEFAULT_REGION}:${VICTIM}:thing/lamp` } },
    }),
  ),
  tries(
    "writes its role into the victim's item of the table of customers",
    "AccessDeniedException",
    ({ as, partner }) =>
      new DynamoDB(as.attackersPublishRole).updateItem({
        TableName: partner.hub.customersTableName,
        Key: { accountId: { S: VICTIM } },
        UpdateExpression: "SET roleId = :mine",
        ExpressionAttributeValues: { ":mine": { S: "AROAATTACKER" } },
      }),
  ),
  tries("opens the victim's publish role to itself, as its own publish role", "AccessDenied", ({ as }) =>
    new IAM(as.attackersPublishRole).updateAssumeRolePolicy({
      RoleName: publishRole(VICTIM).split("/")[1],
      PolicyDocument: "{}",
    }),
  ),
  tries("puts an event aws.iot on its own bus", "NotAuthorizedForSourceException", (stage) =>
    putEvent(stage, "aws.iot", "default"),
  ),
  tries("puts an event aws.iot on the victim's bus", "AccessDeniedException", (stage) =>
    putEvent(stage, "aws.iot", bus),
  ),
  tries("puts an event of its own on the victim's bus", "AccessDeniedException", (stage) =>
    putEvent(stage, "iot", bus),
  ),
  {
    who: "nobody",
    what: "publishes without a signature",
    layer: "AWS",
    refusal: "403",
    attempt: async ({ running }) => {
      const url = `${running.endpoint.url}/topics/${encodeURIComponent(topic(VICTIM, "create_thing"))}?qos=1`;
      const response = await fetch(url, { method: "POST", body: JSON.stringify(message(VICTIM)) });
      if (!response.ok) throw Object.assign(new Error(await response.text()), { name: String(response.status) });
    },
  },
  {
    who: "nobody",
    what: "publishes with a key of the right form and a secret of its own",
    layer: "AWS",
    refusal: "ForbiddenException",
    attempt: ({ running, as }) => {
      const { accessKeyId } = as.attackersPublishRole.credentials;
      const forged = running.config({ accessKeyId, secretAccessKey: "forged", sessionToken: "forged" });
      return publish(forged, topic(VICTIM, "create_thing"), message(VICTIM));
    },
  },
  {
    who: "nobody",
    what: "publishes with a key that nobody gave out",
    layer: "AWS",
    refusal: "ForbiddenException",
    attempt: ({ running }) =>
      publish(
        running.config({ accessKeyId: `AKIA${PARTNER}ABCD`, secretAccessKey: "forged" }),
        topic(VICTIM, "create_thing"),
        message(VICTIM),
      ),
  },
];
