// `hooks redrive` as a process: what it prints, what it ends with, and what a signal does to it.
import { expect } from "chai";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Customer, CUSTOMER, PARTNER, type RunningCloud, deployCustomer, startCloud } from "../flow/deployment.ts";
import { EVENT, LetterQueue, ofEventBridge } from "../hooks/letters.ts";
import { type Ended, Running } from "./checkout.ts";

const MAIN = join(import.meta.dirname, "..", "..", "hooks", "main.ts");

describe("hooks redrive, typed", () => {
  let running: RunningCloud;
  let customer: Customer;
  let folder: string;
  let outputs: string;
  let queue: LetterQueue;
  before(async () => {
    running = await startCloud();
    customer = await deployCustomer(running);
    folder = await mkdtemp(join(tmpdir(), "hooks "));
    outputs = join(folder, "outputs.json");
  });
  beforeEach(async () => {
    queue = await LetterQueue.make(running, "customer");
    const deadLetterQueueUrls = { ...customer.outputs.deadLetterQueueUrls, registryRule: queue.url };
    await writeFile(outputs, JSON.stringify({ ...customer.outputs, deadLetterQueueUrls }));
  });
  after(async () => {
    await running.endpoint.close();
    await rm(folder, { recursive: true });
  });

  const start = (args: readonly string[], account = CUSTOMER): Running => {
    const { accessKeyId, secretAccessKey } = running.cloud.administrator(account);
    const env = {
      PATH: folder,
      AWS_ENDPOINT_URL: running.endpoint.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    return new Running(spawn(process.execPath, [MAIN, "redrive", ...args], { env, cwd: folder }));
  };
  const run = (args: readonly string[], account?: string): Promise<Ended> => start(args, account).ended;
  const letters = (count: number) =>
    Array.from({ length: count }, (_, index) => ofEventBridge({ ...EVENT, id: String(index) }));

  it("prints a table and a line per queue, and ends well", async () => {
    await queue.write(...letters(3));
    const dry = await run(["customer", "--outputs", outputs, "--dry-run"]);
    expect(dry.output).to.contain("registryRule: 3 letters would be sent; about 3 in the queue now.");
    const { code, output } = await run(["customer", "--outputs", outputs]);
    expect(code).to.equal(0);
    expect(output)
      .to.match(/registryRule.*NO_PERMISSIONS.*EventBridge's event.*3.*sent/)
      .and.to.contain("registryRule: 3 letters sent; about 0 in the queue now.")
      .and.to.contain("announce: 0 letters sent; about 0 in the queue now.");
  });

  it("prints JSON where it is asked to, and ends with 1 where a letter could not be sent", async () => {
    await queue.write({ body: "no letter" });
    const { code, output } = await run(["customer", "--outputs", outputs, "--json", "--queue", "registryRule"]);
    expect(code).to.equal(1);
    expect(JSON.parse(output)).to.deep.equal({
      queues: [
        {
          queue: "registryRule",
          rows: [{ outcome: "left: unreadable", reason: "unreadable", explanation: "it is not JSON", letters: 1 }],
          end: { because: "the queue is empty" },
          inQueue: 1,
        },
      ],
    });
  });

  it("finds its side in the outputs of a stack that has both", async () => {
    await writeFile(outputs, JSON.stringify({ customer: customer.outputs, partner: {} }));
    expect((await run(["customer", "--outputs", outputs])).code).to.equal(0);
  });

  it("ends well after its help, and says with what it takes that it can't read what is typed", async () => {
    expect((await run(["--help"])).code).to.equal(0);
    const { code, output } = await run(["nobody"]);
    expect(code).to.equal(2);
    expect(output).to.contain("Allowed choices are customer, partner.");
  });

  for (const [what, args, sentence] of [
    ["a queue that there isn't", ["--queue", "lost"], 'The stack has no queue "lost"; it has registryRule, announce.'],
    ["no file", ["--outputs", "gone.json"], "--outputs gone.json can't be read: ENOENT"],
    ["another side's outputs", ["--outputs", "other.json"], "have no functionName as the customer's stack has it"],
    [
      "what is no JSON",
      ["--outputs", "text"],
      "text holds no JSON: it takes what `pulumi stack output --json` prints.",
    ],
    ["both ways to the outputs", ["--stack", "dev"], "give one or the other."],
    ["an account to vouch for", ["--vouch", "12"], "It takes an account of 12 digits, or all."],
    ["vouching where nobody is asked", ["--vouch", "all"], "--vouch is the partner's: a letter of the customer"],
    ["no letters at most", ["--max", "0"], "It takes a number of letters, from 1."],
  ] as const)
    it(`says in a sentence what is wrong with ${what}`, async () => {
      await writeFile(join(folder, "other.json"), JSON.stringify({ accountId: CUSTOMER, region: "us-east-1" }));
      await writeFile(join(folder, "text"), "Current stack outputs (3):");
      const { code, output } = await run(["customer", "--outputs", outputs, ...args]);
      expect(code).to.equal(2);
      expect(output).to.contain(sentence).and.to.not.contain("    at ");
    });

  it("asks pulumi where no file is given, and says so where there is none", async () => {
    const { code, output } = await run(["customer"]);
    expect(code).to.equal(2);
    expect(output).to.match(/^There is no pulumi on the PATH .* --outputs FILE\.\n$/);
  });

  it("refuses credentials of another account before it touches a queue", async () => {
    const { code, output } = await run(["customer", "--outputs", outputs], PARTNER);
    expect(code).to.equal(2);
    expect(output).to.equal(
      `The credentials are of account ${PARTNER}, the stack is in account ${CUSTOMER}: give another --profile.\n`,
    );
  });

  it("ends at a SIGINT with what it did, and nothing is lost or hidden", async () => {
    await queue.write(...letters(100));
    // The first events take a second each, so that the signal comes in between.
    running.cloud.faults.set([{ service: "lambda", operation: "Invoke", fault: "slow", delayMs: 1000 }]);
    const redrive = start(["customer", "--outputs", outputs, "--json", "--queue", "registryRule"]);
    await invoked();
    redrive.child.kill("SIGINT");
    const { code, output } = await redrive.ended;
    running.cloud.faults.set([]);
    expect(code).to.equal(130);
    const [report] = (JSON.parse(output.slice(output.indexOf("{"))) as { queues: { rows: object[]; end: object }[] })
      .queues;
    expect(report?.end).to.deep.equal({ because: "it was interrupted" });
    const sent = 100 - (await queue.depth()).visible;
    expect(sent).to.be.within(1, 99);
    expect(report?.rows).to.deep.include({
      outcome: "sent",
      form: "eventBridge",
      reason: "NO_PERMISSIONS",
      letters: sent,
    });
    expect(await queue.depth()).to.deep.equal({ visible: 100 - sent, hidden: 0 });
  });

  it("killed: what it had received is seen again after a minute, and nothing is lost", async () => {
    await queue.write(...letters(100));
    running.cloud.faults.set([{ service: "lambda", operation: "Invoke", fault: "slow", delayMs: 1000 }]);
    const redrive = start(["customer", "--outputs", outputs]);
    await invoked();
    await redrive.end("SIGKILL");
    running.cloud.faults.set([]);
    await running.cloud.settled();
    const { visible, hidden } = await queue.depth();
    expect(hidden).to.be.greaterThan(0);
    await running.cloud.advance(60_000);
    expect(await queue.depth()).to.deep.equal({ visible: visible + hidden, hidden: 0 });
  });

  /** Resolves when the function's alias is called by the operator: before it is answered. */
  async function invoked(): Promise<void> {
    const { faults } = running.cloud;
    const strike = faults.strike.bind(faults);
    await new Promise<void>((resolve) => {
      faults.strike = (...call) => {
        if (call[1] === "Invoke") resolve();
        return strike(...call);
      };
    });
    faults.strike = strike;
  }
});
