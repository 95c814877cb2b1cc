import { IAM } from "@aws-sdk/client-iam";
import { Lambda } from "@aws-sdk/client-lambda";
import { ServiceQuotas } from "@aws-sdk/client-service-quotas";
import { expect } from "chai";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";
import { documentOf } from "./names.ts";
import { assumeWith } from "./roles.ts";

const DESCRIBE_THING = { ServiceCode: "iotcore", QuotaCode: "L-0EF0F5EE" };
const ROLES = { ServiceCode: "iam", QuotaCode: "L-FE177D64" };
const TRUST = { ServiceCode: "iam", QuotaCode: "L-C07B4B0D" };
const CONCURRENCY = { ServiceCode: "lambda", QuotaCode: "L-B99A9384" };

describe("Service Quotas of the embedded AWS", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  const quotas = (account = CUSTOMER, region = "us-east-1") => new ServiceQuotas(running.config(account, region));
  const valueOf = async (quota: typeof ROLES, account = CUSTOMER, region = "us-east-1") =>
    (await quotas(account, region).getServiceQuota(quota)).Quota?.Value;
  const set = ({ ServiceCode, QuotaCode }: typeof ROLES, value: number, region?: string) =>
    running.control("PUT", "quotas", [
      { account: CUSTOMER, region, serviceCode: ServiceCode, quotaCode: QuotaCode, value },
    ]);

  it("answers what an account has that asked for nothing", async () => {
    const { Quota } = await quotas().getServiceQuota(DESCRIBE_THING);
    expect(Quota).to.deep.equal({
      ...DESCRIBE_THING,
      ServiceName: "AWS IoT Core",
      QuotaName: "DescribeThing API TPS",
      QuotaArn: `arn:aws:servicequotas:us-east-1:${CUSTOMER}:iotcore/L-0EF0F5EE`,
      Value: 350,
      Unit: "None",
      Adjustable: true,
      GlobalQuota: false,
      QuotaAppliedAtLevel: "ACCOUNT",
    });
  });

  it("answers what was granted, in that account and Region alone, and the default beside it", async () => {
    await set(DESCRIBE_THING, 2000, "eu-west-1");
    expect(await valueOf(DESCRIBE_THING, CUSTOMER, "eu-west-1")).to.equal(2000);
    expect(await valueOf(DESCRIBE_THING)).to.equal(350);
    expect(await valueOf(DESCRIBE_THING, PARTNER, "eu-west-1")).to.equal(350);
    const { Quota } = await quotas(CUSTOMER, "eu-west-1").getAWSDefaultServiceQuota(DESCRIBE_THING);
    expect(Quota).to.include({ Value: 350, QuotaArn: "arn:aws:servicequotas:eu-west-1::iotcore/L-0EF0F5EE" });
  });

  it("knows IAM's quotas, which all Regions share, in us-east-1 only", async () => {
    const { Quota } = await quotas().getServiceQuota(ROLES);
    expect(Quota).to.include({ GlobalQuota: true, QuotaArn: `arn:aws:servicequotas::${CUSTOMER}:iam/L-FE177D64` });
    expect(await failure(quotas(CUSTOMER, "eu-west-1").getServiceQuota(ROLES))).to.equal(
      "NoSuchResourceException: The request failed because the specified service does not exist.",
    );
  });

  it("says of a quota or a service that it doesn't know which ones there are", async () => {
    for (const asked of [
      { ServiceCode: "iotcore", QuotaCode: "L-00000000" },
      { ServiceCode: "ec2", QuotaCode: "L-1216C47A" },
    ])
      expect(await failure(quotas().getServiceQuota(asked))).to.match(
        /^NoSuchResourceException: .*does not exist.*knows iam\/L-FE177D64, .*iotcore\/L-0EF0F5EE/,
      );
    const unknown = await set({ ServiceCode: "ec2", QuotaCode: "L-1216C47A" }, 1);
    expect(unknown.status).to.equal(400);
    expect(await unknown.text()).to.contain("There is no quota ec2/L-1216C47A here; there are iam/L-FE177D64");
  });

  it("lets nobody look who may not", async () => {
    const statement = { Effect: "Allow", Action: "servicequotas:GetServiceQuota", Resource: "*" };
    const somebody = new ServiceQuotas(running.config(await assumeWith(running, CUSTOMER, [statement])));
    expect((await somebody.getServiceQuota(ROLES)).Quota?.Value).to.equal(1000);
    expect(await failure(somebody.getAWSDefaultServiceQuota(ROLES))).to.match(
      /^AccessDeniedException: .*servicequotas:GetAWSDefaultServiceQuota/,
    );
  });

  it("is what IAM goes by, in every Region, and says in its summary", async () => {
    const iam = new IAM(running.config(CUSTOMER, "eu-west-1"));
    const trust = documentOf({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: CUSTOMER } });
    const make = (RoleName: string) => iam.createRole({ RoleName, AssumeRolePolicyDocument: trust });
    await set(ROLES, 1);
    await make("a");
    expect(await failure(make("b"))).to.match(/Cannot exceed quota for RolesPerAccount: 1$/);
    await set(ROLES, 2);
    await set(TRUST, 10);
    expect(await failure(make("b"))).to.match(/Cannot exceed quota for ACLSizePerRole: 10$/);
    const { SummaryMap } = await iam.getAccountSummary({});
    expect(SummaryMap).to.include({ RolesQuota: 2, AssumeRolePolicySizeQuota: 10 });
  });

  it("is what Lambda goes by", async () => {
    await set(CONCURRENCY, 2500);
    const { AccountLimit } = await new Lambda(running.config(CUSTOMER)).getAccountSettings({});
    expect(AccountLimit).to.include({ ConcurrentExecutions: 2500, UnreservedConcurrentExecutions: 2500 });
  });
});
