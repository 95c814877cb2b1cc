// `hooks smoke` through both sides as deployed, by the embedded AWS's clock: nothing here waits for real minutes.
import { expect } from "chai";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { OWN_FUNCTION } from "../../hooks/logs/line.ts";
import type { LogGroup } from "../../hooks/logs/read.ts";
import type { Side } from "../../hooks/sides.ts";
import { registryHop } from "../../hooks/smoke/registry.ts";
import { needsAttention, reportText } from "../../hooks/smoke/report.ts";
import type { SmokeReport } from "../../hooks/smoke/hops.ts";
import { formOf } from "../../hooks/smoke/sender.ts";
import { type SmokeParts, smoke } from "../../hooks/smoke/smoke.ts";
import {
  CUSTOMER,
  type Customer,
  DEFAULT_REGION,
  PARTNER,
  type Partner,
  type RunningCloud,
  deployCustomer,
  deployPartner,
  startCloud,
} from "../flow/deployment.ts";
import { accountOf } from "../flow/redriving.ts";

const MINUTE = 60_000;

describe("hooks smoke", () => {
  let running: RunningCloud;
  let outputs: { readonly customer: Customer["outputs"]; readonly partner: Partner["outputs"] };
  let iot: IoT;
  let count = 0;
  let thingName: string;
  before(async () => {
    running = await startCloud();
    const partner = await deployPartner(running);
    outputs = { partner: partner.outputs, customer: (await deployCustomer(running)).outputs };
    iot = new IoT(running.config(CUSTOMER));
  });
  after(() => running.endpoint.close());
  beforeEach(() => {
    thingName = `iot-hooks-smoke-${++count}`;
  });
  afterEach(async () => {
    running.cloud.faults.set([]);
    running.cloud.delivery.set({});
    await running.cloud.settled();
    const { things = [] } = await iot.listThings({});
    for (const { thingName: name } of things) await iot.deleteThing({ thingName: name });
  });

  const log = (side: Side): LogGroup => {
    const { logGroupName } = outputs[side];
    return {
      side,
      function: OWN_FUNCTION[side],
      logs: new CloudWatchLogs(running.config(accountOf(side))),
      logGroupName,
    };
  };
  const partsOf = (sides: readonly Side[], more: Partial<SmokeParts> = {}): SmokeParts => ({
    customer: sides.includes("customer")
      ? {
          ...{ iot, log: log("customer") },
          triggers: { cloudTrail: true, registryEvents: false },
          history: () => Promise.reject(new Error("it isn't looked at")),
        }
      : undefined,
    partner: sides.includes("partner") ? log("partner") : undefined,
    registry: sides.includes("partner")
      ? registryHop(
          new DynamoDBClient(running.config(PARTNER)),
          String(outputs.partner.registryTableName),
          sides.includes("customer") ? { accountId: CUSTOMER, region: DEFAULT_REGION } : undefined,
        )
      : undefined,
    now: () => running.cloud.clock.now(),
    wait: (ms) => running.cloud.advance(ms),
    signal: new AbortController().signal,
    timeoutMs: 15 * MINUTE,
    progress: () => undefined,
    ...more,
  });
  const both = (more: Partial<SmokeParts> = {}) => smoke(partsOf(["customer", "partner"], more), { thingName });
  const hops = ({ hops: all }: SmokeReport) => all.map(({ hop, state }) => `${state}: ${hop}`);
  const gone = async () => {
    const { things = [] } = await iot.listThings({});
    return !things.some((thing) => thing.thingName === thingName);
  };

  const MADE = "passed: the thing is made";
  const CALLED = "passed: CloudTrail and EventBridge call the announce function";
  const ALL = [
    MADE,
    CALLED,
    "passed: the announce function publishes in the partner's account",
    "passed: AWS IoT's rule calls the receive function",
    "passed: the receive function takes it",
    "passed: the device registry knows it",
    "passed: the debug message is published",
  ];

  it("follows a thing through a delay of minutes, with the time of each hop, and removes it", async () => {
    running.cloud.delivery.set({ delaySeconds: 240 });
    const seen: string[] = [];
    const report = await both({ progress: (text) => seen.push(text) });
    expect(hops(report)).to.deep.equal(ALL);
    expect(report.hops[1]?.ms).to.be.within(240_000, 260_000);
    expect(report.hops[2]?.ms).to.be.below(60_000);
    expect(seen.some((text) => /^CloudTrail hands the call over: 2\d\d s$/.test(text))).to.equal(true);
    expect(report.sender).to.deep.include({ form: "<unique id of the role>:<session name>", enforcePasses: true });
    expect(report).to.deep.include({ removed: [thingName], left: [], interrupted: false, next: undefined });
    expect(await gone()).to.equal(true);
    expect(needsAttention(report)).to.equal(false);
    const text = reportText(report);
    expect(text).to.match(/✓ CloudTrail and EventBridge call the announce function, after 24\d\.\d s/);
    expect(text).to.contain("senderCheck enforce passes.").and.to.contain(`Removed: ${thingName}.`);
  });

  it("gives up after its time, says where it was seen last, and removes the thing", async () => {
    running.cloud.delivery.set({ delaySeconds: 3600 });
    const report = await both({ timeoutMs: MINUTE });
    expect(hops(report)).to.deep.equal([
      MADE,
      "not seen: the announce function publishes in the partner's account",
      "not looked at: the receive function takes it",
    ]);
    expect(report.hops[1]?.detail).to.equal("nothing within 60 s");
    expect(await gone()).to.equal(true);
    expect(needsAttention(report)).to.equal(true);
    await running.cloud.advance(3600_000);
  });

  it("does one half, names what the other should look for, and that half finds it", async () => {
    const first = await smoke(partsOf(["customer"]), { thingName });
    expect(hops(first)).to.deep.equal(ALL.slice(0, 3));
    const { eventId = "" } = first;
    expect(first.next).to.equal(`npx hooks smoke partner --event-id ${eventId} --thing ${thingName}`);
    expect(reportText(first)).to.contain(`  ${String(first.next)}`);
    expect(await gone()).to.equal(true);
    for (const looked of [
      { thingName: "", eventId },
      { thingName, eventId: undefined },
    ]) {
      const second = await smoke(partsOf(["partner"]), looked);
      expect(hops(second)).to.deep.equal([...ALL.slice(3, 5), "not looked at: the device registry knows it", ALL[6]]);
      expect(second).to.deep.include({ eventId, removed: [] });
      expect(second.sender?.enforcePasses).to.equal(true);
    }
  });

  it("says that enforce rejects it where principal() has another form", async () => {
    running.cloud.delivery.set({ principal: "roleId" });
    const report = await both();
    expect(report.hops.at(-1)).to.deep.include({ hop: "the receive function takes it", state: "failed" });
    expect(report.hops.at(-1)?.detail).to.match(/^rejected: Message rejected \(not the customer's role\)/);
    expect(report.sender).to.deep.include({ form: "<unique id of the role>", enforcePasses: false });
    expect(reportText(report)).to.contain("senderCheck enforce would reject it.");
  });

  it("says what the announce function failed with, when all of Lambda's tries did", async () => {
    const iam = new IAM(running.config(PARTNER));
    const policy = { RoleName: `publish-from-customer-role-${CUSTOMER}`, PolicyName: "denied" };
    const Statement = { Effect: "Deny", Action: "iot:Publish", Resource: "*" };
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    await iam.putRolePolicy({ ...policy, PolicyDocument });
    const report = await both({ timeoutMs: 5 * MINUTE });
    await iam.deleteRolePolicy(policy);
    expect(report.hops.at(-2)).to.deep.include({ state: "failed" });
    expect(report.hops.at(-2)?.detail).to.match(/publish failed/);
    expect(await gone()).to.equal(true);
  });

  it("follows it in the partner's log alone where the customer's can't be read, and the other way round", async () => {
    const filter = { service: "logs", operation: "FilterLogEvents", fault: "deny" } as const;
    running.cloud.faults.set([{ ...filter, account: CUSTOMER }]);
    const partners = await both();
    expect(partners.hops[1]).to.deep.include({ state: "not looked at" });
    expect(partners.hops[1]?.detail).to.match(/^needs logs:FilterLogEvents on \/aws\/lambda\//);
    expect(hops(partners).slice(2)).to.deep.equal(ALL.slice(3));
    expect(needsAttention(partners)).to.equal(false);
    running.cloud.faults.set([{ ...filter, account: PARTNER }]);
    thingName += "-again";
    const customers = await both();
    expect(hops(customers)).to.deep.equal([...ALL.slice(0, 3), "not looked at: the receive function takes it"]);
    expect(needsAttention(customers)).to.equal(true);
    expect(await gone()).to.equal(true);
  });

  it("says so where the registry can't be read, or doesn't know the event", async () => {
    running.cloud.faults.set([{ service: "dynamodb", operation: "GetItem", fault: "deny" }]);
    const denied = (await both()).hops.find(({ hop }) => hop === "the device registry knows it");
    expect(denied).to.deep.include({ state: "not looked at" });
    running.cloud.faults.set([]);
    const place = { accountId: CUSTOMER, region: DEFAULT_REGION };
    const table = String(outputs.partner.registryTableName);
    const look = registryHop(new DynamoDBClient(running.config(PARTNER)), table, place);
    expect(await look(thingName, "another event")).to.deep.include({ state: "not seen" });
  });

  it("makes nothing, and looks for nothing, where it may not make a thing", async () => {
    const since = running.cloud.trace.since().at(-1)?.id ?? 0;
    running.cloud.faults.set([{ service: "iot", operation: "CreateThing", fault: "deny" }]);
    const error: unknown = await both().catch((reason: unknown) => reason);
    expect(String(error)).to.match(/^AccessDeniedException/);
    expect(running.cloud.trace.since(since).filter(({ service }) => service !== "iot")).to.deep.equal([]);
  });

  it("interrupted: removes the thing, and says what was seen until then", async () => {
    running.cloud.delivery.set({ delaySeconds: 3600 });
    const controller = new AbortController();
    const wait = () => {
      controller.abort();
      return Promise.resolve();
    };
    const report = await both({ signal: controller.signal, wait });
    expect(report).to.deep.include({ interrupted: true, removed: [thingName] });
    expect(hops(report)[0]).to.equal(MADE);
    expect(await gone()).to.equal(true);
    await running.cloud.advance(3600_000);
  });

  it("removes what earlier runs left behind, and nothing of a run that may still be at work, or of others", async () => {
    const made = (name: string, minutes: number) => {
      const at = new Date(running.cloud.clock.now() - minutes * MINUTE).toISOString();
      const attributes = { "iot-hooks-smoke": "true", "iot-hooks-smoke-at": at };
      return iot.createThing({ thingName: name, attributePayload: { attributes } });
    };
    await made("iot-hooks-smoke-old", 90);
    await made("iot-hooks-smoke-young", 10);
    await made("lamp", 90);
    const { removed } = await both();
    expect(removed).to.deep.equal(["iot-hooks-smoke-old", thingName]);
    const { things = [] } = await iot.listThings({});
    expect(things.map((thing) => thing.thingName)).to.deep.equal(["iot-hooks-smoke-young", "lamp"]);
  });

  it("says what it could not remove, and that it could not look for what was left behind", async () => {
    running.cloud.faults.set([
      { service: "iot", operation: "DeleteThing", fault: "deny" },
      { service: "iot", operation: "ListThings", fault: "deny" },
    ]);
    const report = await both();
    expect(report.removed).to.deep.equal([]);
    expect(report.left).to.have.length(2);
    expect(report.left[0]).to.match(/^things of earlier runs, if there are any: .*iot:ListThings/);
    expect(report.left[1]).to.match(new RegExp(`^${thingName}: .*iot:DeleteThing`));
    expect(needsAttention(report)).to.equal(true);
  });

  it("tells the forms of principal() apart", () => {
    expect([undefined, "AROAX:s", "AROAX", "AIDAX", "cafe"].map(formOf)).to.deep.equal([
      "none",
      "<unique id of the role>:<session name>",
      "<unique id of the role>",
      "another",
      "another",
    ]);
  });
});
