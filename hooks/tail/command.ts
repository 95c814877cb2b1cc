// `hooks tail`: what the functions say, as they say it. By asking CloudWatch Logs again and again, and not by its
// StartLiveTail, which is paid by the minute, ends after three hours and leaves lines out above 500 a second
// (CloudWatch Logs API Reference).
import { setTimeout } from "node:timers/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import { OPERATION_NAMES, isOperation } from "../../shared/contract/operations.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptible } from "../interruptible.ts";
import { type BothOptions, accountId, since, withBothOptions } from "../options.ts";
import { wantsColour } from "../output.ts";
import { inJson, printable } from "../printable.ts";
import { SIDES, type Side } from "../sides.ts";
import { lineStep, stepText } from "../trace/show.ts";
import { groupsOf, openSides } from "../trace/sources.ts";
import { type Filter, follow } from "./follow.ts";

type TailOptions = BothOptions &
  Filter & {
    readonly since?: number;
    readonly only?: Side;
    readonly json?: boolean;
  };

export function addTail(program: Command): void {
  const command = program
    .command("tail")
    .summary("what the functions say, as they say it")
    .description(
      "Shows each line that the two functions log about an event, from now on, until it is interrupted. CloudWatch " +
        "Logs shows a line some seconds after it was written.",
    )
    .option("--since <time>", "also what was said since then: 90m, 2h, or a time", since(Date.now))
    .addOption(new Option("--only <side>", "this side's function only").choices(SIDES))
    .option("--customer <account>", "only what is about this customer", accountId)
    .addOption(new Option("--operation <name>", "only this operation, such as create_thing").argParser(operation))
    .option("--reason <text>", 'only what failed or was rejected for this reason, such as "unknown customer"')
    .option("--json", "prints each line as JSON on a line of its own")
    .addHelpText(
      "after",
      `
Examples:
  hooks tail --customer-profile customer --partner-profile partner
  hooks tail --only partner --customer 111111111111 --reason "operation not allowed"

It ends at Ctrl-C, with 130, or when nobody reads any more, as after \`| head -1\`.`,
    );
  withBothOptions(command).action(tail);
}

/** Of one that there isn't nothing would ever be said. */
function operation(value: string): string {
  if (!isOperation(value)) throw new InvalidArgumentError(`It takes one of ${OPERATION_NAMES.join(", ")}.`);
  return value;
}

async function tail(options: TailOptions): Promise<void> {
  const sides = await openSides(options.only, options);
  const signal = interruptible("nothing is changed");
  for (const [side, why] of Object.entries(sides.missing)) console.error(`Without the ${side}'s: ${printable(why)}`);
  const wait = (ms: number) => setTimeout(ms, undefined, { signal });
  const parts = { groups: groupsOf(sides), customerId: sides.customer?.outputs.accountId, now: Date.now, wait, signal };
  for await (const line of follow(parts, options, options.since ?? Date.now()))
    console.log(
      options.json === true ? inJson(line).replace(/\n */g, "") : stepText(lineStep(line), wantsColour(process.stdout)),
    );
  process.exitCode = EXIT.interrupted;
}
