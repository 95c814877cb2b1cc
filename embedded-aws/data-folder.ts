// The folder of a running cloud: its keys and profiles, a note that it runs, and Pulumi's state of what was deployed
// into it. Each port has its own, so that several clouds stand beside one another.
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "./command-line.ts";
import type { EmbeddedAws } from "./core/cloud.ts";
import { BadKeys, keysOf, type Keys } from "./core/keys.ts";
import { writeProfiles, type ProfileFiles } from "./profiles.ts";
import { noteRunning, noteStopped, running, type Running } from "./running.ts";

/** Below the folder that a checkout keeps such things in. */
export const folderOf = (root: string, port: number): string => join(root, String(port));

const stateFolder = (folder: string): string => join(folder, "pulumi-state");
/** Pulumi's backend for what is deployed into the cloud of this folder. */
export const stateUrl = (folder: string): string => pathToFileURL(stateFolder(folder)).href;

/** Bytes that must fit into the folder of temporary files: the functions' code and what they write. */
const ROOM = 8 << 20;
const probe = Buffer.alloc(ROOM);

/** What the file system refuses, as a sentence. Other errors stay as they are. */
async function writing<T>(folder: string, what: string, instead: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BadKeys) throw new UsageError(error.message, { cause: error });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof UsageError) throw error;
    const full = code === "ENOSPC" || code === "EDQUOT";
    throw new UsageError(
      `${what} can't be written to ${folder}: ${full ? "the disk is full" : "it can't be written to"} ` +
        `(${message}). ${instead}`,
      { cause: error },
    );
  }
}

/** Whether functions will find room for their code. @throws UsageError */
export function checkTemporaryFolder(): Promise<void> {
  const instead = "Make room there, or set TMPDIR to another folder.";
  return writing(tmpdir(), "The code of functions", instead, async () => {
    const folder = await mkdtemp(join(tmpdir(), "embedded-aws-"));
    try {
      await writeFile(join(folder, "probe"), probe);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

const SPOILT = "Make room, or make the folder yours (chown), or remove it.";

/** The folder's keys. Makes both, private, before anything is started that needs them. @throws UsageError */
export const openFolder = (folder: string): Promise<Keys> =>
  writing(folder, "Keys and profiles", SPOILT, () => keysOf(folder));

export interface Published {
  readonly profiles: ProfileFiles;
  /** Takes back what is true only while the cloud runs. */
  withdraw(): Promise<void>;
}

/** Lets other commands find the cloud, which is new and empty: so is Pulumi's state of it. @throws UsageError */
export async function publish(cloud: EmbeddedAws, folder: string): Promise<Published> {
  return writing(folder, "Keys and profiles", SPOILT, async () => {
    const state = stateFolder(folder);
    await rm(state, { recursive: true, force: true });
    await mkdir(state);
    const profiles = await writeProfiles(cloud, folder);
    await noteRunning(folder, cloud.endpoint);
    return {
      profiles,
      async withdraw() {
        await noteStopped(folder);
        await rm(state, { recursive: true, force: true });
      },
    };
  });
}

/** The cloud that runs: the only one, or the one on `port`. @throws UsageError where there is none, or more than one */
export async function runningCloud(root: string, port: number | undefined): Promise<Running & { folder: string }> {
  const ports = port === undefined ? await portsIn(root) : [port];
  const found = await Promise.all(
    ports.map(async (one) => ({ folder: folderOf(root, one), cloud: await running(folderOf(root, one)) })),
  );
  const [first, ...more] = found.flatMap(({ folder, cloud }) => (cloud ? [{ folder, ...cloud }] : []));
  const where = port === undefined ? "here" : `on port ${port}`;
  if (!first)
    throw new UsageError(
      `No embedded AWS is running ${where}: start it with npm run local (or npm start) in another terminal.`,
    );
  if (more.length > 0) {
    const endpoints = [first, ...more].map(({ endpoint }) => new URL(endpoint).port);
    throw new UsageError(
      `${endpoints.length} embedded AWS are running, on the ports ${endpoints.join(", ")}: say which with --port N.`,
    );
  }
  return first;
}

async function portsIn(root: string): Promise<number[]> {
  try {
    return (await readdir(root)).filter((name) => /^\d+$/.test(name)).map(Number);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
