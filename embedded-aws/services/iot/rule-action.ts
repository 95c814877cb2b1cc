// What a rule does with its output, compiled from what was asked for.
import type { Place } from "../../core/arn.ts";
import type { Cloud } from "../../core/service.ts";
import type { Span } from "../../core/trace.ts";

/** One output of one rule, on its way to the rule's actions. */
export interface ActionRun {
  readonly cloud: Cloud;
  readonly place: Place;
  readonly rule: { readonly name: string; readonly arn: string };
  /** What the SQL made of the message; for an error action the report of what failed. */
  readonly output: Uint8Array;
  readonly span: Span;
}

export interface RuleAction {
  /**
   * As in the metrics' dimension ActionType and, with `Action` behind it, in error reports. AWS IoT's log says
   * SQSAction (aws/aws-iot-device-sdk-java #74, 2018), its guide LambdaAction («Batching HTTP action messages»); that
   * the dimension says the same is not confirmed.
   */
  readonly type: "Lambda" | "SQS";
  /** What it acts on: an ARN, a URL. */
  readonly resource: string;
  readonly roleArn?: string;
  /** First sentence of an error message, and the end of it. */
  readonly failed: string;
  readonly described: string;
  /** Throws what the called service answered. */
  readonly run: (delivery: ActionRun) => Promise<void>;
}
