// A look at letters that leaves them where they are. While it lasts nobody else receives them; when it ends, all can
// be seen again (HIDDEN_SECONDS after it was killed, at the latest). Nothing counts how often a dead letter was
// received: these queues have no redrive policy. But SQS moves a letter that was received three times and more to the
// back of the queue, and takes it out of ApproximateAgeOfOldestMessage (Amazon SQS Developer Guide, "Available
// CloudWatch metrics"): docs/operating.md says so.
import { type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type About, aboutEvent } from "./about.ts";
import { HIDDEN_SECONDS, Hold } from "./hold.ts";
import { type DeadLetter, type Taker, UnreadableLetter, readLetter } from "./letter.ts";

export interface SeenLetter extends About {
  /** When it was put into the queue: milliseconds since 1970. */
  readonly sentAt: number;
  /** How often it was received, this time included. */
  readonly received: number;
  /** Who put it into the queue, as SQS says it: `<a role's unique id>:<session name>`, or a user's id. */
  readonly senderId: string | undefined;
  /** Undefined for one that can't be read. */
  readonly letter: DeadLetter | undefined;
  readonly reason: string;
  /** Why it can't be read. */
  readonly problem?: string;
}

export interface Seen {
  readonly letters: readonly SeenLetter[];
  /** Whether the queue had no others. */
  readonly all: boolean;
}

/** Long enough that SQS asks all its servers («Short and long polling»). */
const WAIT_SECONDS = 1;

/** @throws what the SDK throws */
export async function lookInto(
  sqs: SQSClient,
  { taker, url, most, signal }: { taker: Taker; url: string; most: number; signal: AbortSignal },
): Promise<Seen> {
  const hold = new Hold(sqs, url);
  const letters = new Map<string, SeenLetter>();
  try {
    while (letters.size < most && !signal.aborted) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: Math.min(10, most - letters.size),
          WaitTimeSeconds: WAIT_SECONDS,
          VisibilityTimeout: HIDDEN_SECONDS,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["SentTimestamp", "ApproximateReceiveCount", "SenderId"],
        }),
      );
      if (Messages.length === 0) return { letters: [...letters.values()], all: true };
      for (const message of Messages) {
        hold.add(message.MessageId ?? "", message.ReceiptHandle ?? "");
        letters.set(message.MessageId ?? "", seen(taker, message));
      }
    }
    return { letters: [...letters.values()], all: false };
  } finally {
    await hold.release();
  }
}

function seen(taker: Taker, { Body: body = "", MessageAttributes = {}, Attributes }: Message): SeenLetter {
  const attributes = Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
  );
  const sentAt = Number(Attributes?.SentTimestamp);
  const received = Number(Attributes?.ApproximateReceiveCount);
  const senderId = Attributes?.SenderId;
  try {
    const letter = readLetter(taker, { body, attributes, sentAt });
    return { sentAt, received, senderId, letter, reason: letter.reason, ...aboutEvent(taker, letter.event) };
  } catch (error) {
    if (!(error instanceof UnreadableLetter)) throw error;
    return { sentAt, received, senderId, letter: undefined, reason: "unreadable", problem: error.message };
  }
}
