// `hooks cost`: what an event costs, by what a run on the embedded AWS counted. It asks AWS nothing.
import { type Command, Option } from "commander";
import { positive } from "../options.ts";
import { inJson } from "../printable.ts";
import { CHANGE_NAMES, type Change } from "./changes.ts";
import { positionsOf, totalOf } from "./estimate.ts";
import { PRICES, PRICES_OF } from "./prices.ts";
import { costText, differences } from "./report.ts";

interface CostOptions {
  readonly events: number;
  readonly debug: boolean;
  readonly registry: boolean;
  readonly basicIngest?: boolean;
  readonly systemLogLevel: "INFO" | "WARN";
  readonly memory: number;
  readonly duration: number;
  readonly furtherTrail?: boolean;
  readonly json?: boolean;
}

export function addCost(program: Command): void {
  program
    .command("cost")
    .summary("what an event costs, on either side")
    .description(
      "Says what a million events cost on either side, from what AWS bills for one event as the embedded AWS counted " +
        "it, times list prices.",
    )
    .option("--events <n>", "events a month", positive("events"), 1_000_000)
    .option("--no-debug", "with debug: false at the partner")
    .option("--no-registry", "with registry: false at the partner")
    .option("--basic-ingest", "with basicIngest: true at the partner, and its rule named at the customer")
    .addOption(
      new Option("--system-log-level <level>", "systemLogLevel on both sides")
        .choices(["INFO", "WARN"])
        .default("INFO"),
    )
    .option("--memory <mb>", "memory of each function", positive("MB"), 256)
    .option("--duration <ms>", "what Lambda bills for an invocation: its logs have it", positive("milliseconds"), 100)
    .option("--further-trail", "the customer's account has another trail that logs management events")
    .option("--json", "prints it as JSON")
    .addHelpText("after", "\nExamples:\n  hooks cost --events 200000\n  hooks cost --no-debug --duration 60")
    .action(cost);
}

/** The changes of the default that options ask for. */
function changesOf({ debug, registry, basicIngest, systemLogLevel }: CostOptions): readonly Change[] {
  const chosen: Readonly<Record<Change, boolean>> = {
    "debug: false": !debug,
    "registry: false": !registry,
    "basicIngest: true": basicIngest === true,
    "systemLogLevel: WARN": systemLogLevel === "WARN",
  };
  return CHANGE_NAMES.filter((change) => chosen[change]);
}

function cost(options: CostOptions): void {
  const { events, memory, duration, furtherTrail, json } = options;
  const changed = changesOf(options);
  const assumed = { memory, duration, furtherTrail: furtherTrail === true };
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
