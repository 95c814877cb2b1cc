// `hooks trace` and `hooks tail` against both sides as deployed: what is found of a thing, and what is said not to be.
import { expect } from "chai";
import { IoT } from "@aws-sdk/client-iot";
import { Lambda } from "@aws-sdk/client-lambda";
import { SQS } from "@aws-sdk/client-sqs";
import { checkWhose, ofCustomer, readWanted } from "../../hooks/trace/wanted.ts";
import { type Sides, groupsOf, sourcesOf } from "../../hooks/trace/sources.ts";
import { type Story, tell, whose } from "../../hooks/trace/story.ts";
import { lineStep, stepsOf, storyText } from "../../hooks/trace/show.ts";
import { type Filter, follow } from "../../hooks/tail/follow.ts";
import { patternsOf } from "../../hooks/logs/read.ts";
import type { Deployment } from "../../hooks/deployment.ts";
import type { OutputsOf } from "../../hooks/outputs.ts";
import type { Side } from "../../hooks/sides.ts";
import { accountOf } from "../flow/redriving.ts";
import { UserError } from "../../hooks/user-error.ts";
import { type LogLine, accountIn, textIn } from "../../hooks/logs/line.ts";
import {
  CUSTOMER,
  CUSTOMER2,
  PARTNER,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  roleArnOf,
  startCloud,
} from "../flow/deployment.ts";
import { LetterQueue, rejected, ruleEventOf } from "./letters.ts";

const NEVER = new AbortController().signal;
const THING_ARN = `arn:aws:iot:us-east-1:${CUSTOMER}:thing/lamp`;

describe("hooks trace", () => {
  let running: RunningCloud;
  let sides: Required<Sides>;
  before(async () => {
    running = await startCloud();
    const partner = await deployPartner(running, [roleArnOf(CUSTOMER), roleArnOf(CUSTOMER2)]);
    const customer = await deployCustomer(running, { reconcile: "rate(1 day)" });
    await deployCustomer(running, {}, CUSTOMER2);
    sides = {
      customer: deployed("customer", customer.outputs),
      partner: deployed("partner", partner.outputs),
      missing: {},
    };
    const iot = new IoT(running.config(CUSTOMER));
    for (const thingName of ["lamp", "lamp-2"]) await iot.createThing({ thingName });
    await running.cloud.settled();
  });
  after(() => running.endpoint.close());
  afterEach(() => {
    running.cloud.faults.set([]);
  });

  /** As a command opens it. */
  function deployed<S extends Side>(side: S, outputs: object): Deployment<S> {
    const { credentials, ...client } = running.config(accountOf(side));
    const provider = () => Promise.resolve(credentials);
    return { side, client: { ...client, credentials: provider }, callerArn: "", outputs: outputs as OutputsOf[S] };
  }
  const trace = (what: string, of: Sides = sides, customer?: string): Promise<Story> => {
    const wanted = ofCustomer(readWanted(what, customer), of.customer?.outputs.accountId);
    return tell(wanted, sourcesOf(of, 10, NEVER), { startTime: Date.now() - 3_600_000 }, NEVER);
  };
  const steps = (story: Story) =>
    stepsOf(story).map(({ side, what }) => `${side} ${what.replace(/event .*/, "event")}`);
  const CREATED = [
    "customer iot:CreateThing event",
    "customer lambda:FunctionRan announce announced thing/lamp",
    "partner lambda:FunctionRan receive lamp",
    "partner lambda:FunctionRan receive applied thing/lamp",
  ];

  const CREATED_TWIN = "partner lambda:FunctionRan receive applied thing/twin";

  it("tells of a thing by its name, its ARN or its event: who called, both functions, the registry; of no other", async () => {
    const byName = await trace("lamp");
    expect(steps(byName)).to.deep.equal(CREATED);
    expect(byName.gaps).to.deep.equal([]);
    expect(byName.known).to.have.length(1);
    expect(byName.known[0]).to.deep.include({ subject: THING_ARN, version: 1, deleted: false, claim: undefined });
    const [eventId = ""] = byName.known[0]?.eventIds ?? [];
    for (const what of [THING_ARN, eventId]) expect(steps(await trace(what)), what).to.deep.equal(CREATED);
    expect(stepsOf(byName)[0]?.below[0]).to.equal(`as arn:aws:iam::${CUSTOMER}:user/administrator`);
    expect(storyText(byName, { colour: false, registry: true })).to.contain(`${THING_ARN} has version 1`);
  });

  it("says which half it tells, where it has one side only", async () => {
    const { customer, partner } = sides;
    const partners = await trace("lamp", { partner, missing: { customer: "no profile." } });
    expect(steps(partners)).to.deep.equal(CREATED.slice(2));
    expect(partners.gaps).to.deep.equal(["the customer's half is missing: no profile."]);
    const customers = await trace("lamp", { customer, missing: { partner: "no profile." } });
    expect(steps(customers)).to.deep.equal(CREATED.slice(0, 2));
    expect(customers.known).to.deep.equal([]);
  });

  describe("of two customers with things of one name", () => {
    let partner: Sides;
    before(async () => {
      partner = { partner: sides.partner, missing: { customer: "no profile." } };
      for (const account of [CUSTOMER, CUSTOMER2])
        await new IoT(running.config(account)).createThing({ thingName: "twin" });
      await running.cloud.settled();
    });
    const accounts = ({ lines, known }: Story) => [
      ...new Set([...lines.map((line) => accountIn(line)), ...known.map(({ subject }) => subject.split(":")[4])]),
    ];

    it("says whose there are, where only the partner's side is there, and doesn't mix their stories", async () => {
      const found = whose(await trace("twin", partner), undefined);
      expect(found).to.deep.equal([CUSTOMER, CUSTOMER2]);
      expect(() => {
        checkWhose(readWanted("twin"), found);
      }).to.throw(
        UserError,
        `Several customers have something named twin: ${CUSTOMER}, ${CUSTOMER2}. Choose one with --customer ACCOUNT`,
      );
    });

    it("tells the one's that is asked for, or whose side is there", async () => {
      for (const account of [CUSTOMER, CUSTOMER2]) {
        const story = await trace("twin", partner, account);
        expect(accounts(story)).to.deep.equal([undefined, account]);
        expect(steps(story)).to.deep.equal(["partner lambda:FunctionRan receive twin", CREATED_TWIN]);
      }
      const { lines, known } = await trace("twin");
      expect(lines.filter(({ side }) => side === "partner").map((line) => accountIn(line))).to.not.include(CUSTOMER2);
      expect(known.map(({ subject }) => subject)).to.deep.equal([`arn:aws:iot:us-east-1:${CUSTOMER}:thing/twin`]);
    });

    it("takes no event's id of one customer's for another's, whoever wrote it", async () => {
      const [eventId = ""] = (await trace("twin", partner, CUSTOMER)).known[0]?.eventIds ?? [];
      const queue = await LetterQueue.make(running, "partner");
      expect(eventId).to.not.equal("");
      const data = Buffer.from(JSON.stringify({ thingName: "elsewhere", hook: { eventId } })).toString("base64");
      const forged = { ...ruleEventOf("elsewhere"), accountId: CUSTOMER2, data };
      await queue.write(rejected(forged, "operation not allowed"));
      const { outputs } = sides.partner;
      const deadLetterQueueUrls = { ...outputs.deadLetterQueueUrls, receive: queue.url };
      const story = await trace(
        "twin",
        { ...partner, partner: { ...sides.partner, outputs: { ...outputs, deadLetterQueueUrls } } },
        CUSTOMER,
      );
      expect(story.letters).to.deep.equal([]);
      await new SQS(running.config(PARTNER)).purgeQueue({ QueueUrl: queue.url });
    });

    it("refuses what contradicts itself", () => {
      expect(() => readWanted(THING_ARN, CUSTOMER2)).to.throw(UserError, `is of account ${CUSTOMER}, and not of`);
      expect(() => ofCustomer(readWanted("twin", CUSTOMER2), CUSTOMER)).to.throw(UserError, "or --only partner");
    });
  });

  it("finds the letter that waits, in time order, leaves it there, and says what nobody checked", async () => {
    const queue = await LetterQueue.make(running, "partner");
    await queue.write(rejected(ruleEventOf("lost"), "unknown customer"), rejected(ruleEventOf("other"), "not JSON"));
    const { outputs } = sides.partner;
    const deadLetterQueueUrls = { ...outputs.deadLetterQueueUrls, receive: queue.url };
    const story = await trace("lost", {
      ...sides,
      partner: { ...sides.partner, outputs: { ...outputs, deadLetterQueueUrls } },
    });
    expect(steps(story)).to.deep.equal(["partner sqs:SendMessage queue receive: unknown customer"]);
    expect([...story.letters].map(({ eventId }) => eventId)).to.deep.equal(["of-lost"]);
    expect(await queue.depth()).to.deep.equal({ visible: 2, hidden: 0 });
    await new SQS(running.config(PARTNER)).purgeQueue({ QueueUrl: queue.url });
  });

  it("says what AWS doesn't let it look at, and tells the rest", async () => {
    running.cloud.faults.set([{ service: "dynamodb", operation: "GetItem", fault: "deny" }]);
    const story = await trace("lamp");
    expect(story.gaps).to.have.length(1);
    expect(story.gaps[0]).to.match(/^the registry could not be read: AccessDenied/);
    expect(steps(story)).to.deep.equal(CREATED);
  });

  it("tells of what failed: each try of a function that may not publish, and the letter about it", async () => {
    running.cloud.faults.set([{ service: "iotdata", operation: "Publish", account: PARTNER, fault: "deny" }]);
    await new IoT(running.config(CUSTOMER)).createThing({ thingName: "unheard" });
    await running.cloud.settled();
    await running.cloud.advance(180_000);
    await running.cloud.settled();
    const story = await trace("unheard");
    const failed = steps(story).filter((step) => step === "customer lambda:FunctionRan announce failed thing/unheard");
    expect(failed).to.have.length(3);
    expect(story.letters.map(({ queue, reason }) => ({ queue, reason }))).to.deep.equal([
      { queue: "announce", reason: "RetriesExhausted: AnnounceFailure" },
    ]);
  });

  it("shows nothing that a terminal would obey", () => {
    const said = { outcome: "rejected", about: "thing/\u001b[2J", error: "\u202e" };
    const line: LogLine = { side: "partner", function: "receive", at: 0, requestId: undefined, said, kind: "outcome" };
    const story = { calls: [], lines: [line], letters: [], known: [], gaps: ["\u009b2J"] };
    expect(storyText(story, { colour: false, registry: true })).to.not.match(/[\p{Cc}\p{Cf}](?<!\n)/u);
  });

  describe("hooks tail", () => {
    const signalled = (wait: () => Promise<void>, signal: AbortSignal) => ({
      groups: groupsOf(sides),
      customerId: CUSTOMER,
      now: Date.now,
      wait,
      signal,
    });
    const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

    async function tailed(filter: Filter, count: number): Promise<string[]> {
      const outcomes: string[] = [];
      for await (const line of follow(signalled(soon, NEVER), filter, Date.now() - 3_600_000)) {
        const outcome = textIn(line, "outcome");
        if (outcome !== undefined) outcomes.push(`${line.side} ${outcome} ${textIn(line, "about") ?? ""}`);
        if (outcomes.length === count) break;
      }
      return outcomes;
    }

    it("shows each line once, and what comes later too", async () => {
      const before = await tailed({ operation: "create_thing", customer: CUSTOMER }, 4);
      expect(before).to.have.members(
        ["lamp", "lamp-2"].flatMap((name) => [`customer announced thing/${name}`, `partner applied thing/${name}`]),
      );
      running.cloud.faults.set([{ service: "iotdata", operation: "Publish", account: PARTNER, fault: "deny" }]);
      const following = tailed({ reason: "publish failed" }, 6);
      await new IoT(running.config(CUSTOMER)).createThing({ thingName: "later" });
      await running.cloud.settled();
      await running.cloud.advance(180_000);
      const failed = await following;
      expect(failed.filter((line) => line === "customer failed thing/later")).to.have.length(3);
    });

    it("shows what the schedule's function says, and that a run of it failed", async () => {
      const { functionAliasArn = "" } = sides.customer.outputs.reconciliation ?? {};
      const lambda = new Lambda(running.config(CUSTOMER));
      await lambda.invoke({ FunctionName: functionAliasArn });
      running.cloud.faults.set([{ service: "iot", operation: "ListThings", account: CUSTOMER, fault: "deny" }]);
      await lambda.invoke({ FunctionName: functionAliasArn });
      const said: string[] = [];
      for await (const line of follow(signalled(soon, NEVER), {}, Date.now() - 3_600_000)) {
        if (line.function === "reconcile") said.push(`${lineStep(line).outcome} ${lineStep(line).what}`);
        if (said.some((one) => one.startsWith("failed"))) break;
      }
      expect(said).to.include("ok lambda:FunctionRan reconcile reconciled");
    });

    it("shows nothing of other customers, operations or reasons, and ends when it is told to", async () => {
      for (const filter of [{ customer: "999999999999" }, { operation: "delete_thing" }, { reason: "not JSON" }]) {
        const stop = new AbortController();
        const stopped = () => {
          stop.abort();
          return Promise.reject(new Error("stopped"));
        };
        for await (const line of follow(signalled(stopped, stop.signal), filter, 0))
          expect.fail(JSON.stringify([filter, line]));
      }
    });
  });

  it("asks for terms in as few patterns as CloudWatch takes", () => {
    expect(patternsOf(['a"b'])).to.deep.equal(['"a\\"b"']);
    expect(patternsOf(["a", "b"])).to.deep.equal(['?"a" ?"b"']);
    const patterns = patternsOf(Array.from({ length: 60 }, (_, index) => `${index}`.padStart(36, "0")));
    expect(patterns.every((pattern) => pattern.length <= 1024)).to.equal(true);
    expect(patterns.join(" ").match(/"\d+"/g)).to.have.length(60);
  });
});
