// `hooks cost`: what an event costs, by what a run on the embedded AWS counted; of a side that is deployed, what it has
// cost, by CloudWatch's counts.
import { Argument, type Command, Option } from "commander";
import { openDeployment } from "../deployment.ts";
import { type BothOptions, optionsOf, positive, withBothOptions } from "../options.ts";
import { inJson } from "../printable.ts";
import { SIDES, type Side } from "../sides.ts";
import { UserError } from "../user-error.ts";
import { CHANGE_NAMES, type Change } from "./changes.ts";
import { ASSUMED, positionsOf, totalOf } from "./estimate.ts";
import { PRICES, PRICES_OF } from "./prices.ts";
import { costText, differences, usedText } from "./report.ts";

type Which = Side | "both";

interface CostOptions extends BothOptions {
  readonly days: number;
  readonly events: number;
  readonly debug?: boolean;
  readonly registry: boolean;
  readonly trigger: "cloudtrail" | "registry-events";
  readonly basicIngest?: boolean;
  readonly systemLogLevel: "INFO" | "WARN";
  readonly memory: number;
  readonly duration: number;
  readonly busy?: boolean;
  readonly furtherTrail?: boolean;
  readonly json?: boolean;
}

export function addCost(program: Command): void {
  const command = program
    .command("cost")
    .summary("what an event costs, on either side")
    .description(
      "Says what a million events cost on either side, from what AWS bills for one event as the embedded AWS counted " +
        "it, times list prices. With a side it asks CloudWatch instead what that side has used.",
    )
    .addArgument(new Argument("[side]", "whose real counts are read").choices([...SIDES, "both"]))
    .option("--days <n>", "with a side: the last so many days, at most 455", days, 30)
    .option("--events <n>", "events a month", positive("events"), 1_000_000)
    .addOption(
      new Option("--trigger <trigger>", "the customer's trigger")
        .choices(["cloudtrail", "registry-events"])
        .default("cloudtrail"),
    )
    .option("--debug", "with debug: true at the partner")
    .option("--no-registry", "with registry: false at the partner")
    .option("--basic-ingest", "with basicIngest: true at the partner, and its rule named at the customer")
    .addOption(
      new Option("--system-log-level <level>", "systemLogLevel on both sides")
        .choices(["INFO", "WARN"])
        .default("WARN"),
    )
    .option("--memory <mb>", "memory of each function", positive("MB"), ASSUMED.memory)
    .option(
      "--duration <ms>",
      "what Lambda bills for an invocation: its logs have it",
      positive("milliseconds"),
      ASSUMED.duration,
    )
    .option("--busy", "each customer announces more than one event a minute: the function remembers who it is")
    .option("--further-trail", "the customer's account has another trail that logs management events")
    .option("--json", "prints it as JSON")
    .addHelpText(
      "after",
      `
Examples:
  hooks cost --events 200000
  hooks cost --trigger registry-events --duration 30
  hooks cost partner --profile partner --days 7`,
    );
  withBothOptions(command).action(async (side: Which | undefined, options: CostOptions) => {
    if (side === undefined) estimate(options);
    else await measure(side, options);
  });
}

/** CloudWatch keeps a day's sum for 455 days (API Reference, GetMetricData). */
const MOST_DAYS = 455;

function days(value: string): number {
  const number = positive("days")(value);
  if (number > MOST_DAYS) throw new UserError(`--days is ${value}, but CloudWatch keeps ${MOST_DAYS} days.`);
  return number;
}

async function measure(which: Which, { days: window, json, ...options }: CostOptions): Promise<void> {
  // Two clients of the SDK, which an estimate doesn't need.
  const { used } = await import("./measured.ts");
  const sides = which === "both" ? SIDES : [which];
  const all = [];
  for (const side of sides)
    all.push(...(await used(await openDeployment(side, optionsOf(side, options)), window, Date.now())));
  console.log(
    json === true ? inJson({ ...PRICES_OF, days: window, used: all, prices: PRICES }) : usedText(all, window),
  );
}

/** The changes of the default that options ask for. */
function changesOf({ trigger, debug, registry, basicIngest, systemLogLevel }: CostOptions): readonly Change[] {
  const chosen: Readonly<Record<Change, boolean>> = {
    "trigger: registry-events": trigger === "registry-events",
    "debug: true": debug === true,
    "registry: false": !registry,
    "basicIngest: true": basicIngest === true,
    "systemLogLevel: INFO": systemLogLevel === "INFO",
  };
  return CHANGE_NAMES.filter((change) => chosen[change]);
}

function estimate(options: CostOptions): void {
  const { events, memory, duration, busy, furtherTrail, json } = options;
  const changed = changesOf(options);
  const assumed = { memory, duration, busy: busy === true, furtherTrail: furtherTrail === true };
  if (json !== true) {
    console.log(costText(changed, assumed, events));
    return;
  }
  const positions = positionsOf(changed, assumed);
  const perMillion = totalOf(positions);
  const perMonth = (perMillion * events) / 1_000_000;
  const changes = Object.fromEntries(differences(changed, assumed));
  console.log(inJson({ ...PRICES_OF, positions, perMillion, perMonth, changes, prices: PRICES }));
}
