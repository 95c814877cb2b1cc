// `hooks queues`: what lies in a side's dead-letter queues, and why. It changes nothing.
import { SQSClient } from "@aws-sdk/client-sqs";
import { Argument, type Command } from "commander";
import { openDeployment } from "../deployment.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptible } from "../interruptible.ts";
import { lookInto } from "../letters/look.ts";
import { chosenQueues, depthOf, inQueue } from "../letters/queue.ts";
import type { OutputsOf } from "../outputs.ts";
import { type SideOptions, positive, several, withSideOptions } from "../options.ts";
import { inJson } from "../printable.ts";
import { SIDES, type Side } from "../sides.ts";
import { type QueueView, lettersText, queuesText } from "./report.ts";

interface QueuesOptions extends SideOptions {
  readonly queue?: readonly string[];
  readonly read: number;
  readonly letters?: number;
  readonly json?: boolean;
}

/** Enough for the reasons, and so few that they aren't hidden for long. */
const READ = 100;

export function addQueues(program: Command): void {
  const command = program
    .command("queues")
    .summary("what lies in a side's dead-letter queues, and why")
    .description(
      "Says how many letters lie in each dead-letter queue of a side, how old the oldest is, and for which reasons " +
        "they are there. All of them stay; while they are read, nobody else can receive them.",
    )
    .addArgument(new Argument("<side>", "whose queues").choices(SIDES))
    .option("--queue <name>", "only this queue, as the stack's deadLetterQueueUrls calls it; may be repeated", several)
    .option("--read <n>", "reads so many letters of each queue for their reasons", positive("letters"), READ)
    .option("--letters <n>", "shows so many of the letters that were read, the oldest first", positive("letters"))
    .option("--json", "prints it as JSON")
    .addHelpText(
      "after",
      `
Examples:
  hooks queues partner
  hooks queues customer --queue announce --letters 5 --profile customer

It ends with 1 where there are letters.`,
    );
  withSideOptions(command).action((side: Side, options: QueuesOptions) => queues(side, options));
}

async function queues(side: Side, options: QueuesOptions): Promise<void> {
  const { outputs, client } = await openDeployment(side, options);
  const signal = interruptible("no letter is lost by it");
  const sqs = new SQSClient(client);
  const most = Math.max(options.read, options.letters ?? 0);
  const views: QueueView[] = [];
  for (const { name, url } of chosenQueues({ ...outputs.deadLetterQueueUrls, ...ofSchedule(outputs) }, options.queue)) {
    if (signal.aborted) break;
    // Before the look, which hides what it sees.
    const depth = await depthOf(sqs, url);
    const taker = name in ofSchedule(outputs) ? "reconcile" : side;
    const seen = await lookInto(sqs, { taker, url, most, signal });
    views.push({ queue: name, ...depth, ...seen, letters: [...seen.letters].sort((a, b) => a.sentAt - b.sentAt) });
  }
  print(views, options);
  if (signal.aborted) process.exitCode = EXIT.interrupted;
  else if (views.some((view) => inQueue(view) + view.letters.length > 0)) process.exitCode = EXIT.attention;
}

/** The schedule's queues, whose letters nobody sends again. */
const ofSchedule = (outputs: OutputsOf[Side]): object =>
  (outputs as Partial<OutputsOf["customer"]>).reconciliation?.deadLetterQueueUrls ?? {};

function print(views: readonly QueueView[], { json, letters }: QueuesOptions): void {
  if (json === true) {
    const shown = views.map((view) => ({ ...view, letters: view.letters.slice(0, letters ?? view.letters.length) }));
    console.log(inJson({ queues: shown }));
    return;
  }
  console.log(queuesText(views, Date.now()));
  if (letters !== undefined) console.log(lettersText(views, letters));
}
