// A function's log, written to CloudWatch Logs as its execution role: without permission nothing is logged, as on
// AWS, and the trace says so.
import type { Place } from "../../core/arn.ts";
import type { Timer } from "../../core/clock.ts";
import type { Cloud } from "../../core/service.ts";
import { AwsError } from "../../core/errors.ts";
import type { Caller } from "../../core/identity.ts";
import type { Span } from "../../core/trace.ts";

/** Bytes of LogResult: «Invoke», LogType. */
const TAIL = 4096;
/** Messages that wait to be written; what a function says beyond them, faster than they are taken, is dropped. */
const MAX_WAITING = 10_000;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const MAX_MESSAGE = 256 * 1024;
/** Messages of a run that the trace keeps, and characters of each. */
const MAX_SAID = 20;
const SAID = 2000;
const BATCH = 500;
/**
 * How long a message waits for more to be written with it, milliseconds. What an invocation ends with is written at
 * once.
 */
const PATIENCE_MS = 100;

const isError = (error: unknown, code: string): boolean => error instanceof AwsError && error.code === code;

export class FunctionLog {
  readonly #cloud: Cloud;
  /** What a function says that was ended with its cloud is nothing that happens in the next one. */
  readonly #life: AbortSignal;
  readonly #place: Place & { readonly name: string };
  readonly #caller: Caller;
  readonly #group: string;
  readonly #stream: string;
  #span: Span;
  #waiting: { timestamp: number; message: string }[] = [];
  #waitingBytes = 0;
  #tail = "";
  #said: string[] = [];
  #writing = false;
  #timer: Timer | undefined;
  #state: "new" | "open" | "refused" = "new";

  constructor(
    cloud: Cloud,
    of: Place & { readonly name: string },
    caller: Caller,
    group: string,
    stream: string,
    span: Span,
  ) {
    this.#cloud = cloud;
    this.#life = cloud.life;
    this.#place = of;
    this.#caller = caller;
    this.#group = group;
    this.#stream = stream;
    this.#span = span;
  }

  /** A line, or a message, of the function's own. */
  say(text: string): void {
    if (text !== "" && this.#said.length < MAX_SAID) this.#said.push(text.slice(0, SAID));
    this.#add(text);
  }

  /** What the function said since it was asked this last: the beginning of it. */
  takeSaid(): readonly string[] {
    const said = this.#said;
    this.#said = [];
    return said;
  }

  #add(text: string): void {
    const message = text.length > MAX_MESSAGE ? text.slice(0, MAX_MESSAGE) : text;
    this.#tail = `${this.#tail}${message}\n`.slice(-TAIL);
    if (this.#state === "refused" || message === "" || this.#life.aborted) return;
    const bytes = Buffer.byteLength(message);
    if (this.#waiting.length < MAX_WAITING && this.#waitingBytes + bytes <= MAX_WAITING_BYTES) {
      this.#waiting.push({ timestamp: this.#cloud.clock.now(), message });
      this.#waitingBytes += bytes;
    }
    this.#timer ??= this.#cloud.clock.after(PATIENCE_MS, () => {
      this.#write();
    });
  }

  begin(span: Span, records: readonly string[]): void {
    this.#span = span;
    this.#tail = "";
    for (const record of records) this.#add(record);
  }

  /** The tail of what was logged since {@link begin}. */
  end(records: readonly string[]): string {
    for (const record of records) this.#add(record);
    this.#write();
    return Buffer.from(this.#tail).subarray(-TAIL).toString();
  }

  #write(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#writing || this.#waiting.length === 0) return;
    this.#writing = true;
    const { account, region } = this.#place;
    this.#cloud.background(
      async () => {
        try {
          while (this.#waiting.length > 0) {
            await this.#put(this.#batch());
          }
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          this.#refuse(error);
        } finally {
          this.#writing = false;
        }
      },
      { span: this.#span, account, region, service: "lambda", name: "LogWriting" },
    );
  }

  #batch(): { timestamp: number; message: string }[] {
    let bytes = 0;
    const size = this.#waiting.findIndex(
      ({ message }, index) => (bytes += Buffer.byteLength(message) + 26) > 1_000_000 || index >= BATCH,
    );
    const batch = this.#waiting.splice(0, size < 0 ? this.#waiting.length : Math.max(1, size));
    for (const { message } of batch) this.#waitingBytes -= Buffer.byteLength(message);
    return batch;
  }

  async #put(logEvents: readonly { timestamp: number; message: string }[]): Promise<void> {
    const input = { logGroupName: this.#group, logStreamName: this.#stream, logEvents };
    const opened = this.#state === "open";
    if (!opened) await this.#open();
    try {
      await this.#call("PutLogEvents", input);
    } catch (error) {
      if (!opened || !isError(error, "ResourceNotFoundException")) throw error;
      // Deleted under a warm environment: made anew. Another project's test counts on it, and was recorded on AWS
      // (LocalStack, test_maxeventage, 2025-11-27).
      await this.#open();
      await this.#call("PutLogEvents", input);
    }
  }

  /**
   * A function's group is made by the function where it is missing and its role may: «Sending Lambda function logs to
   * CloudWatch Logs».
   */
  async #open(): Promise<void> {
    const stream = { logGroupName: this.#group, logStreamName: this.#stream };
    if (!(await this.#created("CreateLogStream", stream))) {
      await this.#created("CreateLogGroup", { logGroupName: this.#group });
      await this.#call("CreateLogStream", stream);
    }
    this.#state = "open";
  }

  /**
   * Whether it is there now: two environments that start together both find no group, and one of them makes it first.
   */
  async #created(operation: string, input: object): Promise<boolean> {
    try {
      await this.#call(operation, input);
      return true;
    } catch (error) {
      if (isError(error, "ResourceAlreadyExistsException")) return true;
      if (isError(error, "ResourceNotFoundException")) return false;
      throw error;
    }
  }

  /** @throws Stopped where the cloud has been emptied since, whatever the answer was */
  async #call(operation: string, input: object): Promise<unknown> {
    const { account, region } = this.#place;
    this.#life.throwIfAborted();
    const answer = this.#cloud.call({
      service: "logs",
      operation,
      input,
      caller: this.#caller,
      account,
      region,
      cause: this.#span,
    });
    return answer.finally(() => {
      this.#life.throwIfAborted();
    });
  }

  #refuse({ code, message }: AwsError): void {
    this.#state = "refused";
    this.#waiting = [];
    this.#waitingBytes = 0;
    const { account, region, name } = this.#place;
    this.#cloud.effect({
      span: this.#span,
      account,
      region,
      service: "lambda",
      name: "NotLogged",
      outcome: "failed",
      error: { code, message: `Nothing that function ${name} logs is kept: ${message}` },
      detail: { logGroup: this.#group },
    });
  }
}
