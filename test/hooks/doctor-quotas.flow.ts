// What doctor makes of quotas, and how much more it says to ask for.
import { expect } from "chai";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { Lambda } from "@aws-sdk/client-lambda";
import { QUOTAS, setQuota } from "embedded-aws";
import type { ClientOptions } from "../../hooks/access.ts";
import type { Account } from "../../hooks/doctor/account.ts";
import { concurrency, roles } from "../../hooks/doctor/checks/quotas.ts";
import { NotSeen } from "../../hooks/doctor/look.ts";
import * as ours from "../../hooks/quotas.ts";
import { CUSTOMER, PARTNER, type RunningCloud, startCloud } from "../flow/deployment.ts";

const ROLE = `publish-from-customer-role-${CUSTOMER}`;

describe("hooks doctor, of quotas", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  beforeEach(async () => {
    await running.cloud.reset();
    const Statement = [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: PARTNER } }];
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    await new IAM(running.config(PARTNER)).createRole({ RoleName: ROLE, AssumeRolePolicyDocument });
  });
  after(() => running.endpoint.close());

  const grant = ({ quotaCode }: ours.Quota, value: number) => {
    const quota = QUOTAS.find((one) => one.quotaCode === quotaCode);
    if (!quota) throw new Error("The embedded AWS has no such quota.");
    setQuota(running.cloud, quota, { account: PARTNER, region: "us-east-1" }, value);
  };
  const found = async (check: typeof concurrency | typeof roles) => {
    // A table of customers that isn't there: whose role there is, is one.
    const hub = { customersTableName: "customers" };
    const outputs = { region: "us-east-1", functionName: "receive", hub };
    const client = running.config(PARTNER) as unknown as ClientOptions;
    const quota = (of: ours.Quota) => ours.quotaOf(client, of);
    const account = {
      outputs,
      quota,
      dynamodb: new DynamoDB(client),
      iam: new IAM(client),
      lambda: new Lambda(client),
    } as unknown as Account<"partner">;
    const lines: string[] = [];
    for await (const one of check(account))
      lines.push(one instanceof NotSeen ? `not seen: ${one.what}` : `${one.id}: ${one.what} ${one.mend}`);
    return lines;
  };

  it("finds nothing where there is enough", async () => {
    expect(await found(roles)).to.deep.equal([]);
    expect(await found(concurrency)).to.deep.equal([]);
  });

  it("asks for twice as many roles as were granted, and as long a trust policy", async () => {
    grant(ours.ROLES, 1);
    grant(ours.TRUST_POLICY, 120);
    expect(await found(roles)).to.deep.equal([
      "quota.roles: The account has 1 of 1 roles. aws service-quotas request-service-quota-increase " +
        "--service-code iam --quota-code L-FE177D64 --desired-value 2 --region us-east-1",
      `quota.trust: The trust policy of ${ROLE} has 118 of 120 characters. aws service-quotas ` +
        "request-service-quota-increase --service-code iam --quota-code L-C07B4B0D --desired-value 240 --region us-east-1",
    ]);
  });

  it("asks for the default of concurrency where an account has less, and for more than was granted where it has it", async () => {
    grant(ours.CONCURRENCY, 10);
    expect((await found(concurrency)).join()).to.match(/share 10 of the account's 10 .* --desired-value 1000 --region/);
    grant(ours.CONCURRENCY, 100);
    expect((await found(concurrency)).join()).to.contain("--desired-value 1000");
    grant(ours.CONCURRENCY, 3000);
    expect(await found(concurrency)).to.deep.equal([]);
  });

  it("goes by what IAM and Lambda say where Service Quotas can't be asked, and says so", async () => {
    grant(ours.ROLES, 1);
    grant(ours.CONCURRENCY, 10);
    running.cloud.faults.set([{ service: "servicequotas", operation: "*", fault: "deny" }]);
    const [ofRoles, nearly, ofTrust] = await found(roles);
    expect([ofRoles, ofTrust]).to.deep.equal([
      "not seen: the account's quota of roles",
      "not seen: the account's quota of characters of a trust policy",
    ]);
    expect(nearly).to.contain("The account has 1 of 1 roles.");
    expect((await found(concurrency))[0]).to.equal("not seen: the account's quota of concurrent executions");
  });
});
