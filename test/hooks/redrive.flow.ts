// `hooks redrive` against both sides as deployed: each form of letter arrives after it, nothing is removed that wasn't
// accepted, and it may be stopped, repeated and doubled.
import { mock } from "node:test";
import { expect } from "chai";
import { IoT } from "@aws-sdk/client-iot";
import { Lambda, SerializedRequestEntityTooLargeException } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { type QueueReport, type Work, redriveQueue } from "../../hooks/redrive/redrive.ts";
import { hasFailed, reportText } from "../../hooks/redrive/report.ts";
import {
  CUSTOMER,
  PARTNER,
  type Customer,
  type Partner,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  startCloud,
  watch,
} from "../flow/deployment.ts";
import { redriveWork, vouching } from "../flow/redriving.ts";
import { ruleEvent } from "../lambda/rule-events.ts";
import {
  EVENT,
  LetterQueue,
  RULE_EVENT,
  type Written,
  eventOf,
  ruleEventOf,
  ofEventBridge,
  ofIot,
  ofLambda,
  rejected,
} from "./letters.ts";

/** The client, but that `first` is told of each event before it is sent, and may send another one. */
function telling(lambda: Lambda, first: (event: Uint8Array) => Promise<Uint8Array | undefined>): Lambda {
  lambda.middlewareStack.add(
    (next) => async (args) => {
      const input = args.input as { Payload: Uint8Array };
      return next({ ...args, input: { ...input, Payload: (await first(input.Payload)) ?? input.Payload } });
    },
    { step: "initialize" },
  );
  return lambda;
}

const parsed = (payload: Uint8Array): unknown => JSON.parse(Buffer.from(payload).toString());

const ME = `arn:aws:iam::${PARTNER}:user/operator`;

describe("hooks redrive", () => {
  let running: RunningCloud;
  let sides: Readonly<Record<"customer" | "partner", Customer | Partner>>;
  before(async () => {
    running = await startCloud();
    // Letters made by hand name no role that there is.
    const partner = await deployPartner(running, undefined, { senderCheck: "observe" });
    sides = { customer: await deployCustomer(running), partner };
    await new IoT(running.config(CUSTOMER)).createThing({ thingName: "lamp" });
    await running.cloud.settled();
  });
  after(() => running.endpoint.close());
  afterEach(async () => {
    running.cloud.faults.set([]);
    await running.cloud.settled();
  });

  const work = (side: "customer" | "partner", more: Partial<Work> = {}): Work =>
    redriveWork(running, side, sides[side].outputs, more);
  const outcomes = ({ rows }: QueueReport) =>
    Object.fromEntries(rows.map(({ outcome, reason, letters }) => [`${reason}: ${outcome}`, letters]));

  type Made = (event: object, ruleEvent: typeof RULE_EVENT) => Written;
  const FORMS: readonly (readonly ["customer" | "partner", string, Made, string])[] = [
    ["customer", "EventBridge's event", (event) => ofEventBridge(event), "NO_PERMISSIONS"],
    ["customer", "Lambda's record", (event) => ofLambda(event), "RetriesExhausted: AnnounceFailure"],
    ["customer", "what was turned away", (event) => rejected(event, "malformed event"), "malformed event"],
    ["partner", "Lambda's record", (_, event) => ofLambda(event), "RetriesExhausted: AnnounceFailure"],
    ["partner", "what was turned away", (_, event) => rejected(event, "unknown customer"), "unknown customer"],
    ["partner", "AWS IoT's error record", (_, event) => ofIot(event), "LambdaAction failed"],
    ["partner", "that of Basic Ingest", (_, event) => ofIot(event, "$aws/rules/receive/"), "LambdaAction failed"],
  ];
  for (const [index, [side, form, letter, reason]] of FORMS.entries()) {
    it(`${side}: ${form} arrives, and is removed`, async () => {
      const queue = await LetterQueue.make(running, side);
      const thingName = `lamp-${index}`;
      await queue.write(letter(eventOf(thingName), ruleEventOf(thingName)));
      const { messages, stop } = watch(running);
      const report = await redriveQueue(work(side), queue);
      await running.cloud.settled();
      stop();
      expect(outcomes(report)).to.deep.equal({ [`${reason}: sent`]: 1 });
      const arrived = messages.map(({ thingName, accountId, operation }) => ({ thingName, accountId, operation }));
      expect(arrived).to.deep.equal([{ thingName, accountId: CUSTOMER, operation: "create_thing" }]);
      expect(await queue.depth()).to.deep.equal({ visible: 0, hidden: 0 });
      expect(report).to.include({ inQueue: 0 });
    });
  }

  it("sends what anybody could have written only where the operator vouches for the account that it speaks for", async () => {
    const queue = await LetterQueue.make(running, "partner");
    const claims = { ...RULE_EVENT, redrivenBy: ME };
    await queue.write(ofIot(), ofLambda(claims), rejected(ruleEvent({}, "create_thing", "333333333333"), "not JSON"));
    const vouchingWork = (...accounts: readonly string[]) =>
      work("partner", { vouching: vouching(PARTNER, "AROAFN", accounts) });
    const dry = await redriveQueue({ ...vouchingWork("333333333333"), dryRun: true }, queue);
    expect(outcomes(dry)).to.deep.equal({
      "LambdaAction failed: left: nobody vouches": 1,
      "RetriesExhausted: AnnounceFailure: left: nobody vouches": 1,
      "not JSON: would be sent": 1,
    });
    const report = await redriveQueue(vouchingWork(), queue);
    expect(
      report.rows.map(({ explanation }) => explanation?.replace(/;.* (?=put it)/, "; somebody ")).sort(),
    ).to.deep.equal([
      `it speaks for ${CUSTOMER}; AWS IoT doesn't say which principal published it (client id: n/a)`,
      `it speaks for ${CUSTOMER}; somebody put it into the queue, and not the function's role`,
      "it speaks for 333333333333; somebody put it into the queue, and not the function's role",
    ]);
    expect(hasFailed(report)).to.equal(true);
    expect(reportText([report]))
      .to.contain("`hooks queues partner --letters 20`")
      .and.to.contain("`--vouch <account>`");
    expect(await queue.depth()).to.deep.equal({ visible: 3, hidden: 0 });
    expect(outcomes(await redriveQueue(vouchingWork(CUSTOMER), queue))).to.deep.equal({
      "LambdaAction failed: sent": 1,
      "RetriesExhausted: AnnounceFailure: sent": 1,
      "not JSON: left: nobody vouches": 1,
    });
  });

  it("says who vouches for a message whose sender AWS IoT doesn't name", async () => {
    const queue = await LetterQueue.make(running, "partner");
    await queue.write(ofIot());
    const invoked: unknown[] = [];
    const lambda = telling(new Lambda(running.config(PARTNER)), (payload) => {
      invoked.push(parsed(payload));
      return Promise.resolve(undefined);
    });
    const before = running.cloud.clock.now();
    await redriveQueue(work("partner", { lambda }), queue);
    const { principal: _, receivedAt: __, ...columns } = RULE_EVENT;
    expect(invoked).to.have.length(1);
    expect(invoked[0]).to.deep.include({ ...columns, redrivenBy: ME });
    expect((invoked[0] as { receivedAt: number }).receivedAt).to.be.closeTo(before, 60_000);
  });

  it("leaves what can't be sent again, and says why: no JSON, another side's, cut, a foreign topic", async () => {
    const queue = await LetterQueue.make(running, "partner");
    const cut = { cut: true, bytes: 300_000, start: "{" };
    await queue.write(
      { body: "no letter" },
      { body: "[]" },
      ofEventBridge(),
      ofLambda(EVENT),
      ofLambda(cut),
      ofIot({ ...RULE_EVENT, topic: "elsewhere/\u001b[2J" }),
    );
    const report = await redriveQueue(work("partner"), queue);
    const explanations = report.rows.map(({ outcome, explanation }) => `${outcome}: ${explanation ?? ""}`).sort();
    expect(explanations).to.deep.equal([
      "left: unreadable: it is neither EventBridge's event, nor Lambda's record, nor AWS IoT's error record",
      "left: unreadable: it is not JSON",
      "left: unreadable: its event of 300000 bytes was too large for a letter, and was cut",
      'left: unreadable: its topic "elsewhere/\\u{1b}[2J" is not cross_account_hooks/<account>/<operation>',
      "left: unreadable: the event in it is none that the partner's function takes",
    ]);
    expect(await queue.depth()).to.deep.equal({ visible: 6, hidden: 0 });
    expect(reportText([report])).to.not.match(/\p{Cc}(?<!\n)/u);
  });

  it("sends only those with a reason that was asked for, and lets everybody see the rest again", async () => {
    const queue = await LetterQueue.make(running, "partner");
    await queue.write(rejected(RULE_EVENT, "unknown customer"), rejected(RULE_EVENT, "not JSON"), ofIot());
    const report = await redriveQueue(work("partner", { reasons: ["unknown customer", "LambdaAction failed"] }), queue);
    expect(outcomes(report)).to.deep.equal({
      "unknown customer: sent": 1,
      "LambdaAction failed: sent": 1,
      "not JSON: left: another reason": 1,
    });
    expect(await queue.depth()).to.deep.equal({ visible: 1, hidden: 0 });
  });

  it("dry: sends nothing, and all letters stay and can be seen", async () => {
    const queue = await LetterQueue.make(running, "customer");
    await queue.write(ofEventBridge(), ofLambda(EVENT), { body: "no letter" });
    const { messages, stop } = watch(running);
    const report = await redriveQueue(work("customer", { dryRun: true }), queue);
    await running.cloud.settled();
    stop();
    expect(messages).to.deep.equal([]);
    expect(outcomes(report)).to.deep.equal({
      "NO_PERMISSIONS: would be sent": 1,
      "RetriesExhausted: AnnounceFailure: would be sent": 1,
      "unreadable: left: unreadable": 1,
    });
    expect(await queue.depth()).to.deep.equal({ visible: 3, hidden: 0 });
  });

  it("sends no more than --max, over all queues", async () => {
    const queue = await LetterQueue.make(running, "customer");
    await queue.write(...Array.from({ length: 25 }, (_, index) => ofEventBridge({ ...EVENT, id: String(index) })));
    const budget = { left: 7 };
    const report = await redriveQueue(work("customer", { budget }), queue);
    expect(report.end.because).to.equal("--max is reached");
    expect(outcomes(report)["NO_PERMISSIONS: sent"]).to.equal(7);
    expect(await queue.depth()).to.deep.equal({ visible: 18, hidden: 0 });
    const next = await redriveQueue(work("customer", { budget }), queue);
    expect(next.rows).to.deep.equal([]);
  });

  it("ends when each letter comes back at once, and leaves those in the queue", async () => {
    const queue = await LetterQueue.make(running, "partner");
    const letters = Array.from({ length: 12 }, (_, index) =>
      rejected({ ...RULE_EVENT, receivedAt: index }, "unknown customer"),
    );
    await queue.write(...letters);
    // A function that turns away what it gets: what it does at once, here the client does before Lambda answers.
    const lambda = telling(new Lambda(running.config(PARTNER)), async (payload) => {
      await queue.write(rejected(parsed(payload), "unknown customer"));
      return undefined;
    });
    const report = await redriveQueue(work("partner", { lambda }), queue);
    expect(outcomes(report)).to.deep.equal({
      "unknown customer: sent": 12,
      "unknown customer: left: came back": 12,
    });
    expect(await queue.depth()).to.deep.equal({ visible: 12, hidden: 0 });
  });

  it("sends both of two letters about one event that were there before it", async () => {
    const queue = await LetterQueue.make(running, "customer");
    await queue.write(ofEventBridge(), ofEventBridge());
    expect(outcomes(await redriveQueue(work("customer"), queue))).to.deep.equal({ "NO_PERMISSIONS: sent": 2 });
  });

  it("removes nothing that Lambda didn't accept, ends, and shows the letters again", async () => {
    const queue = await LetterQueue.make(running, "customer");
    await queue.write(ofEventBridge(), ofLambda(EVENT), rejected(EVENT, "operation not announced"));
    const functionAliasArn = sides.customer.outputs.functionAliasArn.replace(/:live$/, ":gone");
    const report = await redriveQueue(work("customer", { functionAliasArn }), queue);
    expect(report.end).to.have.property("because", "error");
    expect(report.end).to.have.property("error").that.contains("ResourceNotFoundException");
    expect(report.rows.map(({ outcome }) => outcome)).to.not.include("sent");
    expect(await queue.depth()).to.deep.equal({ visible: 3, hidden: 0 });
  });

  it("leaves one that Lambda refuses for its size, and sends the others", async () => {
    const queue = await LetterQueue.make(running, "customer");
    // A queue takes no letter whose event Lambda would not: this one has grown on its way.
    const lambda = telling(new Lambda(running.config(CUSTOMER)), (payload) =>
      Promise.resolve(
        (parsed(payload) as { id: string }).id === "large" ? Buffer.from(`"${"x".repeat(1024 * 1024)}"`) : undefined,
      ),
    );
    await queue.write(ofEventBridge({ ...EVENT, id: "large" }), ofEventBridge());
    const report = await redriveQueue(work("customer", { lambda }), queue);
    expect(report.end.because).to.equal("the queue is empty");
    expect(outcomes(report)).to.deep.equal({ "NO_PERMISSIONS: left: refused": 1, "NO_PERMISSIONS: sent": 1 });
    expect(await queue.depth()).to.deep.equal({ visible: 1, hidden: 0 });
  });

  it("leaves one that Lambda finds too large only when it has taken it in, and sends the others", async () => {
    const queue = await LetterQueue.make(running, "customer");
    const lambda = telling(new Lambda(running.config(CUSTOMER)), (payload) =>
      (parsed(payload) as { id: string }).id === "grows"
        ? Promise.reject(new SerializedRequestEntityTooLargeException({ message: "no", $metadata: {} }))
        : Promise.resolve(undefined),
    );
    await queue.write(ofEventBridge({ ...EVENT, id: "grows" }), ofEventBridge());
    const report = await redriveQueue(work("customer", { lambda }), queue);
    expect(report.end.because).to.equal("the queue is empty");
    expect(outcomes(report)).to.deep.equal({ "NO_PERMISSIONS: left: refused": 1, "NO_PERMISSIONS: sent": 1 });
  });

  it("says so when SQS doesn't remove what was accepted, and the next run sends it once more", async () => {
    const queue = await LetterQueue.make(running, "customer");
    await queue.write(ofEventBridge());
    running.cloud.faults.set([{ service: "sqs", operation: "DeleteMessage", fault: "error", times: 1 }]);
    const report = await redriveQueue(work("customer"), queue);
    expect(outcomes(report)).to.deep.equal({ "NO_PERMISSIONS: sent, not removed": 1 });
    expect(outcomes(await redriveQueue(work("customer"), queue))).to.deep.equal({ "NO_PERMISSIONS: sent": 1 });
  });

  it("reports what it did where the queue doesn't say how much is in it", async () => {
    const queue = await LetterQueue.make(running, "customer");
    await queue.write(ofEventBridge(), { body: "no letter" });
    running.cloud.faults.set([{ service: "sqs", operation: "GetQueueAttributes", fault: "deny" }]);
    const report = await redriveQueue(work("customer"), queue);
    expect(outcomes(report)).to.deep.equal({ "NO_PERMISSIONS: sent": 1, "unreadable: left: unreadable": 1 });
    expect(report).to.have.property("inQueue", null);
    expect(reportText([report])).to.match(/^letters: 1 letter sent; how many are in the queue now, it doesn't say\.$/m);
  });

  it("interrupted: finishes what is under way, and the next run does the rest", async () => {
    const queue = await LetterQueue.make(running, "customer");
    const all = 60;
    await queue.write(...Array.from({ length: all }, (_, index) => ofEventBridge({ ...EVENT, id: String(index) })));
    const controller = new AbortController();
    const progress = () => {
      controller.abort();
    };
    const first = await redriveQueue(work("customer", { signal: controller.signal, progress }), queue);
    expect(first.end.because).to.equal("it was interrupted");
    const sent = outcomes(first)["NO_PERMISSIONS: sent"] ?? 0;
    expect(sent).to.be.within(1, all - 1);
    expect(await queue.depth()).to.deep.equal({ visible: all - sent, hidden: 0 });
    expect(outcomes(await redriveQueue(work("customer"), queue))).to.deep.equal({ "NO_PERMISSIONS: sent": all - sent });
  });

  it("beside another run: each letter is sent by one of them", async () => {
    const queue = await LetterQueue.make(running, "customer");
    const all = 60;
    await queue.write(...Array.from({ length: all }, (_, index) => ofEventBridge({ ...EVENT, id: String(index) })));
    const reports = await Promise.all([redriveQueue(work("customer"), queue), redriveQueue(work("customer"), queue)]);
    const sent = reports.map((report) => outcomes(report)["NO_PERMISSIONS: sent"] ?? 0);
    expect(sent[0]).to.be.greaterThan(0);
    expect(sent[1]).to.be.greaterThan(0);
    expect((sent[0] ?? 0) + (sent[1] ?? 0)).to.equal(all);
    expect(await queue.depth()).to.deep.equal({ visible: 0, hidden: 0 });
  });

  it("keeps letters hidden for as long as it works on them, longer than SQS would", async () => {
    const queue = await LetterQueue.make(running, "customer");
    await queue.write(ofEventBridge());
    const sqs = new SQS(running.config(CUSTOMER));
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
    const lambda = telling(new Lambda(running.config(CUSTOMER)), async () => {
      for (const time of [50_000, 50_000]) {
        await running.cloud.advance(time);
        hidden.push((await queue.depth()).hidden);
        mock.timers.tick(20_000);
        await answered.at(-1);
      }
      return undefined;
    });
    mock.timers.enable({ apis: ["setInterval"] });
    try {
      await redriveQueue(work("customer", { lambda, sqs }), queue);
    } finally {
      mock.timers.reset();
    }
    expect(hidden).to.deep.equal([1, 1]);
  });
});
