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
  type Statement,
} from "./deployment.ts";
import { documentOf } from "embedded-aws/testing";

const PUBLISH_ROLE = `publish-from-customer-role-${CUSTOMER}`;
const CUSTOMER_ROLE = `publish-to-partner-role-${PARTNER}`;

describe("when one thing is broken", () => {
  let running: RunningCloud;
  let customer: Customer;
  let partner: Partner;
  /** What was broken, to be mended before the next thing is. */
  let mend: () => Promise<unknown>;
  before(async () => {
    running = await startCloud();
    customer = await deployCustomer(running);
    partner = await deployPartner(running);
  });
  after(() => running.endpoint.close());
  afterEach(async () => {
    await mend();
    expect(await createThing(running, `mended-${++things}`)).to.have.length(1);
  });
  let things = 0;

  /** Past the session that the function keeps, so that it asks for one. */
  const forgetSession = () => running.cloud.advance(3_600_000);

  /** Creates a thing that must not arrive, and returns what the trace says of it. */
  async function notArrived() {
    const since = lastEntry(running);
    expect(await createThing(running, `lamp-${++things}`)).to.deep.equal([]);
    const [first, ...more] = refusals(running.cloud, since);
    const entries = running.cloud.trace.since(since);
    const zero = entries[0]?.at ?? 0;
    const shown = entries.flatMap((entry) => formatEntry(entry, { colour: false, zero, width: 100 }));
    return { first, more, shown: shown.join("\n"), widest: Math.max(...shown.map((line) => line.length)) };
  }

  it("the trust condition: the partner's trust policy is named, with what it wants and who came", async () => {
    await forgetSession();
    const trust = {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${CUSTOMER}:root` },
      Action: "sts:AssumeRole",
      Condition: { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${CUSTOMER}:role/somebody-else` } },
    };
    const PolicyDocument = documentOf(trust);
    const iam = new IAM(running.config(PARTNER));
    const { Role } = await iam.getRole({ RoleName: PUBLISH_ROLE });
    await iam.updateAssumeRolePolicy({ RoleName: PUBLISH_ROLE, PolicyDocument });
    mend = () =>
      iam.updateAssumeRolePolicy({
        RoleName: PUBLISH_ROLE,
        PolicyDocument: decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""),
      });
    const { first, shown, widest } = await notArrived();
    expect(first).to.include({ action: "sts:AssumeRole" });
    expect(first?.missing.map(({ side, account }) => [side, account])).to.deep.equal([["trust", PARTNER]]);
    expect(first?.missing[0]?.nearest?.because).to.contain("somebody-else").and.to.contain(CUSTOMER_ROLE);
    expect(shown).to.contain(`missing in partner ${PARTNER}, trust policy`);
    expect(widest).to.be.at.most(100);
  });

  it("the customer's sts:AssumeRole: its identity policy is named", async () => {
    await forgetSession();
    await changePolicy(CUSTOMER, CUSTOMER_ROLE, (statements) =>
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
    const trail = new CloudTrail(running.config(CUSTOMER));
    const Name = customer.outputs.trailArn;
    await trail.stopLogging({ Name });
    mend = () => trail.startLogging({ Name });
    const { first, shown } = await notArrived();
    expect(first).to.equal(undefined);
    expect(shown)
      .to.contain("NoTrail")
      .and.to.match(/no trail/i);
  });

  it("the topic in the publish policy: the publish role's policy is named, with the topic that it allows", async () => {
    await changePolicy(PARTNER, PUBLISH_ROLE, (statements) =>
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
    const iot = new IoT(running.config(PARTNER));
    const { ruleName } = partner.outputs;
    await iot.disableTopicRule({ ruleName });
    mend = () => iot.enableTopicRule({ ruleName });
    const { first, shown } = await notArrived();
    expect(first).to.equal(undefined);
    expect(shown)
      .to.contain(partner.outputs.ruleName)
      .and.to.match(/disabled/i);
  });

  async function removePermission(account: string, { resources, outputs }: Customer | Partner) {
    const permission = resources.find(({ type }) => type === "aws:lambda/permission:Permission");
    const { qualifier, sourceArn, principal, sourceAccount } = permission?.state as Record<string, string>;
    const lambda = new Lambda(running.config(account));
    const its = { FunctionName: outputs.functionName, Qualifier: qualifier, StatementId: permission?.id };
    await lambda.removePermission(its);
    mend = () =>
      lambda.addPermission({
        ...its,
        Action: "lambda:InvokeFunction",
        Principal: principal,
        SourceArn: sourceArn,
        SourceAccount: sourceAccount,
      });
  }

  async function changePolicy(account: string, role: string, change: (statements: Statement[]) => Statement[]) {
    let before: Statement[] = [];
    await changeRolePolicy(running, account, role, (statements) => change((before = statements)));
    mend = () => changeRolePolicy(running, account, role, () => before);
  }
});
