// `hooks queues` as a process: what it prints, and what it ends with.
import { expect } from "chai";
import { PARTNER, type Partner, type RunningCloud, deployPartner, startCloud } from "../flow/deployment.ts";
import { LetterQueue, RULE_EVENT, rejected, ruleEventOf } from "../hooks/letters.ts";
import { Desk } from "./desk.ts";

const TERMINAL = "\u001b[2J\u202e";

describe("hooks queues, typed", () => {
  let running: RunningCloud;
  let partner: Partner;
  let desk: Desk;
  let queue: LetterQueue;
  before(async () => {
    running = await startCloud();
    partner = await deployPartner(running);
    desk = await Desk.make(running, { partner: PARTNER });
  });
  beforeEach(async () => {
    queue = await LetterQueue.make(running, "partner");
    const deadLetterQueueUrls = { ...partner.outputs.deadLetterQueueUrls, receive: queue.url };
    await desk.write("outputs.json", { ...partner.outputs, deadLetterQueueUrls });
  });
  after(async () => {
    await running.endpoint.close();
    await desk.remove();
  });
  const type = (...args: readonly string[]) =>
    desk.run("queues", "partner", "--outputs", "outputs.json", "--profile", "partner", ...args);

  it("shows nothing that a terminal would obey, whoever wrote it", async () => {
    const message = { thingName: TERMINAL, hook: { eventId: TERMINAL } };
    const event = { ...RULE_EVENT, data: Buffer.from(JSON.stringify(message)).toString("base64"), operation: TERMINAL };
    await queue.write(rejected(event, TERMINAL));
    for (const args of [["--letters", "1"], ["--json"]]) {
      const { output } = await type(...args);
      expect(output)
        .to.contain("u{1b}".slice(0, 1))
        .and.not.match(/[\p{Cc}\p{Cf}](?<!\n)/u);
      expect(output).to.match(/\\u(\{1b\}|001b)\[2J/);
    }
  });

  it("ends with 1 where there are letters, with 0 where there are none, and prints JSON", async () => {
    expect((await type("--queue", "receive")).code).to.equal(0);
    await queue.write(rejected(ruleEventOf("lamp"), "unknown customer"));
    const { code, output } = await type("--json");
    expect(code).to.equal(1);
    const { queues } = JSON.parse(output) as { queues: { queue: string; letters: object[] }[] };
    expect(queues.map((view) => [view.queue, view.letters.length])).to.deep.equal([
      ["topicRule", 0],
      ["receive", 1],
    ]);
    expect(queues[1]).to.deep.include({ visible: 1, hidden: 0, all: true });
    expect(queues[1]?.letters[0]).to.include({ about: "thing/lamp", reason: "unknown customer" });
  });
});
