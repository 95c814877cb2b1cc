// Letters that were received and are not done with: hidden from everybody else for as long as this run wants.
import { ChangeMessageVisibilityCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** So long a letter stays hidden when a run is killed. */
export const HIDDEN_SECONDS = 60;
const HEARTBEAT_MS = (HIDDEN_SECONDS * 1000) / 3;
const AT_ONCE = 10;

/** The newest receipt handle of each letter, by the message's id. */
export class Hold {
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;
  readonly #handles = new Map<string, string>();
  readonly #heartbeat: NodeJS.Timeout;
  #beating: Promise<void> = Promise.resolve();

  constructor(sqs: SQSClient, queueUrl: string) {
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
    this.#heartbeat = setInterval(() => {
      this.#beating = this.#beating.then(() => this.#hideAll(HIDDEN_SECONDS));
    }, HEARTBEAT_MS);
  }

  add(messageId: string, handle: string): void {
    this.#handles.set(messageId, handle);
  }

  /** Of a letter that was removed. */
  forget(messageId: string): void {
    this.#handles.delete(messageId);
  }

  /** Lets everybody see them again. */
  async release(): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.#beating;
    await this.#hideAll(0);
    this.#handles.clear();
  }

  async #hideAll(seconds: number): Promise<void> {
    const rest = [...this.#handles];
    const worker = async () => {
      for (let next = rest.pop(); next !== undefined; next = rest.pop()) await this.#hide(...next, seconds);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  async #hide(messageId: string, ReceiptHandle: string, VisibilityTimeout: number): Promise<void> {
    try {
      const QueueUrl = this.#queueUrl;
      await this.#sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
    } catch {
      // Hidden no longer, or gone: this run has lost it, and whoever receives it next deals with it. A letter that
      // can't be reached for another reason is seen again by itself, after HIDDEN_SECONDS at most.
      this.#handles.delete(messageId);
    }
  }
}
