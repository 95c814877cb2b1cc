// `hooks smoke --path`: a thing that is made in another way than by CreateThing, and how it was heard of.
import { CloudTrail } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { S3 } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { documentOf } from "embedded-aws/testing";
import { OWN_FUNCTION } from "../../hooks/logs/line.ts";
import type { OutputsOf } from "../../hooks/outputs.ts";
import { answerOf, answerText, historyIn, triggersOf } from "../../hooks/smoke/answer.ts";
import type { SmokeReport } from "../../hooks/smoke/hops.ts";
import { bulk } from "../../hooks/smoke/bulk.ts";
import { type Path, REGISTER_THING } from "../../hooks/smoke/paths.ts";
import { needsAttention, reportText } from "../../hooks/smoke/report.ts";
import { smoke } from "../../hooks/smoke/smoke.ts";
import { CUSTOMER, type RunningCloud, deployCustomer, deployPartner, startCloud } from "../flow/deployment.ts";

const thingName = "iot-hooks-smoke-1";

describe("hooks smoke --path", () => {
  let running: RunningCloud;
  let iot: IoT;
  beforeEach(async () => {
    running = await startCloud();
    iot = new IoT(running.config(CUSTOMER));
    await deployPartner(running);
  });
  afterEach(() => running.endpoint.close());

  const deploy = async (trigger: string) =>
    (await deployCustomer(running, { trigger })).outputs as unknown as OutputsOf["customer"];
  async function run(outputs: OutputsOf["customer"], path: Path = REGISTER_THING): Promise<SmokeReport> {
    const log = {
      ...{ side: "customer" as const, function: OWN_FUNCTION.customer },
      ...{ logs: new CloudWatchLogs(running.config(CUSTOMER)), logGroupName: outputs.logGroupName },
    };
    const customer = {
      ...{ iot, log, triggers: triggersOf(outputs) },
      history: historyIn(new CloudTrail(running.config(CUSTOMER))),
    };
    return smoke(
      {
        ...{ customer, partner: undefined, registry: undefined },
        now: () => running.cloud.clock.now(),
        wait: (ms) => running.cloud.advance(ms),
        signal: new AbortController().signal,
        timeoutMs: 60_000,
        progress: () => undefined,
      },
      { thingName, path },
    );
  }
  const states = ({ hops }: SmokeReport) => hops.map(({ hop, state }) => `${state}: ${hop}`);

  it("without AWS IoT's own events: says that nothing came, and what CloudTrail has of it", async () => {
    const report = await run(await deploy("cloudtrail"));
    expect(states(report)).to.deep.equal([
      "passed: the thing is made",
      "not seen: the announce function publishes in the partner's account",
    ]);
    expect(report.hops[0]?.detail).to.equal("by RegisterThing");
    expect(report.answer).to.deep.include({ call: "RegisterThing", heardAs: undefined, by: undefined });
    expect(report.answer?.recorded?.map(({ eventName }) => eventName)).to.deep.equal(["RegisterThing"]);
    const text = reportText(report);
    expect(text).to.match(
      /A thing made by RegisterThing was not heard of\. CloudTrail's event history has RegisterThing \(/,
    );
    expect(text).to.contain(`Removed: ${thingName}.`);
    expect(needsAttention(report)).to.equal(true);
    expect((await iot.listThings({})).things).to.deep.equal([]);
  });

  for (const [trigger, by, says] of [
    ["registry-events", "AWS IoT's own event", "was heard of as CreateThing, by AWS IoT's own event."],
    ["both", "one of the two", "by AWS IoT's own event, or by a record that CloudTrail's event history doesn't have"],
  ] as const)
    it(`with ${trigger}: says that it came, and as what`, async () => {
      const report = await run(await deploy(trigger));
      expect(states(report)).to.deep.equal([
        "passed: the thing is made",
        "passed: the announce function is called",
        "passed: the announce function publishes in the partner's account",
      ]);
      expect(report.answer).to.deep.include({ heardAs: "CreateThing", by });
      expect(reportText(report)).to.contain(says);
      expect(needsAttention(report)).to.equal(false);
      expect(report).to.deep.include({ removed: [thingName], left: [] });
    });

  it("by bulk registration: says what came, what AWS IoT says of the task, and removes its file", async () => {
    const [bucket, RoleName] = ["smoke-lines", "smoke-bulk"];
    const s3 = new S3({ ...running.config(CUSTOMER), forcePathStyle: true });
    await s3.createBucket({ Bucket: bucket });
    const iam = new IAM(running.config(CUSTOMER));
    const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "iot.amazonaws.com" } };
    const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument: documentOf(trust) });
    const roleArn = Role?.Arn ?? "";
    const outputs = await deploy("registry-events");
    const failed = await run(outputs, bulk({ s3, bucket, roleArn }));
    expect(failed.answer).to.include({ call: "StartThingRegistrationTask", by: undefined });
    expect(reportText(failed)).to.match(/AWS IoT says of the task: Failed, 0 made: .*s3:GetObject/);
    expect(failed.removed).to.deep.equal([thingName, `s3://${bucket}/${thingName}.json`]);
    const PolicyDocument = documentOf({
      Effect: "Allow",
      Action: ["s3:GetObject", "iot:RegisterThing"],
      Resource: "*",
    });
    await iam.putRolePolicy({ RoleName, PolicyName: "may", PolicyDocument });
    const report = await run(outputs, bulk({ s3, bucket, roleArn }));
    expect(report.answer).to.deep.include({ heardAs: "CreateThing", by: "AWS IoT's own event" });
    expect(reportText(report)).to.contain("AWS IoT says of the task: Completed, 1 made.");
    expect(report.left).to.deep.equal([]);
    expect((await s3.listObjectsV2({ Bucket: bucket })).Contents ?? []).to.deep.equal([]);
  });

  it("says which permission it lacks for the event history, and fails without the one to make a thing", async () => {
    const outputs = await deploy("registry-events");
    running.cloud.faults.set([{ service: "cloudtrail", operation: "LookupEvents", fault: "deny" }]);
    const { answer } = await run(outputs);
    expect(answer?.problem).to.match(/^needs cloudtrail:LookupEvents: /);
    expect(answer && answerText(answer)).to.match(/event history was not looked at: needs cloudtrail:LookupEvents/);
    running.cloud.faults.set([{ service: "iot", operation: "RegisterThing", fault: "deny" }]);
    const error: unknown = await run(outputs).catch((reason: unknown) => reason);
    expect(String(error)).to.match(/^AccessDeniedException/);
  });
});

describe("the answer of hooks smoke --path", () => {
  it("knows CloudTrail's record by its id, where both might have told", async () => {
    const heard = { eventId: "of-cloudtrail", eventName: "CreateThing" };
    const triggers = { cloudTrail: true, registryEvents: true };
    const records = [{ eventName: "CreateThing", eventId: "of-cloudtrail" }];
    const answer = await answerOf(REGISTER_THING, {}, heard, triggers, () => Promise.resolve(records));
    expect(answerText(answer)).to.equal(
      "A thing made by RegisterThing was heard of as CreateThing, by CloudTrail's record. " +
        "CloudTrail's event history has CreateThing (of-cloudtrail) about it by now.",
    );
  });
});
