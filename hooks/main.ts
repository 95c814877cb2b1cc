#!/usr/bin/env node
// The `hooks` command: one file or folder per subcommand, each adding itself to the program.
import { Command, CommanderError } from "commander";
import { addBackfill } from "./backfill/command.ts";
import { addDoctor } from "./doctor/command.ts";
import { EXIT } from "./exit-codes.ts";
import { addKit } from "./kit/command.ts";
import { addKnown } from "./known/command.ts";
import { endWithReader } from "./output.ts";
import { inSentence, inWords } from "./printable.ts";
import { addCost } from "./cost/command.ts";
import { addCustomer } from "./customer/command.ts";
import { addQueues } from "./queues/command.ts";
import { addRedrive } from "./redrive/command.ts";
import { addSmoke } from "./smoke/command.ts";
import { addTail } from "./tail/command.ts";
import { addTrace } from "./trace/command.ts";
import { UserError } from "./user-error.ts";

const program = new Command("hooks")
  .description("What an operator of cross-account IoT hooks types.")
  .showHelpAfterError("(--help says what it takes.)")
  // Instead of an end of the process: the codes are ours.
  .exitOverride();
addCost(program);
addCustomer(program);
addBackfill(program);
addDoctor(program);
addKit(program);
addKnown(program);
addQueues(program);
addRedrive(program);
addSmoke(program);
addTail(program);
addTrace(program);

endWithReader();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** Says what is wrong, where nobody has yet. Throws what is a defect of ours. */
function exitCodeOf(error: unknown): number {
  // Of --help, and of what it can't read, commander has said everything.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.refused;
  // The SDK puts $metadata on what AWS, or the way to it, answered.
  const ofAws = error instanceof Error && "$metadata" in error;
  if (!(error instanceof UserError) && !ofAws) throw error;
  console.error(error instanceof UserError ? error.message : saidByAws(error));
  return EXIT.refused;
}

/** With what AWS's own words don't say to who lacks a permission. */
function saidByAws(error: Error): string {
  const action = /not authorized to perform: ([\w-]+:\w+)/i.exec(error.message)?.[1];
  if (action === undefined) return inWords(error);
  const account = /arn:[\w-]+:(?:sts|iam)::(\d{12}):/.exec(error.message)?.[1];
  const where = account === undefined ? "" : ` in account ${account}`;
  return (
    `${inSentence(error)} Allow ${action}${where}, or give another profile; docs/operating.md has what each command ` +
    "needs."
  );
}
