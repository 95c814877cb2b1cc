// One thing broken at a time: the thing doesn't arrive, and the trace says at once which permission is missing, on
// which side.
import { expect } from "chai";
import { CloudTrail } from "@aws-sdk/client-cloudtrail";
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { Lambda } from "@aws-sdk/client-lambda";
import { formatEntry } from "embedded-aws";
import {
  CUSTOMER,
  PARTNER,
  changeRolePolicy,
  createThing,
  deployCustomer,
  deployPartner,
  lastEntry,
  refusals,
  startCloud,
  type Customer,
  type Partner,
  type RunningCloud,
} from "./deployment.ts";
import { documentOf } from "embedded-aws/testing";

const PUBLISH_ROLE = `publish-from-customer-role-${CUSTOMER}`;
const CUSTOMER_ROLE = `publish-to-partner-role-${PARTNER}`;

describe("when one thing is broken", () => {
  let running: RunningCloud;
  let customer: Customer;
  let partner: Partner;
  before(async () => {
    running = await startCloud();
  });
  after(() => running.endpoint.close());
  beforeEach(async () => {
    customer = await deployCustomer(running);
    partner = await deployPartner(running);
  });
  afterEach(() => running.cloud.reset());

  /** Creates a thing that must not arrive, and returns what the trace says of it. */
  async function notArrived() {
    const since = lastEntry(running);
    expect(await createThing(running)).to.deep.equal([]);
    const [first, ...more] = refusals(running.cloud, since);
    const entries = running.cloud.trace.since(since);
    const zero = entries[0]?.at ?? 0;
    const shown = entries.flatMap((entry) => formatEntry(entry, { colour: false, zero, width: 100 }));
    return { first, more, shown: shown.join("\n"), widest: Math.max(...shown.map((line) => line.length)) };
  }

  it("the trust condition: the partner's trust policy is named, with what it wants and who came", async () => {
    const trust = {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${CUSTOMER}:root` },
      Action: "sts:AssumeRole",
      Condition: { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${CUSTOMER}:role/somebody-else` } },
    };
    const PolicyDocument = documentOf(trust);
    await new IAM(running.config(PARTNER)).updateAssumeRolePolicy({ RoleName: PUBLISH_ROLE, PolicyDocument });
    const { first, shown, widest } = await notArrived();
    expect(first).to.include({ action: "sts:AssumeRole" });
    expect(first?.missing.map(({ side, account }) => [side, account])).to.deep.equal([["trust", PARTNER]]);
    expect(first?.missing[0]?.nearest?.because).to.contain("somebody-else").and.to.contain(CUSTOMER_ROLE);
    expect(shown).to.contain(`missing in partner ${PARTNER}, trust policy`);
    expect(widest).to.be.at.most(100);
  });

  it("the customer's sts:AssumeRole: its identity policy is named", async () => {
    await changeRolePolicy(running, CUSTOMER, CUSTOMER_ROLE, (statements) =>
      statements.filter(({ Action }) => Action !== "sts:AssumeRole"),
    );
    const { first, shown } = await notArrived();
    expect(first).to.include({ action: "sts:AssumeRole" });
    expect(first?.missing.map(({ side, account }) => [side, account])).to.deep.equal([["identity", CUSTOMER]]);
    expect(shown).to.contain(`missing in customer ${CUSTOMER}, identity policy`);
  });

  it("EventBridge's permission to call the announce function: its resource policy is named", async () => {
    await removePermission(CUSTOMER, customer);
    const { first } = await notArrived();
    expect(first).to.include({ action: "lambda:InvokeFunction", caller: "events.amazonaws.com" });
    expect(first?.missing.map(({ side, account }) => [side, account])).to.deep.equal([["resource", CUSTOMER]]);
  });

  it("AWS IoT's permission to call the receive function: its resource policy is named", async () => {
    await removePermission(PARTNER, partner);
    const { first } = await notArrived();
    expect(first).to.include({ action: "lambda:InvokeFunction", caller: "iot.amazonaws.com" });
    expect(first?.missing.map(({ side, account }) => [side, account])).to.deep.equal([["resource", PARTNER]]);
  });

  it("the trail: the trace says that none logs", async () => {
    await new CloudTrail(running.config(CUSTOMER)).stopLogging({ Name: customer.outputs.trailArn });
    const { first, shown } = await notArrived();
    expect(first).to.equal(undefined);
    expect(shown)
      .to.contain("NoTrail")
      .and.to.match(/no trail/i);
  });

  it("the topic in the publish policy: the publish role's policy is named, with the topic that it allows", async () => {
    await changeRolePolicy(running, PARTNER, PUBLISH_ROLE, (statements) =>
      statements.map((statement) => ({
        ...statement,
        Resource: `arn:aws:iot:us-east-1:${PARTNER}:topic/cross_account_hooks/${CUSTOMER}/update_thing`,
      })),
    );
    const { first } = await notArrived();
    expect(first).to.include({ action: "iot:Publish" });
    expect(first?.missing.map(({ side, account }) => [side, account])).to.deep.equal([["identity", PARTNER]]);
    expect(first?.missing[0]?.nearest?.because).to.contain("update_thing");
  });

  it("the topic rule is disabled: nothing is refused, and the trace says so", async () => {
    await new IoT(running.config(PARTNER)).disableTopicRule({ ruleName: partner.outputs.ruleName });
    const { first, shown } = await notArrived();
    expect(first).to.equal(undefined);
    expect(shown)
      .to.contain(partner.outputs.ruleName)
      .and.to.match(/disabled/i);
  });

  async function removePermission(account: string, { resources, outputs }: Customer | Partner) {
    const permission = resources.find(({ type }) => type === "aws:lambda/permission:Permission");
    const { qualifier } = permission?.state as { qualifier: string };
    const removal = { FunctionName: outputs.functionName, Qualifier: qualifier, StatementId: permission?.id };
    await new Lambda(running.config(account)).removePermission(removal);
  }
});
