// `hooks backfill` as a process: what it prints, what it ends with, and what a signal does to it.
import { expect } from "chai";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Scene, fleet, knownByPartner, registered } from "../backfill/scene.ts";
import { CUSTOMER, PARTNER, type RunningCloud, watch } from "../flow/deployment.ts";
import { Desk } from "./desk.ts";

/** Two pages of ListThings, and three batches. */
const THINGS = 260;
/** Below what commander says. */
const HELP = "(--help says what it takes.)";

describe("hooks backfill, typed", function () {
  this.timeout(120_000);
  let running: RunningCloud;
  let scene: Scene;
  let desk: Desk;
  before(async () => {
    scene = await fleet(THINGS);
    ({ running } = scene);
    desk = await Desk.make(running, { customer: CUSTOMER, partner: PARTNER });
    await desk.write("customer.json", scene.customer.outputs);
  });
  afterEach(() => {
    running.cloud.faults.set([]);
  });
  after(async () => {
    await running.endpoint.close();
    await desk.remove();
  });

  const SIDE = ["--outputs", "customer.json", "--profile", "customer"];
  const run = (...args: readonly string[]) => desk.run("backfill", ...SIDE, ...args);
  const calls = (name: string) => running.cloud.trace.since(0).filter((entry) => entry.name === name).length;
  const left = async () => (await readdir(desk.folder)).filter((name) => name.includes("backfill"));

  it("says with --dry-run how many things there are and how long they would take, and announces none", async () => {
    const before = calls("Publish");
    const { code, output } = await run("--dry-run");
    expect(output).to.equal(
      "260 things would be announced (all things), in about less than a minute at 175 a second.\n",
    );
    expect([code, calls("Publish") - before, await left()]).to.deep.equal([0, 0, []]);
  });

  it("goes by --rate where it is given, and says in one line that the quota can't be read where it isn't", async () => {
    running.cloud.faults.set([{ service: "servicequotas", operation: "*", fault: "deny" }]);
    const typed = await run("--dry-run", "--rate", "2", "--list-rate", "50");
    expect(typed.output).to.equal("260 things would be announced (all things), in about 2 min at 2 a second.\n");
    const { code, output } = await run("--dry-run", "--list-rate", "50");
    expect(code).to.equal(0);
    expect(output).to.match(
      /^Could not look at the account's quota of DescribeThing \(.*\): going by AWS's default, 350 calls a second.*\n260 /,
    );
  });

  it("ends after the page that is under way at a SIGINT, and the next run goes on from there", async () => {
    // A batch of a hundred a second: two of the first page are still to be sent when the first is.
    const first = desk.start(["backfill", ...SIDE, "--rate", "100", "--checkpoint", "at.json"]);
    await invoked();
    const { code, output } = await first.end("SIGINT");
    expect(code).to.equal(130);
    expect(output).to.contain("Ending: what is under way is finished first. Once more ends at once");
    expect(output).to.match(
      /250 things listed \(all things\)\.[^]*Not done: the same command goes on from at\.json\.\n$/,
    );
    expect(JSON.parse(await readFile(join(desk.folder, "at.json"), "utf8"))).to.include({ listed: 250, pages: 1 });

    const listed = calls("ListThings");
    const next = await run("--rate", "10000", "--checkpoint", "at.json", "--json");
    expect(next.code).to.equal(0);
    expect(JSON.parse(next.output)).to.deep.include({
      ...{ what: "all things", perSecond: 10_000, isDone: true, resumed: true, listed: 260, pages: 2 },
      ...{ announced: 260, "deletion announced": 0, "not there": 0, failed: 0, "not reached": 0 },
    });
    expect(calls("ListThings") - listed).to.equal(1);
    expect(await readdir(desk.folder)).not.to.include("at.json");
  });

  it("prints what became of them, and ends well; the same again changes nothing at the partner", async () => {
    // What was announced before has all arrived.
    await running.cloud.settled();
    const { messages, stop } = watch(running);
    const { code, output } = await run("--rate", "10000");
    await running.cloud.settled();
    stop();
    expect(code).to.equal(0);
    expect(messages.map(({ thingName }) => thingName)).to.deep.equal([]);
    expect(await knownByPartner(scene)).to.deep.equal(await registered(scene));
    expect(output).to.match(/^260 things listed \(all things\)\.\n[^]*260.*announced.*told to the partner/);
    expect(await left()).to.deep.equal([]);
  });

  it("ends with 1 where a thing failed, and names the file that says why", async () => {
    await scene.iot.createThingGroup({ thingGroupName: "few" });
    await scene.iot.addThingToThingGroup({ thingGroupName: "few", thingName: "thing-0" });
    running.cloud.faults.set([{ service: "iot", operation: "DescribeThing", fault: "deny" }]);
    const { code, output } = await run("--rate", "10000", "--group", "few", "--checkpoint", "few.json");
    expect(code).to.equal(1);
    expect(output).to.match(
      /^1 thing listed \(things of the group few\)\.\n[^]*1.*failed.*see the file[^]*\nWhat failed, and why: few\.json\.failures\n$/,
    );
    const failures = await readFile(join(desk.folder, "few.json.failures"), "utf8");
    expect(failures).to.match(/^\{.*"thing-0".*AccessDenied.*\}\n$/);
  });

  it("refuses values that can't be, each in a sentence, and ends with 2", async () => {
    for (const [args, sentence] of [
      [
        ["--rate", "0"],
        "error: option '--rate <n>' argument '0' is invalid. It takes a number above 0, and at most 10000.",
      ],
      [["--rate", "fast"], "argument 'fast' is invalid. It takes a number above 0, and at most 10000."],
      [["--list-rate", "10001"], "option '--list-rate <n>' argument '10001' is invalid."],
      [["--since", "yesterday"], "It takes a time such as 2026-01-31T12:00:00Z."],
      [["--since", "5"], "It takes a time such as 2026-01-31T12:00:00Z."],
      [["--type", "a", "--group", "b"], "error: option '--type <name>' cannot be used with option '--group <name>'"],
      [["--known", "no.txt", "--since", "2026-01-31"], "cannot be used with option"],
      [["--deployment", "x"], "--deployment chooses among what --by-tags finds: give both."],
    ] as const) {
      const { code, output } = await run(...args);
      expect(output, args.join(" ")).to.contain(sentence);
      const [, help = ""] = output
        .trimEnd()
        .split("\n")
        .filter((line) => line !== "");
      expect([code, help], args.join(" ")).to.deep.equal([2, sentence.startsWith("--") ? "" : HELP]);
    }
  });

  it("refuses a checkpoint that is none, and another run's, and the credentials of another account", async () => {
    await desk.write("none.json", "{}");
    const none = await run("--checkpoint", "none.json");
    expect([none.code, none.output]).to.deep.equal([
      2,
      "none.json is no checkpoint of this release: remove it, or give another one.\n",
    ]);
    const elsewhere = await desk.run("backfill", "--outputs", "customer.json", "--profile", "partner");
    expect(elsewhere.code).to.equal(2);
    expect(elsewhere.output).to.match(
      /^The credentials of the profile partner are of account 222222222222, the stack is/,
    );
  });

  /** Resolves when the announce function is called. */
  const invoked = () =>
    new Promise<void>((resolve) => {
      const stop = running.cloud.trace.subscribe(({ name }) => {
        if (name !== "Invoke") return;
        stop();
        resolve();
      });
    });
});
