// Sends the letters of one queue to the function again, by way of its alias: EventBridge takes no event of `aws.*` from
// anybody, and AWS IoT would take a message of ours as our own. A letter is removed only when Lambda has accepted its
// event, so that whatever ends a run loses nothing; an event that is sent twice is one for the device registry.
import { createHash } from "node:crypto";
import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import {
  DeleteMessageCommand,
  type Message,
  type MessageSystemAttributeName,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { inWords, printable } from "../printable.ts";
import type { Side } from "../sides.ts";
import { aboutEvent } from "../letters/about.ts";
import { type Queue, depthOf, inQueue } from "../letters/queue.ts";
import { HIDDEN_SECONDS, Hold } from "../letters/hold.ts";
import { type DeadLetter, type Form, UnreadableLetter, readLetter } from "../letters/letter.ts";
import { type Vouching, doubtOf, inTheNameOf, vouchesFor } from "./vouching.ts";

/** What became of a letter. All but `sent` are still in the queue. */
export type Outcome =
  | "sent"
  | "would be sent"
  /** Accepted by Lambda, but SQS did not remove it: the next run sends it once more. */
  | "sent, not removed"
  | "left: another reason"
  /** The run ended (`--max`, an interruption, an error) between receiving and sending. */
  | "left: the run ended"
  /** Nobody knows that its message is the customer's, and the operator doesn't vouch for that account. */
  | "left: nobody vouches"
  /** This run has sent the same event already: it failed again, and came back. */
  | "left: came back"
  | "left: unreadable"
  | "left: refused";

export interface Row {
  readonly outcome: Outcome;
  readonly form: Form | undefined;
  readonly reason: string;
  /** Why it was left, where the outcome doesn't say it. */
  readonly explanation: string | undefined;
  readonly letters: number;
}

/** Why the run read no further. */
export type End =
  | { readonly because: "the queue is empty" | "--max is reached" | "it was interrupted" }
  | { readonly because: "error"; readonly error: string };

export interface QueueReport {
  readonly queue: string;
  readonly rows: readonly Row[];
  readonly end: End;
  /** Of all letters that are in the queue now, about: hidden ones too. Null where the queue doesn't say it. */
  readonly inQueue: number | null;
}

export interface Work {
  readonly side: Side;
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly functionAliasArn: string;
  /** Undefined on the customer's side, whose letters can speak of its own account's things alone. */
  readonly vouching: Vouching | undefined;
  /** Only letters with one of these reasons; undefined: all. */
  readonly reasons: readonly string[] | undefined;
  readonly dryRun: boolean;
  /** How many letters may still be sent, over all queues. */
  readonly budget: { left: number };
  /** Ends the run when what is under way is done. */
  readonly signal: AbortSignal;
  /** Told after each batch: how many letters were read. */
  readonly progress: (read: number) => void;
}

/** Receivers at a time, each of up to ten letters. */
const RECEIVERS = 4;
/** Long enough that SQS asks all its servers: an empty answer then means an empty queue («Short and long polling»). */
const WAIT_SECONDS = 1;

const SYSTEM_ATTRIBUTES: MessageSystemAttributeName[] = [
  "SentTimestamp",
  "ApproximateFirstReceiveTimestamp",
  "SenderId",
];

/**
 * Errors that are about the one event; any other is about all of them, and ends the run. Too large is an asynchronous
 * one by a name that Lambda's model doesn't have, and one that grows past the limit inside Lambda by one of its own.
 */
const OF_THE_EVENT = [
  "RequestEntityTooLargeException",
  "SerializedRequestEntityTooLargeException",
  "RequestTooLargeException",
  "InvalidRequestContentException",
];

export async function redriveQueue(work: Work, queue: Queue): Promise<QueueReport> {
  const run = new Run(work, queue);
  await run.work();
  return { queue: queue.name, rows: run.rows, end: run.end, inQueue: await leftIn(queue, work.sqs) };
}

/** The letters are sent by then: what became of them is to be said, whatever SQS answers now. */
const leftIn = ({ url }: Queue, sqs: SQSClient): Promise<number | null> => depthOf(sqs, url).then(inQueue, () => null);

type Fate = Pick<Row, "outcome"> & { readonly explanation?: string };

class Run {
  readonly #work: Work;
  readonly #queue: Queue;
  readonly #hold: Hold;
  readonly #rows = new Map<string, Row>();
  /** Ids of the letters that are counted. */
  readonly #seen = new Set<string>();
  /** By event: when a letter about it was first received. One that was sent to the queue later came back. */
  readonly #sent = new Map<string, number>();
  #end: End | undefined;

  constructor(work: Work, queue: Queue) {
    this.#work = work;
    this.#queue = queue;
    this.#hold = new Hold(work.sqs, queue.url);
  }

  get rows(): readonly Row[] {
    return [...this.#rows.values()];
  }

  get end(): End {
    return this.#end ?? { because: "the queue is empty" };
  }

  async work(): Promise<void> {
    try {
      await Promise.all(Array.from({ length: RECEIVERS }, () => this.#receive()));
    } finally {
      await this.#hold.release();
    }
  }

  async #receive(): Promise<void> {
    while (!this.#hasEnded()) {
      const messages = await this.#next();
      if (messages.length === 0) return;
      await Promise.all(messages.map((message) => this.#process(message)));
      this.#work.progress(this.#seen.size);
    }
  }

  #hasEnded(): boolean {
    if (this.#work.signal.aborted) this.#end ??= { because: "it was interrupted" };
    if (this.#work.budget.left <= 0) this.#end ??= { because: "--max is reached" };
    return this.#end !== undefined;
  }

  async #next(): Promise<readonly Message[]> {
    const input = {
      QueueUrl: this.#queue.url,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: WAIT_SECONDS,
      VisibilityTimeout: HIDDEN_SECONDS,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: SYSTEM_ATTRIBUTES,
    };
    try {
      return (await this.#work.sqs.send(new ReceiveMessageCommand(input))).Messages ?? [];
    } catch (error) {
      this.#end ??= { because: "error", error: inWords(error) };
      return [];
    }
  }

  async #process(message: Message): Promise<void> {
    const { MessageId: id = "", ReceiptHandle = "" } = message;
    this.#hold.add(id, ReceiptHandle);
    // One whose hiding ended while it was held.
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    try {
      const letter = this.#read(message);
      this.#count(letter, await this.#send(letter, message));
    } catch (error) {
      if (!(error instanceof UnreadableLetter)) throw error;
      this.#count(undefined, { outcome: "left: unreadable", explanation: error.message });
    }
  }

  #read({ Body: body = "", MessageAttributes = {}, Attributes }: Message): DeadLetter {
    const attributes = Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
    );
    const sentAt = Number(Attributes?.SentTimestamp);
    return readLetter(this.#work.side, { body, attributes, sentAt });
  }

  async #send(letter: DeadLetter, message: Message): Promise<Fate> {
    const { reasons, dryRun, budget, lambda, functionAliasArn } = this.#work;
    if (reasons !== undefined && !reasons.includes(letter.reason)) return { outcome: "left: another reason" };
    const { SentTimestamp, ApproximateFirstReceiveTimestamp, SenderId } = message.Attributes ?? {};
    const event = this.#vouchedFor(letter, SenderId);
    if (typeof event !== "string") return event;
    const key = createHash("sha256").update(event).digest("base64");
    // Both are SQS's own time.
    if (Number(SentTimestamp) >= (this.#sent.get(key) ?? Infinity)) return { outcome: "left: came back" };
    if (this.#hasEnded()) return { outcome: "left: the run ended" };
    budget.left--;
    if (dryRun) return { outcome: "would be sent" };
    // Before it is sent: a function that turns it away is faster than Lambda's answer.
    if (!this.#sent.has(key)) this.#sent.set(key, Number(ApproximateFirstReceiveTimestamp));
    try {
      const Payload = Buffer.from(event);
      await lambda.send(new InvokeCommand({ FunctionName: functionAliasArn, InvocationType: "Event", Payload }));
    } catch (error) {
      const explanation = inWords(error);
      if (!(error instanceof Error && OF_THE_EVENT.includes(error.name)))
        this.#end ??= { because: "error", error: explanation };
      return { outcome: "left: refused", explanation };
    }
    return this.#remove(message);
  }

  /** The event as it may be sent; or why it may not. */
  #vouchedFor(letter: DeadLetter, senderId: string | undefined): string | Fate {
    const { side, vouching } = this.#work;
    const doubt = vouching === undefined ? undefined : doubtOf(letter, senderId, vouching);
    if (vouching === undefined || doubt === undefined) return letter.event;
    const { accountId = "nobody" } = aboutEvent(side, letter.event);
    if (vouchesFor(vouching, accountId)) return inTheNameOf(letter.event, vouching.redrivenBy);
    return { outcome: "left: nobody vouches", explanation: `it speaks for ${printable(accountId, 40)}; ${doubt}` };
  }

  async #remove({ MessageId: id = "", ReceiptHandle }: Message): Promise<Fate> {
    try {
      await this.#work.sqs.send(new DeleteMessageCommand({ QueueUrl: this.#queue.url, ReceiptHandle }));
    } catch (error) {
      return { outcome: "sent, not removed", explanation: inWords(error) };
    }
    this.#hold.forget(id);
    return { outcome: "sent" };
  }

  #count(letter: DeadLetter | undefined, { outcome, explanation }: Fate): void {
    const row = { outcome, form: letter?.form, reason: letter?.reason ?? "unreadable", explanation };
    const key = JSON.stringify(Object.values(row));
    this.#rows.set(key, { ...row, letters: (this.#rows.get(key)?.letters ?? 0) + 1 });
  }
}
