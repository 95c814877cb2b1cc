import { IAM, type CreateRoleRequest } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { CUSTOMER, PARTNER, startCloud, type RunningCloud } from "./cloud.ts";
import { failure } from "./failure.ts";

const trusting = (principal: object, condition?: object) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: principal,
        Action: "sts:AssumeRole",
        ...(condition ? { Condition: condition } : {}),
      },
    ],
  });
const LAMBDA = trusting({ Service: "lambda.amazonaws.com" });
const allowing = (action: string | readonly string[], resource = "*", condition?: object) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: action, Resource: resource, ...(condition ? { Condition: condition } : {}) },
    ],
  });
const BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

describe("IAM of the embedded AWS", () => {
  let running: RunningCloud;
  let iam: IAM;
  let partner: IAM;
  before(async () => {
    running = await startCloud();
    iam = new IAM(running.config(CUSTOMER));
    partner = new IAM(running.config(PARTNER));
  });
  beforeEach(() => running.cloud.reset());
  after(() => running.endpoint.close());

  const create = (RoleName: string, more: Partial<CreateRoleRequest> = {}) =>
    iam.createRole({ RoleName, AssumeRolePolicyDocument: LAMBDA, ...more });
  /** IAM as a new role of the customer that may do what the policy says. */
  const iamAs = async (policy: string, boundary?: string) => {
    const trust = trusting({ AWS: CUSTOMER });
    const more = boundary === undefined ? {} : { PermissionsBoundary: boundary };
    const { Role: role } = await create("somebody", { AssumeRolePolicyDocument: trust, ...more });
    await iam.putRolePolicy({ RoleName: "somebody", PolicyName: "may", PolicyDocument: policy });
    const { cloud } = running;
    const administrator = cloud.administrator(CUSTOMER);
    const output = (await cloud.call({
      service: "sts",
      operation: "AssumeRole",
      input: { RoleArn: role?.Arn, RoleSessionName: "test" },
      caller: { ...administrator.caller, credential: administrator },
      account: CUSTOMER,
      region: "us-east-1",
    })) as { Credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string } };
    const {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
    } = output.Credentials;
    return new IAM(running.config({ accessKeyId, secretAccessKey, sessionToken }));
  };

  describe("roles", () => {
    it("shows a role as it was created, with its trust policy URL-encoded", async () => {
      await create("announce", { Path: "/hooks/", Description: "d", Tags: [{ Key: "team", Value: "iot" }] });
      const { Role: role } = await iam.getRole({ RoleName: "announce" });
      expect(role?.Arn).to.equal("arn:aws:iam::111111111111:role/hooks/announce");
      expect(role?.RoleId).to.match(/^AROA[A-Z2-7]{17}$/);
      expect(role?.AssumeRolePolicyDocument).to.match(/^%7B%22Version%22/);
      expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? "")).to.equal(LAMBDA);
      expect(role).to.include({ Path: "/hooks/", Description: "d", MaxSessionDuration: 3600 });
      expect(role?.Tags).to.deep.equal([{ Key: "team", Value: "iot" }]);
      expect(role?.RoleLastUsed).to.deep.equal({});
    });

    it("keeps the roles of accounts apart", async () => {
      await create("announce");
      expect(await failure(partner.getRole({ RoleName: "announce" }))).to.equal(
        "NoSuchEntityException: The role with name announce cannot be found.",
      );
    });

    it("refuses a name that is taken, in whatever case", async () => {
      await create("announce");
      expect(await failure(create("Announce"))).to.equal(
        "EntityAlreadyExistsException: Role with name Announce already exists.",
      );
    });

    it("refuses names that AWS refuses", async () => {
      expect(await failure(create("a b"))).to.equal(
        "ValidationError: The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
      );
      expect(await failure(create("r".repeat(65)))).to.match(
        /^ValidationError: 1 validation error detected: Value 'r{65}' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64$/,
      );
      expect(await failure(create("a", { Path: "nowhere" }))).to.match(/^ValidationError: .*path is invalid/);
    });

    it("refuses a session duration out of range", async () => {
      expect(await failure(create("a", { MaxSessionDuration: 3599 }))).to.match(
        /Value '3599' at 'maxSessionDuration' .* greater than or equal to 3600/,
      );
    });

    it("refuses a trust policy of more than 2048 characters, without white space", async () => {
      const padded = (length: number) => LAMBDA.replace('{"Effect"', `{"Sid":"${"x".repeat(length)}","Effect"`);
      const spare = 2048 - padded(0).length;
      await create("fits", { AssumeRolePolicyDocument: padded(spare) + " ".repeat(1000) });
      expect(await failure(create("too-long", { AssumeRolePolicyDocument: padded(spare + 1) }))).to.equal(
        "LimitExceededException: Cannot exceed quota for ACLSizePerRole: 2048",
      );
    });

    it("refuses a trust policy that names a role that doesn't exist, until it does", async () => {
      const arn = "arn:aws:iam::222222222222:role/publisher";
      const trust = trusting({ AWS: arn });
      expect(await failure(create("a", { AssumeRolePolicyDocument: trust }))).to.equal(
        `MalformedPolicyDocumentException: Invalid principal in policy: "AWS":"${arn}"`,
      );
      await partner.createRole({ RoleName: "publisher", AssumeRolePolicyDocument: LAMBDA });
      await create("a", { AssumeRolePolicyDocument: trust });
    });

    it("refuses a trust policy that names an account that doesn't exist", async () => {
      expect(await failure(create("a", { AssumeRolePolicyDocument: trusting({ AWS: "999999999999" }) }))).to.match(
        /^MalformedPolicyDocumentException: Invalid principal in policy/,
      );
    });

    it("shows the unique id of a trusted role that was deleted, and keeps showing it for its namesake", async () => {
      const publisher = { RoleName: "publisher", AssumeRolePolicyDocument: LAMBDA };
      const { Role: first } = await partner.createRole(publisher);
      await create("a", { AssumeRolePolicyDocument: trusting({ AWS: first?.Arn }) });
      await partner.deleteRole(publisher);
      await partner.createRole(publisher);
      const { Role: role } = await iam.getRole({ RoleName: "a" });
      expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? "")).to.equal(trusting({ AWS: first?.RoleId }));
    });

    it("changes trust policy, description and session duration", async () => {
      await create("a");
      const trust = trusting({ Service: "iot.amazonaws.com" });
      await iam.updateAssumeRolePolicy({ RoleName: "a", PolicyDocument: trust });
      await iam.updateRole({ RoleName: "a", Description: "new", MaxSessionDuration: 7200 });
      const { Role: role } = await iam.getRole({ RoleName: "a" });
      expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? "")).to.equal(trust);
      expect(role).to.include({ Description: "new", MaxSessionDuration: 7200 });
    });

    it("deletes a role only without policies", async () => {
      await create("a");
      await iam.putRolePolicy({ RoleName: "a", PolicyName: "p", PolicyDocument: allowing("iot:Publish") });
      await iam.attachRolePolicy({ RoleName: "a", PolicyArn: BASIC });
      expect(await failure(iam.deleteRole({ RoleName: "a" }))).to.equal(
        "DeleteConflictException: Cannot delete entity, must detach all policies first.",
      );
      await iam.detachRolePolicy({ RoleName: "a", PolicyArn: BASIC });
      expect(await failure(iam.deleteRole({ RoleName: "a" }))).to.equal(
        "DeleteConflictException: Cannot delete entity, must delete policies first.",
      );
      await iam.deleteRolePolicy({ RoleName: "a", PolicyName: "p" });
      await iam.deleteRole({ RoleName: "a" });
      expect(await failure(iam.getRole({ RoleName: "a" }))).to.match(/^NoSuchEntity/);
    });

    it("lists roles page by page, without losing any when one is deleted in between", async () => {
      for (const name of ["a", "b", "c", "d"]) await create(name);
      const first = await iam.listRoles({ MaxItems: 2 });
      await iam.deleteRole({ RoleName: "a" });
      const second = await iam.listRoles({ MaxItems: 2, Marker: first.Marker });
      expect(
        [first, second].map(({ Roles, IsTruncated }) => [Roles?.map((role) => role.RoleName), IsTruncated]),
      ).to.deep.equal([
        [["a", "b"], true],
        [["c", "d"], false],
      ]);
      expect(await failure(iam.listRoles({ Marker: "bogus" }))).to.match(/^ValidationError: Invalid Marker/);
    });

    it("has no instance profiles", async () => {
      await create("a");
      const { InstanceProfiles: profiles } = await iam.listInstanceProfilesForRole({ RoleName: "a" });
      expect(profiles).to.deep.equal([]);
    });

    it("shows when a role was last used", async () => {
      const somebody = await iamAs(allowing("iam:ListRoles"));
      await somebody.listRoles({});
      const { Role: role } = await iam.getRole({ RoleName: "somebody" });
      expect(role?.RoleLastUsed?.Region).to.equal("us-east-1");
    });
  });

  describe("inline policies", () => {
    it("answers with the text that was put, URL-encoded", async () => {
      await create("a");
      const text = allowing("iot:Publish", "arn:aws:iot:*:*:topic/a b*");
      await iam.putRolePolicy({ RoleName: "a", PolicyName: "p", PolicyDocument: text });
      const { PolicyDocument: document = "" } = await iam.getRolePolicy({ RoleName: "a", PolicyName: "p" });
      expect(document).to.contain("%3A%2A%3A").and.contain("a%20b");
      expect(decodeURIComponent(document)).to.equal(text);
      expect((await iam.listRolePolicies({ RoleName: "a" })).PolicyNames).to.deep.equal(["p"]);
    });

    it("counts all of a role's policies towards 10240 characters", async () => {
      await create("a");
      const policy = (length: number) => {
        const resource = "arn:aws:iot:us-east-1:111111111111:topic/";
        return allowing("iot:Publish", resource + "x".repeat(length - allowing("iot:Publish", resource).length));
      };
      const put = (PolicyName: string, length: number) =>
        iam.putRolePolicy({ RoleName: "a", PolicyName, PolicyDocument: policy(length) });
      await put("one", 5000);
      await put("two", 5240);
      expect(await failure(put("three", 200))).to.equal(
        "LimitExceededException: Maximum policy size of 10240 bytes exceeded for role a",
      );
      await put("two", 5000);
    });

    it("refuses a policy with a Principal, and one that isn't JSON", async () => {
      await create("a");
      const put = (PolicyDocument: string) => iam.putRolePolicy({ RoleName: "a", PolicyName: "p", PolicyDocument });
      expect(await failure(put(LAMBDA.replace("sts:AssumeRole", "s3:Get")))).to.match(
        /^MalformedPolicyDocumentException: Policy document should not specify a principal/,
      );
      expect(await failure(put("{"))).to.match(/^MalformedPolicyDocumentException: /);
    });

    it("says so when a condition key isn't modelled", async () => {
      await create("a");
      const PolicyDocument = allowing("s3:GetObject", "*", { Bool: { "aws:MultiFactorAuthPresent": "true" } });
      expect(await failure(iam.putRolePolicy({ RoleName: "a", PolicyName: "p", PolicyDocument }))).to.match(
        /^NotModelledHere: .*aws:MultiFactorAuthPresent is not modelled here/,
      );
    });

    it("says which policy is not there", async () => {
      await create("a");
      for (const call of [
        iam.getRolePolicy({ RoleName: "a", PolicyName: "p" }),
        iam.deleteRolePolicy({ RoleName: "a", PolicyName: "p" }),
      ])
        expect(await failure(call)).to.equal("NoSuchEntityException: The role policy with name p cannot be found.");
    });
  });

  describe("managed policies", () => {
    const policyArn = "arn:aws:iam::111111111111:policy/publish";
    const createPolicy = (PolicyDocument = allowing("iot:Publish")) =>
      iam.createPolicy({ PolicyName: "publish", PolicyDocument });

    it("attaches one of AWS's own, and lists it", async () => {
      await create("a");
      await iam.attachRolePolicy({ RoleName: "a", PolicyArn: BASIC });
      expect((await iam.listAttachedRolePolicies({ RoleName: "a" })).AttachedPolicies).to.deep.equal([
        { PolicyName: "AWSLambdaBasicExecutionRole", PolicyArn: BASIC },
      ]);
      const { Policy: policy } = await iam.getPolicy({ PolicyArn: BASIC });
      expect(policy).to.include({ DefaultVersionId: "v1", AttachmentCount: 1 });
      const { PolicyVersion: version } = await iam.getPolicyVersion({ PolicyArn: BASIC, VersionId: "v1" });
      expect(decodeURIComponent(version?.Document ?? "")).to.contain("logs:PutLogEvents");
    });

    it("lets nobody change one of AWS's own", async () => {
      expect(await failure(iam.deletePolicy({ PolicyArn: BASIC }))).to.match(/^AccessDenied: /);
    });

    it("refuses to attach what doesn't exist", async () => {
      await create("a");
      expect(await failure(iam.attachRolePolicy({ RoleName: "a", PolicyArn: policyArn }))).to.equal(
        `NoSuchEntityException: Policy ${policyArn} does not exist or is not attachable.`,
      );
      expect(await failure(iam.detachRolePolicy({ RoleName: "a", PolicyArn: policyArn }))).to.equal(
        `NoSuchEntityException: Policy ${policyArn} was not found.`,
      );
      expect(await failure(iam.attachRolePolicy({ RoleName: "a", PolicyArn: "x".repeat(20) }))).to.match(
        /^InvalidInput/,
      );
    });

    it("attaches ten at most", async () => {
      await create("a");
      const attach = async (number: number) => {
        const { Policy: policy } = await iam.createPolicy({
          PolicyName: `p${number}`,
          PolicyDocument: allowing("iot:Publish"),
        });
        await iam.attachRolePolicy({ RoleName: "a", PolicyArn: policy?.Arn });
      };
      for (let number = 1; number <= 10; number++) await attach(number);
      expect(await failure(attach(11))).to.equal("LimitExceededException: Cannot exceed quota for PoliciesPerRole: 10");
    });

    it("gives a role what an attached policy's default version allows", async () => {
      const somebody = await iamAs(allowing("iot:Publish"));
      await createPolicy(allowing("iam:ListUsers"));
      await iam.createPolicyVersion({ PolicyArn: policyArn, PolicyDocument: allowing("iam:ListRoles") });
      await iam.attachRolePolicy({ RoleName: "somebody", PolicyArn: policyArn });
      expect(await failure(somebody.listRoles({}))).to.match(/^AccessDenied/);
      await iam.setDefaultPolicyVersion({ PolicyArn: policyArn, VersionId: "v2" });
      await somebody.listRoles({});
    });

    it("deletes a policy only when it is detached and has no other version", async () => {
      await create("a");
      await createPolicy();
      await iam.attachRolePolicy({ RoleName: "a", PolicyArn: policyArn });
      await iam.createPolicyVersion({ PolicyArn: policyArn, PolicyDocument: allowing("iot:*"), SetAsDefault: true });
      const remove = () => iam.deletePolicy({ PolicyArn: policyArn });
      expect(await failure(remove())).to.equal("DeleteConflictException: Cannot delete a policy attached to entities.");
      await iam.detachRolePolicy({ RoleName: "a", PolicyArn: policyArn });
      expect(await failure(remove())).to.match(/^DeleteConflictException: This policy has more than one version/);
      expect(await failure(iam.deletePolicyVersion({ PolicyArn: policyArn, VersionId: "v2" }))).to.equal(
        "DeleteConflictException: Cannot delete the default version of a policy.",
      );
      await iam.deletePolicyVersion({ PolicyArn: policyArn, VersionId: "v1" });
      await remove();
      expect(await failure(iam.getPolicy({ PolicyArn: policyArn }))).to.equal(
        `NoSuchEntityException: Policy ${policyArn} was not found.`,
      );
    });

    it("keeps five versions at most, and never gives a number twice", async () => {
      await createPolicy();
      const version = () => iam.createPolicyVersion({ PolicyArn: policyArn, PolicyDocument: allowing("iot:*") });
      for (let number = 2; number <= 5; number++) await version();
      expect(await failure(version())).to.match(/^LimitExceededException: A managed policy can have up to 5 versions/);
      await iam.deletePolicyVersion({ PolicyArn: policyArn, VersionId: "v5" });
      expect((await version()).PolicyVersion?.VersionId).to.equal("v6");
    });

    it("refuses a policy of more than 6144 characters and a name that is taken", async () => {
      const long = allowing("iot:Publish", `arn:aws:iot:us-east-1:111111111111:topic/${"x".repeat(6144)}`);
      expect(await failure(createPolicy(long))).to.equal(
        "LimitExceededException: Cannot exceed quota for PolicySize: 6144",
      );
      await createPolicy();
      expect(await failure(createPolicy())).to.equal(
        "EntityAlreadyExistsException: A policy called publish already exists. Duplicate names are not allowed.",
      );
    });

    it("lists policies by scope and use, and who uses them", async () => {
      await create("a", { PermissionsBoundary: BASIC });
      await createPolicy();
      await iam.attachRolePolicy({ RoleName: "a", PolicyArn: policyArn });
      const names = async (input: object) =>
        (await iam.listPolicies(input)).Policies?.map((policy) => policy.PolicyName);
      expect(await names({ Scope: "Local" })).to.deep.equal(["publish"]);
      expect(await names({ Scope: "AWS" })).to.deep.equal(["AdministratorAccess", "AWSLambdaBasicExecutionRole"]);
      expect(await names({ OnlyAttached: true })).to.deep.equal(["publish"]);
      expect(await names({ PolicyUsageFilter: "PermissionsBoundary" })).to.deep.equal(["AWSLambdaBasicExecutionRole"]);
      const roles = async (input: object) =>
        (await iam.listEntitiesForPolicy({ PolicyArn: policyArn, ...input })).PolicyRoles?.map((role) => role.RoleName);
      expect(await roles({})).to.deep.equal(["a"]);
      expect(await roles({ EntityFilter: "User" })).to.deep.equal([]);
      expect(await roles({ PolicyUsageFilter: "PermissionsBoundary" })).to.deep.equal([]);
    });

    it("limits a role to its boundary", async () => {
      const somebody = await iamAs(allowing("iam:*"), BASIC);
      expect(await failure(somebody.listRoles({}))).to.match(/^AccessDenied: .*no permissions boundary allows/);
      await iam.deleteRolePermissionsBoundary({ RoleName: "somebody" });
      await somebody.listRoles({});
      await iam.putRolePermissionsBoundary({ RoleName: "somebody", PermissionsBoundary: BASIC });
      expect(await failure(somebody.listRoles({}))).to.match(/^AccessDenied/);
    });
  });

  describe("tags", () => {
    it("adds, replaces, lists and removes tags of roles", async () => {
      await create("a", { Tags: [{ Key: "one", Value: "1" }] });
      await iam.tagRole({
        RoleName: "a",
        Tags: [
          { Key: "two", Value: "2" },
          { Key: "one", Value: "I" },
        ],
      });
      await iam.untagRole({ RoleName: "a", TagKeys: ["two"] });
      expect((await iam.listRoleTags({ RoleName: "a" })).Tags).to.deep.equal([{ Key: "one", Value: "I" }]);
    });

    it("tags policies too", async () => {
      const { Policy: policy } = await iam.createPolicy({ PolicyName: "p", PolicyDocument: allowing("iot:Publish") });
      await iam.tagPolicy({ PolicyArn: policy?.Arn, Tags: [{ Key: "one", Value: "1" }] });
      expect((await iam.getPolicy({ PolicyArn: policy?.Arn })).Policy?.Tags).to.deep.equal([
        { Key: "one", Value: "1" },
      ]);
    });

    it("refuses a key that stands twice, and too many tags", async () => {
      const tag = (Key: string) => ({ Key, Value: "" });
      expect(await failure(create("a", { Tags: [tag("x"), tag("X")] }))).to.match(
        /^InvalidInput.*: Duplicate tag keys/,
      );
      const many = Array.from({ length: 51 }, (_, index) => tag(`k${index}`));
      expect(await failure(create("a", { Tags: many }))).to.match(/^LimitExceeded/);
      expect(await failure(iam.getRole({ RoleName: "a" }))).to.match(/^NoSuchEntity/);
    });

    it("needs the permission to tag for a role that is created with tags", async () => {
      const somebody = await iamAs(allowing("iam:CreateRole"));
      const role = { RoleName: "b", AssumeRolePolicyDocument: LAMBDA };
      expect(await failure(somebody.createRole({ ...role, Tags: [{ Key: "a", Value: "b" }] }))).to.contain(
        "not authorized to perform: iam:TagRole on resource: arn:aws:iam::111111111111:role/b",
      );
      await somebody.createRole(role);
    });
  });

  describe("permissions", () => {
    it("decides by the role's ARN", async () => {
      await create("one");
      await create("two");
      const somebody = await iamAs(allowing("iam:GetRole", "arn:aws:iam::111111111111:role/one"));
      await somebody.getRole({ RoleName: "one" });
      expect(await failure(somebody.getRole({ RoleName: "two" }))).to.contain(
        "is not authorized to perform: iam:GetRole on resource: arn:aws:iam::111111111111:role/two",
      );
    });

    it("decides by the policy that is to be attached", async () => {
      const condition = { ArnEquals: { "iam:PolicyARN": BASIC } };
      const somebody = await iamAs(allowing("iam:AttachRolePolicy", "*", condition));
      await create("a");
      const admin = "arn:aws:iam::aws:policy/AdministratorAccess";
      await somebody.attachRolePolicy({ RoleName: "a", PolicyArn: BASIC });
      expect(await failure(somebody.attachRolePolicy({ RoleName: "a", PolicyArn: admin }))).to.match(/^AccessDenied/);
    });

    it("decides by the tags of a role and of the request", async () => {
      const somebody = await iamAs(
        allowing("iam:TagRole", "*", {
          StringEquals: { "iam:ResourceTag/team": "iot", "aws:RequestTag/stage": "dev" },
        }),
      );
      await create("ours", { Tags: [{ Key: "team", Value: "iot" }] });
      await create("theirs");
      const tag = (RoleName: string, Value: string) => somebody.tagRole({ RoleName, Tags: [{ Key: "stage", Value }] });
      await tag("ours", "dev");
      expect(await failure(tag("ours", "live"))).to.match(/^AccessDenied/);
      expect(await failure(tag("theirs", "dev"))).to.match(/^AccessDenied/);
    });

    it("reads AWS's own policies with the caller's permissions alone", async () => {
      const somebody = await iamAs(allowing("iam:GetPolicy", BASIC));
      await somebody.getPolicy({ PolicyArn: BASIC });
    });
  });

  describe("users", () => {
    it("shows the administrator to itself", async () => {
      const { User: user } = await iam.getUser({});
      expect(user?.Arn).to.equal("arn:aws:iam::111111111111:user/administrator");
      expect((await iam.listUsers({})).Users?.map(({ UserName }) => UserName)).to.deep.equal(["administrator"]);
    });

    it("wants to be told which user when a role asks", async () => {
      const somebody = await iamAs(allowing("iam:GetUser"));
      expect(await failure(somebody.getUser({}))).to.equal(
        "ValidationError: Must specify userName when calling with non-User credentials",
      );
    });
  });

  describe("OpenID Connect providers", () => {
    const url = "https://token.actions.githubusercontent.com";
    const arn = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com";
    const provider = { Url: url, ClientIDList: ["sts.amazonaws.com"], Tags: [{ Key: "a", Value: "b" }] };

    it("creates, shows, lists and deletes one", async () => {
      expect((await iam.createOpenIDConnectProvider(provider)).OpenIDConnectProviderArn).to.equal(arn);
      const shown = await iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: arn });
      expect(shown).to.deep.include({
        Url: "token.actions.githubusercontent.com",
        ClientIDList: ["sts.amazonaws.com"],
        Tags: [{ Key: "a", Value: "b" }],
      });
      expect((await iam.listOpenIDConnectProviders({})).OpenIDConnectProviderList).to.deep.equal([{ Arn: arn }]);
      await iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn: arn });
      expect(await failure(iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: arn }))).to.equal(
        `NoSuchEntityException: OpenIDConnect Provider not found for arn ${arn}`,
      );
    });

    it("refuses a URL that is taken, and one without https", async () => {
      await iam.createOpenIDConnectProvider(provider);
      expect(await failure(iam.createOpenIDConnectProvider(provider))).to.match(
        /^EntityAlreadyExistsException: Provider with url https:.* already exists/,
      );
      expect(await failure(iam.createOpenIDConnectProvider({ ...provider, Url: "http://a.example" }))).to.match(
        /^ValidationError/,
      );
    });

    it("can be trusted by a role, under conditions on the token", async () => {
      const condition = { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } };
      const trust = trusting({ Federated: arn }, condition).replace("AssumeRole", "AssumeRoleWithWebIdentity");
      await create("deploy", { AssumeRolePolicyDocument: trust });
    });
  });

  it("says what a request lacks", async () => {
    expect(await failure(iam.getRole({ RoleName: undefined }))).to.match(/^ValidationError: .*RoleName/);
  });

  it("refuses operations that aren't modelled", async () => {
    expect(await failure(iam.createUser({ UserName: "u" }))).to.match(
      /^NotModelledHere: iam:CreateUser is not modelled/,
    );
  });
});
