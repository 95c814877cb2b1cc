// `hooks redrive` where something is in its way: nothing is removed that wasn't accepted, and it may be stopped,
// repeated and doubled.
import { mock } from "node:test";
import { expect } from "chai";
import { Lambda, SerializedRequestEntityTooLargeException } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { redriveQueue } from "../../hooks/redrive/redrive.ts";
import { reportText } from "../../hooks/redrive/report.ts";
import { CUSTOMER, PARTNER } from "../flow/deployment.ts";
import { EVENT, LetterQueue, RULE_EVENT, ofEventBridge, ofLambda, rejected } from "./letters.ts";
import { RedriveScene, outcomes, parsed, telling } from "./redrive-scene.ts";

describe("hooks redrive", () => {
  const scene = new RedriveScene();

  it("ends when each letter comes back at once, and leaves those in the queue", async () => {
    const queue = await LetterQueue.make(scene.running, "partner");
    const letters = Array.from({ length: 12 }, (_, index) =>
      rejected({ ...RULE_EVENT, receivedAt: index }, "unknown customer"),
    );
    await queue.write(...letters);
    // A function that turns away what it gets: what it does at once, here the client does before Lambda answers.
    const lambda = telling(new Lambda(scene.running.config(PARTNER)), async (payload) => {
      await queue.write(rejected(parsed(payload), "unknown customer"));
      return undefined;
    });
    const report = await redriveQueue(scene.work("partner", { lambda }), queue);
    expect(outcomes(report)).to.deep.equal({
      "unknown customer: sent": 12,
      "unknown customer: left: came back": 12,
    });
    expect(await queue.depth()).to.deep.equal({ visible: 12, hidden: 0 });
  });

  it("sends both of two letters about one event that were there before it", async () => {
    const queue = await LetterQueue.make(scene.running, "customer");
    await queue.write(ofEventBridge(), ofEventBridge());
    expect(outcomes(await redriveQueue(scene.work("customer"), queue))).to.deep.equal({ "NO_PERMISSIONS: sent": 2 });
  });

  it("removes nothing that Lambda didn't accept, ends, and shows the letters again", async () => {
    const queue = await LetterQueue.make(scene.running, "customer");
    await queue.write(ofEventBridge(), ofLambda(EVENT), rejected(EVENT, "operation not announced"));
    const functionAliasArn = scene.sides.customer.outputs.functionAliasArn.replace(/:live$/, ":gone");
    const report = await redriveQueue(scene.work("customer", { functionAliasArn }), queue);
    expect(report.end).to.have.property("because", "error");
    expect(report.end).to.have.property("error").that.contains("ResourceNotFoundException");
    expect(report.rows.map(({ outcome }) => outcome)).to.not.include("sent");
    expect(await queue.depth()).to.deep.equal({ visible: 3, hidden: 0 });
  });

  it("leaves one that Lambda refuses for its size, and sends the others", async () => {
    const queue = await LetterQueue.make(scene.running, "customer");
    // A queue takes no letter whose event Lambda would not: this one has grown on its way.
    const lambda = telling(new Lambda(scene.running.config(CUSTOMER)), (payload) =>
      Promise.resolve(
        (parsed(payload) as { id: string }).id === "large" ? Buffer.from(`"${"x".repeat(1024 * 1024)}"`) : undefined,
      ),
    );
    await queue.write(ofEventBridge({ ...EVENT, id: "large" }), ofEventBridge());
    const report = await redriveQueue(scene.work("customer", { lambda }), queue);
    expect(report.end.because).to.equal("the queue is empty");
    expect(outcomes(report)).to.deep.equal({ "NO_PERMISSIONS: left: refused": 1, "NO_PERMISSIONS: sent": 1 });
    expect(await queue.depth()).to.deep.equal({ visible: 1, hidden: 0 });
  });

  it("leaves one that Lambda finds too large only when it has taken it in, and sends the others", async () => {
    const queue = await LetterQueue.make(scene.running, "customer");
    const lambda = telling(new Lambda(scene.running.config(CUSTOMER)), (payload) =>
      (parsed(payload) as { id: string }).id === "grows"
        ? Promise.reject(new SerializedRequestEntityTooLargeException({ message: "no", $metadata: {} }))
        : Promise.resolve(undefined),
    );
    await queue.write(ofEventBridge({ ...EVENT, id: "grows" }), ofEventBridge());
    const report = await redriveQueue(scene.work("customer", { lambda }), queue);
    expect(report.end.because).to.equal("the queue is empty");
    expect(outcomes(report)).to.deep.equal({ "NO_PERMISSIONS: left: refused": 1, "NO_PERMISSIONS: sent": 1 });
  });

  it("says so when SQS doesn't remove what was accepted, and the next run sends it once more", async () => {
    const queue = await LetterQueue.make(scene.running, "customer");
    await queue.write(ofEventBridge());
    scene.running.cloud.faults.set([{ service: "sqs", operation: "DeleteMessage", fault: "error", times: 1 }]);
    const report = await redriveQueue(scene.work("customer"), queue);
    expect(outcomes(report)).to.deep.equal({ "NO_PERMISSIONS: sent, not removed": 1 });
    expect(outcomes(await redriveQueue(scene.work("customer"), queue))).to.deep.equal({ "NO_PERMISSIONS: sent": 1 });
  });

  it("reports what it did where the queue doesn't say how much is in it", async () => {
    const queue = await LetterQueue.make(scene.running, "customer");
    await queue.write(ofEventBridge(), { body: "no letter" });
    scene.running.cloud.faults.set([{ service: "sqs", operation: "GetQueueAttributes", fault: "deny" }]);
    const report = await redriveQueue(scene.work("customer"), queue);
    expect(outcomes(report)).to.deep.equal({ "NO_PERMISSIONS: sent": 1, "unreadable: left: unreadable": 1 });
    expect(report).to.have.property("inQueue", null);
    expect(reportText([report])).to.match(/^letters: 1 letter sent; how many are in the queue now, it doesn't say\.$/m);
  });

  it("interrupted: finishes what is under way, and the next run does the rest", async () => {
    const queue = await LetterQueue.make(scene.running, "customer");
    const all = 60;
    await queue.write(...Array.from({ length: all }, (_, index) => ofEventBridge({ ...EVENT, id: String(index) })));
    const controller = new AbortController();
    const progress = () => {
      controller.abort();
    };
    const first = await redriveQueue(scene.work("customer", { signal: controller.signal, progress }), queue);
    expect(first.end.because).to.equal("it was interrupted");
    const sent = outcomes(first)["NO_PERMISSIONS: sent"] ?? 0;
    expect(sent).to.be.within(1, all - 1);
    expect(await queue.depth()).to.deep.equal({ visible: all - sent, hidden: 0 });
    expect(outcomes(await redriveQueue(scene.work("customer"), queue))).to.deep.equal({
      "NO_PERMISSIONS: sent": all - sent,
    });
  });

  it("beside another run: each letter is sent by one of them", async () => {
    const queue = await LetterQueue.make(scene.running, "customer");
    const all = 60;
    await queue.write(...Array.from({ length: all }, (_, index) => ofEventBridge({ ...EVENT, id: String(index) })));
    const reports = await Promise.all([
      redriveQueue(scene.work("customer"), queue),
      redriveQueue(scene.work("customer"), queue),
    ]);
    const sent = reports.map((report) => outcomes(report)["NO_PERMISSIONS: sent"] ?? 0);
    expect(sent[0]).to.be.greaterThan(0);
    expect(sent[1]).to.be.greaterThan(0);
    expect((sent[0] ?? 0) + (sent[1] ?? 0)).to.equal(all);
    expect(await queue.depth()).to.deep.equal({ visible: 0, hidden: 0 });
  });

  it("keeps letters hidden for as long as it works on them, longer than SQS would", async () => {
    const queue = await LetterQueue.make(scene.running, "customer");
    await queue.write(ofEventBridge());
    const sqs = new SQS(scene.running.config(CUSTOMER));
    const answered: Promise<unknown>[] = [];
    sqs.middlewareStack.add(
      (next) => (args) => {
        const answer = next(args);
        answered.push(answer);
        return answer;
      },
      { step: "initialize" },
    );
    const hidden: number[] = [];
    const lambda = telling(new Lambda(scene.running.config(CUSTOMER)), async () => {
      for (const time of [50_000, 50_000]) {
        await scene.running.cloud.advance(time);
        hidden.push((await queue.depth()).hidden);
        mock.timers.tick(20_000);
        await answered.at(-1);
      }
      return undefined;
    });
    mock.timers.enable({ apis: ["setInterval"] });
    try {
      await redriveQueue(scene.work("customer", { lambda, sqs }), queue);
    } finally {
      mock.timers.reset();
    }
    expect(hidden).to.deep.equal([1, 1]);
  });
});
