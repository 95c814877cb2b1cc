// The way to whoever reads what a command prints.
import { EXIT } from "./exit-codes.ts";
import { inSentence } from "./printable.ts";

/**
 * Who reads may have seen enough (`| head -1`): then nothing is left to do, as a command prints when its work is done,
 * and `tail` has no other end. Anything else, such as a full disk, would leave a part that looks like the whole.
 */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    console.error(`What was to be printed can't be written: ${inSentence(error)}`);
    process.exit(EXIT.refused);
  });
  // What is said beside the work ends none.
  process.stderr.on("error", () => undefined);
}

/** Whether colours are wanted: by a terminal that has some, and by NO_COLOR, which whoever sits there may have set. */
export const wantsColour = (out: Pick<NodeJS.WriteStream, "isTTY" | "hasColors">): boolean =>
  out.isTTY && out.hasColors();
