// What `npm start` and `npm run local` take, and how a mistake in it is said.
import { parseArgs } from "node:util";

export const DEFAULT_PORT = 4499;

export interface CommandLine {
  /** Undefined: not given. */
  readonly port: number | undefined;
  readonly once: boolean;
  /** Where the profiles are written instead of `.local/`. Undefined: not given. */
  readonly folder: string | undefined;
}

const OPTIONS = { port: { type: "string" }, once: { type: "boolean" }, folder: { type: "string" } } as const;

/** A user's mistake: its sentence is all that is shown. */
export class UsageError extends Error {}

function parsed(args: readonly string[], refuse: (sentence: string) => UsageError) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    // Node's own sentence: «Unknown option '--prot'. …»
    throw refuse((error instanceof Error ? error.message : String(error)).replace(/\.?$/, "."));
  }
}

/** Throws UsageError. `once` is only known to `npm start`, `folder` only to `npm run local`. */
export function commandLine(args: readonly string[], known: { readonly once: boolean }): CommandLine {
  const usage = known.once ? "npm start -- [--once] [--port N]" : "npm run local -- [--port N] [--folder PATH]";
  const refuse = (sentence: string) => new UsageError(`${sentence} Use: ${usage}`);
  const { port, once = false, folder } = parsed(args, refuse);
  if (once && !known.once) throw refuse("There is no --once here.");
  if (folder !== undefined && known.once) throw refuse("There is no --folder here.");
  if (port === undefined) return { port: undefined, once, folder };
  const number = Number(port);
  if (!/^\d+$/.test(port) || number < 1 || number > 65_535) {
    throw refuse(`"${port}" is no port: give a number from 1 to 65535.`);
  }
  return { port: number, once, folder };
}

/** Runs a command; a user's mistake, or a port that is taken, ends it with its sentence and exit code 1, anything else with its stack. */
export async function runCommand(
  command: () => Promise<void>,
  ...mistakes: readonly (new (...args: never[]) => Error)[]
): Promise<void> {
  try {
    await command();
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof UsageError || mistakes.some((mistake) => error instanceof mistake))
      console.error((error as Error).message);
    else throw error;
  }
}

/** Resolves at the first SIGINT or SIGTERM. */
export const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => {
        resolve();
      });
  });
