import { expect } from "chai";
import { failure } from "../failure.ts";
import { BASIC, LAMBDA, allowing, useIam } from "./fixture.ts";

describe("Policies of the embedded IAM", () => {
  const aws = useIam();

  describe("inline policies", () => {
    it("answers with the text that was put, URL-encoded", async () => {
      await aws().createRole("a");
      const text = allowing("iot:Publish", "arn:aws:iot:*:*:topic/a b*");
      await aws().iam.putRolePolicy({ RoleName: "a", PolicyName: "p", PolicyDocument: text });
      const { PolicyDocument: document = "" } = await aws().iam.getRolePolicy({ RoleName: "a", PolicyName: "p" });
      expect(document).to.contain("%3A%2A%3A").and.contain("a%20b");
      expect(decodeURIComponent(document)).to.equal(text);
      expect((await aws().iam.listRolePolicies({ RoleName: "a" })).PolicyNames).to.deep.equal(["p"]);
    });

    it("counts all of a role's policies towards 10240 characters", async () => {
      await aws().createRole("a");
      const policy = (length: number) => {
        const resource = "arn:aws:iot:us-east-1:111111111111:topic/";
        return allowing("iot:Publish", resource + "x".repeat(length - allowing("iot:Publish", resource).length));
      };
      const put = (PolicyName: string, length: number) =>
        aws().iam.putRolePolicy({ RoleName: "a", PolicyName, PolicyDocument: policy(length) });
      await put("one", 5000);
      await put("two", 5240);
      expect(await failure(put("three", 200))).to.equal(
        "LimitExceededException: Maximum policy size of 10240 bytes exceeded for role a",
      );
      await put("two", 5000);
    });

    it("refuses a policy with a Principal, and one that isn't JSON", async () => {
      await aws().createRole("a");
      const put = (PolicyDocument: string) =>
        aws().iam.putRolePolicy({ RoleName: "a", PolicyName: "p", PolicyDocument });
      expect(await failure(put(LAMBDA.replace("sts:AssumeRole", "s3:Get")))).to.match(
        /^MalformedPolicyDocumentException: Policy document should not specify a principal/,
      );
      expect(await failure(put("{"))).to.match(/^MalformedPolicyDocumentException: /);
    });

    it("says so when a condition key isn't modelled", async () => {
      await aws().createRole("a");
      const PolicyDocument = allowing("s3:GetObject", "*", { Bool: { "aws:MultiFactorAuthPresent": "true" } });
      expect(await failure(aws().iam.putRolePolicy({ RoleName: "a", PolicyName: "p", PolicyDocument }))).to.match(
        /^NotModelledHere: .*aws:MultiFactorAuthPresent is not modelled here/,
      );
    });

    it("says which policy is not there", async () => {
      await aws().createRole("a");
      for (const call of [
        aws().iam.getRolePolicy({ RoleName: "a", PolicyName: "p" }),
        aws().iam.deleteRolePolicy({ RoleName: "a", PolicyName: "p" }),
      ])
        expect(await failure(call)).to.equal("NoSuchEntityException: The role policy with name p cannot be found.");
    });
  });

  describe("managed policies", () => {
    const policyArn = "arn:aws:iam::111111111111:policy/publish";
    const createPolicy = (PolicyDocument = allowing("iot:Publish")) =>
      aws().iam.createPolicy({ PolicyName: "publish", PolicyDocument });

    it("attaches one of AWS's own, and lists it", async () => {
      await aws().createRole("a");
      await aws().iam.attachRolePolicy({ RoleName: "a", PolicyArn: BASIC });
      expect((await aws().iam.listAttachedRolePolicies({ RoleName: "a" })).AttachedPolicies).to.deep.equal([
        { PolicyName: "AWSLambdaBasicExecutionRole", PolicyArn: BASIC },
      ]);
      const { Policy: policy } = await aws().iam.getPolicy({ PolicyArn: BASIC });
      expect(policy).to.include({ DefaultVersionId: "v1", AttachmentCount: 1 });
      const { PolicyVersion: version } = await aws().iam.getPolicyVersion({ PolicyArn: BASIC, VersionId: "v1" });
      expect(decodeURIComponent(version?.Document ?? "")).to.contain("logs:PutLogEvents");
    });

    it("lets nobody change one of AWS's own", async () => {
      expect(await failure(aws().iam.deletePolicy({ PolicyArn: BASIC }))).to.match(/^AccessDenied: /);
    });

    it("refuses to attach what doesn't exist", async () => {
      await aws().createRole("a");
      expect(await failure(aws().iam.attachRolePolicy({ RoleName: "a", PolicyArn: policyArn }))).to.equal(
        `NoSuchEntityException: Policy ${policyArn} does not exist or is not attachable.`,
      );
      expect(await failure(aws().iam.detachRolePolicy({ RoleName: "a", PolicyArn: policyArn }))).to.equal(
        `NoSuchEntityException: Policy ${policyArn} was not found.`,
      );
      expect(await failure(aws().iam.attachRolePolicy({ RoleName: "a", PolicyArn: "x".repeat(20) }))).to.match(
        // Recorded on AWS by another project's tests.
        /^ValidationError: Invalid ARN: {2}Could not be parsed!$/,
      );
      const role = "arn:aws:iam::111111111111:role/a";
      expect(await failure(aws().iam.attachRolePolicy({ RoleName: "a", PolicyArn: role }))).to.match(/^InvalidInput/);
    });

    it("attaches ten at most", async () => {
      await aws().createRole("a");
      const attach = async (number: number) => {
        const { Policy: policy } = await aws().iam.createPolicy({
          PolicyName: `p${number}`,
          PolicyDocument: allowing("iot:Publish"),
        });
        await aws().iam.attachRolePolicy({ RoleName: "a", PolicyArn: policy?.Arn });
      };
      for (let number = 1; number <= 10; number++) await attach(number);
      expect(await failure(attach(11))).to.equal("LimitExceededException: Cannot exceed quota for PoliciesPerRole: 10");
    });

    it("gives a role what an attached policy allows", async () => {
      const somebody = await aws().somebody(allowing("iot:Publish"));
      await createPolicy(allowing("iam:ListRoles"));
      expect(await failure(somebody.listRoles({}))).to.match(/^AccessDenied/);
      await aws().iam.attachRolePolicy({ RoleName: "somebody", PolicyArn: policyArn });
      await somebody.listRoles({});
    });

    it("deletes a policy only when it is detached", async () => {
      await aws().createRole("a");
      await createPolicy();
      await aws().iam.attachRolePolicy({ RoleName: "a", PolicyArn: policyArn });
      const remove = () => aws().iam.deletePolicy({ PolicyArn: policyArn });
      expect(await failure(remove())).to.equal("DeleteConflictException: Cannot delete a policy attached to entities.");
      await aws().iam.detachRolePolicy({ RoleName: "a", PolicyArn: policyArn });
      await remove();
      expect(await failure(aws().iam.getPolicy({ PolicyArn: policyArn }))).to.equal(
        `NoSuchEntityException: Policy ${policyArn} was not found.`,
      );
    });

    it("doesn't delete a policy that is somebody's boundary", async () => {
      await createPolicy();
      await aws().createRole("a", { PermissionsBoundary: policyArn });
      expect(await failure(aws().iam.deletePolicy({ PolicyArn: policyArn }))).to.match(/^DeleteConflictException/);
    });

    it("can't be a boundary before it is there", async () => {
      expect(await failure(aws().createRole("a", { PermissionsBoundary: policyArn }))).to.equal(
        `NoSuchEntityException: Scope ARN: ${policyArn} does not exist or is not attachable.`,
      );
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

    it("limits a role to its boundary", async () => {
      const somebody = await aws().somebody(allowing("iam:*"), BASIC);
      expect(await failure(somebody.listRoles({}))).to.match(/^AccessDenied: .*no permissions boundary allows/);
      await aws().iam.deleteRolePermissionsBoundary({ RoleName: "somebody" });
      await somebody.listRoles({});
      await aws().iam.putRolePermissionsBoundary({ RoleName: "somebody", PermissionsBoundary: BASIC });
      expect(await failure(somebody.listRoles({}))).to.match(/^AccessDenied/);
    });
  });
});
