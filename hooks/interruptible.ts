// The end that an operator asks for.
import { EXIT } from "./exit-codes.ts";

/** npm hands a terminal's Ctrl-C on to those who got it already: it counts as a second one after this time only. */
const SAME_SIGNAL_MS = 1000;

/**
 * Aborts at the first SIGINT or SIGTERM, and ends the process at the second.
 * @param kept what a second one does no harm to, for the sentence that is shown: "no letter is lost"
 */
export function interruptible(kept: string): AbortSignal {
  const controller = new AbortController();
  let since = 0;
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.on(name, () => {
      if (!controller.signal.aborted) {
        since = performance.now();
        controller.abort();
        console.error(`Ending: what is under way is finished first. Once more ends at once; ${kept}.`);
      } else if (performance.now() - since > SAME_SIGNAL_MS) process.exit(EXIT.interrupted);
    });
  return controller.signal;
}
