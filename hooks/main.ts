#!/usr/bin/env node
// The `hooks` command: one file or folder per subcommand, each adding itself to the program.
import { Command } from "commander";
import { inWords } from "./printable.ts";
import { addRedrive } from "./redrive/command.ts";
import { UserError } from "./user-error.ts";

const program = new Command("hooks")
  .description("What an operator of cross-account IoT hooks types.")
  .showHelpAfterError("(--help says what it takes.)");
addRedrive(program);

try {
  await program.parseAsync();
} catch (error) {
  // The SDK puts $metadata on what AWS, or the way to it, answered: no defect of ours.
  const ofAws = error instanceof Error && "$metadata" in error;
  if (!(error instanceof UserError) && !ofAws) throw error;
  console.error(error instanceof UserError ? error.message : inWords(error));
  process.exitCode = 1;
}
