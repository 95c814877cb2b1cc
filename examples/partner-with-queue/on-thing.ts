// Runs in the partner's function, for each change that is news. It is bundled with what it imports.
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Delivery } from "cross-account-iot-hooks/partner";

const sqs = new SQSClient();

/** Throwing has the message delivered again. */
export async function onThing({ message }: Delivery): Promise<void> {
  const { accountId, operation, thingName, attributes } = message;
  const MessageBody = JSON.stringify({ customer: accountId, operation, thingName, attributes });
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody }));
}
