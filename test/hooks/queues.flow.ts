// `hooks queues` and the look at letters: it says what lies there, and leaves everything as it was.
import { expect } from "chai";
import { SQS } from "@aws-sdk/client-sqs";
import type { Taker } from "../../hooks/letters/letter.ts";
import { lookInto } from "../../hooks/letters/look.ts";
import { lettersText, queuesText } from "../../hooks/queues/report.ts";
import { CUSTOMER, type RunningCloud, startCloud } from "../flow/deployment.ts";
import { accountOf, impatient } from "../flow/redriving.ts";
import { LetterQueue, RULE_EVENT, eventOf, ofEventBridge, ofIot, ofLambda, rejected, ruleEventOf } from "./letters.ts";

describe("hooks queues", () => {
  let running: RunningCloud;
  let queue: LetterQueue;
  before(async () => {
    running = await startCloud();
  });
  beforeEach(async () => {
    queue = await LetterQueue.make(running, "partner");
  });
  after(() => running.endpoint.close());
  const look = (side: "customer" | "partner", url: string, most = 100, taker: Taker = side) =>
    lookInto(impatient(new SQS(running.config(accountOf(side)))), {
      taker,
      url,
      most,
      signal: new AbortController().signal,
    });

  it("says of each letter what it is about, on either side, and hides none of them afterwards", async () => {
    const customers = await LetterQueue.make(running, "customer");
    await customers.write(ofEventBridge(eventOf("lamp-1")));
    const seen = await look("customer", customers.url);
    expect(seen.all).to.equal(true);
    expect(seen.letters[0]).to.include({
      ...{ about: "thing/lamp-1", eventId: "of-lamp-1", operation: "create_thing", accountId: CUSTOMER },
      ...{ reason: "NO_PERMISSIONS", received: 1 },
    });
    expect(seen.letters[0]?.letter?.explanation).to.equal("Lambda was not authorized to be invoked");

    await queue.write(rejected(ruleEventOf("lamp-2"), "unknown customer"), ofIot(ruleEventOf("lamp-3")));
    const { letters } = await look("partner", queue.url);
    expect(
      letters.map(({ about, eventId, operation, accountId }) => [about, eventId, operation, accountId]),
    ).to.have.deep.members(["2", "3"].map((n) => [`thing/lamp-${n}`, `of-lamp-${n}`, "create_thing", CUSTOMER]));
    expect(await queue.depth()).to.deep.equal({ visible: 2, hidden: 0 });
  });

  it("says of a run of the schedule that could not begin why, though it is about no thing", async () => {
    const customers = await LetterQueue.make(running, "customer");
    const scheduled = { source: "aws.events", "detail-type": "Scheduled Event", account: CUSTOMER, detail: {} };
    await customers.write(ofEventBridge(scheduled), ofLambda({ source: "iot-hooks.reconcile", link: 2, token: "t" }));
    const { letters } = await look("customer", customers.url, 100, "reconcile");
    expect(letters.map(({ reason, about }) => [reason, about])).to.have.deep.members([
      ["NO_PERMISSIONS", undefined],
      ["RetriesExhausted: AnnounceFailure", undefined],
    ]);
  });

  it("reads no more than it is told, and says that there are more", async () => {
    await queue.write(...Array.from({ length: 12 }, () => rejected(RULE_EVENT, "not JSON")));
    const seen = await look("partner", queue.url, 11);
    expect(seen.letters).to.have.length(11);
    expect(seen.all).to.equal(false);
    expect(queuesText([{ queue: "receive", visible: 12, hidden: 0, ...seen }], Date.now())).to.contain(
      "receive: 11 letters were read, and there are more",
    );
    expect(await queue.depth()).to.deep.equal({ visible: 12, hidden: 0 });
  });

  it("sorts reasons by how many letters have them, and shows what can't be read too", async () => {
    await queue.write({ body: "no letter" }, ...["a", "b"].map(() => rejected(RULE_EVENT, "unknown customer")));
    const { letters, all } = await look("partner", queue.url);
    const text = queuesText([{ queue: "receive", visible: 3, hidden: 1, letters, all }], Date.now() + 7_200_000);
    expect(text).to.match(/receive +│ +4, 1 hidden +│ +2 h │ unknown customer[^\n]*2 │\n[^\n]*unreadable/);
    expect(lettersText([{ queue: "receive", visible: 3, hidden: 0, letters, all }], 3)).to.contain(
      "said: it is not JSON",
    );
  });
});
