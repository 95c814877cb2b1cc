// How fast a backfill may go: by what the account has, read in it.
import { expect } from "chai";
import { IoTClient } from "@aws-sdk/client-iot";
import { type Fault, QUOTAS, setQuota } from "embedded-aws";
import type { ClientOptions } from "../../hooks/access.ts";
import { listingOf } from "../../hooks/backfill/listing.ts";
import { type AskedRates, ratesOf } from "../../hooks/backfill/rates.ts";
import * as ours from "../../hooks/quotas.ts";
import { CUSTOMER, type RunningCloud, startCloud } from "../flow/deployment.ts";

describe("A backfill's rates", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  const grant = ({ serviceCode, quotaCode }: ours.Quota, value: number, region = "us-east-1") => {
    const quota = QUOTAS.find((one) => one.serviceCode === serviceCode && one.quotaCode === quotaCode);
    if (!quota) throw new Error("The embedded AWS has no such quota.");
    setQuota(running.cloud, quota, { account: CUSTOMER, region }, value);
  };
  const fault = (operation: string, more: Partial<Fault>) => {
    running.cloud.faults.set([{ service: "servicequotas", operation, fault: "deny", ...more }]);
  };
  const asked = async (rates: AskedRates = {}, selection = {}, region = "us-east-1") => {
    const client = running.config(CUSTOMER, region) as unknown as ClientOptions;
    const said: string[] = [];
    const found = await ratesOf(rates, listingOf(selection, new IoTClient(client), client), client, (line) => {
      said.push(line);
    });
    return { ...found, said };
  };
  const calls = () => running.cloud.trace.since(0).filter(({ service }) => service === "servicequotas");

  it("are half of the account's DescribeThing and all of its ListThings, in the Region of the deployment", async () => {
    expect(await asked()).to.deep.equal({ things: 175, lists: 10, said: [] });
    grant(ours.DESCRIBE_THING, 2000, "eu-west-1");
    grant(ours.LIST_THINGS, 40, "eu-west-1");
    expect(await asked({}, {}, "eu-west-1")).to.deep.equal({ things: 1000, lists: 40, said: [] });
    expect((await asked()).things).to.equal(175);
  });

  it("are of a group by the quota of its call, and of CloudTrail's history two a second", async () => {
    grant(ours.LIST_THINGS_IN_GROUP, 7);
    expect((await asked({}, { group: "lamps" })).lists).to.equal(7);
    expect((await asked({}, { since: new Date(0) })).lists).to.equal(2);
  });

  it("are what was typed, and then no quota is asked for", async () => {
    expect(await asked({ rate: 3, listRate: 4 })).to.deep.equal({ things: 3, lists: 4, said: [] });
    expect(calls()).to.deep.equal([]);
  });

  it("are by AWS's default in this Region where nothing was ever applied", async () => {
    fault("GetServiceQuota", { fault: "error", code: "NoSuchResourceException" });
    expect(await asked()).to.deep.equal({ things: 175, lists: 10, said: [] });
    expect(calls().map(({ name, outcome }) => `${name} ${outcome}`)).to.include("GetAWSDefaultServiceQuota ok");
  });

  it("are by the documented default where the quota can't be read, which one line says", async () => {
    grant(ours.DESCRIBE_THING, 2000);
    fault("GetServiceQuota", {});
    const { things, lists, said } = await asked();
    expect([things, lists]).to.deep.equal([175, 10]);
    expect(said).to.have.length(2);
    expect(said[0]).to.match(
      /^Could not look at the account's quota of DescribeThing \(AccessDenied.*\): going by AWS's default, 350 calls a /,
    );
    expect(said[0]).to.match(/Needed: servicequotas:GetServiceQuota and servicequotas:GetAWSDefaultServiceQuota\.$/);
    expect(said.join("")).not.to.contain("\n");
  });

  it("are of no quota that has no value", async () => {
    grant(ours.DESCRIBE_THING, 0);
    const { things, said } = await asked();
    expect(things).to.equal(175);
    expect(said)
      .to.have.length(1)
      .and.match(/DescribeThing \(AWS knows no value of it\)/);
  });

  it("has the codes and defaults that the embedded AWS has", () => {
    const known = QUOTAS.map(({ serviceCode, quotaCode, standard, isGlobal = false }) =>
      [serviceCode, quotaCode, standard, isGlobal].join(" "),
    );
    const named = [ours.DESCRIBE_THING, ours.LIST_THINGS, ours.LIST_THINGS_IN_GROUP, ours.ROLES, ours.TRUST_POLICY];
    for (const { serviceCode, quotaCode, standard, isGlobal = false } of [...named, ours.CONCURRENCY])
      expect(known).to.include([serviceCode, quotaCode, standard, isGlobal].join(" "));
  });

  it("asks for IAM's quotas where they are known, whatever the Region", async () => {
    grant(ours.ROLES, 3000);
    const client = running.config(CUSTOMER, "eu-west-1") as unknown as ClientOptions;
    expect(await ours.quotaOf(client, ours.ROLES)).to.equal(3000);
    expect(ours.moreOf(ours.ROLES, 6000, "eu-west-1")).to.equal(
      "aws service-quotas request-service-quota-increase --service-code iam --quota-code L-FE177D64 " +
        "--desired-value 6000 --region us-east-1",
    );
  });
});
