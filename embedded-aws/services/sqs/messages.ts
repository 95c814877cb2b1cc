// Messages: sent, received, hidden for a while, deleted.
import type { MessageAttributeValue, SQS, SendMessageBatchRequestEntry } from "@aws-sdk/client-sqs";
import { AwsError } from "../../core/errors.ts";
import { uuid } from "../../core/ids.ts";
import { operations, type Call } from "../../core/service.ts";
import { attributesDigest, md5 } from "./digest.ts";
import { messageOfHandle, receive } from "./receive.ts";
import { measure, numberOf, onQueue, queueOf, remove, wake, type Message, type Queue } from "./state.ts";

const MAX_ATTRIBUTES = 10;
// API reference, SendMessage: the characters of XML 1.0.
const CHARACTERS = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

const data = { data: true };
const invalid = (message: string) => new AwsError("InvalidParameterValue", message, { status: 400 });

type Sent = Omit<SendMessageBatchRequestEntry, "Id">;

/** «Amazon SQS message metadata», developer guide: names, types and values count as much as the body. */
function sizeOf({ MessageBody = "", MessageAttributes = {} }: Sent): number {
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { DataType = "", StringValue = "", BinaryValue }]) =>
      Buffer.byteLength(name + DataType) + (BinaryValue?.length ?? Buffer.byteLength(StringValue)),
  );
  return attributes.reduce((sum, bytes) => sum + bytes, Buffer.byteLength(MessageBody));
}

function checkAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>): void {
  if (Object.keys(attributes).length > MAX_ATTRIBUTES)
    throw invalid(
      `Number of message attributes [${Object.keys(attributes).length}] exceeds the allowed maximum ` +
        `[${MAX_ATTRIBUTES}].`,
    );
  for (const [name, { DataType = "", StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (!/^(?!AWS\.|Amazon\.|\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i.test(name) || name.includes(".."))
      throw invalid(`The message attribute name '${name}' is invalid.`);
    if (!/^(String|Number|Binary)(\..+)?$/.test(DataType))
      throw invalid(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type ` +
          "prefixes is Binary, Number, and String.",
      );
    // The sentence was recorded on AWS by another project's tests; that characters are looked at was asserted there,
    // its sentence is not confirmed.
    if (DataType.startsWith("Binary") ? !BinaryValue?.length : !StringValue)
      throw invalid(
        `Message (user) attribute '${name}' must contain a non-empty value of type '${DataType.split(".")[0] ?? ""}'.`,
      );
    if (StringValue !== undefined && !CHARACTERS.test(StringValue))
      throw invalid(`The value of the message attribute '${name}' contains invalid characters.`);
  }
}

function send(queue: Queue, entry: Sent, { cloud, caller, time }: Call) {
  const { MessageBody = "", MessageAttributes = {}, DelaySeconds = numberOf(queue, "DelaySeconds") } = entry;
  if (MessageBody === "")
    throw new AwsError("MissingParameter", "The request must contain the parameter MessageBody.", { status: 400 });
  if (!CHARACTERS.test(MessageBody))
    throw new AwsError("InvalidMessageContents", "Invalid characters in the message body.");
  const limit = numberOf(queue, "MaximumMessageSize");
  if (sizeOf(entry) > limit)
    throw invalid(`One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`);
  if (!Number.isInteger(DelaySeconds) || DelaySeconds < 0 || DelaySeconds > 900)
    throw invalid(
      `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  checkAttributes(MessageAttributes);
  const now = time.getTime();
  const session = caller.credential?.sessionName;
  const message: Message = {
    id: uuid(),
    body: MessageBody,
    attributes: MessageAttributes,
    senderId: session ? `${caller.uniqueId}:${session}` : caller.uniqueId,
    sentAt: now,
    visibleAt: now + DelaySeconds * 1000,
    receives: 0,
    firstReceivedAt: undefined,
    receiptHandle: undefined,
    givenBack: false,
  };
  queue.messages.set(message.id, message);
  if (DelaySeconds > 0) queue.hidden.add(message);
  measure(cloud, queue, "NumberOfMessagesSent", 1);
  measure(cloud, queue, "SentMessageSize", sizeOf(entry), "Bytes");
  wake(queue);
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(MessageBody),
    ...(Object.keys(MessageAttributes).length > 0
      ? { MD5OfMessageAttributes: attributesDigest(MessageAttributes) }
      : {}),
  };
}

function deleteMessage(queue: Queue, handle: string | undefined, { cloud }: Call): void {
  const message = messageOfHandle(queue, handle);
  // Deleting twice, or with an older handle, succeeds and does nothing (API reference, DeleteMessage).
  if (message?.receiptHandle !== handle || !message) return;
  remove(queue, message);
  measure(cloud, queue, "NumberOfMessagesDeleted", 1);
}

function changeVisibility(queue: Queue, handle: string | undefined, seconds: number | undefined, { time }: Call): void {
  if (seconds === undefined || !Number.isInteger(seconds) || seconds < 0 || seconds > 43_200)
    throw invalid(
      `Value ${seconds ?? ""} for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be ` +
        "an integer between 0 and 43200.",
    );
  const message = messageOfHandle(queue, handle);
  // AWS's words to users (mapbox/ecs-watchbot #135, vmihailenco/taskq #29); that a message which was deleted gets them
  // is asserted by another project's tests, not confirmed.
  if (!message)
    throw invalid(
      `Value ${handle ?? ""} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is ` +
        "not available for visibility timeout change.",
    );
  // An older handle of a message that was received again does as well: validated on AWS by another project's tests
  // (LocalStack, test_terminate_visibility_timeout_after_receive).
  // After its time a message can still be hidden again (recorded there); not after it was given back.
  if (message.givenBack)
    throw new AwsError("MessageNotInflight", `The message of that receipt handle is not in flight.`);
  message.visibleAt = time.getTime() + seconds * 1000;
  message.givenBack = seconds === 0;
  if (seconds === 0) queue.hidden.delete(message);
  else queue.hidden.add(message);
  wake(queue);
}

export const messages = operations<SQS>({
  SendMessage: {
    record: data,
    authorize: (input, call) => onQueue(call, "SendMessage", input),
    run: (input, call) => send(queueOf(input, call), input, call),
  },
  ReceiveMessage: {
    record: data,
    authorize: (input, call) => onQueue(call, "ReceiveMessage", input),
    run: (input, call) => receive(queueOf(input, call), input, call),
  },
  DeleteMessage: {
    record: data,
    authorize: (input, call) => onQueue(call, "DeleteMessage", input),
    run: (input, call) => {
      deleteMessage(queueOf(input, call), input.ReceiptHandle, call);
      return {};
    },
  },
  ChangeMessageVisibility: {
    record: data,
    authorize: (input, call) => onQueue(call, "ChangeMessageVisibility", input),
    run: (input, call) => {
      changeVisibility(queueOf(input, call), input.ReceiptHandle, input.VisibilityTimeout, call);
      return {};
    },
  },
});
