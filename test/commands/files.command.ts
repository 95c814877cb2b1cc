// Files that commands write where the operator says: whole, where they can be, and nothing of another run's.
import { expect } from "chai";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Scene, fleet } from "../backfill/scene.ts";
import { CUSTOMER, PARTNER, type RunningCloud } from "../flow/deployment.ts";
import { Desk } from "./desk.ts";

describe("Files that a command writes", function () {
  this.timeout(60_000);
  let running: RunningCloud;
  let scene: Scene;
  let desk: Desk;
  before(async () => {
    scene = await fleet(3);
    ({ running } = scene);
  });
  beforeEach(async () => {
    desk = await Desk.make(running, { customer: CUSTOMER, partner: PARTNER });
    await desk.write("customer.json", scene.customer.outputs);
    await desk.write("partner.json", scene.partner.outputs);
  });
  afterEach(() => {
    running.cloud.faults.set([]);
    return desk.remove();
  });
  after(() => running.endpoint.close());

  const backfill = (...args: readonly string[]) =>
    desk.run("backfill", "--outputs", "customer.json", "--profile", "customer", "--list-rate", "100", ...args);
  const known = (...args: readonly string[]) =>
    desk.run("known", "--outputs", "partner.json", "--profile", "partner", "--customer", CUSTOMER, ...args);
  const calls = (name: string) => running.cloud.trace.since(0).filter((entry) => entry.name === name).length;
  const files = async () => (await readdir(desk.folder)).filter((name) => !/^(customer|partner|cred)/.test(name));

  it("leave alone, in a dry run, what an interrupted run goes on from, and what failed for good", async () => {
    const progress = {
      ...{ format: 1, of: `all things, account ${CUSTOMER}, us-east-1`, startedAt: "", isListed: false },
      ...{ comparedParts: 0, listed: 1, pages: 1, bytes: { failures: 2, names: 0 } },
      counts: { announced: 0, "deletion announced": 0, "not there": 0, failed: 1, "not reached": 0 },
    };
    await desk.write("at.json", progress);
    await desk.write("at.json.failures", "x\n");
    const { code, output } = await backfill("--checkpoint", "at.json", "--dry-run");
    expect(code, output).to.equal(0);
    expect(await files()).to.deep.equal(["at.json", "at.json.failures"]);
    expect(await readFile(join(desk.folder, "at.json.failures"), "utf8")).to.equal("x\n");
    expect(JSON.parse(await readFile(join(desk.folder, "at.json"), "utf8"))).to.deep.equal(progress);
  });

  it("are looked for before anything is announced", async () => {
    const before = calls("Publish");
    const { code, output } = await backfill("--known", "gone.txt");
    expect([code, output]).to.deep.equal([
      2,
      "gone.txt can't be read: ENOENT: no such file or directory, open 'gone.txt'.\n",
    ]);
    expect([calls("Publish") - before, await files()]).to.deep.equal([0, []]);
  });

  it("aren't left behind empty where AWS refuses the first call", async () => {
    running.cloud.faults.set([{ service: "iot", operation: "ListThings", fault: "deny" }]);
    for (const args of [[], ["--dry-run"]]) expect((await backfill(...args)).code).to.equal(2);
    running.cloud.faults.set([{ service: "dynamodb", operation: "Scan", fault: "deny" }]);
    expect((await known("--to", "known.txt")).code).to.equal(2);
    expect(await files()).to.deep.equal([]);
  });

  it("that can't be written are a sentence", async () => {
    for (const [typed, file] of [
      [() => backfill("--checkpoint", "gone/at.json"), "gone/at.json.failures"],
      [() => known("--to", "gone/known.txt"), "gone/known.txt"],
      [() => desk.run("kit", "terraform", "--out", "customer.json/kit"), "customer.json/kit"],
    ] as const) {
      const { code, output } = await typed();
      expect(output)
        .to.match(/^\S+ can't be written: E[A-Z]+: .*\.\n$/)
        .and.to.contain(`${file} can't`);
      expect(code).to.equal(2);
    }
  });

  it("are whole or not there, and another's stays as it is", async () => {
    running.cloud.faults.set([{ service: "dynamodb", operation: "Scan", fault: "slow", delayMs: 2000 }]);
    const args = ["--outputs", "partner.json", "--profile", "partner", "--customer", CUSTOMER];
    const typed = desk.start(["known", ...args, "--to", "known.txt"]);
    await scanned();
    const { code, output } = await typed.end("SIGINT");
    expect(code).to.equal(130);
    expect(output).to.match(/^Ending: .* a file is there only when all is in it\.\n$/);
    expect(await files()).to.deep.equal([]);

    running.cloud.faults.set([]);
    await desk.write("known.txt", "mine");
    const refused = await known("--to", "known.txt");
    expect([refused.code, refused.output]).to.deep.equal([
      2,
      "known.txt is there already: remove it, or give another name with --to.\n",
    ]);
    expect(await readFile(join(desk.folder, "known.txt"), "utf8")).to.equal("mine");
  });

  it("are what --json of known is about", async () => {
    expect(await known("--json")).to.deep.include({
      code: 2,
      output: "--json says how many were written: add --to FILE. Without it, each line printed is an ARN.\n",
    });
    expect(await known("--json", "--to", "known.txt")).to.deep.include({
      code: 0,
      output: '{"things":0,"file":"known.txt"}\n',
    });
  });

  /** Resolves when the table is asked: before it answers. */
  async function scanned(): Promise<void> {
    const { faults } = running.cloud;
    const strike = faults.strike.bind(faults);
    await new Promise<void>((resolve) => {
      faults.strike = (...call) => {
        if (call[1] === "Scan") resolve();
        return strike(...call);
      };
    });
    faults.strike = strike;
  }
});
