// Files that a command writes where the operator says.
import { inWords } from "./printable.ts";
import { UserError } from "./user-error.ts";

/** @throws UserError for what the file system refuses, and what `work` throws */
export async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new UserError(`${path} can't be written: ${inWords(error)}.`, { cause: error });
  }
}
