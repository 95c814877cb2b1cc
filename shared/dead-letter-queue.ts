// Where a hop puts what it couldn't hand on: kept for two weeks, and even when the stack goes, unless told otherwise.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { regionalArn } from "./contract/names.ts";
import { type PolicyDocument, type Statement, policyDocument } from "./policy-document.ts";

/** As long as SQS keeps anything (SQS API Reference, SetQueueAttributes): time to notice, to mend, to send again. */
const RETENTION_SECONDS = 14 * 24 * 60 * 60;

export interface DeadLetterQueueArgs {
  readonly account: { readonly accountId: pulumi.Input<string>; readonly region: pulumi.Input<string> };
  /**
   * ARN of the EventBridge rule whose letters these are. EventBridge sends as a service; Lambda and IoT rules send as
   * roles of this account, whose own policies let them.
   */
  readonly eventRuleArn?: pulumi.Input<string>;
  /** Whether the queue stays, with its letters, when the stack is destroyed. */
  readonly keepOnDestroy: boolean;
}

export class DeadLetterQueue extends pulumi.ComponentResource {
  readonly queue: aws.sqs.Queue;
  readonly policy: aws.sqs.QueuePolicy;
  /** Of names alone, and not the queue's own output: a preview knows it. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: DeadLetterQueueArgs, opts: pulumi.ComponentResourceOptions) {
    super("iot-hooks:shared:DeadLetterQueue", name, {}, opts);
    const { account, eventRuleArn, keepOnDestroy } = args;
    const kept = { parent: this, retainOnDelete: keepOnDestroy };

    this.queue = new aws.sqs.Queue(
      name,
      { messageRetentionSeconds: RETENTION_SECONDS, sqsManagedSseEnabled: true },
      kept,
    );
    this.arn = pulumi
      .all([account, this.queue.name])
      .apply(([{ accountId, region }, queue]) => regionalArn("sqs", { accountId, region }, queue));
    this.policy = new aws.sqs.QueuePolicy(
      name,
      {
        queueUrl: this.queue.url,
        policy: pulumi.all([this.arn, eventRuleArn]).apply(([arn, rule]) => access(arn, rule)),
      },
      kept,
    );
    this.registerOutputs({ queueUrl: this.queue.url });
  }
}

/** EventBridge User Guide, "Using dead-letter queues": the one rule may send. And nobody does anything without TLS. */
const access = (queueArn: string, eventRuleArn: string | undefined): PolicyDocument =>
  policyDocument(
    {
      Sid: "DenyWithoutTls",
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Resource: queueArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    ...(eventRuleArn === undefined
      ? []
      : [
          {
            Sid: "LettersOfTheRule",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: queueArn,
            Condition: { ArnEquals: { "aws:SourceArn": eventRuleArn } },
          } satisfies Statement,
        ]),
  );

/** What a role needs whose letters these are. */
export const sendDeadLetters = (queueArn: string): Statement => ({
  Sid: "SendDeadLetters",
  Effect: "Allow",
  Action: "sqs:SendMessage",
  Resource: queueArn,
});
