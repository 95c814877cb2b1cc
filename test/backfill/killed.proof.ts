// `hooks backfill` as a process that is killed without warning, again and again, and started again each time: in the
// end the partner's registry is the customer's, and its own code ran once for each thing.
import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, watch as watchFolder, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { CUSTOMER, watch } from "../flow/deployment.ts";
import { type Scene, fleet, knownByPartner, registered } from "./scene.ts";

const MAIN = join(import.meta.dirname, "..", "..", "hooks", "main.ts");
const THINGS = Number(process.env["THINGS"] ?? 2_000);
const KILLS = Number(process.env["KILLS"] ?? 5);
/** A page takes about as long as this: it may be killed anywhere in it. */
const A_PAGE_MS = 500;

describe(`hooks backfill of ${THINGS} things, killed ${KILLS} times`, () => {
  let scene: Scene;
  let folder: string;
  before(async () => {
    scene = await fleet(THINGS);
    folder = await mkdtemp(join(tmpdir(), "backfill killed "));
    await writeFile(join(folder, "outputs.json"), JSON.stringify(scene.customer.outputs));
  });
  after(async () => {
    await scene.running.endpoint.close();
    await rm(folder, { recursive: true });
  });

  const start = () => {
    const { accessKeyId, secretAccessKey } = scene.running.cloud.administrator(CUSTOMER);
    const env = {
      PATH: "",
      AWS_ENDPOINT_URL: scene.running.endpoint.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    const args = ["backfill", "--outputs", "outputs.json", "--rate", "10000", "--json", "--checkpoint", "checkpoint"];
    return spawn(process.execPath, [MAIN, ...args], { env, cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  };

  /** Kills it somewhere after its first page. False where it had ended by then. */
  async function killed(): Promise<boolean> {
    const ending = new AbortController();
    const changes = watchFolder(folder, { signal: ending.signal });
    const run = start();
    const exit = once(run, "exit").finally(() => {
      ending.abort();
    });
    try {
      for await (const { filename } of changes) if (filename === "checkpoint") break;
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    }
    await setTimeout(Math.random() * A_PAGE_MS);
    run.kill("SIGKILL");
    const [, signal] = (await exit) as [number | null, NodeJS.Signals | null];
    return signal === "SIGKILL";
  }

  it("ends with the same things on both sides, each of which was told once", async () => {
    const { messages, stop } = watch(scene.running);
    for (let kill = 1; kill <= KILLS; kill++) expect(await killed(), `run ${kill} had ended by itself`).to.equal(true);
    const last = start();
    const chunks: Buffer[] = [];
    last.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    const [code] = (await once(last, "close")) as [number | null];
    await scene.running.cloud.settled();
    stop();

    expect(code).to.equal(0);
    const report = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    expect(report).to.include({ isDone: true, resumed: KILLS > 0, listed: THINGS, announced: THINGS, failed: 0 });
    expect(await knownByPartner(scene)).to.deep.equal(await registered(scene));
    expect(messages.map(({ thingName }) => thingName)).to.have.length(THINGS);
    expect(await readdir(folder)).to.deep.equal(["outputs.json"]);
  });
});
