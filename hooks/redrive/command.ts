// `hooks redrive`: what the operator types, and sees.
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { Argument, type Command, InvalidArgumentError } from "commander";
import yoctoSpinner from "yocto-spinner";
import { ACCOUNT_ID } from "../../shared/contract/names.ts";
import { openDeployment } from "../deployment.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptible } from "../interruptible.ts";
import { chosenQueues } from "../letters/queue.ts";
import { type SideOptions, positive, several, withSideOptions } from "../options.ts";
import { SIDES, type Side } from "../sides.ts";
import { type QueueReport, redriveQueue } from "./redrive.ts";
import { hasFailed, reportText } from "./report.ts";
import { UserError } from "../user-error.ts";
import { EVERYBODY, functionRoleId } from "./vouching.ts";

interface RedriveOptions extends SideOptions {
  readonly queue?: readonly string[];
  readonly reason?: readonly string[];
  readonly dryRun?: boolean;
  readonly max?: number;
  readonly vouch?: readonly string[];
  readonly json?: boolean;
}

export function addRedrive(program: Command): void {
  const command = program
    .command("redrive")
    .summary("sends what lies in a side's dead-letter queues to its function again")
    .description(
      "Sends each letter of a side's dead-letter queues to its function again, through the alias, and removes it from " +
        "the queue when Lambda has accepted it. It may be interrupted, run twice, and run beside another run.",
    )
    .addArgument(new Argument("<side>", "whose queues").choices(SIDES))
    .option("--queue <name>", "only this queue, as the stack's deadLetterQueueUrls calls it; may be repeated", several)
    .option("--reason <text>", "only letters with this reason, as a dry run shows it; may be repeated", several)
    .option("--dry-run", "reads the letters and says what would be sent; all of them stay")
    .option(
      "--vouch <account>",
      "of the partner: takes letters that speak for this customer as its own, though nobody knows who published them; " +
        `may be repeated; ${EVERYBODY}: for each customer`,
      vouched,
    )
    .option("--max <n>", "sends no more than so many letters", positive("letters"))
    .option("--json", "prints the report as JSON");
  withSideOptions(command).action((side: Side, options: RedriveOptions) => redrive(side, options));
}

function vouched(value: string, before: readonly string[] = []): readonly string[] {
  if (value !== EVERYBODY && !ACCOUNT_ID.test(value))
    throw new InvalidArgumentError(`It takes an account of 12 digits, or ${EVERYBODY}.`);
  return [...before, value];
}

async function redrive(side: Side, options: RedriveOptions): Promise<void> {
  const { outputs, client, callerArn } = await openDeployment(side, options);
  if (side === "customer" && options.vouch !== undefined)
    throw new UserError(
      "--vouch is the partner's: a letter of the customer's can speak of its own account's things alone. Leave it out.",
    );
  const queues = chosenQueues(outputs.deadLetterQueueUrls, options.queue);
  const signal = interruptible("no letter is lost by it");
  // Nothing is drawn where nobody looks: yocto-spinner shows its first and its last line there.
  const spinner = process.stderr.isTTY && options.json !== true ? yoctoSpinner({ handleSignals: false }) : undefined;
  const lambda = new LambdaClient(client);
  const work = {
    side,
    sqs: new SQSClient(client),
    lambda,
    functionAliasArn: outputs.functionAliasArn,
    vouching:
      side === "customer"
        ? undefined
        : {
            functionRoleId: await functionRoleId(lambda, new IAMClient(client), outputs.functionAliasArn),
            accounts: options.vouch ?? [],
            redrivenBy: callerArn,
          },
    reasons: options.reason,
    dryRun: options.dryRun === true,
    budget: { left: options.max ?? Infinity },
    signal,
  };
  const reports: QueueReport[] = [];
  try {
    for (const queue of queues) {
      spinner?.start(`${queue.name}: reading`);
      const progress = (read: number) => {
        if (spinner) spinner.text = `${queue.name}: ${read} letters read`;
      };
      reports.push(await redriveQueue({ ...work, progress }, queue));
      if (signal.aborted || work.budget.left <= 0) break;
    }
  } finally {
    spinner?.stop();
  }
  console.log(options.json === true ? JSON.stringify({ queues: reports }, null, 2) : reportText(reports));
  if (signal.aborted) process.exitCode = EXIT.interrupted;
  else if (reports.some(hasFailed)) process.exitCode = EXIT.attention;
}
