// The operator of a test: `hooks redrive` without its process.
import { IAM } from "@aws-sdk/client-iam";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { type QueueReport, type Work, redriveQueue } from "../../hooks/redrive/redrive.ts";
import { EVERYBODY, type Vouching, functionRoleId } from "../../hooks/redrive/vouching.ts";
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

/** An operator who takes the letters of these accounts for the customers' own. */
export const vouching = (account: string, roleId: string, accounts: readonly string[] = [EVERYBODY]): Vouching => ({
  functionRoleId: roleId,
  accounts,
  redrivenBy: `arn:aws:iam::${account}:user/operator`,
});

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
    // Letters made by hand are none of the function's.
    vouching: side === "customer" ? undefined : vouching(account, "unknown"),
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
  vouchedFor?: readonly string[],
): Promise<QueueReport[]> {
  const reports: QueueReport[] = [];
  const config = running.config(account);
  const { functionAliasArn, deadLetterQueueUrls } = outputs;
  const roleId = () => functionRoleId(new Lambda(config), new IAM(config), functionAliasArn);
  const more = side === "customer" ? {} : { vouching: vouching(account, await roleId(), vouchedFor) };
  const work = redriveWork(running, side, outputs, more, account);
  for (const [name, url] of Object.entries(deadLetterQueueUrls as Readonly<Record<string, string>>))
    reports.push(await redriveQueue(work, { name, url }));
  return reports;
}
