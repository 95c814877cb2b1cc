// What a command takes, how it says so (`--help`), and how a user's mistake is said.
import { constants } from "node:os";
import { parseArgs } from "node:util";
import { wrap } from "./show/wrap.ts";

export const DEFAULT_PORT = 4499;

/** A user's mistake: its sentence is all that is shown. */
export class UsageError extends Error {}

/** A signal came before the command was done. */
class Interrupted extends Error {}

/** `--help`: its text is what was asked for. */
class HelpWanted extends Error {}

interface Option {
  /** What stands for the value in the help, such as N; an option without one is a switch. */
  readonly value?: string;
  readonly says: string;
}

export interface Command {
  /** As it is typed: `npm start --`. */
  readonly call: string;
  /** What stands for the words that are no options, such as PROFILE. */
  readonly words?: string;
  readonly says: string;
  readonly options: Readonly<Record<string, Option>>;
}

export interface CommandLine {
  /** Of the switches, those that were given. */
  readonly switches: ReadonlySet<string>;
  readonly values: Readonly<Partial<Record<string, string>>>;
  readonly words: readonly string[];
  /** An error that ends with how the command is used. */
  readonly refuse: (sentence: string) => UsageError;
}

const HELP: Option = { says: "shows this" };
const typed = (name: string, { value }: Option): string => `--${name}${value === undefined ? "" : ` ${value}`}`;

const usageOf = ({ call, words, options }: Command): string =>
  [call, ...(words === undefined ? [] : [words]), ...Object.entries(options).map(([name, o]) => `[${typed(name, o)}]`)]
    .join(" ")
    .trim();

/** The text of `--help`, in 80 columns. */
function helpOf(command: Command): string {
  const rows = Object.entries({ ...command.options, help: HELP }).map(
    ([name, option]) => [typed(name, option), option.says] as const,
  );
  const left = Math.max(...rows.map(([option]) => option.length)) + 4;
  const lines = rows.flatMap(([option, says]) =>
    wrap(says, 80 - left).map((line, index) => (index === 0 ? `  ${option}` : "").padEnd(left) + line),
  );
  return [`${usageOf(command)}\n`, ...wrap(command.says, 80), "", ...lines].join("\n");
}

/** Throws UsageError. */
export function commandLine(args: readonly string[], command: Command): CommandLine {
  const refuse = (sentence: string) => new UsageError(`${sentence} Use: ${usageOf(command)}`);
  const options = Object.fromEntries(
    Object.entries({ ...command.options, help: HELP }).map(
      ([name, { value }]) => [name, { type: value === undefined ? "boolean" : "string" }] as const,
    ),
  );
  let found;
  try {
    found = parseArgs({ args: [...args], options, allowPositionals: command.words !== undefined });
  } catch (error) {
    // Node's own sentence: «Unknown option '--prot'. …»
    throw refuse((error instanceof Error ? error.message : String(error)).replace(/\.?$/, "."));
  }
  if (found.values.help === true) throw new HelpWanted(helpOf(command));
  const switches = new Set<string>();
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(found.values)) {
    if (typeof value === "string") values[name] = value;
    else switches.add(name);
  }
  return { switches, values, words: found.positionals, refuse };
}

export const PORT_OPTION: Option = { value: "N", says: `the port it listens on, ${DEFAULT_PORT} unless told` };

/** The port of `--port`; undefined where none is given. Throws UsageError. */
export function portOf({ values: { port }, refuse }: CommandLine): number | undefined {
  if (port === undefined) return undefined;
  const number = Number(port);
  if (!/^\d+$/.test(port) || number < 1 || number > 65_535)
    throw refuse(`"${port}" is no port: give a number from 1 to 65535.`);
  return number;
}

/** What a command may wait for. */
export interface Interruption {
  /** Resolves at the first SIGINT, SIGTERM or SIGHUP. */
  readonly came: Promise<void>;
  /** What the work comes to; rejects as soon as a signal comes, which ends the command. */
  readonly orEnd: <T>(work: Promise<T>) => Promise<T>;
}

/**
 * npm hands a terminal's Ctrl-C on to those who got it already: a signal counts as a second one after this time only.
 */
const SAME_SIGNAL_MS = 1000;

function interruption(): Interruption & { code(): number } {
  let code = 0;
  let since = 0;
  const came = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => {
        if (code !== 0) {
          if (performance.now() - since > SAME_SIGNAL_MS) process.exit(code);
          return;
        }
        code = 128 + constants.signals[signal];
        since = performance.now();
        // What is under way fails now, and nobody waits for it.
        process.on("unhandledRejection", () => undefined);
        resolve();
      });
  });
  const end = came.then(() => Promise.reject(new Interrupted()));
  end.catch(() => undefined);
  return { came, code: () => code, orEnd: (work) => Promise.race([work, end]) };
}

/**
 * Runs a command. A user's mistake, or one of `mistakes`, ends it with its sentence and exit code 1; a signal that
 * comes before it is done with the signal's code, after what it does `finally`; anything else with its stack.
 */
export async function runCommand(
  command: (interruption: Interruption) => Promise<void>,
  ...mistakes: readonly (new (...args: never[]) => Error)[]
): Promise<void> {
  const signals = interruption();
  // Who reads has read enough: `npm start | head`.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
  try {
    await command(signals);
  } catch (error) {
    if (error instanceof Interrupted) process.exit(signals.code());
    if (error instanceof HelpWanted) {
      console.log(error.message);
      return;
    }
    process.exitCode = 1;
    if (error instanceof UsageError || mistakes.some((mistake) => error instanceof mistake))
      console.error((error as Error).message);
    else throw error;
  }
}
