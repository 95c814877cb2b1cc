// The page's button that sends letters again: the work of `hooks redrive`, on the embedded AWS.
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { ACCOUNTS, DEFAULT_REGION, type EmbeddedAws } from "embedded-aws";
import { outputsByTags } from "../hooks/by-tags.ts";
import { redriveQueue } from "../hooks/redrive/redrive.ts";
import { summaries } from "../hooks/redrive/report.ts";
import { EVERYBODY, functionRoleId } from "../hooks/redrive/vouching.ts";
import type { Side } from "../hooks/sides.ts";
import { UserError } from "../hooks/user-error.ts";
import type { CustomerOutputs } from "../shared/contract/outputs.ts";

export type SideOutputs = Pick<CustomerOutputs, "accountId" | "functionAliasArn"> & {
  readonly deadLetterQueueUrls: Readonly<Record<string, string>>;
};

/**
 * The same where somebody else deployed: an account's side is found by the tags of its functions. Returns a sentence
 * where there is none.
 */
export async function redriveByTags(cloud: EmbeddedAws, accountId: string): Promise<string> {
  const side = ACCOUNTS.find(({ id }) => id === accountId)?.profile === "partner" ? "partner" : "customer";
  const { caller, accessKeyId, secretAccessKey } = cloud.administrator(accountId);
  const credentials = () => Promise.resolve({ accessKeyId, secretAccessKey });
  const client = { endpoint: cloud.endpoint, region: DEFAULT_REGION, maxAttempts: 1, credentials };
  try {
    const access = { client, accountId, callerArn: caller.arn };
    const outputs = await outputsByTags(side, access, { accountId, region: DEFAULT_REGION }, undefined);
    return await redrive(cloud, side, {
      ...outputs,
      deadLetterQueueUrls: outputs.deadLetterQueueUrls as unknown as SideOutputs["deadLetterQueueUrls"],
    });
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** Sends the letters of one side's queues again, as `hooks redrive` does. Returns what became of them. */
export async function redrive(cloud: EmbeddedAws, side: Side, outputs: SideOutputs): Promise<string> {
  const administrator = cloud.administrator(outputs.accountId);
  const client = { endpoint: cloud.endpoint, region: DEFAULT_REGION, credentials: administrator };
  const lambda = new LambdaClient(client);
  const { functionAliasArn } = outputs;
  const work = {
    side,
    sqs: new SQSClient(client),
    lambda,
    functionAliasArn,
    // Who presses the button has the letters before their eyes.
    vouching:
      side === "customer"
        ? undefined
        : {
            functionRoleId: await functionRoleId(lambda, new IAMClient(client), functionAliasArn),
            accounts: [EVERYBODY],
            redrivenBy: administrator.caller.arn,
          },
    reasons: undefined,
    dryRun: false,
    budget: { left: Infinity },
    signal: new AbortController().signal,
    progress: () => undefined,
  };
  const reports = [];
  for (const [name, url] of Object.entries(outputs.deadLetterQueueUrls))
    reports.push(await redriveQueue(work, { name, url }));
  return summaries(reports).join(" ");
}
