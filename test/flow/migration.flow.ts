// From the original sample to this project, one side at a time, as docs/migrating.md says: no thing is lost on the way.
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { Lambda } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { subscribe } from "embedded-aws";
import { publishRoleName } from "../../shared/contract/names.ts";
import {
  CUSTOMER,
  type Customer,
  DEFAULT_REGION,
  PARTNER,
  type Partner,
  type RunningCloud,
  changeRolePolicy,
  deployCustomer,
  deployPartner,
  roleArnOf,
  startCloud,
} from "./deployment.ts";
import { redriveSide } from "./redriving.ts";
import { originalCustomer, originalPublishRole, originalReceiver, trail } from "./original-sample.ts";

const SUFFIX = "v2";

describe("a migration from the original sample", () => {
  let running: RunningCloud;
  beforeEach(async () => {
    running = await startCloud();
    await trail(running);
  });
  afterEach(() => running.endpoint.close());

  /** Who was told of a new thing, each time. */
  const told = (): Promise<string[]> =>
    telling(() => new IoT(running.config(CUSTOMER)).createThing({ thingName: `thing-${++things}` }));
  /** Who was told of what happens. */
  async function telling(happens: () => Promise<unknown>): Promise<string[]> {
    const heard: string[] = [];
    const stop = subscribe(running.cloud, { account: PARTNER, region: DEFAULT_REGION }, "#", ({ topic }) => {
      const [first] = topic.split("/");
      if (first === "original") heard.push("the sample");
      if (first === "debug") heard.push("the hooks");
    });
    await happens();
    await running.cloud.settled();
    stop();
    return heard.sort();
  }
  let things = 0;

  const hooksAtPartner = (config: Readonly<Record<string, string>> = {}) =>
    deployPartner(running, [roleArnOf(CUSTOMER), roleArnOf(CUSTOMER, `-${SUFFIX}`)], {
      nameSuffix: SUFFIX,
      senderCheck: "observe",
      ...config,
    });
  const hooksAtCustomer = (partnerNameSuffix?: string) =>
    deployCustomer(running, {
      createTrail: "false",
      nameSuffix: SUFFIX,
      ...(partnerNameSuffix === undefined ? {} : { partnerNameSuffix }),
    });

  /** As `up` does with another setting. */
  async function set(account: string, FunctionName: string, changes: Readonly<Record<string, string>>): Promise<void> {
    const lambda = new Lambda(running.config(account));
    const { Environment } = await lambda.getFunctionConfiguration({ FunctionName });
    await lambda.updateFunctionConfiguration({
      FunctionName,
      Environment: { Variables: { ...Environment?.Variables, ...changes } },
    });
    const { Version } = await lambda.publishVersion({ FunctionName });
    await lambda.updateAlias({ FunctionName, Name: "live", FunctionVersion: Version });
  }
  const enforce = ({ outputs }: Partner) => set(PARTNER, outputs.functionName, { SENDER_CHECK: "enforce" });
  /** `partnerNameSuffix`, at a customer that is deployed. */
  async function switchTo(publishRole: string, { outputs }: Customer): Promise<void> {
    await changeRolePolicy(running, CUSTOMER, outputs.roleArn.split("/").at(-1) ?? "", (statements) =>
      statements.map((one) => (one.Action === "sts:AssumeRole" ? { ...one, Resource: publishRole } : one)),
    );
    await set(CUSTOMER, outputs.functionName, { PARTNER_ROLE_ARN: publishRole });
  }

  it("takes the partner's side first", async () => {
    const theirs = await originalCustomer(running);
    const publishRole = await originalPublishRole(running);
    const receiver = await originalReceiver(running);
    expect(await told()).to.deep.equal(["the sample"]);

    const partner = await hooksAtPartner();
    expect(await told(), "beside the sample").to.deep.equal(["the hooks", "the sample"]);
    await receiver.destroy();
    expect(await told(), "the partner's side is new").to.deep.equal(["the hooks"]);

    await hooksAtCustomer(SUFFIX);
    // Both functions of the customer's publish, and the registry knows the second message.
    expect(await told(), "beside the sample, at the customer").to.deep.equal(["the hooks"]);
    await theirs.destroy();
    expect(await told(), "both sides are new").to.deep.equal(["the hooks"]);

    await publishRole.destroy();
    await enforce(partner);
    expect(await told(), "with the sender enforced").to.deep.equal(["the hooks"]);
  });

  it("takes the customer's side first", async () => {
    const theirs = await originalCustomer(running);
    const ours = await hooksAtCustomer();
    // The sample's role, with one principal more.
    const publishRole = await originalPublishRole(running, [roleArnOf(CUSTOMER), ours.outputs.roleArn]);
    const receiver = await originalReceiver(running);
    // The sample knows no duplicates.
    expect(await told(), "beside the sample, at the customer").to.deep.equal(["the sample", "the sample"]);
    await theirs.destroy();
    expect(await told(), "the customer's side is new").to.deep.equal(["the sample"]);

    const partner = await hooksAtPartner();
    expect(await told(), "beside the sample, at the partner").to.deep.equal(["the hooks", "the sample"]);
    await switchTo(partner.outputs.publishRoleArns[CUSTOMER] ?? "", ours);
    expect(await told(), "by the new publish role").to.deep.equal(["the hooks", "the sample"]);
    await receiver.destroy();
    await publishRole.destroy();
    await enforce(partner);
    expect(await told(), "both sides are new").to.deep.equal(["the hooks"]);
  });

  it("takes the customer's side first, and what it announced before the partner trusted it comes by a redrive", async () => {
    const theirs = await originalCustomer(running);
    await originalPublishRole(running);
    await originalReceiver(running);
    const ours = await hooksAtCustomer();
    expect(await told(), "not trusted yet").to.deep.equal(["the sample"]);
    // Lambda's retries.
    await running.cloud.advance(5 * 60_000);

    const Principal = { AWS: [roleArnOf(CUSTOMER), ours.outputs.roleArn] };
    const Statement = [{ Effect: "Allow", Action: "sts:AssumeRole", Principal }];
    const trust = () =>
      new IAM(running.config(PARTNER)).updateAssumeRolePolicy({
        RoleName: publishRoleName(CUSTOMER),
        PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }),
      });
    await trust();
    const redriven = await telling(() => redriveSide(running, "customer", ours.outputs));
    expect(redriven, "what waited").to.deep.equal(["the sample"]);
    await theirs.destroy();
    expect(await told(), "the customer's side is new").to.deep.equal(["the sample"]);
    const late: unknown = await trust().catch((error: unknown) => error);
    expect(late, "with the sample's role gone").to.have.property("name", "MalformedPolicyDocumentException");
  });

  it("goes back while the sample is there, whichever step it had come to", async () => {
    await originalCustomer(running);
    await originalPublishRole(running);
    const receiver = await originalReceiver(running);
    const partner = await hooksAtPartner({ keepOnDestroy: "false" });
    const customer = await hooksAtCustomer(SUFFIX);
    // The sample knows no duplicates.
    expect(await told(), "beside each other").to.deep.equal(["the hooks", "the sample", "the sample"]);
    await receiver.destroy();
    expect(await told(), "without the sample's function").to.deep.equal(["the hooks"]);

    await originalReceiver(running);
    expect(await told(), "with it again").to.deep.equal(["the hooks", "the sample", "the sample"]);
    await customer.destroy();
    expect(await told(), "the customer is back").to.deep.equal(["the hooks", "the sample"]);
    await partner.destroy();
    expect(await told(), "both are back").to.deep.equal(["the sample"]);
  });
});
