// `hooks trace`: what happened to one thing, over both accounts. It changes nothing.
import { Argument, type Command, Option } from "commander";
import { EXIT } from "../exit-codes.ts";
import { interruptible } from "../interruptible.ts";
import { wantsColour } from "../output.ts";
import { type BothOptions, accountId, positive, since, withBothOptions } from "../options.ts";
import { inJson } from "../printable.ts";
import { SIDES, type Side } from "../sides.ts";
import { storyText, wentWrong } from "./show.ts";
import { openSides, sourcesOf } from "./sources.ts";
import { type Story, tell, whose } from "./story.ts";
import { checkWhose, ofCustomer, readWanted } from "./wanted.ts";

type TraceOptions = BothOptions & {
  readonly since: number;
  readonly only?: Side;
  readonly customer?: string;
  readonly letters: number;
  readonly json?: boolean;
};

const DAY_MS = 86_400_000;
const LETTERS = 100;

export function addTrace(program: Command): void {
  const command = program
    .command("trace")
    .summary("what happened to one thing, over both accounts")
    .description(
      "Tells the story of a thing, a group or a type, or of one event, in the order in which it happened: the calls " +
        "that CloudTrail has, what the functions logged, letters that wait in queues, and what the partner's registry " +
        "knows. With access to one side only it tells that half.",
    )
    .addArgument(new Argument("<what>", "a name, an ARN, or an event's id"))
    .option("--since <time>", "from when on logs are read: 90m, 2h, 14d, or a time (default: 1d)", since(Date.now))
    .addOption(new Option("--only <side>", "looks at this side only").choices(SIDES))
    .option("--customer <account>", "of this customer, where several have something of that name", accountId)
    .option("--letters <n>", "reads so many letters of each queue", positive("letters"), LETTERS)
    .option("--json", "prints it as JSON")
    .addHelpText(
      "after",
      `
Examples:
  hooks trace lamp --customer-profile customer --partner-profile partner
  hooks trace arn:aws:iot:us-east-1:111111111111:thing/lamp --only partner --since 7d
  hooks trace lamp --only partner --customer 111111111111
  hooks trace 95683127-eb82-4b3c-b50d-00967919ea6c --json

It ends with 1 where nothing is found, where a letter waits, or where what happened last went wrong.`,
    );
  withBothOptions(command).action((what: string, options: Partial<TraceOptions>) =>
    trace(what, { since: Date.now() - DAY_MS, letters: LETTERS, ...options }),
  );
}

async function trace(what: string, options: TraceOptions): Promise<void> {
  const asked = readWanted(what, options.customer);
  const sides = await openSides(options.only, options);
  const wanted = ofCustomer(asked, sides.customer?.outputs.accountId);
  const signal = interruptible("nothing is changed");
  const sources = sourcesOf(sides, options.letters, signal);
  const story = await tell(wanted, sources, { startTime: options.since }, signal);
  checkWhose(wanted, whose(story, sources.customerId));
  const { calls, lines, letters, known, gaps } = story;
  const look = { colour: wantsColour(process.stdout), registry: sources.registry !== undefined };
  console.log(options.json === true ? inJson({ calls, lines, letters, known, gaps }) : storyText(story, look));
  if (signal.aborted) process.exitCode = EXIT.interrupted;
  else if (wantsAttention(story)) process.exitCode = EXIT.attention;
}

function wantsAttention({ calls, lines, letters, known }: Story): boolean {
  const last = lines.at(-1);
  if (calls.length + lines.length + letters.length + known.length === 0) return true;
  return letters.length > 0 || (last !== undefined && wentWrong(last));
}
