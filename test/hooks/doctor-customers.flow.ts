// What doctor asks IAM where a partner has hundreds of customers.
import { expect } from "chai";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { Account } from "../../hooks/doctor/account.ts";
import { SIMULATED, type Whose, publishRoles } from "../../hooks/doctor/checks/publish-roles.ts";
import { NotSeen } from "../../hooks/doctor/look.ts";
import type { Deployment } from "../../hooks/deployment.ts";
import { UserError } from "../../hooks/user-error.ts";
import { PARTNER, type RunningCloud, startCloud } from "../flow/deployment.ts";

const CUSTOMERS = 300;
const TableName = "customers";
const accountOf = (index: number) => String(100_000_000_000 + index);

describe("hooks doctor, of hundreds of customers", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
    const config = running.config(PARTNER);
    const iam = new IAM(config);
    await new DynamoDB(config).createTable({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "accountId", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "accountId", AttributeType: "S" }],
    });
    // None may publish: each that is asked about is found.
    for (let index = 0; index < CUSTOMERS; index++) {
      const account = accountOf(index);
      // The embedded AWS trusts accounts that it has only.
      const Statement = [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: PARTNER } }];
      const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
      await iam.createRole({ RoleName: `publish-from-customer-role-${account}`, AssumeRolePolicyDocument });
    }
  });
  after(() => running.endpoint.close());

  /** What it finds, and calls of IAM's simulator. */
  async function looking(whose: Whose) {
    const outputs = {
      deadLetterQueueUrls: {},
      accountId: PARTNER,
      region: "us-east-1",
      functionAliasArn: "none",
      hub: { customersTableName: TableName },
    };
    const client = running.config(PARTNER);
    const partner = new Account({
      side: "partner",
      client,
      callerArn: "",
      outputs,
    } as unknown as Deployment<"partner">);
    const last = running.cloud.trace.since().at(-1)?.id;
    const found: string[] = [];
    const unseen: string[] = [];
    for await (const one of publishRoles(partner, whose))
      if (one instanceof NotSeen) unseen.push(`${one.what}: ${one.needed}: ${one.message}`);
      else if (one.id === "publish-role.may-not-publish") found.push(one.id);
    const asked = running.cloud.trace.since(last).filter(({ name }) => name === "SimulatePrincipalPolicy").length;
    return { found, unseen, asked };
  }

  it("asks IAM's simulator about some of them, and says that it didn't about the others", async () => {
    const { found, unseen, asked } = await looking({});
    expect(asked).to.equal(SIMULATED);
    expect(found).to.have.length(SIMULATED);
    expect(unseen).to.deep.equal([
      `whether the policies of the other ${CUSTOMERS - SIMULATED} customers' roles let them publish: ` +
        "--all-customers, or --customer ACCOUNT for one: " +
        `IAM's simulator was asked about ${SIMULATED} of ${CUSTOMERS}, a call for each; trust and table were looked at for all`,
    ]);
  });

  it("asks about each where that is wanted, or about one", async () => {
    expect(await looking({ allCustomers: true }))
      .to.include({ asked: CUSTOMERS })
      .and.have.deep.property("unseen", []);
    const one = await looking({ customer: accountOf(7) });
    expect(one).to.deep.equal({ found: ["publish-role.may-not-publish"], unseen: [], asked: 1 });
  });

  it("says that there is no such customer", async () => {
    const failure = await looking({ customer: PARTNER }).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(UserError);
    expect((failure as Error).message).to.contain(`${PARTNER} is no customer of this deployment`);
  });
});
