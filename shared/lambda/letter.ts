// A letter: what a function writes to its failure queue of an event that no retry mends. It has the shape of the
// record that Lambda itself writes there of an event that failed each time, so that whoever reads the queue reads one
// form (Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations").
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { CLIENT } from "./clients.ts";
import { escaped } from "../contract/printable.ts";

/** What a letter takes from Lambda's context. */
export type Invocation = Pick<
  Context,
  "awsRequestId" | "invokedFunctionArn" | "functionVersion" | "getRemainingTimeInMillis"
>;

export interface Rejection {
  /** Name of the error's class. */
  readonly errorType: string;
  readonly errorMessage: string;
  readonly reason: string;
  readonly eventId: string | undefined;
}

/** Stands for an event that is too large for a letter. It can't be sent again: what was cut off is gone. */
export interface CutPayload {
  readonly cut: true;
  /** Of the whole event, as JSON. */
  readonly bytes: number;
  readonly start: string;
}

export interface Letter {
  readonly version: "1.0";
  readonly timestamp: string;
  readonly requestContext: {
    readonly requestId: string;
    readonly functionArn: string;
    /** Not one of Lambda's own conditions: the function itself turned the event away. */
    readonly condition: "Rejected";
    readonly approximateInvokeCount: 1;
  };
  /** The event as the function got it. */
  readonly requestPayload: unknown;
  readonly responseContext: { readonly statusCode: 200; readonly executedVersion: string };
  readonly responsePayload: Rejection;
}

/**
 * What any queue takes (SQS took no more until 2025). A rule's event with the largest message of AWS IoT has 180 KB,
 * CloudTrail's largest record 256 KB (EventBridge's bound on an event): hardly anything is ever cut.
 */
export const MAX_LETTER_BYTES = 256 * 1024;
const START_CHARACTERS = 1000;

/** SQS API Reference, SendMessage: a message has XML's characters only. What is read from it is the same. */
const inJson = (value: unknown): string => escaped(JSON.stringify(value));

export function letterOf(event: unknown, rejection: Rejection, invocation: Invocation, at: Date): string {
  const letter = (requestPayload: unknown): string =>
    inJson({
      version: "1.0",
      timestamp: at.toISOString(),
      requestContext: {
        requestId: invocation.awsRequestId,
        functionArn: invocation.invokedFunctionArn,
        condition: "Rejected",
        approximateInvokeCount: 1,
      },
      requestPayload,
      responseContext: { statusCode: 200, executedVersion: invocation.functionVersion },
      responsePayload: rejection,
    } satisfies Letter);
  const whole = letter(event);
  if (Buffer.byteLength(whole) <= MAX_LETTER_BYTES) return whole;
  const text = JSON.stringify(event);
  const cut: CutPayload = { cut: true, bytes: Buffer.byteLength(text), start: text.slice(0, START_CHARACTERS) };
  return letter(cut);
}

/** Throws what the SDK throws: then Lambda keeps the event. */
export type SendLetter = (letter: string, signal: AbortSignal) => Promise<void>;

export function failureQueue(queueUrl: string): SendLetter {
  const sqs = new SQSClient(CLIENT);
  return async (letter, abortSignal) => {
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: letter }), { abortSignal });
  };
}
