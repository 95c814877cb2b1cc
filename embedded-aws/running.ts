// What a running cloud leaves in its folder for other commands of the same checkout: where it listens, and whether it
// still does.
import { once } from "node:events";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import * as v from "valibot";
import { UsageError } from "./command-line.ts";

const RUNNING = v.object({
  endpoint: v.pipe(v.string(), v.url()),
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
export type Running = v.InferOutput<typeof RUNNING>;

const fileIn = (folder: string): string => join(folder, "running.json");

/** Whole or not at all: who reads at the same moment gets the old one or the new one. */
export async function noteRunning(folder: string, endpoint: string): Promise<void> {
  const draft = `${fileIn(folder)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify({ endpoint, pid: process.pid } satisfies Running)}\n`);
  await rename(draft, fileIn(folder));
}

export const noteStopped = (folder: string): Promise<void> => rm(fileIn(folder), { force: true });

/**
 * The cloud that runs now; undefined where there is none, or where it ended without saying so. @throws UsageError for
 * a note that can't be read
 */
export async function running(folder: string): Promise<Running | undefined> {
  const file = fileIn(folder);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const found = v.safeParse(v.pipe(v.string(), v.parseJson(), RUNNING), text);
  if (!found.success)
    throw new UsageError(
      `${file} should say which embedded AWS runs, and doesn't: it holds ${JSON.stringify(text.slice(0, 100))}. ` +
        "Remove it, and restart the embedded AWS if one is running.",
    );
  return isAlive(found.output.pid) && (await answers(found.output.endpoint)) ? found.output : undefined;
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

/** Whether something listens there: a dead process's number may have gone to another one. */
async function answers(endpoint: string): Promise<boolean> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
