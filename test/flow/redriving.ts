// The operator of a test: `hooks redrive` without its process.
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { type QueueReport, type Work, redriveQueue } from "../../hooks/redrive/redrive.ts";
import type { Side } from "../../hooks/sides.ts";
import { CUSTOMER, PARTNER, type RunningCloud } from "./deployment.ts";

/** What a run needs of a deployed side. */
export interface Redrivable {
  readonly functionAliasArn: string;
  readonly deadLetterQueueUrls: object;
}

export const accountOf = (side: Side): string => (side === "customer" ? CUSTOMER : PARTNER);

/** Of an empty queue it says so at once: that all servers are asked by waiting is AWS's affair. */
export function impatient(sqs: SQS): SQS {
  sqs.middlewareStack.add(
    (next) => (args) => {
      if ("WaitTimeSeconds" in args.input) args.input.WaitTimeSeconds = 0;
      return next(args);
    },
    { step: "initialize" },
  );
  return sqs;
}

export function redriveWork(
  running: RunningCloud,
  side: Side,
  { functionAliasArn }: Pick<Redrivable, "functionAliasArn">,
  more: Partial<Work> = {},
  account = accountOf(side),
): Work {
  const config = running.config(account);
  return {
    side,
    sqs: impatient(new SQS(config)),
    lambda: new Lambda(config),
    functionAliasArn,
    redrivenBy: `arn:aws:iam::${account}:user/operator`,
    reasons: undefined,
    dryRun: false,
    budget: { left: Infinity },
    signal: new AbortController().signal,
    progress: () => undefined,
    ...more,
  };
}

/** All queues of a side, as the command does it. */
export async function redriveSide(
  running: RunningCloud,
  side: Side,
  outputs: Redrivable,
  account = accountOf(side),
): Promise<QueueReport[]> {
  const reports: QueueReport[] = [];
  for (const [name, url] of Object.entries(outputs.deadLetterQueueUrls as Readonly<Record<string, string>>))
    reports.push(await redriveQueue(redriveWork(running, side, outputs, {}, account), { name, url }));
  return reports;
}
