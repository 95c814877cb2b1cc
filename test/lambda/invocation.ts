// What Lambda tells a handler of an invocation, and the letters that it writes.
import type { Line, Measure, Measured } from "../../shared/lambda/meter.ts";
import type { Invocation, Letter } from "../../shared/lambda/letter.ts";

export const invocation = (remaining = 30_000): Invocation => ({
  awsRequestId: "9d1f1f0a-3333-4a5b-8c9d-0123456789ab",
  functionVersion: "7",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:111111111111:function:announce-7f3a:live",
  getRemainingTimeInMillis: () => remaining,
});

export const QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/111111111111/failures";

/** What a function measured: customer, values, reason of what it rejected. Lines are without their request. */
export class Gauge {
  readonly values: (readonly [string, Readonly<Measured>, string?])[] = [];
  readonly #lines: Line[];

  constructor(lines: Line[] = []) {
    this.#lines = lines;
  }

  readonly measure: Measure = ({ requestId: _, ...line }, customer, values) => {
    this.#lines.push(Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined)));
    const reason = values.Rejected === undefined ? undefined : line.reason;
    this.values.push(reason === undefined ? [customer, { ...values }] : [customer, { ...values }, reason]);
  };
}

/** A failure queue in memory. */
export class LetterBox {
  readonly letters: Letter[] = [];
  /** Set: what the queue says instead of taking a letter. */
  refusal: Error | undefined;

  readonly send = (letter: string): Promise<void> => {
    if (this.refusal) return Promise.reject(this.refusal);
    this.letters.push(JSON.parse(letter) as Letter);
    return Promise.resolve();
  };
}
