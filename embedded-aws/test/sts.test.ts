import { IAM } from "@aws-sdk/client-iam";
import { STS, type AssumeRoleCommandInput, type Credentials } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";
import { documentOf } from "./names.ts";

const PUBLISHER = "arn:aws:iam::222222222222:role/publisher";
const ANNOUNCE = "arn:aws:iam::111111111111:role/announce";

const trusting = (principal: object, condition: object = {}) =>
  documentOf({ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", Condition: condition });
const allowing = (action: string | string[], resource: string) =>
  documentOf({ Effect: "Allow", Action: action, Resource: resource });

describe("STS of the embedded AWS", () => {
  let running: RunningCloud;
  before(async () => {
    running = await startCloud();
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  /** Configuration of a client whose clock is the cloud's: tests advance it. */
  const config = (who: string | Credentials) => {
    const systemClockOffset = running.cloud.clock.now() - Date.now();
    const {
      AccessKeyId: accessKeyId = "",
      SecretAccessKey: secretAccessKey = "",
      SessionToken: sessionToken = "",
    } = typeof who === "string" ? {} : who;
    const credentials = typeof who === "string" ? who : { accessKeyId, secretAccessKey, sessionToken };
    return { ...running.config(credentials), systemClockOffset };
  };
  const sts = (who: string | Credentials) => new STS(config(who));
  const iam = (who: string | Credentials) => new IAM(config(who));

  const createRole = (account: string, RoleName: string, AssumeRolePolicyDocument: string, MaxSessionDuration = 3600) =>
    iam(account).createRole({ RoleName, AssumeRolePolicyDocument, MaxSessionDuration });
  const allow = (account: string, RoleName: string, PolicyDocument: string) =>
    iam(account).putRolePolicy({ RoleName, PolicyName: "may", PolicyDocument });
  const assume = async (
    who: string | Credentials,
    RoleArn: string,
    more: Partial<AssumeRoleCommandInput> = {},
  ): Promise<Credentials> => {
    const { Credentials: credentials } = await sts(who).assumeRole({ RoleArn, RoleSessionName: "test", ...more });
    if (!credentials) throw new Error("AssumeRole answered without credentials.");
    return credentials;
  };
  const trustingCustomer = trusting({ AWS: CUSTOMER });

  /** The customer's announce role, allowed to be the partner's publisher; answers with a session of announce. */
  const announceSession = async () => {
    await createRole(CUSTOMER, "announce", trustingCustomer);
    await allow(CUSTOMER, "announce", allowing("sts:AssumeRole", PUBLISHER));
    return assume(CUSTOMER, ANNOUNCE);
  };

  describe("GetCallerIdentity", () => {
    it("tells a user who it is", async () => {
      const { Account, Arn, UserId } = await sts(CUSTOMER).getCallerIdentity({});
      expect({ Account, Arn }).to.deep.equal({
        Account: CUSTOMER,
        Arn: "arn:aws:iam::111111111111:user/administrator",
      });
      expect(UserId).to.match(/^AIDA[A-Z2-7]{17}$/);
    });

    it("tells a session of a role without any permission", async () => {
      const { Role: role } = await createRole(CUSTOMER, "announce", trustingCustomer);
      const { Account, Arn, UserId } = await sts(await assume(CUSTOMER, ANNOUNCE)).getCallerIdentity({});
      expect({ Account, Arn, UserId }).to.deep.equal({
        Account: CUSTOMER,
        Arn: "arn:aws:sts::111111111111:assumed-role/announce/test",
        UserId: `${role?.RoleId ?? ""}:test`,
      });
    });
  });

  describe("AssumeRole", () => {
    it("answers with keys that work, and the session's names", async () => {
      const { Role: role } = await createRole(PARTNER, "publisher", trustingCustomer);
      const answer = await sts(CUSTOMER).assumeRole({ RoleArn: PUBLISHER, RoleSessionName: "lamp@home" });
      expect(answer.AssumedRoleUser).to.deep.equal({
        Arn: "arn:aws:sts::222222222222:assumed-role/publisher/lamp@home",
        AssumedRoleId: `${role?.RoleId ?? ""}:lamp@home`,
      });
      expect(answer.Credentials?.AccessKeyId).to.match(/^ASIA/);
      const { Account } = await sts(answer.Credentials as Credentials).getCallerIdentity({});
      expect(Account).to.equal(PARTNER);
    });

    it("needs the caller's own policy, across accounts", async () => {
      await createRole(PARTNER, "publisher", trustingCustomer);
      const session = await announceSession();
      await assume(session, PUBLISHER);
      await iam(CUSTOMER).deleteRolePolicy({ RoleName: "announce", PolicyName: "may" });
      expect(await failure(assume(session, PUBLISHER))).to.contain(
        "AccessDenied: User: arn:aws:sts::111111111111:assumed-role/announce/test is not authorized to " +
          `perform: sts:AssumeRole on resource: ${PUBLISHER}`,
      );
    });

    it("needs the role's trust", async () => {
      await createRole(PARTNER, "publisher", trusting({ AWS: "333333333333" }));
      expect(await failure(assume(CUSTOMER, PUBLISHER))).to.match(/^AccessDenied/);
    });

    it("answers for a role that doesn't exist as for one that doesn't trust", async () => {
      const absent = await failure(assume(CUSTOMER, PUBLISHER));
      await createRole(PARTNER, "publisher", trusting({ AWS: "333333333333" }));
      expect(await failure(assume(CUSTOMER, PUBLISHER))).to.equal(absent);
    });

    it("checks the external id", async () => {
      const trust = trusting({ AWS: CUSTOMER }, { StringEquals: { "sts:ExternalId": "abc-1" } });
      await createRole(PARTNER, "publisher", trust);
      expect(await failure(assume(CUSTOMER, PUBLISHER))).to.match(/^AccessDenied/);
      expect(await failure(assume(CUSTOMER, PUBLISHER, { ExternalId: "abc-2" }))).to.match(/^AccessDenied/);
      await assume(CUSTOMER, PUBLISHER, { ExternalId: "abc-1" });
    });

    it("doesn't trust a namesake of the role that was trusted", async () => {
      const session = await announceSession();
      await createRole(PARTNER, "publisher", trusting({ AWS: ANNOUNCE }));
      await assume(session, PUBLISHER);
      await iam(CUSTOMER).deleteRolePolicy({ RoleName: "announce", PolicyName: "may" });
      await iam(CUSTOMER).deleteRole({ RoleName: "announce" });
      expect(await failure(assume(await announceSession(), PUBLISHER))).to.match(/^AccessDenied/);
    });

    it("trusts a namesake where the condition goes by the role's ARN", async () => {
      const trust = trusting({ AWS: CUSTOMER }, { ArnEquals: { "aws:PrincipalArn": ANNOUNCE } });
      await createRole(PARTNER, "publisher", trust);
      expect(await failure(assume(CUSTOMER, PUBLISHER))).to.match(/^AccessDenied/);
      await assume(await announceSession(), PUBLISHER);
      await iam(CUSTOMER).deleteRolePolicy({ RoleName: "announce", PolicyName: "may" });
      await iam(CUSTOMER).deleteRole({ RoleName: "announce" });
      await assume(await announceSession(), PUBLISHER);
    });

    it("leaves a session without permissions once its role is gone, even when there is a namesake", async () => {
      const session = await announceSession();
      await createRole(PARTNER, "publisher", trustingCustomer);
      await iam(CUSTOMER).deleteRolePolicy({ RoleName: "announce", PolicyName: "may" });
      await iam(CUSTOMER).deleteRole({ RoleName: "announce" });
      await announceSession();
      expect(await failure(assume(session, PUBLISHER))).to.match(/^AccessDenied/);
    });

    it("refuses session names that AWS refuses", async () => {
      const named = (RoleSessionName: string) => failure(assume(CUSTOMER, PUBLISHER, { RoleSessionName }));
      expect(await named("lamp/home")).to.equal(
        "ValidationError: 1 validation error detected: Value 'lamp/home' at 'roleSessionName' failed to " +
          "satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
      );
      expect(await named("x")).to.match(/'roleSessionName' .* length greater than or equal to 2$/);
      expect(await named("x".repeat(65))).to.match(/'roleSessionName' .* length less than or equal to 64$/);
    });

    it("says all at once what is wrong with the parameters", async () => {
      expect(await failure(assume(CUSTOMER, "arn:short", { DurationSeconds: 899, ExternalId: "a b" }))).to.match(
        /^ValidationError: 3 validation errors detected: (?=.*'roleArn')(?=.*'durationSeconds')(?=.*'externalId')/,
      );
    });

    it("refuses what isn't the ARN of a role", async () => {
      expect(await failure(assume(CUSTOMER, "arn:aws:iam::222222222222:user/publisher"))).to.equal(
        "ValidationError: Request ARN is invalid",
      );
    });

    it("refuses parameters that aren't modelled", async () => {
      const Tags = [{ Key: "a", Value: "b" }];
      expect(await failure(assume(CUSTOMER, PUBLISHER, { Tags }))).to.match(
        /^NotModelledHere: The parameter Tags of sts:AssumeRole is not modelled/,
      );
      expect(await failure(assume(CUSTOMER, PUBLISHER, { SourceIdentity: "me" }))).to.match(
        /The parameter SourceIdentity of sts:AssumeRole/,
      );
    });
  });

  describe("the duration of a session", () => {
    const seconds = (credentials: Credentials) =>
      Math.round(((credentials.Expiration?.getTime() ?? 0) - running.cloud.clock.now()) / 1000);

    it("is an hour, or what was asked for up to the role's maximum", async () => {
      await createRole(PARTNER, "publisher", trustingCustomer, 7200);
      expect(seconds(await assume(CUSTOMER, PUBLISHER))).to.equal(3600);
      expect(seconds(await assume(CUSTOMER, PUBLISHER, { DurationSeconds: 7200 }))).to.equal(7200);
      expect(await failure(assume(CUSTOMER, PUBLISHER, { DurationSeconds: 7201 }))).to.equal(
        "ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
      );
    });

    it("tells nothing of a role's maximum to those whom it doesn't trust", async () => {
      await createRole(PARTNER, "publisher", trusting({ AWS: "333333333333" }));
      expect(await failure(assume(CUSTOMER, PUBLISHER, { DurationSeconds: 43_200 }))).to.match(/^AccessDenied/);
    });

    it("is an hour at most for a session that another session asks for", async () => {
      await createRole(PARTNER, "publisher", trustingCustomer, 7200);
      const session = await announceSession();
      await assume(session, PUBLISHER, { DurationSeconds: 3600 });
      expect(await failure(assume(session, PUBLISHER, { DurationSeconds: 3601 }))).to.equal(
        "ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by " +
          "role chaining.",
      );
    });

    it("ends: keys that have expired are refused", async () => {
      await createRole(PARTNER, "publisher", trustingCustomer);
      const session = await assume(CUSTOMER, PUBLISHER, { DurationSeconds: 900 });
      await running.cloud.advance(895_000);
      await sts(session).getCallerIdentity({});
      await running.cloud.advance(5_000);
      expect(await failure(sts(session).getCallerIdentity({}))).to.equal(
        "ExpiredToken: The security token included in the request is expired",
      );
    });
  });

  describe("session policies", () => {
    const listRoles = (credentials: Credentials) => iam(credentials).listRoles({});
    const getRole = (credentials: Credentials) => iam(credentials).getRole({ RoleName: "publisher" });
    beforeEach(async () => {
      await createRole(PARTNER, "publisher", trustingCustomer);
      await allow(PARTNER, "publisher", allowing(["iam:List*", "iam:Get*"], "*"));
    });

    it("narrow what the role allows", async () => {
      const session = await assume(CUSTOMER, PUBLISHER, { Policy: allowing("iam:ListRoles", "*") });
      await listRoles(session);
      expect(await failure(getRole(session))).to.match(/^AccessDenied: .*no session policy allows the iam:GetRole/);
    });

    it("never widen it", async () => {
      const session = await assume(CUSTOMER, PUBLISHER, { Policy: allowing("iam:*", "*") });
      expect(await failure(iam(session).deleteRole({ RoleName: "publisher" }))).to.match(/^AccessDenied/);
    });

    it("can be managed policies of the role's account", async () => {
      const PolicyDocument = allowing("iam:GetRole", "*");
      const { Policy: policy } = await iam(PARTNER).createPolicy({ PolicyName: "narrow", PolicyDocument });
      const PolicyArns = [{ arn: policy?.Arn }];
      const session = await assume(CUSTOMER, PUBLISHER, { PolicyArns });
      await getRole(session);
      expect(await failure(listRoles(session))).to.match(/^AccessDenied/);
    });

    it("have to be well formed, exist, and be short", async () => {
      const refused = (more: Partial<AssumeRoleCommandInput>) => failure(assume(CUSTOMER, PUBLISHER, more));
      expect(await refused({ Policy: "{}" })).to.match(/^MalformedPolicyDocument/);
      expect(await refused({ PolicyArns: [{ arn: "arn:aws:iam::222222222222:policy/none" }] })).to.match(
        /does not exist/,
      );
      expect(await refused({ Policy: "x".repeat(2049) })).to.match(/'policy' .* less than or equal to 2048$/);
    });
  });

  it("shows a session in the trace without its secrets", async () => {
    await createRole(PARTNER, "publisher", trustingCustomer);
    const { AccessKeyId, SecretAccessKey = "?", SessionToken = "?" } = await assume(CUSTOMER, PUBLISHER);
    const trace = JSON.stringify(running.cloud.trace.since());
    expect(trace).to.contain(AccessKeyId).and.not.contain(SecretAccessKey).and.not.contain(SessionToken);
  });

  it("keeps the secret key out of CloudTrail's record", () => {
    const response = running.cloud.services.get("sts")?.operations["AssumeRole"]?.record?.response;
    const recorded = JSON.stringify(response?.({ Credentials: { AccessKeyId: "ASIA", SecretAccessKey: "secret" } }));
    expect(recorded).to.contain("ASIA").and.not.contain('secret"');
  });
});
