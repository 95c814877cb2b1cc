// Letters as AWS and the functions write them, made by hand: of a thing `lamp` of the customer's.
import { SQS } from "@aws-sdk/client-sqs";
import { CUSTOMER, DEFAULT_REGION, PARTNER, type RunningCloud } from "../flow/deployment.ts";
import { recordOf } from "../lambda/records.ts";
import { MESSAGE, ruleEvent } from "../lambda/rule-events.ts";
import type { Queue } from "../../hooks/letters/queue.ts";

/** CloudTrail's event of a thing's creation, with an id of its own. */
export const eventOf = (thingName: string) =>
  recordOf("create_thing", {
    eventID: `of-${thingName}`,
    requestParameters: { thingName },
    responseElements: { thingName, thingArn: thingArnOf(thingName), thingId: `id-of-${thingName}` },
  });
/** What the partner's rule makes of the message about it. */
export const ruleEventOf = (thingName: string) =>
  ruleEvent({
    ...MESSAGE,
    thingName,
    thingArn: thingArnOf(thingName),
    thingId: `id-of-${thingName}`,
    defaultClientId: thingName,
    hook: { ...MESSAGE.hook, eventId: `of-${thingName}` },
  });
const thingArnOf = (thingName: string) => `arn:aws:iot:${DEFAULT_REGION}:${CUSTOMER}:thing/${thingName}`;

export const EVENT = eventOf("lamp");
export const RULE_EVENT = ruleEventOf("lamp");

export interface Written {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** «Using dead-letter queues to process undelivered events», EventBridge user guide. */
export const ofEventBridge = (event: unknown = EVENT, code = "NO_PERMISSIONS"): Written => ({
  body: JSON.stringify(event),
  attributes: {
    RULE_ARN: `arn:aws:events:${DEFAULT_REGION}:${CUSTOMER}:rule/registry`,
    TARGET_ARN: `arn:aws:lambda:${DEFAULT_REGION}:${CUSTOMER}:function:announce:live`,
    ERROR_CODE: code,
    ERROR_MESSAGE: "Lambda was not authorized to be invoked",
  },
});

/** «Capturing records of Lambda asynchronous invocations»; the members that a test needs can be replaced. */
export const ofLambda = (requestPayload: unknown, more: object = {}): Written => ({
  body: JSON.stringify({
    version: "1.0",
    timestamp: "2026-01-02T03:04:05.678Z",
    requestContext: {
      requestId: "e4b46cbf-b738-xmpl-8880-a18cdf61200e",
      functionArn: `arn:aws:lambda:${DEFAULT_REGION}:${CUSTOMER}:function:announce:live`,
      condition: "RetriesExhausted",
      approximateInvokeCount: 3,
    },
    requestPayload,
    responseContext: { statusCode: 200, executedVersion: "1", functionError: "Unhandled" },
    responsePayload: { errorMessage: "no", errorType: "AnnounceFailure", trace: [] },
    ...more,
  }),
});

/** As a function writes it of an event that it turned away. */
export const rejected = (requestPayload: unknown, reason: string): Written =>
  ofLambda(requestPayload, {
    requestContext: { requestId: "1", functionArn: "arn", condition: "Rejected", approximateInvokeCount: 1 },
    responsePayload: { errorType: "RejectedMessage", errorMessage: "no", reason, eventId: MESSAGE.hook.eventId },
  });

/** «Error handling (error action)», AWS IoT developer guide. */
export const ofIot = ({ topic, data }: typeof RULE_EVENT = RULE_EVENT, prefix = ""): Written => ({
  body: JSON.stringify({
    ruleName: "receive",
    topic: `${prefix}${topic}`,
    cloudwatchTraceId: "7e146a2c-95b5-6caf-98b9-50e3969734c7",
    clientId: "n/a",
    base64OriginalPayload: data,
    failures: [{ failedAction: "LambdaAction", failedResource: "arn", errorMessage: "Failed to invoke." }],
  }),
});

let queues = 0;

/** A queue of one side's account, and what a test does with it by hand. */
export class LetterQueue implements Queue {
  readonly name = "letters";
  readonly url: string;
  readonly sqs: SQS;

  private constructor(sqs: SQS, url: string) {
    this.sqs = sqs;
    this.url = url;
  }

  static async make(running: RunningCloud, side: "customer" | "partner"): Promise<LetterQueue> {
    const sqs = new SQS(running.config(side === "customer" ? CUSTOMER : PARTNER));
    const { QueueUrl = "" } = await sqs.createQueue({ QueueName: `letters-${queues++}` });
    return new LetterQueue(sqs, QueueUrl);
  }

  async write(...letters: readonly Written[]): Promise<void> {
    for (const { body, attributes = {} } of letters)
      await this.sqs.sendMessage({
        QueueUrl: this.url,
        MessageBody: body,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
        ),
      });
  }

  /** Visible ones, and those that somebody has received. */
  async depth(): Promise<{ readonly visible: number; readonly hidden: number }> {
    const { Attributes } = await this.sqs.getQueueAttributes({ QueueUrl: this.url, AttributeNames: ["All"] });
    return {
      visible: Number(Attributes?.ApproximateNumberOfMessages),
      hidden: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
    };
  }
}
