// Switches of /_local/delivery for what takes time on AWS: roles, trails, Regions.
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { IAM } from "@aws-sdk/client-iam";
import { IoT } from "@aws-sdk/client-iot";
import { STS } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";
import { createFunction } from "./functions.ts";
import { makeTrail } from "./trails.ts";

const document = (statement: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
const ROLE = `arn:aws:iam::${CUSTOMER}:role/fn`;

describe("an embedded AWS that takes its time", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  const set = async (settings: object) => {
    expect((await running.control("PUT", "delivery", settings)).status).to.equal(204);
  };
  const iam = () => new IAM(running.config(CUSTOMER));
  const makeRole = (principal: object) =>
    iam().createRole({
      RoleName: "fn",
      AssumeRolePolicyDocument: document({ Principal: principal, Action: "sts:AssumeRole" }),
    });
  async function session() {
    const { Credentials } = await new STS(running.config(CUSTOMER)).assumeRole({
      RoleArn: ROLE,
      RoleSessionName: "test",
    });
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
    return running.config({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
  }

  it("doesn't let Lambda assume a role that was made a moment ago, and does a little later", async () => {
    await set({ iamDelaySeconds: 10 });
    await makeRole({ Service: "lambda.amazonaws.com" });
    const create = () => createFunction(running, CUSTOMER, "fn", "exports.handler = async () => {};", { Role: ROLE });
    expect(await failure(create())).to.equal(
      "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.",
    );
    await running.cloud.advance(10_000);
    expect((await create()).FunctionName).to.equal("fn");
  });

  it(
    "lets a role do what a policy allows only a while after it was put, and what it took away so long as " + "well",
    async () => {
      await makeRole({ AWS: CUSTOMER });
      const things = new IoT(await session());
      await set({ iamDelaySeconds: 10 });
      const PolicyDocument = document({ Action: "iot:ListThings", Resource: "*" });
      await iam().putRolePolicy({ RoleName: "fn", PolicyName: "p", PolicyDocument });
      expect(await failure(things.listThings({}))).to.match(
        /^AccessDeniedException: .*no identity-based policy allows/,
      );
      await running.cloud.advance(10_000);
      await things.listThings({});
      await iam().deleteRolePolicy({ RoleName: "fn", PolicyName: "p" });
      await things.listThings({});
      await running.cloud.advance(10_000);
      expect(await failure(things.listThings({}))).to.match(/^AccessDeniedException/);
    },
  );

  it("brings each change of a role into effect at its own time", async () => {
    await makeRole({ AWS: CUSTOMER });
    const things = new IoT(await session());
    await set({ iamDelaySeconds: 10 });
    const put = (PolicyName: string, Action: string) =>
      iam().putRolePolicy({ RoleName: "fn", PolicyName, PolicyDocument: document({ Action, Resource: "*" }) });
    await put("a", "iot:ListThings");
    await running.cloud.advance(6_000);
    await put("b", "iot:ListThingTypes");
    await running.cloud.advance(5_000);
    await things.listThings({});
    expect(await failure(things.listThingTypes({}))).to.match(/^AccessDeniedException/);
    await running.cloud.advance(5_000);
    await things.listThingTypes({});
  });

  it("keeps the trust policy that a role had until the new one is in effect", async () => {
    await makeRole({ AWS: PARTNER });
    await set({ iamDelaySeconds: 10 });
    const PolicyDocument = document({ Principal: { AWS: CUSTOMER }, Action: "sts:AssumeRole" });
    await iam().updateAssumeRolePolicy({ RoleName: "fn", PolicyDocument });
    expect(await failure(session())).to.match(/^AccessDenied: .*sts:AssumeRole/);
    await running.cloud.advance(10_000);
    await session();
  });

  it("brings no events of a trail that has just begun to log, and says so", async () => {
    await set({ trailWarmUpSeconds: 300 });
    await (await makeTrail(running, CUSTOMER)).startLogging({ Name: "audit" });
    const EventPattern = JSON.stringify({ source: ["aws.iot"] });
    await new EventBridge(running.config(CUSTOMER)).putRule({ Name: "r", EventPattern });
    const iot = new IoT(running.config(CUSTOMER));
    const effects = (name: string) => running.cloud.trace.since().filter((entry) => entry.name === name);
    await iot.createThing({ thingName: "early" });
    await running.cloud.settled();
    expect(effects("RuleMatched")).to.have.length(0);
    expect(effects("NoTrail")[0]?.error?.message).to.match(/audit has logged only since .* and isn't warm yet/);
    await running.cloud.advance(300_000);
    await iot.createThing({ thingName: "late" });
    await running.cloud.settled();
    expect(effects("RuleMatched")).to.have.length(1);
  });

  it("knows no keys of an account in a Region that the account hasn't switched on", async () => {
    await set({ disabledRegions: { [CUSTOMER]: ["ap-southeast-4"] } });
    const sts = (account: string, region: string) => new STS(running.config(account, region)).getCallerIdentity({});
    expect(await failure(sts(CUSTOMER, "ap-southeast-4"))).to.match(
      /^InvalidClientTokenId: The security token included in the request is invalid\./,
    );
    expect(await failure(new IoT(running.config(CUSTOMER, "ap-southeast-4")).listThings({}))).to.match(
      /^UnrecognizedClientException: The security token/,
    );
    expect((await sts(CUSTOMER, "us-east-1")).Account).to.equal(CUSTOMER);
    expect((await sts(PARTNER, "ap-southeast-4")).Account).to.equal(PARTNER);
  });

  it("assumes no role of an account in a Region that the role's account hasn't switched on", async () => {
    await makeRole({ AWS: PARTNER });
    await set({ disabledRegions: { [CUSTOMER]: ["ap-southeast-4"] } });
    const assume = (region: string) =>
      new STS(running.config(PARTNER, region)).assumeRole({ RoleArn: ROLE, RoleSessionName: "test" });
    expect(await failure(assume("ap-southeast-4"))).to.match(
      new RegExp(`^RegionDisabledException: STS is not activated in this region for account:${CUSTOMER}\\.`),
    );
    await assume("us-east-1");
  });

  it("refuses a setting that doesn't exist, and forgets all at a reset", async () => {
    expect((await running.control("PUT", "delivery", { iamDelay: 10 })).status).to.equal(400);
    expect((await running.control("PUT", "delivery", { disabledRegions: { customer: [] } })).status).to.equal(400);
    await set({ iamDelaySeconds: 10 });
    await running.cloud.reset();
    await makeRole({ AWS: CUSTOMER });
    await session();
  });
});
