// `hooks redrive` against both sides as deployed: each form of letter arrives after it; what can't be sent, or isn't
// asked for, is left.
import { expect } from "chai";
import { Lambda } from "@aws-sdk/client-lambda";
import { redriveQueue } from "../../hooks/redrive/redrive.ts";
import { hasFailed, reportText } from "../../hooks/redrive/report.ts";
import { CUSTOMER, PARTNER, watch } from "../flow/deployment.ts";
import { vouching } from "../flow/redriving.ts";
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
import { RedriveScene, outcomes, parsed, telling } from "./redrive-scene.ts";

const ME = `arn:aws:iam::${PARTNER}:user/operator`;

describe("hooks redrive", () => {
  const scene = new RedriveScene();

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
      const queue = await LetterQueue.make(scene.running, side);
      const thingName = `lamp-${index}`;
      await queue.write(letter(eventOf(thingName), ruleEventOf(thingName)));
      const { messages, stop } = watch(scene.running);
      const report = await redriveQueue(scene.work(side), queue);
      await scene.running.cloud.settled();
      stop();
      expect(outcomes(report)).to.deep.equal({ [`${reason}: sent`]: 1 });
      const arrived = messages.map(({ thingName, accountId, operation }) => ({ thingName, accountId, operation }));
      expect(arrived).to.deep.equal([{ thingName, accountId: CUSTOMER, operation: "create_thing" }]);
      expect(await queue.depth()).to.deep.equal({ visible: 0, hidden: 0 });
      expect(report).to.include({ inQueue: 0 });
    });
  }

  it("sends what anybody could have written only where the operator vouches for the account that it speaks for", async () => {
    const queue = await LetterQueue.make(scene.running, "partner");
    const claims = { ...RULE_EVENT, redrivenBy: ME };
    await queue.write(ofIot(), ofLambda(claims), rejected(ruleEvent({}, "create_thing", "333333333333"), "not JSON"));
    const vouchingWork = (...accounts: readonly string[]) =>
      scene.work("partner", { vouching: vouching(PARTNER, "AROAFN", accounts) });
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
    const queue = await LetterQueue.make(scene.running, "partner");
    await queue.write(ofIot());
    const invoked: unknown[] = [];
    const lambda = telling(new Lambda(scene.running.config(PARTNER)), (payload) => {
      invoked.push(parsed(payload));
      return Promise.resolve(undefined);
    });
    const before = scene.running.cloud.clock.now();
    await redriveQueue(scene.work("partner", { lambda }), queue);
    const { principal: _, receivedAt: __, ...columns } = RULE_EVENT;
    expect(invoked).to.have.length(1);
    expect(invoked[0]).to.deep.include({ ...columns, redrivenBy: ME });
    expect((invoked[0] as { receivedAt: number }).receivedAt).to.be.closeTo(before, 60_000);
  });

  it("leaves what can't be sent again, and says why: no JSON, another side's, cut, a foreign topic", async () => {
    const queue = await LetterQueue.make(scene.running, "partner");
    const cut = { cut: true, bytes: 300_000, start: "{" };
    await queue.write(
      { body: "no letter" },
      { body: "[]" },
      ofEventBridge(),
      ofLambda(EVENT),
      ofLambda(cut),
      ofIot({ ...RULE_EVENT, topic: "elsewhere/\u001b[2J" }),
    );
    const report = await redriveQueue(scene.work("partner"), queue);
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
    const queue = await LetterQueue.make(scene.running, "partner");
    await queue.write(rejected(RULE_EVENT, "unknown customer"), rejected(RULE_EVENT, "not JSON"), ofIot());
    const report = await redriveQueue(
      scene.work("partner", { reasons: ["unknown customer", "LambdaAction failed"] }),
      queue,
    );
    expect(outcomes(report)).to.deep.equal({
      "unknown customer: sent": 1,
      "LambdaAction failed: sent": 1,
      "not JSON: left: another reason": 1,
    });
    expect(await queue.depth()).to.deep.equal({ visible: 1, hidden: 0 });
  });

  it("dry: sends nothing, and all letters stay and can be seen", async () => {
    const queue = await LetterQueue.make(scene.running, "customer");
    await queue.write(ofEventBridge(), ofLambda(EVENT), { body: "no letter" });
    const { messages, stop } = watch(scene.running);
    const report = await redriveQueue(scene.work("customer", { dryRun: true }), queue);
    await scene.running.cloud.settled();
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
    const queue = await LetterQueue.make(scene.running, "customer");
    await queue.write(...Array.from({ length: 25 }, (_, index) => ofEventBridge({ ...EVENT, id: String(index) })));
    const budget = { left: 7 };
    const report = await redriveQueue(scene.work("customer", { budget }), queue);
    expect(report.end.because).to.equal("--max is reached");
    expect(outcomes(report)["NO_PERMISSIONS: sent"]).to.equal(7);
    expect(await queue.depth()).to.deep.equal({ visible: 18, hidden: 0 });
    const next = await redriveQueue(scene.work("customer", { budget }), queue);
    expect(next.rows).to.deep.equal([]);
  });
});
