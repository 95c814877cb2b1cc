// The page in a real Chromium: found on this machine, never downloaded.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { redrive } from "../../start/redrive.ts";
import { impersonate } from "../../start/impersonation.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  roleArnOf,
  startCloud,
} from "../flow/deployment.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const runs = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** @throws a sentence where there is none */
function chromiumPath(): string {
  const { CHROMIUM_PATH, PATH = "" } = process.env;
  if (CHROMIUM_PATH !== undefined) {
    if (runs(CHROMIUM_PATH)) return CHROMIUM_PATH;
    throw new Error(`CHROMIUM_PATH is ${CHROMIUM_PATH}, which is no program that can be run here.`);
  }
  const found = PATH.split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(runs);
  if (found !== undefined) return found;
  throw new Error(
    `There is no Chromium on the PATH (${NAMES.join(", ")}): install one (Debian: apt-get install chromium), or set ` +
      "CHROMIUM_PATH.",
  );
}

/** Names that Chromium takes for this machine, whatever the network says: what a rebinding attacker arranges. */
const REBOUND = "rebound.example";
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath(), args: [`--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`] });

/** Both sides deployed into a cloud whose page can be opened, with two customers. */
export async function deployed(): Promise<RunningCloud> {
  const redrives: Record<string, () => Promise<string>> = {};
  const running = await startCloud(undefined, {
    redrives,
    impersonate: (...accounts) => impersonate(running.cloud, ...accounts),
  });
  const operations = { operations: JSON.stringify(["create_thing", "update_thing", "delete_thing"]) };
  const { outputs } = await deployCustomer(running, operations);
  redrives.customer = () => redrive(running.cloud, "customer", outputs);
  await deployCustomer(running, operations, CUSTOMER2);
  await deployPartner(running, [roleArnOf(CUSTOMER), roleArnOf(CUSTOMER2)], operations);
  return running;
}
