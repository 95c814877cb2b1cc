// `hooks backfill`: what the operator types, and sees.
import { setTimeout } from "node:timers/promises";
import { IoTClient } from "@aws-sdk/client-iot";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { type Command, InvalidArgumentError, Option } from "commander";
import yoctoSpinner from "yocto-spinner";
import { Pace } from "../../customer/lambda/pace.ts";
import { SyncRefused, SyncUnavailable } from "../../customer/lambda/sync-sender.ts";
import { regionalArn } from "../../shared/contract/names.ts";
import { type Deployment, openDeployment } from "../deployment.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptible } from "../interruptible.ts";
import { type SideOptions, withSideOptions } from "../options.ts";
import { UserError } from "../user-error.ts";
import type { Progress } from "./checkpoint.ts";
import { type Listing, type Selection, listingOf } from "./listing.ts";
import { type AskedRates, type Rates, ratesOf } from "./rates.ts";
import { dryRunText, progressText, reportText } from "./report.ts";
import { type Outcome, type Work, backfill } from "./run.ts";

interface BackfillOptions extends SideOptions, Selection, AskedRates {
  readonly checkpoint?: string;
  readonly known?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

function rate(value: string): number {
  const perSecond = Number(value);
  if (!(perSecond > 0 && perSecond <= 10_000))
    throw new InvalidArgumentError("It takes a number above 0, and at most 10000.");
  return perSecond;
}

/** No "2h", which would be another time when the same command goes on; and no "5", which Date takes for May 2001. */
function time(value: string): Date {
  const date = new Date(value);
  if (!/^\d{4}-\d\d-\d\d/.test(value) || Number.isNaN(date.getTime()))
    throw new InvalidArgumentError("It takes a time such as 2026-01-31T12:00:00Z.");
  return date;
}

const EXAMPLES = `
Examples:
  $ hooks backfill --profile customer --dry-run                 how many there are, and how long it would take
  $ hooks backfill --profile customer                           all of them; the same again goes on after an interruption
  $ hooks backfill --profile customer --since 2026-01-31        those that were created or updated since then
  $ hooks known --profile partner --customer 111111111111 --to known.txt
  $ hooks backfill --profile customer --known known.txt         and what the partner has, but isn't there any more`;

export function addBackfill(program: Command): void {
  const command = program
    .command("backfill")
    .summary("announces the customer's things as they are")
    .description(
      "Lists the customer's things and has the announce function announce each as it is, as sync_thing. What the " +
        "partner knows already changes nothing there. It may be interrupted, killed, and run again: it goes on from " +
        "its checkpoint.",
    )
    .option("--rate <n>", "things a second, at most; default: half of the account's quota of DescribeThing", rate)
    .option(
      "--list-rate <n>",
      "list calls a second, at most; default: the account's quota of them, and 2 with --since",
      rate,
    )
    .addOption(new Option("--type <name>", "only things of this type").conflicts(["group", "since"]))
    .addOption(new Option("--group <name>", "only things of this group and those below it").conflicts("since"))
    .option("--since <time>", "only things that were created or updated since, by CloudTrail's history: 90 days", time)
    .addOption(
      new Option(
        "--known <file>",
        "what the partner knows, from `hooks known`: what isn't there is deleted there",
      ).conflicts(["type", "group", "since"]),
    )
    .option("--checkpoint <file>", "where it writes down where it is; default: hooks-backfill-ACCOUNT-REGION.json here")
    .option("--dry-run", "lists and counts; nothing is announced")
    .option("--json", "prints the report as JSON")
    .addHelpText("after", EXAMPLES);
  withSideOptions(command).action((options: BackfillOptions) => run(options));
}

async function run(options: BackfillOptions): Promise<void> {
  const customer = await openDeployment("customer", options);
  const iot = new IoTClient(customer.client);
  const listing = listingOf(options, iot, customer.client);
  const signal = interruptible(
    options.dryRun === true ? "nothing is announced" : "the next run goes on from the checkpoint",
  );
  const rates = await ratesOf(options, listing, customer.client, (line) => {
    console.error(line);
  });
  const shown = process.stderr.isTTY && options.json !== true;
  const work = workOf(options, customer, { listing, rates, signal });
  const outcome = await shownAs(shown, (progress) => finished(backfill({ ...work, counts: shown, progress }), work));
  console.log(
    options.json === true
      ? JSON.stringify(jsonOf(outcome, listing, rates), null, 2)
      : textOf(options, outcome, work, rates),
  );
  if (signal.aborted) process.exitCode = EXIT.interrupted;
  else if (outcome.failuresFile !== undefined) process.exitCode = EXIT.attention;
}

type Planned = Omit<Work, "counts" | "progress">;

interface Plan {
  readonly listing: Listing;
  readonly rates: Rates;
  readonly signal: AbortSignal;
}

function workOf(options: BackfillOptions, customer: Deployment<"customer">, { listing, rates, signal }: Plan) {
  const { accountId, region, functionAliasArn } = customer.outputs;
  const time = { now: () => performance.now(), wait: (ms: number) => setTimeout(ms) };
  const sender = {
    lambda: new LambdaClient(customer.client),
    functionAliasArn,
    run: "backfill" as const,
    pace: new Pace(rates.things, time),
    wait: time.wait,
  };
  return {
    listing,
    listPace: new Pace(rates.lists, time),
    sender: options.dryRun === true ? undefined : sender,
    checkpoint: options.checkpoint ?? `hooks-backfill-${accountId}-${region}.json`,
    of: `${listing.what}, account ${accountId}, ${region}${options.known === undefined ? "" : ", compared"}`,
    known:
      options.known === undefined
        ? undefined
        : { knownFile: options.known, arnPrefix: regionalArn("iot", customer.outputs, "thing/") },
    now: () => new Date(),
    signal,
  } satisfies Planned;
}

/** Says what to do about an end in the middle. */
async function finished(outcome: Promise<Outcome>, { checkpoint, sender }: Planned): Promise<Outcome> {
  try {
    return await outcome;
  } catch (error) {
    if (!(error instanceof SyncRefused || error instanceof SyncUnavailable)) throw error;
    throw new UserError(
      `${error.message} The function's log says more` +
        (sender === undefined ? "." : `; when it is mended, the same command goes on from ${checkpoint}.`),
      { cause: error },
    );
  }
}

async function shownAs(shown: boolean, work: (progress: Work["progress"]) => Promise<Outcome>): Promise<Outcome> {
  // Nothing is drawn where nobody looks: yocto-spinner shows its first and its last line there.
  if (!shown) return work(() => undefined);
  const spinner = yoctoSpinner({ handleSignals: false }).start("listing");
  const began = performance.now();
  let since: number | undefined;
  try {
    return await work((progress: Progress) => {
      since ??= progress.listed;
      spinner.text = progressText(progress, since, performance.now() - began);
    });
  } finally {
    spinner.stop();
  }
}

const textOf = ({ dryRun }: BackfillOptions, outcome: Outcome, work: Planned, { things }: Rates): string =>
  dryRun === true
    ? dryRunText(outcome, work.listing.what, things, work.known !== undefined)
    : reportText(outcome, work.listing.what, work.checkpoint);

const jsonOf = ({ progress, resumed, isDone, failuresFile }: Outcome, { what }: Listing, { things }: Rates) => ({
  what,
  perSecond: things,
  isDone,
  resumed,
  startedAt: progress.startedAt,
  listed: progress.listed,
  pages: progress.pages,
  ...progress.counts,
  ...(failuresFile === undefined ? {} : { failuresFile }),
});
