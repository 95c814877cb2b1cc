// What a running `npm run local` leaves for other commands of the same checkout: where it listens, and whether it still does.
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface Running {
  readonly endpoint: string;
  readonly pid: number;
}

const fileIn = (folder: string): string => join(folder, "running.json");

export const noteRunning = (folder: string, endpoint: string): Promise<void> =>
  writeFile(fileIn(folder), `${JSON.stringify({ endpoint, pid: process.pid } satisfies Running)}\n`);

/** Removes the note, unless another one has taken over. */
export async function noteStopped(folder: string): Promise<void> {
  if ((await running(folder))?.pid === process.pid) await rm(fileIn(folder), { force: true });
}

/** The cloud that runs now; undefined where there is none, or where it ended without saying so. */
export async function running(folder: string): Promise<Running | undefined> {
  let text: string;
  try {
    text = await readFile(fileIn(folder), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const found = JSON.parse(text) as Running;
  return isAlive(found.pid) ? found : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is alive as well.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
